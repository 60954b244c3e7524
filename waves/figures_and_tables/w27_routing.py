"""Wave 27: Figure 2, routes link by link: an all-reduce, an all-to-all on a twisted torus, lookups in a batch."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from phextpaper.engine.networks.topologies import TwistedTorus
from phextpaper.press.checks import figure_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.svg import Svg, grid_of
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.figures import routing

page = Wave(
    n=27,
    name="Figure 2: coordinate routing",
    phase=3,
    minutes=30,
    needs=(4, 8),
    output=("figures/fig-2-routing.svg",),
    also=("figures/fig-2-routing.pdf", "figures/fig-2-routing.png"),
    canvas=(1000, 800),
)

REDUCE, SPREAD, LOOKUP = "panel--reduce", "panel--spread", "panel--lookup"
HOPS = 5
Hop = tuple[str, ...]


@page.writes("figures/fig-2-routing.svg")
def figure(q: Quantities) -> Made:
    """The drawing in its three forms."""
    return routing.draw(q).made(page.output[0])


def _says(drawing: Svg, panel: str, *wanted: str) -> Verdict:
    """Every wanted text begins a line of a panel."""
    lines = [text.content for text in drawing.texts if panel in text.groups]
    missing = [words for words in wanted if not any(line.startswith(words) for line in lines)]
    return Verdict(
        not missing,
        f"{panel}: {' and '.join(map(repr, wanted))}",
        f"missing {', '.join(map(repr, missing))}" if missing else "all of them",
        drawing.name,
    )


@page.criterion
def panels(built: Artefacts, q: Quantities) -> Verdict:
    """three panels: all-reduce (4 rounds of 16), all-to-all on a twisted torus, sparse lookup with batching"""
    drawing, r, side = built.svg(), q.routes, q.routes.slice_side
    rows = [grid_of(mark).shape for mark in drawing.of("grid") if REDUCE in mark.groups]
    wanted = [(1, int(q.machine.chapters))] * int(r.rounds)
    planes = [grid_of(mark).shape for mark in drawing.of("grid") if SPREAD in mark.groups]
    owners = [drawing.grid_at(box.centre) for mark in drawing.of("owners") for box in mark.boxes]
    found = q.node("routes.lookup")
    return all_of(
        _says(drawing, REDUCE, f"(a) All-reduce: {r.rounds.text} rounds of {q.machine.chapters.text} chapters"),
        Verdict(rows == wanted, f"{len(wanted)} rows of {wanted[0][1]} chips", f"{len(rows)} rows", drawing.name),
        _says(
            drawing,
            SPREAD,
            "(b) All-to-all, twisted torus",
            f"{side.volumes.text} x {side.books.text} x {side.chapters.text},",
        ),
        Verdict(
            planes == [(int(side.volumes), int(side.chapters))],
            "the volumes and chapters of one book of the slice",
            f"{planes}",
            drawing.name,
        ),
        _says(
            drawing,
            LOOKUP,
            "(c) Sparse lookup, batched",
            f"{r.lookups.text} lookups",
            f"hops {r.lookup_hops.drawn.alone.text} one by one, {r.lookup_hops.drawn.batched.text} batched",
        ),
        Verdict(
            owners == [".".join(map(str, owner)) for owner in found.owners],
            f"{len(found.owners)} owners of rows",
            f"{', '.join(owners)}",
            drawing.name,
        ),
    )


@page.criterion
def real_hops(built: Artefacts, q: Quantities) -> Verdict:
    """each arrow is a link of its topology; at least 5 labelled hops a panel; hop counts annotated from the engine"""
    drawing = built.svg()
    twisted, layout = TwistedTorus(q.node("routes.slice")), q.node("layout.machine")
    box = twisted.shape

    def index(name: str) -> int:
        volume, book, chapter = (int(part) - 1 for part in name.split("."))
        return (volume * box[1] + book) * box[2] + chapter

    def joined(a: str, b: str) -> bool:
        ends = (int(layout.index([int(part) for part in name.split(".")])) for name in (a, b))
        return next(ends) in q.node("topologies.torus_3d.graph").neighbours()[next(ends)]

    topologies = {REDUCE: joined, SPREAD: lambda a, b: index(b) in twisted.neighbours()[index(a)], LOOKUP: joined}
    links = [figure_checks.arrows_are_links(drawing, linked, panel, HOPS) for panel, linked in topologies.items()]
    return all_of(
        *links,
        *(figure_checks.labelled_hops(drawing, panel, HOPS) for panel in topologies),
        *(_counted(drawing, panel, expected) for panel, expected in _expected(q, index).items()),
        _annotated(drawing, q),
    )


def _expected(q: Quantities, index: Callable[[str], int]) -> dict[str, Counter[Hop]]:
    """What each arrow's label has to say, by panel: hops from where its route begins, counted in the table."""
    layout, routing_table, slice_table = q.node("layout.machine"), q.node("routing.table"), q.node("routes.slice_table")

    def name(chip: int) -> str:
        return ".".join(map(str, layout.coordinate(chip).tolist()))

    rounds: Counter[Hop] = Counter(
        (name(a), name(b), str(routing_table.route(route[0], b).hops))
        for route in q.node("routes.reduce")
        for a, b in pairwise(route)
    )
    side = q.node("routes.slice")
    chips = [f"{volume}.1.{chapter}" for volume in range(1, side[0] + 1) for chapter in range(1, side[2] + 1)]
    plane = {
        (a, b): hops for chip in chips for hops, (a, b) in enumerate(pairwise(slice_table.path(0, index(chip))), 1)
    }
    own = {index(chip): chip for chip in chips}
    spread: Counter[Hop] = Counter((own[a], own[b], str(hops)) for (a, b), hops in plane.items())
    found = q.node("routes.lookup")
    asking = int(layout.index(found.asking))
    asked: set[Hop] = {
        (name(a), name(b), str(hops))
        for owner in found.owners
        for hops, (a, b) in enumerate(pairwise(routing_table.path(asking, int(layout.index(owner)))), 1)
    }
    return {REDUCE: rounds, SPREAD: spread, LOOKUP: Counter(asked)}


