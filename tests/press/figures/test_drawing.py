"""The kit: the same bytes each time, quantities that are remembered, identifiers that are unique and well-formed."""

import subprocess
import sys
import time

import pytest
from conftest import ROOT

from phextpaper.errors import PageError
from phextpaper.press.documents.svg import Svg
from phextpaper.press.figures.compact import short_path
from phextpaper.press.figures.drawing import Drawing
from phextpaper.press.quantity import Quantity

CANVAS = (1200, 900)
CODE = """
from phextpaper.press.figures.drawing import Drawing
from phextpaper.press.quantity import Quantity
drawing = Drawing("fig-9", f"{Quantity('a.b', 4096)} chips", "words", (1200, 900))
drawing.text(20, 30, f"of {Quantity('a.b', 4096)} & {Quantity('a.c', 0.5, digits=2)} chips")
drawing.box(50, 60, 10, 10, id="cell--1.1.1", fill="#b5304a")
axes = drawing.plot(40, 80, 100, 60, id="plot--a"); axes.plot([0, 1, 2], [3, 1, 2], gid="curve--a"); axes.fill_between([0, 1, 2], [1, 0, 1], [3, 2, 3])
made = drawing.made("figures/x.svg")
import hashlib; print([hashlib.sha256(data).hexdigest() for data in (made.data, *made.also.values())])
"""


@pytest.fixture
def drawing() -> Drawing:
    """An empty drawing."""
    return Drawing("fig-9", "Figure 9", "words", CANVAS)


def test_the_same_drawing_is_the_same_bytes_on_any_day_and_with_any_hash_seed():
    """SVG, PDF and PNG are equal in two processes, at two times, in two time zones."""
    seen = set()
    for seed, zone in (("1", "UTC"), ("77", "Pacific/Kiritimati")):
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": "", "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
        )
        seen.add(done.stdout)
        time.sleep(1.1)
    assert len(seen) == 1


def test_a_quantity_is_printed_where_the_lineage_says(drawing):
    """Line, column and text of each print stand in the SVG, after characters that XML escapes too; no mark is left."""
    drawing.text(20, 30, f"a < b & {Quantity('a.chips', 4096, 'chips').with_unit}", id="label--x")
    drawing.text(20, 60, f"{Quantity('a.half', 0.5, digits=2)} of {Quantity('a.chips', 4096, 'chips')}")
    made = drawing.made("figures/x.svg")
    lines = made.data.decode().split("\n")
    assert [item.id for item in made.prints] == ["a.chips", "a.half", "a.chips"]
    assert all(lines[item.line - 1][item.column - 1 :].startswith(item.text) for item in made.prints)
    assert not any("\ue000" <= character <= "\ue002" for character in made.data.decode())
    assert Svg(made.data.decode()).label("label", "x").content == "a < b & 4096 chips"


def test_a_tick_may_print_a_quantity(drawing):
    """The label of a tick is remembered like any text."""
    axes = drawing.plot(40, 60, 120, 80, id="plot--a")
    drawing.ticks(axes.xaxis, [0, 1], ["none", Quantity("a.day", 1.0, digits=1)])
    assert [(item.id, item.text) for item in drawing.made("x.svg").prints] == [("a.day", "1.0")]


def test_the_three_files_are_one_drawing_of_the_planned_size(drawing):
    """The SVG and the PNG have the canvas in pixels, the PDF is one column wide with TrueType fonts and without a date."""
    from io import BytesIO

    from PIL import Image
    from pypdf import PdfReader

    drawing.text(20, 30, "some text")
    made = drawing.made("figures/x.svg")
    pdf, png = made.also["figures/x.pdf"], made.also["figures/x.png"]
    page = PdfReader(BytesIO(pdf)).pages[0]
    assert Svg(made.data.decode()).canvas == ("1200", "900") and Image.open(BytesIO(png)).size == CANVAS
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (252, 189)
    ) and "some text" in page.extract_text()
    assert b"/Type3" not in pdf and b"/FontFile2" in pdf and b"CreationDate" not in pdf


def test_identifiers_are_unique_and_bad_ones_are_refused(drawing):
    """Equal marks are numbered; a name that XML would not allow stops the drawing."""
    for _ in range(3):
        drawing.box(1, 1, 2, 2, id="cell--1.1.1", fill="#000000")
    assert [mark.id for mark in Svg(drawing.made("x.svg").data.decode()).of("cell")] == [
        "cell--1.1.1",
        "cell--1.1.1_2",
        "cell--1.1.1_3",
    ]
    for bad in ("cell", "cell--1/1", "cell--a b"):
        with pytest.raises(PageError):
            drawing.box(1, 1, 2, 2, id=bad)
    with pytest.raises(PageError):
        drawing.text(1, 1, "two\nlines")


def test_labels_that_touch_are_named_from_the_extents_that_matplotlib_measures(drawing):
    """Texts side by side are apart; texts over each other and over the edge are told."""
    drawing.text(20, 30, "one")
    drawing.text(60, 30, "two")
    assert drawing.overlaps() == []
    drawing.text(22, 31, "three")
    drawing.text(248, 100, "four")
    assert {("one", "three"), ("four", "edge")} <= set(drawing.overlaps())


def test_arrows_end_where_they_are_told_whatever_their_bends(drawing):
    """Beginning and tip are read back to a hundredth, straight, bent, and over the edge of a grid."""
    shafts = {
        "a": ([(10, 10), (30, 10)],),
        "b": ([(10, 40), (50, 40), (50, 60)],),
        "c": ([(80, 10), (80, 2)], [(80, 90), (80, 70)]),
    }
    for name, parts in shafts.items():
        drawing.arrow(*parts, id=f"arrow--{name}--{name}")
    for mark in Svg(drawing.made("x.svg").data.decode()).of("arrow"):
        parts = shafts[mark.names[0]]
        assert mark.start == pytest.approx(parts[0][0], abs=0.011) and mark.end == pytest.approx(
            parts[-1][-1], abs=0.011
        )


def test_paths_are_short():
    """Horizontal and vertical lines are written as such, points that do not move are left out."""
    assert short_path("M 1 2 L 1 2 L 5 2 L 5 7.128 C 1 2 3 4 5.5 6 z") == "M1 2H5V7.13C1 2 3 4 5.5 6Z"
