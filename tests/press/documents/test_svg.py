"""An SVG read back: places, marks, cells, texts and their widths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.errors import InputError
from phextpaper.press.documents.font_widths import UNITS, text_width
from phextpaper.press.documents.svg import Svg, grid_of, names_of

BODY = """<title id="t">A title</title>
<desc id="d">What it shows</desc>
<style>
#f .a{fill:#b5304a;stroke-width:0.5}
#f .b{font-size:6px;text-anchor:middle}
</style>
<g id="panel--one" transform="translate(10 20)">
<path id="grid--8.book.chapter4" d="M0 0H40V20H0V0M10 0V20M20 0V20M30 0V20M0 10H40"/>
<path id="cell--1.2.3" d="M60 0H70V10H60Z" class="a"/>
<path id="arrow--8.1.4--8.1.5" d="M5 5H12M12 4L15 5L12 6Z"/>
<path id="arrow--8.1.5--8.2.5_2" d="M15 5V12M14 12L15 15L16 12Z"/>
<text id="hop--8.1.4--8.1.5" x="10" y="3" class="b">7</text>
</g>
<text x="50" y="90" class="b" transform="rotate(-90 50 90)">up &amp; µ</text>"""


def drawing(body: str = BODY, *, role: str = "img", labelled: str = "t d") -> Svg:
    """A drawing 100 units wide."""
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" id="f" width="400" height="400" viewBox="0 0 100 100" role="{role}" '
        f'aria-labelledby="{labelled}">\n{body}\n</svg>\n'
    )


def test_cells_of_a_grid_are_chips_and_transforms_are_applied():
    """Books count downwards and chapters to the right, from the number that the name gives."""
    svg = drawing()
    grid = grid_of(svg.one("grid--8.book.chapter4"))
    assert grid.shape == (2, 4)
    assert [svg.grid_at(point) for point in ((15, 25), (45, 25), (45, 35), (5, 25))] == ["8.1.4", "8.1.7", "8.2.7", ""]
    assert svg.name_at((75, 25)) == "1.2.3" and svg.name_at((83, 25)) == "1.2.3" and svg.name_at((95, 80)) == ""


@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_every_cell_of_a_grid_holds_its_own_centre(rows, columns, data):
    """Row and column come back from the centre of a cell, whatever the size of the grid."""
    width, height = data.draw(st.floats(1, 20)), data.draw(st.floats(1, 20))
    lines = [f"M0 0H{columns * width}V{rows * height}H0V0"] + [
        f"M{c * width} 0V{rows * height}" for c in range(1, columns)
    ]
    lines += [f"M0 {r * height}H{columns * width}" for r in range(1, rows)]
    grid = grid_of(drawing(f'<path id="grid--1.book.chapter" d="{"".join(lines)}"/>').one("grid--1.book.chapter"))
    row, column = data.draw(st.integers(1, rows)), data.draw(st.integers(1, columns))
    assert grid.shape == (rows, columns) and grid.cell(((column - 0.5) * width, (row - 0.5) * height)) == (row, column)


def test_arrows_say_where_they_begin_and_where_their_tip_is():
    """The tip is the head's; a number behind an underscore is no name."""
    assert [(mark.names, a, b) for mark, a, b in drawing().steps("panel--one")] == [
        (("8.1.4", "8.1.5"), "8.1.4", "8.1.5"),
        (("8.1.5", "8.2.5"), "8.1.5", "8.2.5"),
    ]
    assert names_of("cell--1.1.1_12") == ("1.1.1",) and drawing().steps("panel--two") == []


def test_texts_know_place_size_line_and_groups():
    """Size and anchor come from the class, the place from the transforms, the line from the file; entities and accents are one character."""
    label, up = drawing().texts
    assert (label.content, label.x, label.y, label.size, label.anchor, label.kind, label.names) == (
        "7",
        20,
        23,
        6,
        "middle",
        "hop",
        ("8.1.4", "8.1.5"),
    )
    assert drawing().text.split("\n")[label.line - 1][label.column - 1] == "7"
    assert (
        up.content == "up & µ"
        and not up.upright
        and up.box.bottom - up.box.top == pytest.approx(text_width("up & µ", 6))
    )
    assert "7" in drawing().words and "path" not in drawing().words and "A title" in drawing().words


def test_title_and_description_count_only_where_they_are_found():
    """The role has to be an image and the identifiers have to be named."""
    assert (drawing().told("title"), drawing().told("desc")) == ("A title", "What it shows")
    assert drawing(role="none").told("title") == "" and drawing(labelled="t").told("desc") == ""


def test_texts_that_cover_each_other_or_leave_the_drawing_are_found():
    """By the widths of the font; texts side by side do not touch."""

    def line(x, content):
        return f'<text x="{x}" y="50" style="font-size:6px">{content}</text>'

    assert not drawing(line(10, "abc") + line(40, "def")).overlaps()
    assert [(a.content, b.content) for a, b in drawing(line(10, "abc") + line(15, "def")).overlaps()] == [
        ("abc", "def")
    ]
    assert [text.content for text in drawing(line(95, "abcdef")).outside()] == ["abcdef"]


@pytest.mark.parametrize(
    "text",
    [
        "<svg>",
        "<p></p>",
        '<svg viewBox="0 0 1 1"><path d="M0 0A1 1 0 0 0 2 2"/></svg>',
        '<svg viewBox="0 0 1 1"><path d="M0 0Z 5"/></svg>',
        '<svg viewBox="0 0 1 1"><text x="1" y="1">no size</text></svg>',
        '<svg viewBox="0 0 1 1"><g transform="skewX(3)"/></svg>',
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text):
    """No guess is made about a broken or unknown file."""
    with pytest.raises(InputError):
        Svg(text, "broken.svg")


@pytest.mark.parametrize(("bold", "file"), [(False, "DejaVuSans.ttf"), (True, "DejaVuSans-Bold.ttf")])
def test_widths_are_those_of_the_font(bold, file):
    """Each listed character is as wide as the font that matplotlib brings along says."""
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    font = TTFont(f"{get_data_path()}/fonts/ttf/{file}")
    names, widths = font.getBestCmap(), font["hmtx"]
    assert font["head"].unitsPerEm == UNITS
    for character in "".join(map(chr, range(32, 127))) + "×µ–—−→…·±°":
        assert text_width(character, UNITS, bold=bold) == widths[names[ord(character)]][0], character
