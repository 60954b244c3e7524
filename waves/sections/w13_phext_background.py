"""Wave 13: Section 2, what a phext coordinate is and what an empty place costs."""

import re
from dataclasses import dataclass

from phextpaper.engine.naming.coordinates import DIMENSIONS, Coordinate
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
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
class Context:
    """What `02-phext-background.md` prints besides numbers by their ids: dimensions, and one coordinate twice."""

    dimensions: tuple[str, ...]
    short: str
    full: str


@page.context
def context(q: Quantities) -> Context:
    """The dimensions from the outermost, and the worked example's chip."""
    name = chip_name(q, int(q.layout.example.middle.index))
    return Context(dimensions=DIMENSIONS, short=name, full=str(Coordinate.parse(name)))


@page.criterion
def delimiters(built: Artefacts, q: Quantities) -> Verdict:
    """the nine delimiters with their byte values in a table that agrees with the phext library"""
    from phext.phext import Phext

    rows: list[tuple[str, ...]] = [
        (name, f"0x{ord(getattr(Phext, f'{name.upper()}_BREAK')):02X}", f"a {name}") for name in DIMENSIONS
    ]
    return checks.cells_equal(built.markdown(), DELIMITERS, rows)


@page.criterion
def format(built: Artefacts, q: Quantities) -> Verdict:
    """coordinate format with an example that the phext library parses"""
    from phext.coordinate import Coordinate as Parsed

    text = built.markdown().section("2.2 Coordinates")
    found = re.search(r"So (\S+) stands for (\S+)\.", text.prose)
    short, full = (found[1], found[2]) if found else ("", "")
    parsed = str(Parsed.from_string(full)) if found else ""
    agree = bool(found) and parsed == full == str(Coordinate.parse(short))
    return all_of(
        checks.has(text, ".".join(DIMENSIONS[:3]) + "/" + ".".join(DIMENSIONS[3:6]) + "/" + ".".join(DIMENSIONS[6:])),
        Verdict(
            agree,
            "a short and a full coordinate that the phext package reads alike",
            f"{short} and {full}, read as {parsed}" if found else "no example",
            built.markdown().where(full),
        ),
    )


@page.criterion
def hierarchy(built: Artefacts, q: Quantities) -> Verdict:
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
def sparse_dense(built: Artefacts, q: Quantities) -> Verdict:
    """dense against sparse allocation with computed sizes"""
    from phext.phext import Phext

    layout, rows = q.node("layout.machine"), []
    held = {key: Phext().explode(q.node(f"wiring.document.{key}")) for key in WHAT}
    dense = layout.total * layout.links_per_chip * max(len(record) for record in held["all"].values())
    for key, what in WHAT.items():
        document, scrolls = q.node(f"wiring.document.{key}"), held[key]
        size, delimiters = len(document.encode()), len(document) - sum(len(record) for record in scrolls.values())
        counted = (format_value(count) for count in (len(scrolls), delimiters, size, dense))
        rows.append((what, *counted, format_value(dense / size, ".4g")))
    return checks.cells_equal(built.markdown(), SIZES, rows)


@page.criterion
def chip_example(built: Artefacts, q: Quantities) -> Verdict:
    """one worked example: chip index -> coordinate -> place"""
    text = built.markdown().section("2.3 A worked example")
    found = re.search(
        r"Take chip ([\d,]+) .*coordinate: (\d+\.\d+\.\d+)\. .*rack (\d+), unit (\d+), "
        r".*chip\s(\d+), which shares host (\d+)",
        text.prose,
        re.DOTALL,
    )
    right, layout = False, q.node("layout.machine")
    if found:
        index = int(found[1].replace(",", ""))
        place, name = layout.place(index), ".".join(str(part) for part in layout.coordinate(index))
        wanted = [name, *(str(int(part)) for part in (place.rack, place.unit, place.chip, place.host))]
        right = list(found.groups()[1:]) == wanted
    return Verdict(
        right,
        "an index, its coordinate and its place as the layout gives them",
        " ".join(found.groups()) if found else "no example",
        built.markdown().where("Take chip"),
    )


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """600 to 900 words"""
    return checks.length(built, page)
