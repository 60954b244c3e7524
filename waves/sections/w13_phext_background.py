"""Wave 13: Section 2, what a phext coordinate is and what an empty place costs."""

import re
from dataclasses import dataclass

from phextpaper.engine.naming.coordinates import DIMENSIONS, Coordinate
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, format_value
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.layout import chip_name

page = Wave(
    n=13,
    name="Phext background",
    phase=2,
    minutes=25,
    needs=(3,),
    output=("sections/02-phext-background.md",),
    words=(600, 900),
)

DELIMITERS = ("Delimiter", "Byte", "Ends")
SIZES = ("What the document holds", "Scrolls", "Delimiters (bytes)", "Phext (bytes)", "Dense array (bytes)", "Ratio")
WHAT = {
    "all": "every link of the active machine",
    "chip": "the links of one chip, from both ends",
    "last": "the links of the last active chip alone",
}


@dataclass(frozen=True)
class Delimiter:
    """A row of the delimiter table."""

    name: str
    byte: Quantity


@dataclass(frozen=True)
class Size:
    """A row of the size table."""

    what: str
    scrolls: Quantity
    delimiters: Quantity
    bytes: Quantity
    ratio: Quantity


@dataclass(frozen=True)
class Context:
    """What `02-phext-background.md` prints."""

    parts: Quantity
    first: Quantity
    delimiters: tuple[Delimiter, ...]
    delimiter_values: Quantity
    origin: Quantity
    part_maximum: Quantity
    places_digits: Quantity
    used_parts: Quantity
    short: str
    full: str
    index: Quantity
    chapters: Quantity
    books: Quantity
    chip: str
    rack: Quantity
    unit_number: Quantity
    chip_number: Quantity
    host: Quantity
    link_sentence: str
    sizes: tuple[Size, ...]
    dense: Quantity
    longest: Quantity
    full_ratio: Quantity
    chip_scrolls: Quantity
    chip_bytes: Quantity
    last_delimiters: Quantity


@page.context
def context(q) -> Context:
    """Delimiters from the reference implementation, the worked example, and the sizes of three documents."""
    m, w, middle = q.machine, q.wiring, q.layout.example.middle
    name = chip_name(q, int(middle.index))
    return Context(
        parts=q.ledger.phext_dimensions,
        first=q.facts.phext.index_min,
        delimiters=tuple(Delimiter(name, q.facts.phext[f"break_{name}"]) for name in DIMENSIONS),
        delimiter_values=w.delimiter_values,
        origin=q.facts.phext.origin,
        part_maximum=q.scaling.part_maximum,
        places_digits=w.places_digits,
        used_parts=q.ledger.named_dimensions,
        short=name,
        full=str(Coordinate.parse(name)),
        index=middle.index,
        chapters=m.chapters,
        books=m.books,
        chip=name.partition("/")[0],
        rack=middle.rack,
        unit_number=middle.unit,
        chip_number=middle.chip,
        host=middle.host,
        link_sentence=f"Its {m.links_per_chip} links are the sections below it, so {name} is the record of the first.",
        sizes=tuple(Size(WHAT[key], w[key].scrolls, w[key].delimiters, w[key].bytes, w[key].ratio) for key in WHAT),
        dense=w.dense_bytes,
        longest=w.longest,
        full_ratio=w.all.ratio,
        chip_scrolls=w.chip.scrolls,
        chip_bytes=w.chip.bytes,
        last_delimiters=w.last.delimiters,
    )


@page.criterion
def delimiters(built, q) -> Verdict:
    """the nine delimiters with their byte values in a table that agrees with the phext library"""
    from phext.phext import Phext

    rows = [(name, f"0x{ord(getattr(Phext, f'{name.upper()}_BREAK')):02X}", f"a {name}") for name in DIMENSIONS]
    return checks.cells_equal(built.markdown(), DELIMITERS, rows)


@page.criterion
def format(built, q) -> Verdict:
    """coordinate format with an example that the phext library parses"""
    from phext.coordinate import Coordinate as Parsed

    text = built.markdown().section("2.2 Coordinates")
    found = re.search(r"So (\S+) stands for (\S+)\.", text.prose)
    parsed = str(Parsed.from_string(found[2])) if found else ""
    agree = bool(found) and parsed == found[2] == str(Coordinate.parse(found[1]))
    return all_of(
        checks.has(text, ".".join(DIMENSIONS[:3]) + "/" + ".".join(DIMENSIONS[3:6]) + "/" + ".".join(DIMENSIONS[6:])),
        Verdict(
            agree,
            "a short and a full coordinate that the phext package reads alike",
            f"{found[1]} and {found[2]}, read as {parsed}" if found else "no example",
            built.markdown().where(found[2] if found else ""),
        ),
    )


@page.criterion
def hierarchy(built, q) -> Verdict:
    """tree diagram of the hierarchy"""
    trees = [fence for fence in built.markdown().fences if "+--" in fence.text]
    names = [[re.sub(r"^[ |]*(\+--)?\s*", "", line).split()[0] for line in tree.text.splitlines()] for tree in trees]
    indents = [[len(line) - len(line.lstrip(" ")) for line in tree.text.splitlines()] for tree in trees]
    good = [
        drawn == list(DIMENSIONS) and depth == sorted(set(depth)) for drawn, depth in zip(names, indents, strict=True)
    ]
    return Verdict(
        any(good),
        "a tree of the nine dimensions, each inside the one before",
        f"{len(trees)} trees, {sum(good)} in order",
    )


@page.criterion
def sparse_dense(built, q) -> Verdict:
    """dense against sparse allocation with computed sizes"""
    from phext.phext import Phext

    rows = []
    for key, what in WHAT.items():
        document = q.node(f"wiring.document.{key}")
        found = Phext().explode(document)
        held = sum(len(text) for text in found.values())
        counted = (len(found), len(document) - held, len(document.encode()))
        rows.append(
            (what, *(format_value(value) for value in counted), q.wiring.dense_bytes.text, q.wiring[key].ratio.text)
        )
    return checks.cells_equal(built.markdown(), SIZES, rows)


@page.criterion
def chip_example(built, q) -> Verdict:
    """one worked example: chip index -> coordinate -> place"""
    text = built.markdown().section("2.3 A worked example")
    found = re.search(
        r"Take chip ([\d,]+) .*coordinate: (\d+\.\d+\.\d+)\. .*rack (\d+), unit (\d+), .*chip\s(\d+), which shares host (\d+)",
        text.prose,
        re.DOTALL,
    )
    layout = q.node("layout.machine")
    if found:
        index = int(found[1].replace(",", ""))
        place = layout.place(index)
        right = found[2] == ".".join(str(part) for part in layout.coordinate(index)) and [
            int(part) for part in found.groups()[2:]
        ] == [int(place.rack), int(place.unit), int(place.chip), int(place.host)]
    return Verdict(
        bool(found) and right,
        "an index, its coordinate and its place as the layout gives them",
        " ".join(found.groups()) if found else "no example",
        built.markdown().where("Take chip"),
    )


@page.criterion
def length(built, q) -> Verdict:
    """600 to 900 words"""
    return checks.length(built, page)
