"""Checks of figures: each is seen failing."""

import pytest

from phextpaper.press.checks.figure_checks import MOST_BYTES, arrows_are_links, drawn_numbers, labelled_hops, svg
from phextpaper.press.documents.svg import Svg
from phextpaper.press.figures.drawing import Drawing
from phextpaper.press.quantity import Quantity
from phextpaper.press.wave import Wave

CANVAS = (1200, 900)
PAGE = Wave(n=99, name="x", phase=3, minutes=1, needs=(), output=("x.svg",), canvas=CANVAS)


class Built:
    """Artefacts of one drawing."""

    def __init__(self, text: str) -> None:
        self.text = text

    def svg(self, _path=""):
        """The drawing, parsed."""
        return Svg(self.text, "x.svg")


@pytest.fixture(scope="module")
def made():
    """A drawing with a row of chips, two hops with labels, and a plot."""
    drawing = Drawing("fig-9", f"Figure 9: {Quantity('a.chips', 6, 'chips')} chips", "A row of chips", CANVAS)
    grid = drawing.grid("1.1.chapter", (20, 20), (12, 12), 1, 6)
    for step in (1, 2):
        names = f"1.1.{step}--1.1.{step + 1}"
        drawing.arrow([grid.centre(1, step), grid.centre(1, step + 1)], id=f"arrow--{names}")
        drawing.text(20 + 12 * step, 17, Quantity(f"a.step{step}", step), id=f"hop--{names}", ha="center")
    axes = drawing.plot(40, 60, 120, 80, id="plot--a")
    axes.plot([0, 4], [1, 100], gid="curve--a")
    axes.set_yscale("log")
    drawing.ticks(axes.xaxis, [0, 2, 4])
    drawing.ticks(axes.yaxis, [1, 10, 100])
    return drawing.made("x.svg")


def linked(a: str, b: str) -> bool:
    """Neighbours on the row."""
    return abs(int(a.split(".")[2]) - int(b.split(".")[2])) == 1


def test_a_good_drawing_passes(made):
    """All checks hold for what the kit draws."""
    drawing = Svg(made.data.decode(), "x.svg")
    for verdict in (
        svg(Built(made.data.decode()), PAGE),
        drawn_numbers(drawing, made.prints),
        arrows_are_links(drawing, linked),
        labelled_hops(drawing, least=2),
    ):
        assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('width="1200"', 'width="1000"', "canvas"),
        ('role="img"', 'role="none"', "screen reader"),
        ("font-size:6px", "font-size:5px", "pt"),
        ("</svg>", f"<!-- {'x' * MOST_BYTES} --></svg>", "bytes"),
        ("</svg>", '<image href="a.png"/></svg>', "image"),
        ("</svg>", '<text x="32" y="19" style="font-size:6px">again</text></svg>', "touching"),
        ("</svg>", '<text x="240" y="150" style="font-size:6px">far too long</text></svg>', "cut off"),
    ],
)
def test_each_part_of_the_drawing_check_fails(made, old, new, said):
    """Canvas, screen readers, size of text, bytes, pictures, overlap, edge."""
    text = made.data.decode()
    assert old in text
    verdict = svg(Built(text.replace(old, new)), PAGE)
    assert not verdict.passed and said in verdict.evidence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">2</text>", ">7</text>"),
        ("</svg>", '<text x="200" y="20" style="font-size:6px">42 chips</text></svg>'),
        (">10</text>", ">20</text>"),
    ],
)
def test_a_number_without_a_name_or_off_its_scale_fails(made, old, new):
    """A typed number, a printed one that was changed beyond its print, a tick at the wrong place."""
    text = made.data.decode()
    place = text.rindex(old) if old == ">2</text>" else text.index(old)
    verdict = drawn_numbers(Svg(text[:place] + new + text[place + len(old) :], "x.svg"), made.prints)
    assert not verdict.passed


def test_an_arrow_that_is_no_link_or_goes_elsewhere_fails(made):
    """By its name, by its ends, by the topology, by the count."""
    text = made.data.decode()
    assert not arrows_are_links(Svg(text.replace("arrow--1.1.1--1.1.2", "arrow--1.1.1--1.1.3")), linked).passed
    assert not arrows_are_links(Svg(text), lambda a, b: False).passed
    assert not arrows_are_links(Svg(text), linked, least=3).passed


def test_a_label_far_from_its_arrow_or_too_few_labels_fail(made):
    """Labels belong to arrows beside them."""
    text = made.data.decode()
    assert not labelled_hops(Svg(text), least=3).passed
    assert not labelled_hops(Svg(text.replace("hop--1.1.1--1.1.2", "hop--1.1.4--1.1.5")), least=1).passed
