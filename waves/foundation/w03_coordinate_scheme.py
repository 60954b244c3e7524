"""Wave 3: where each chip stands on phext's coordinates, and why there."""

import re
from dataclasses import dataclass

import numpy as np

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.engine.networks.cuts import torus_bisection
from phextpaper.errors import InputError
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, strip_marks
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.quantities.layout import EXAMPLES, example_coordinate

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


@dataclass(frozen=True)
class Example:
    """A worked example: a coordinate and the place it names."""

    coordinate: str
    full: Coordinate
    rack: Quantity
    unit: Quantity
    host: Quantity
    chip: Quantity
    link: Quantity
    index: Quantity
    role: str


@dataclass(frozen=True)
class Torus:
    """A row of the comparison."""

    name: str
    diameter: Quantity
    mean_hops: Quantity
    bisection_links: str
    links_per_chip: Quantity


@dataclass(frozen=True)
class Context:
    """What `coordinate-scheme.md` prints."""

    one: Quantity
    scrolls: Quantity
    shape_reason: str
    volumes: Quantity
    books: Quantity
    chapters: Quantity
    spare_volumes: Quantity
    links: Quantity
    active: Quantity
    spares: Quantity
    total: Quantity
    spare_range: str
    chips_per_host: Quantity
    hosts_per_unit: Quantity
    chips_per_rack: Quantity
    rack_share: Quantity
    racks_covered: Quantity
    addresses: Quantity
    bijection: Quantity
    part_maximum: Quantity
    block_edge: Quantity
    volumes_per_block: Quantity
    links_reason: str
    published_rack: Quantity
    published_racks: Quantity
    racks_per_volume: Quantity
    examples: tuple[Example, ...]
    tori: tuple[Torus, ...]
    hops_word: str
    links_word: str
    links_enough: str


@page.context
def context(q) -> Context:
    """The layout's quantities, the worked examples and the two tori."""
    two, three = q.topologies.torus_2d, q.topologies.torus_3d
    m, layout = q.machine, q.layout
    first = layout.first_spare_volume
    enough = m.links_per_chip >= three.links_per_chip
    return Context(
        one=q.facts.phext.index_min,
        scrolls=layout.scrolls_used,
        shape_reason=choose(
            m.volumes == m.books and m.books == m.chapters,
            "three equal sizes keep the torus alike in all its dimensions",
            "the sizes reach the chip count; unequal ones make the torus longer in one dimension",
        ),
        volumes=m.volumes,
        books=m.books,
        chapters=m.chapters,
        spare_volumes=m.spare_volumes,
        links=m.links_per_chip,
        active=layout.active_chips,
        spares=layout.spare_chips,
        total=layout.total_chips,
        spare_range=choose(m.spare_volumes > 1, f"{first} to {layout.last_volume}", f"{first}"),
        chips_per_host=m.chips_per_host,
        hosts_per_unit=layout.hosts_per_unit,
        chips_per_rack=layout.chips_per_rack,
        rack_share=layout.rack_share,
        racks_covered=layout.racks_covered,
        addresses=layout.link_addresses,
        bijection=layout.bijection_chips,
        part_maximum=q.scaling.part_maximum,
        block_edge=m.block_edge,
        volumes_per_block=layout.volumes_per_block,
        links_reason=choose(
            enough,
            "a 3D torus has a link up and one down in each dimension",
            "as many as the machine's description gives a chip, fewer than a 3D torus needs",
        ),
        published_rack=q.facts.tpu_v4_system.chips_per_block,
        published_racks=q.facts.tpu_v4_system.racks,
        racks_per_volume=layout.published_racks_per_volume,
        examples=tuple(_example(q, which) for which in EXAMPLES if which != "spare" or m.spare_volumes > 0),
        tori=tuple(_torus(q, kind, name) for kind, name in (("torus_2d", "2D torus"), ("torus_3d", "3D torus"))),
        hops_word=compare(three.mean_hops, two.mean_hops, "fewer", "as many", "more"),
        links_word=compare(three.links_per_chip, two.links_per_chip, "fewer", "as many", "more"),
        links_enough=f"The machine has {m.links_per_chip.with_unit} per chip, which "
        + choose(enough, "carries either torus", "is too few for the 3D torus")
        + ".",
    )


