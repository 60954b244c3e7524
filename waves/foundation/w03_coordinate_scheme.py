"""Wave 3: where each chip stands on phext's coordinates, and why there."""

from dataclasses import dataclass

import numpy as np

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.engine.networks.cuts import Bisection, torus_bisection
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.checks import coordinates
from phextpaper.study.quantities.layout import EXAMPLES, example_coordinate
from phextpaper.study.quantities.scaling import SIZES
from phextpaper.study.quantities.topologies import TORI

page = Wave(
    n=3,
    name="Phext coordinate scheme for 4096 chips",
    phase=1,
    minutes=30,
    needs=(2,),
    output=("coordinate-scheme.md",),
    size_kb=(4, 6),
)

TORUS_HEADS = ("Topology", "Diameter (hops)", "Mean hops", "Bisection (links)", "Links per chip")
RULE = ("rack = volume", "unit = book", "chip = chapter", "link = section")


@dataclass(frozen=True)
class Example:
    """A worked example: which, and its coordinate."""

    key: str
    coordinate: Coordinate


@dataclass(frozen=True)
class Compared:
    """A torus of the comparison: which, and whether its cut is known to be the smallest."""

    kind: str
    cut_exact: bool


@dataclass(frozen=True)
class Context:
    """The examples and the tori of `coordinate-scheme.md`."""

    examples: tuple[Example, ...]
    tori: tuple[Compared, ...]


@page.context
def context(q: Quantities) -> Context:
    """The worked examples and the two tori."""
    shown = [which for which in EXAMPLES if which != "spare" or q.machine.spare_volumes > 0]
    return Context(
        tuple(Example(which, Coordinate.at(*example_coordinate(q, which))) for which in shown),
        tuple(Compared(kind, _cut(q, kind).links is not None) for kind in TORI),
    )


def _cut(q: Quantities, kind: str) -> Bisection:
    return torus_bisection(q.node(f"topologies.{kind}.graph").shape)


@page.criterion
def format_defined(built: Artefacts, q: Quantities) -> Verdict:
    """the format volume.book.chapter/section.scroll is defined, with its place in the full nine-dimension coordinate,
    and each printed coordinate parses
    """
    text, printed = built.markdown(), coordinates.printed(built.markdown())
    broken = next((item for item in printed if not coordinates.parses(item)), "")
    return all_of(
        checks.has(
            text,
            "`volume.book.chapter/section.scroll`",
            "`library.shelf.series/collection.volume.book/chapter.section.scroll`",
        ),
        Verdict(
            bool(printed) and not broken,
            "every printed coordinate parses",
            f"{broken} does not" if broken else f"{len(printed)} coordinates, all parse",
            text.where(broken) if broken else "",
        ),
    )


@page.criterion
def sizes_justified(built: Artefacts, q: Quantities) -> Verdict:
    """dimension sizes whose product is the chip count (16 x 16 x 16 = 4096), each with a reason"""
    text, m = built.markdown(), q.machine
    line = f"{m.volumes.text} x {m.books.text} x {m.chapters.text} = {m.chips.text}"
    table = text.table("Dimension", "Size", "Names", "Reason")
    rows = table.rows if table else ()
    wanted = [
        ("volume", f"{m.volumes.text} + {m.spare_volumes.text}"),
        ("book", m.books.text),
        ("chapter", m.chapters.text),
        ("section", m.links_per_chip.text),
        ("scroll", "1"),
    ]
    sizes = [row[:2] for row in rows]
    reasons = [row[3] for row in rows]
    return all_of(
        Verdict(
            int(m.volumes) * int(m.books) * int(m.chapters) == int(m.chips) and line in text.text,
            line,
            "the line is there and the product holds" if line in text.text else "no such line",
            text.where("Dimension"),
        ),
        Verdict(sizes == wanted, f"sizes {wanted}", f"sizes {sizes}", text.where("| Dimension")),
        Verdict(
            all(len(reason.split()) >= 4 for reason in reasons), "a reason for each size", f"{len(reasons)} reasons"
        ),
    )


@page.criterion
def physical_mapping(built: Artefacts, q: Quantities) -> Verdict:
    """coordinate -> rack, unit, chip, link is given as a rule with at least 3 worked examples; the rule is a bijection
    over all active and spare chips (checked exhaustively)
    """
    text, layout = built.markdown(), q.node("layout.machine")
    indices = np.arange(layout.total)
    place = layout.place(indices)
    returned = int((layout.at(place.rack, place.unit, place.chip) == indices).sum())
    table = text.table("Coordinate", "Rack", "Unit", "Host", "Chip", "Link", "Index", "Role")
    rows = table.rows if table else ()
    right = coordinates.places_right(q, rows)
    return all_of(
        checks.has(text, *RULE, f"all {q.layout.bijection_chips.text} chips"),
        Verdict(
            right == len(rows) >= 3,
            "at least 3 worked examples, each right",
            f"{right} of {len(rows)} right",
            text.where("| Coordinate"),
        ),
        Verdict(
            returned == layout.total == q.layout.bijection_chips,
            f"a bijection over {layout.total} chips",
            f"{returned} return",
        ),
    )


