import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.press.quantity import (
    CLOSE,
    MIDDLE,
    OPEN,
    Quantity,
    choose,
    compare,
    format_value,
    marked_ids,
    scalar,
    strip_marks,
    unit_for,
)

PLAIN = st.text(st.characters(blacklist_characters=OPEN + MIDDLE + CLOSE, blacklist_categories=("Cs",)), max_size=20)
IDS = st.text(string.ascii_lowercase + "._", min_size=1, max_size=12)


@given(st.lists(st.tuples(PLAIN, IDS, st.integers(-(10**9), 10**9)), max_size=8), PLAIN)
def test_stripping_marks_gives_the_text_and_every_place(pieces, tail):
    """The stripped text reads as composed, and each print names the quantity that stands at its line and column."""
    quantities = [Quantity(id, value) for _, id, value in pieces]
    text, prints = strip_marks(
        "".join(f"{lead}{quantity}" for (lead, _, _), quantity in zip(pieces, quantities, strict=True)) + tail
    )
    assert (
        text == "".join(lead + quantity.text for (lead, _, _), quantity in zip(pieces, quantities, strict=True)) + tail
    )
    assert [(item.id, item.text) for item in prints] == [(quantity.id, quantity.text) for quantity in quantities]
    lines = text.split("\n")
    for item in prints:
        assert lines[item.line - 1][item.column - 1 :].startswith(item.text)


@given(st.floats(-1e12, 1e12), st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-6))
def test_arithmetic_gives_plain_floats_equal_to_that_of_the_values(a, b):
    """No arithmetic result is a quantity, so none can be printed."""
    left, right = Quantity("a", a), Quantity("b", b)
    for result, expected in (
        (left + right, a + b),
        (left - b, a - b),
        (a * right, a * b),
        (left / right, a / b),
        (-left, -a),
        (1 - left, 1 - a),
    ):
        assert type(result) is float and result == expected
    assert (left < right) == (a < b) and (left >= b) == (a >= b)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (4096, 0, "4096"),
        (9999, 0, "9999"),
        (10000, 0, "10,000"),
        (16773120, 0, "16,773,120"),
        (12.0029, 2, "12.00"),
        (0.5, 0, "0"),
        (123456.789, 1, "123,456.8"),
        (-0.0001, 2, "0.00"),
        (1.25e-7, ".2g", "1.2e-7"),
        (2.5e8, ".3g", "2.5e8"),
        ("as said", 3, "as said"),
        (True, 0, "yes"),
        (9999.96, 1, "10,000.0"),
    ],
)
def test_values_print_as_the_style_says(value, digits, text):
    """Thousands are grouped from ten thousand on, decimals are as asked, exponents have no padding."""
    assert format_value(value, digits) == text


def test_a_format_of_its_own_is_refused():
    """A quantity cannot be formatted away from its marks."""
    with pytest.raises(TypeError, match="own digits"):
        f"{Quantity('a', 1.5, digits=1):.3f}"


@pytest.mark.parametrize(
    ("unit", "text", "expected"),
    [
        ("hops", "1", "hop"),
        ("hops", "2", "hops"),
        ("hops", "1.00", "hops"),
        ("switches", "1", "switch"),
        ("entries", "1", "entry"),
        ("GB/s", "1", "GB/s"),
        ("h", "1", "h"),
        ("ms", "1", "ms"),
    ],
)
def test_one_takes_the_singular(unit, text, expected):
    """A counted unit loses its plural for one; a symbol never does."""
    assert unit_for(unit, text) == expected


def test_with_unit_marks_the_number_alone():
    """The unit stands outside the mark."""
    assert strip_marks(Quantity("a", 1, "links").with_unit)[0] == "1 link"
    assert strip_marks(Quantity("a", 6.25, "%", 2).with_unit)[0] == "6.25%"
    assert marked_ids(Quantity("a.b", 3, "links").with_unit) == ("a.b",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(np.int64(3), 3), (np.float32(0.5), 0.5), (1 / 3, 0.333333333333), (np.bool_(True), True), ("text", "text")],
)
def test_a_scalar_is_plain_and_has_twelve_digits(value, expected):
    """What an engine returns becomes a Python scalar, alike on every processor."""
    assert scalar(value) == expected and type(scalar(value)) is type(expected)


@pytest.mark.parametrize(
    ("value", "unit", "whole", "expected"),
    [
        (np.float64(0.0125), "ms", False, 12.5),
        (3, "hops", False, 3),
        (0.999, "%", False, 99.9),
        (0.125, "%", True, 12),
        (np.int64(1800), "minutes", True, 30),
        (7e6, "million parameters", False, 7.0),
        (True, "ms", False, True),
        ("none", "ms", True, "none"),
    ],
)
def test_a_scalar_comes_in_its_unit(value, unit, whole, expected):
    """What is given in SI base units is converted, and rounded where whole numbers are asked for; counts, truths and texts stay."""
    found = scalar(value, unit, whole=whole)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("value", [None, [1], np.zeros(2), float("nan"), np.float64("inf")])
def test_what_is_no_scalar_is_refused(value):
    """An array is no quantity, nor is a number that is not finite."""
    with pytest.raises((TypeError, ValueError)):
        scalar(value)


def test_the_digest_follows_what_a_reader_sees():
    """Value, unit, digits and kind change the digest; the doc does not."""
    base = Quantity("a", 1, "hops", 2, "computed", doc="one")
    assert base.digest == Quantity("a", 1, "hops", 2, "computed", doc="two").digest
    for other in (
        Quantity("a", 2, "hops", 2),
        Quantity("a", 1, "links", 2),
        Quantity("a", 1, "hops", 3),
        Quantity("a", 1, "hops", 2, "cited"),
    ):
        assert base.digest != other.digest


@given(st.integers(), st.integers())
def test_words_are_chosen_by_the_number(a, b):
    """`compare` and `choose` say what the numbers say."""
    word = compare(Quantity("a", a), b, "fewer", "as many", "more")
    assert word == ("fewer" if a < b else "more" if a > b else "as many")
    assert choose(Quantity("a", a) < b, "yes", "no") == ("yes" if a < b else "no")