def _example(q, which: str) -> Example:
    full = Coordinate.at(*example_coordinate(q, which))
    place = q.layout.example[which]
    return Example(
        full.short(),
        full,
        place.rack,
        place.unit,
        place.host,
        place.chip,
        place.link,
        place.index,
        "spare" if which == "spare" else "active",
    )


def _torus(q, kind: str, name: str) -> Torus:
    torus = q.topologies[kind]
    if kind == "torus_2d":
        name = f"{name}, {torus.rows} x {torus.columns}"
    else:
        name = f"{name}, {q.machine.volumes} x {q.machine.books} x {q.machine.chapters}"
    return Torus(name, torus.diameter, torus.mean_hops, _bisection(q, kind), torus.links_per_chip)


def _bisection(q, kind: str) -> str:
    """The cut, called an upper bound where no exact value is known."""
    exact = torus_bisection(q.node(f"topologies.{kind}.graph").shape).links is not None
    return choose(exact, "", "at most ") + str(q.topologies[kind].bisection_links)


@page.criterion
def format_defined(built, q) -> Verdict:
    """the format volume.book.chapter/section.scroll is defined, with its place in the full nine-dimension coordinate, and each printed coordinate parses"""
    text = built.markdown()
    printed = re.findall(r"(?<![\w.])\d+(?:\.\d+)+(?:/\d+(?:\.\d+)+)+", text.text)
    broken = [item for item in printed if not _parses(item)]
    count = Verdict(
        bool(printed) and not broken,
        "every printed coordinate parses",
        f"{broken[0]} does not" if broken else f"{len(printed)} coordinates, all parse",
        text.where(broken[0]) if broken else "",
    )
    return all_of(
        checks.has(
            text,
            "`volume.book.chapter/section.scroll`",
            "`library.shelf.series/collection.volume.book/chapter.section.scroll`",
        ),
        count,
    )


def _parses(text: str) -> bool:
    try:
        Coordinate.parse(text)
    except InputError:
        return False
    return True


@page.criterion
def sizes_justified(built, q) -> Verdict:
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
def physical_mapping(built, q) -> Verdict:
    """coordinate -> rack, unit, chip, link is given as a rule with at least 3 worked examples; the rule is a bijection over all active and spare chips (checked exhaustively)"""
    text, layout = built.markdown(), q.node("layout.machine")
    indices = np.arange(layout.total)
    place = layout.place(indices)
    returned = int((layout.at(place.rack, place.unit, place.chip) == indices).sum())
    table = text.table("Coordinate", "Rack", "Unit", "Host", "Chip", "Link", "Index", "Role")
    right = 0
    for row in table.rows if table else ():
        coordinate = Coordinate.parse(row[0])
        index = int(layout.index([coordinate.volume, coordinate.book, coordinate.chapter]))
        spot = layout.place(index)
        role = "spare" if bool(layout.is_spare(index)) else "active"
        right += [int(spot.rack), int(spot.unit), int(spot.host), int(spot.chip), coordinate.section, index] == [
            int(cell.replace(",", "")) for cell in row[1:7]
        ] and row[7] == role
    rows = len(table.rows) if table else 0
    return all_of(
        checks.has(
            text,
            "rack = volume",
            "unit = book",
            "chip = chapter",
            "link = section",
            f"all {q.layout.bijection_chips.text} chips",
        ),
        Verdict(
            rows >= 3 and right == rows,
            "at least 3 worked examples, each right",
            f"{right} of {rows} right",
            text.where("| Coordinate"),
        ),
        Verdict(
            returned == layout.total == q.layout.bijection_chips,
            f"a bijection over {layout.total} chips",
            f"{returned} return",
        ),
    )