def _counted(drawing: Svg, panel: str, expected: Counter[Hop]) -> Verdict:
    """The arrows are those of the routes, and each label says how far its arrow's tip is from the start."""
    arrows = Counter(mark.names for mark, *_ in drawing.steps(panel))
    wanted: Counter[tuple[str, ...]] = Counter()
    for (a, b, _), times in expected.items():
        wanted[a, b] += times
    if arrows != wanted:
        odd = next(iter((arrows - wanted) + (wanted - arrows)))
        return Verdict(
            False, f"{panel}: {wanted[odd]} arrows from {odd[0]} to {odd[1]}", f"{arrows[odd]}", drawing.name
        )
    labels = Counter(
        (*text.names, text.content) for text in drawing.texts if text.kind == "hop" and panel in text.groups
    )
    wrong = next(iter(labels - expected), None)
    return Verdict(
        wrong is None,
        f"{panel}: labels that count hops from the start",
        f"{wrong[2]!r} at the hop from {wrong[0]} to {wrong[1]}" if wrong else f"{sum(labels.values())} labels",
        drawing.name,
    )


def _annotated(drawing: Svg, q: Quantities) -> Verdict:
    """Hops of each round, of all rounds, in the mean, and of all lookups."""
    r = q.routes
    rows = [
        f"{r.round_hops[key].text} hop{'' if r.round_hops[key] == 1 else 's'}, sum of {r.summed[key].text}"
        for key in r.round_hops
    ]
    return all_of(
        _says(drawing, REDUCE, *rows, f"{r.reduce_hops.text} hop"),
        _says(drawing, SPREAD, f"mean hops {r.slice_mean.twisted.text}, plain torus {r.slice_mean.torus.text}"),
        _says(
            drawing,
            LOOKUP,
            f"{q.machine.batch.text} lookups: {r.lookup_hops.whole.alone.text} and {r.lookup_hops.whole.batched.text}",
        ),
    )


@page.criterion
def svg(built: Artefacts, q: Quantities) -> Verdict:
    """as in wave 26"""
    return figure_checks.svg(built, page)