@page.criterion
def torus_comparison(built: Artefacts, q: Quantities) -> Verdict:
    """a table against the 2D torus and the 3D torus of the same chip count: diameter, mean hops, bisection links, links
    per chip
    """
    rows: list[tuple[str, ...]] = []
    for kind, name in (("torus_2d", "2D torus"), ("torus_3d", "3D torus")):
        torus, cut = q.topologies[kind], _cut(q, kind)
        sides = " x ".join(str(side) for side in q.node(f"topologies.{kind}.graph").shape)
        links = torus.bisection_links.text if cut.links is not None else f"at most {torus.bisection_links.text}"
        rows.append((f"{name}, {sides}", torus.diameter.text, torus.mean_hops.text, links, torus.links_per_chip.text))
    return checks.cells_equal(built.markdown(), TORUS_HEADS, rows)


@page.criterion
def spare_pool(built: Artefacts, q: Quantities) -> Verdict:
    """volume 17 holds the spares: 16 x 16 = 256, at least 100"""
    text, m = built.markdown(), q.machine
    product = int(m.spare_volumes) * int(m.books) * int(m.chapters)
    one = int(m.spare_volumes) == 1
    line = f"{m.books.text} x {m.chapters.text} = {q.layout.spare_chips.text}"
    line = line if one else f"{m.spare_volumes.text} x {line}"
    return all_of(
        checks.has(text.section("Spare pool"), f"olume{'' if one else 's'} {q.layout.first_spare_volume.text}", line),
        Verdict(
            product == q.layout.spare_chips and product >= 100,
            "at least 100 spares",
            f"{product} spares",
            text.where(line),
        ),
    )


@page.criterion
def capacity_calculation(built: Artefacts, q: Quantities) -> Verdict:
    """active + spare = total is shown (4096 + 256 = 4352)"""
    text = built.markdown()
    seen = coordinates.sums(text.section("Capacity"))
    layout = q.node("layout.machine")
    wanted = (layout.active, layout.spares, layout.total)
    holds = wanted in seen and wanted[0] + wanted[1] == wanted[2]
    return Verdict(holds, f"{wanted[0]} + {wanted[1]} = {wanted[2]}", f"sums {seen}", text.where("Capacity"))


@page.criterion
def ascii_diagram(built: Artefacts, q: Quantities) -> Verdict:
    """a fenced ASCII diagram shows the hierarchy with the sizes in it"""
    text, m = built.markdown(), q.machine
    diagram = next((fence for fence in text.fences if "volume" in fence.text and "scroll" in fence.text), None)
    if diagram is None:
        return Verdict(False, "a fenced diagram from volume to scroll", "none", text.name)
    wanted = [
        f"{name} 1 .. {size.text} "
        for name, size in (
            ("volume", m.volumes),
            ("book", m.books),
            ("chapter", m.chapters),
            ("section", m.links_per_chip),
        )
    ]
    missing = [item for item in wanted if item not in diagram.text]
    ascii_only = diagram.text.isascii()
    return Verdict(
        not missing and ascii_only,
        ", ".join(wanted) + " in ASCII",
        f"missing {missing}" if missing else "all of them" if ascii_only else "a character that is not ASCII",
        f"{text.name}:{diagram.line}",
    )


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """4 to 6 kB"""
    return checks.size(built, page)


@page.review("Does it scale to 8192 and 16384 chips? (computed layouts and their hop counts)")
def scales(q: Quantities) -> Answer:
    """Layouts of the larger machines."""
    sides = [int(q.scaling[size][axis]) for size in SIZES for axis in ("volumes", "books", "chapters")]
    fits = max(sides) <= q.scaling.part_maximum
    return Answer(settled=fits, rows={"fits": fits})


@page.review("Do the dimension names help a reader?")
def names(q: Quantities) -> Answer:
    """What the names carry and where they mislead."""
    return Answer(settled=True)


@page.review(
    "Does the physical mapping make operational sense? "
    "(which coordinates share a rack, a unit; what one rack failure takes out)"
)
def operations(q: Quantities) -> Answer:
    """What shares a rack, and what a lost rack costs."""
    return Answer(settled=True)
