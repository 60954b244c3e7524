"""Wave 28: Figure 3, lookups of real IDs from the ID to the row, and the times of dense and sparse ways to scale."""

from phextpaper import figure_checks
from phextpaper.documents.svg import Svg
from phextpaper.figures import sparsecore
from phextpaper.figures.drawing import Drawn
from phextpaper.wave import Verdict, Wave, all_of

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
def figure(q) -> Drawn:
    """The drawing in its three forms."""
    return sparsecore.draw(q).made(page.output[0])


@page.criterion
def stages(built, q) -> Verdict:
    """hash, batch, lookup, return, with at least 5 real IDs and their coordinates"""
    drawing, wrong = built.svg(), []
    heads = sorted((text.x, text.names[0], text.content) for text in drawing.texts if text.kind == "stage")
    named = [name for _, name, content in heads if content.startswith(name)]
    found = sparsecore.lookups(q)
    for key, name, group, chip in found:
        seen = [text.content if (text := drawing.label(kind, key)) else "" for kind in ("id", "coordinate", "chip")]
        wanted = [q.sparse.example_id[key].text, name, chip]
        wrong += [f"{seen} for {wanted}"] if seen != wanted else _misled(drawing, key, ".".join(group))
    shown = {mark.names[0] for mark in drawing.of("group")}
    return all_of(Verdict(named == list(STAGES), " -> ".join(STAGES), " -> ".join(named), drawing.name),
                  Verdict(len(found) >= LEAST and not wrong, f"at least {LEAST} IDs, each with its coordinate, its group and its owner", "; ".join(wrong[:2]) or f"{len(found)} of them", drawing.name),
                  Verdict(shown == {".".join(group) for _, _, group, _ in found}, f"{q.sparse.example_groups.text} groups", f"{len(shown)}", drawing.name))


def _misled(drawing: Svg, key: str, group: str) -> list[str]:
    """What is wrong with the arrows of one ID: from its coordinate into its group, from there to its owner, from there to its row."""
    ends = {stage: drawing.one(f"arrow--{key}--{stage}") for stage in STAGES[1:]}
    boxes = {name: drawing.one(id) for name, id in (("group", f"group--{group}"), ("owner", f"owner--{key}"), ("row", f"row--{key}"))}
    if None in (*ends.values(), *boxes.values()):
        return [f"{key} lacks an arrow or a box"]
    name = drawing.label("coordinate", key)
    joined = (abs(ends["batch"].start[1] - name.box.centre[1]) < 2 and boxes["group"].box.holds(ends["batch"].end, 1.5) and boxes["group"].box.holds(ends["lookup"].start, 1.5)
              and boxes["owner"].box.holds(ends["lookup"].end, 1.5) and boxes["owner"].box.holds(ends["return"].start, 1.5) and boxes["row"].box.holds(ends["return"].end, 1.5))
    return [] if joined else [f"the arrows of {key} lead elsewhere"]


@page.criterion
def timeline(built, q) -> Verdict:
    """dense against sparse times drawn to scale from the model, with the computed speedup"""
    drawing, times = built.svg(), sparsecore.times(q)
    bars = {way: drawing.one(f"bar--{way}") for way in times}
    if None in bars.values():
        return Verdict(False, f"a bar for {', '.join(times)}", "one is missing", drawing.name)
    wide = {way: mark.box.right - mark.box.left for way, mark in bars.items()}
    most = max(times, key=lambda way: float(times[way]))
    off = [way for way in times if abs(wide[way] / wide[most] - float(times[way]) / float(times[most])) > 0.003]
    lefts = {round(mark.box.left, 1) for mark in bars.values()}
    said = [drawing.label("time", way) for way in times]
    ratios = {"one_hot": q.lookup_times.one_hot_over_gather.one.text, "scan": q.lookup_times.scan_over_gather.text}
    wrong = [way for way, text in zip(times, said, strict=True) if text is None or not text.content.startswith(times[way].text) or (way in ratios and f"({ratios[way]} x)" not in text.content)]
    return all_of(Verdict(not off and len(lefts) == 1, "bars from one line, as long as their times", f"not to scale: {', '.join(off) or 'none'}; {len(lefts)} lines", drawing.name),
                  Verdict(not wrong, "each time in words, with the speedup of the sparse way", f"wrong: {', '.join(wrong) or 'none'}", drawing.name))


@page.criterion
def svg(built, q) -> Verdict:
    """as in wave 26"""
    return figure_checks.svg(built, page)