@page.criterion
def torus_comparison(built, q) -> Verdict:
    """a table against the 2D torus and the 3D torus of the same chip count: diameter, mean hops, bisection links, links per chip"""
    rows = []
    for kind, name in (("torus_2d", "2D torus"), ("torus_3d", "3D torus")):
        sides = q.node(f"topologies.{kind}.graph").shape
        torus = q.topologies[kind]
        rows.append(
            (
                f"{name}, {' x '.join(str(side) for side in sides)}",
                torus.diameter.text,
                torus.mean_hops.text,
                strip_marks(_bisection(q, kind))[0],
                torus.links_per_chip.text,
            )
        )
    return checks.cells_equal(built.markdown(), TORUS_HEADS, rows)


@page.criterion
def spare_pool(built, q) -> Verdict:
    """volume 17 holds the spares: 16 x 16 = 256, at least 100"""
    text, m = built.markdown(), q.machine
    product = int(m.spare_volumes) * int(m.books) * int(m.chapters)
    one = int(m.spare_volumes) == 1
    line = (
        f"{m.books.text} x {m.chapters.text} = {q.layout.spare_chips.text}"
        if one
        else f"{m.spare_volumes.text} x {m.books.text} x {m.chapters.text} = {q.layout.spare_chips.text}"
    )
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
def capacity_calculation(built, q) -> Verdict:
    """active + spare = total is shown (4096 + 256 = 4352)"""
    text = built.markdown()
    sums = re.findall(r"([\d,]+) \+ ([\d,]+) = ([\d,]+)", text.section("Capacity").text)
    seen = [tuple(int(part.replace(",", "")) for part in found) for found in sums]
    layout = q.node("layout.machine")
    wanted = (layout.active, layout.spares, layout.total)
    holds = wanted in seen and wanted[0] + wanted[1] == wanted[2]
    return Verdict(holds, f"{wanted[0]} + {wanted[1]} = {wanted[2]}", f"sums {seen}", text.where("Capacity"))


@page.criterion
def ascii_diagram(built, q) -> Verdict:
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
def size(built, q) -> Verdict:
    """4 to 6 kB"""
    return checks.size(built, page)


@page.review("Does it scale to 8192 and 16384 chips? (computed layouts and their hop counts)")
def scales(q) -> Answer:
    """Layouts of the larger machines."""
    parts = [
        f"{s.chips} chips take {s.volumes} x {s.books} x {s.chapters} with a mean of {s.mean_hops} and at most {s.diameter} hops"
        for s in (q.scaling.n8192, q.scaling.n16384)
    ]
    here = q.topologies.torus_3d.mean_hops
    fits = max(
        int(q.scaling[s][axis]) for s in q.scaling if s.startswith("n") for axis in ("volumes", "books", "chapters")
    )
    return Answer(
        f"{choose(fits <= q.scaling.part_maximum, 'Yes', 'No')}: {'; '.join(parts)}. This machine has a mean of {here}. Addresses scale, up to "
        f"{q.scaling.part_maximum} in each part; distances grow with the torus, whatever the chips are called.",
        fits <= q.scaling.part_maximum,
    )


@page.review("Do the dimension names help a reader?")
def names(q) -> Answer:
    """What the names carry and where they mislead."""
    return Answer(
        f"Mostly. A name is read from the left as rack, unit, chip, link: {q.machine.volumes} volumes, {q.machine.books} books, "
        f"{q.machine.chapters} chapters. They mislead where a reader takes neighbouring numbers for neighbouring chips: that holds for the 3D "
        "torus, and for no other topology."
    )


@page.review(
    "Does the physical mapping make operational sense? (which coordinates share a rack, a unit; what one rack failure takes out)"
)
def operations(q) -> Answer:
    """What shares a rack, and what a lost rack costs."""
    layout = q.layout
    covered = layout.racks_covered >= 1
    return Answer(
        f"{choose(covered, 'Yes', 'In part')}: all coordinates with one volume share a rack, all with one volume and book share a unit of "
        f"{layout.hosts_per_unit.with_unit}. A lost rack takes {layout.chips_per_rack.with_unit}, {layout.rack_share.with_unit} of the machine; the "
        f"spares replace {layout.racks_covered.with_unit}. The packaging is an assumption of this design: a rack of TPU v4 holds "
        f"{q.facts.tpu_v4_system.chips_per_block.with_unit}."
    )
