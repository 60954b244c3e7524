"""Wave 28: Figure 3, lookups of real IDs from the ID to the row, and the times of dense and sparse ways to scale."""

from phextpaper.press.checks import figure_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.svg import Box, Mark, Svg, Text
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.figures import sparsecore

page = Wave(
    n=28,
    name="Figure 3: SparseCore pipeline",
    phase=3,
    minutes=30,
    needs=(5, 15),
    output=("figures/fig-3-sparsecore.svg",),
    also=("figures/fig-3-sparsecore.pdf", "figures/fig-3-sparsecore.png"),
    canvas=(1200, 600),
)

STAGES = ("hash", "batch", "lookup", "return")
LEAST = 5


@page.writes("figures/fig-3-sparsecore.svg")
def figure(q: Quantities) -> Made:
    """The drawing in its three forms."""
    return sparsecore.draw(q).made(page.output[0])


@page.criterion
def stages(built: Artefacts, q: Quantities) -> Verdict:
    """hash, batch, lookup, return, with at least 5 real IDs and their coordinates"""
    drawing, wrong = built.svg(), []
    heads = sorted((text.x, text.content) for text in drawing.texts if text.kind == "stage")
    named = [name for _, name in heads]
    found = sparsecore.lookups(q)
    for one in found:
        wanted = {
            "id": q.sparse.example_id[one.key].text,
            "coordinate": one.coordinate,
            "in-row": q.sparse.example_id[one.key].text,
        }
        wrong += [
            f"{text.content if text else 'nothing'!r} for {words!r}"
            for kind, words in wanted.items()
            if (text := drawing.label(kind, one.key)) is None or text.content != words
        ]
        wrong += _misled(drawing, one)
    shown, owners = {mark.names[0] for mark in drawing.of("group")}, {mark.names for mark in drawing.of("owner")}
    inside = all(
        (text := drawing.label(f"in-{kind}", *names)) is not None
        and text.content == words
        and _holds(drawing.one(f"{kind}--{'--'.join(names)}"), text)
        for kind, names, words in [("group", (name,), f"{name}.*") for name in shown]
        + [("owner", names, names[1]) for names in owners]
    )
    return all_of(
        Verdict(named == list(STAGES), " -> ".join(STAGES), " -> ".join(named), drawing.name),
        Verdict(
            len(found) >= LEAST and not wrong,
            f"at least {LEAST} IDs, each with its coordinate, its group, its owner and its row",
            "; ".join(wrong[:2]) or f"{len(found)} of them",
            drawing.name,
        ),
        Verdict(
            shown == {one.group for one in found} and owners == {(one.group, one.chip) for one in found} and inside,
            f"{q.sparse.example_groups.text} groups and the chips that own their rows",
            f"{len(shown)} groups, {len(owners)} owners",
            drawing.name,
        ),
    )


def _holds(mark: Mark | None, text: Text) -> bool:
    """Whether the middle of a text stands in a mark's box."""
    return mark is not None and mark.box.holds(text.box.centre)


def _misled(drawing: Svg, one: sparsecore.Lookup) -> list[str]:
    """What is wrong with the arrows of one ID: to its coordinate, into its group, to the owner, to its row."""
    here = {
        "id": drawing.label("id", one.key),
        "coordinate": drawing.label("coordinate", one.key),
        "group": drawing.one(f"group--{one.group}"),
        "owner": drawing.one(f"owner--{one.group}--{one.chip}"),
        "row": drawing.one(f"row--{one.key}"),
    }
    steps = {
        "hash": ("id", "coordinate", f"{one.key}--hash"),
        "batch": ("coordinate", "group", f"{one.key}--batch"),
        "lookup": ("group", "owner", f"{one.group}--{one.chip}"),
        "return": ("owner", "row", f"{one.key}--return"),
    }
    boxes = {name: found.box for name, found in here.items() if found}
    arrows = {stage: arrow for stage, (_, _, names) in steps.items() if (arrow := drawing.one(f"arrow--{names}"))}
    if len(boxes) < len(here) or len(arrows) < len(steps):
        return [f"{one.key} lacks an arrow or a box"]
    astray = [
        stage for stage, (source, target, _) in steps.items() if not _leads(arrows[stage], boxes[source], boxes[target])
    ]
    return [f"the arrow of {one.key} to {stage} leads elsewhere" for stage in astray]


def _leads(arrow: Mark, source: Box, target: Box) -> bool:
    """Whether an arrow begins to the right of a box, at its height, and ends at the left of another."""
    (x, y), (u, v) = arrow.start, arrow.end
    return (
        source.top - 1.5 <= y <= source.bottom + 1.5
        and x >= source.right
        and target.top - 1.5 <= v <= target.bottom + 1.5
        and abs(target.left - u) <= 3
    )


@page.criterion
def timeline(built: Artefacts, q: Quantities) -> Verdict:
    """dense against sparse times drawn to scale from the model, with the computed speedup"""
    drawing, times, latency = built.svg(), sparsecore.times(q), q.lookup_times.latency_us
    names = {way: f"bar--{way}" for way in times} | {"latency": "part--latency"}
    bars = {way: mark for way, name in names.items() if (mark := drawing.one(name))}
    if len(bars) < len(names):
        return Verdict(False, f"a bar for {', '.join(names)}", "one is missing", drawing.name)
    wide = {way: mark.box.right - mark.box.left for way, mark in bars.items()}
    most = max(times, key=lambda way: float(times[way]))
    unit = wide[most] / float(times[most])
    off = [
        way
        for way, time in (*times.items(), ("latency", latency))
        if abs(wide[way] - unit * float(time)) > 0.003 * wide[most]
    ]
    lefts = {round(mark.box.left, 1) for mark in bars.values()}
    said = {way: drawing.label("time", way) for way in times}
    ratios = {
        "one_hot": f" ({q.lookup_times.one_hot_over_gather.one.text} x)",
        "scan": f" ({q.lookup_times.scan_over_gather.text} x)",
        "network": "",
    }
    wrong = [way for way, text in said.items() if text is None or text.content != f"{times[way].text} µs{ratios[way]}"]
    ticks = [(text.x, float(text.content)) for text in drawing.texts if text.kind == "tick"]
    astray = [value for x, value in ticks if abs(min(lefts) + unit * value - x) > 0.5]
    return all_of(
        Verdict(
            not off and len(lefts) == 1,
            "bars from one line, as long as their times",
            f"not to scale: {', '.join(off) or 'none'}; {len(lefts)} lines",
            drawing.name,
        ),
        Verdict(
            len(ticks) > 1 and not astray,
            "ticks of the same scale",
            f"astray: {', '.join(map(str, astray)) or 'none'} of {len(ticks)}",
            drawing.name,
        ),
        Verdict(
            not wrong,
            "each time in words, with the speedup of the sparse way",
            f"wrong: {', '.join(wrong) or 'none'}",
            drawing.name,
        ),
    )


@page.criterion
def svg(built: Artefacts, q: Quantities) -> Verdict:
    """as in wave 26"""
    return figure_checks.svg(built, page)
