"""Coordinates against the phext package from PyPI, which is the other party to the format."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phext.coordinate import Coordinate as Peer
from phext.phext import Phext

from phextpaper.engine.naming.coordinates import (
    DELIMITERS,
    DIMENSIONS,
    ORIGIN,
    PART_MAXIMUM,
    Coordinate,
    delimiters_between,
    format_short,
    parse_short,
)
from phextpaper.errors import InputError

part = st.one_of(st.integers(1, 3), st.integers(1, PART_MAXIMUM), st.sampled_from([PART_MAXIMUM - 1, PART_MAXIMUM]))
nine_parts = st.tuples(*[part] * 9)
near = st.tuples(*[st.integers(1, 4)] * 9)
coordinates = nine_parts.map(lambda parts: Coordinate(*parts))

REFUSED = [
    "", " ", "/", "1", "1.1.1", "1.1.1/1", "1.1.1/1.1.1", "1.1.1/1.1.1/1.1", "1.1.1/1.1.1/1.1.1.1",
    "1.1.1/1.1.1/1.1.1/1", "0.1.1/1.1", "1.1.1/1.0", "1.1.1/1.8.8/8.2.0", "1000.1.1/1.1", "1.1.1/1.1.1000/1.1.1",
    "01.1.1/1.1", "8.47.29/31.02", "-1.1.1/1.1", "+1.1.1/1.1", "1_0.1.1/1.1", "1.5e1.1/1.1", "a.1.1/1.1",
    "1.1.1/1.x", " 1.1.1/1.1", "1.1.1/1.1\n", "1.1.1 /1.1", "1.1.1;1.1", "1.1.1/1.1.1;1.1.1", "1.1.1\\1.1",
    "1..1/1.1", ".1.1/1.1.1", "1.1.1/1.1.", "1/1/1/1.1", "1.1.1.1/1", "٣.1.1/1.1", "１.1.1/1.1", "1.1.1/1.²",
    "1.1.1∕1.1", "1.1.1/1.8.8/8.2.1\x17", "8.8.8/2.1 8.8.8/2.1",
]  # fmt: skip


@given(nine_parts)
def test_full_form_is_the_packages(parts):
    """Our full and URL forms are the package's, and what it prints is read back as the same nine parts by both."""
    ours, peer = Coordinate(*parts), Peer(*parts)
    assert str(ours) == str(peer)
    assert ours.url() == peer.urlencoded()
    assert Coordinate.parse(str(peer)).parts == Peer.from_string(str(ours)).as_tuple() == parts
    assert Coordinate.parse(ours.url()) == ours


@given(st.tuples(*[part] * 5))
def test_short_form_lies_inside_the_nine(parts):
    """The short form names the coordinate whose outer four parts are 1, and both spellings read as the same place."""
    volume, book, chapter, section, scroll = parts
    text = f"{volume}.{book}.{chapter}/{section}.{scroll}"
    place = Coordinate.parse(text)
    assert str(place) == f"1.1.1/1.{volume}.{book}/{chapter}.{section}.{scroll}"
    assert place.short() == text
    assert place.chip() == text.split("/")[0]
    assert place == Coordinate.at(*parts)
    assert Coordinate.parse(str(place)).short() == text


@given(st.one_of(st.tuples(nine_parts, nine_parts), st.tuples(near, near)))
def test_order_is_the_packages(pair):
    """Two coordinates compare as the package's and as their parts do."""
    (a, b), (first, second) = pair, [Coordinate(*parts) for parts in pair]
    assert (first < second) == (Peer(*a) < Peer(*b)) == (a < b)
    assert (first == second) == (Peer(*a) == Peer(*b)) == (a == b)
    assert (first >= second) == (a >= b)
    assert (hash(first) == hash(second)) or a != b


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused(text):
    """A text that is no coordinate is refused with what, where and a remedy."""
    with pytest.raises(InputError) as caught:
        Coordinate.parse(text)
    assert caught.value.what and repr(text[:60]) in caught.value.where and "8.8.8/2.1" in caught.value.remedy


@given(st.one_of(st.text("0123456789./; 9", max_size=24), st.text(max_size=12), coordinates.map(str)))
@settings(max_examples=300)
def test_we_accept_no_full_form_that_the_package_refuses(text):
    """Where we read nine parts with slashes, the package reads the same; where it refuses, so do we."""
    try:
        ours = Coordinate.parse(text)
    except InputError:
        return
    if text.count("/") == 2:
        assert Peer.from_string(text).as_tuple() == ours.parts
    assert text in (str(ours), ours.url()) or text == ours.short()


@pytest.mark.parametrize("value", [0, -1, PART_MAXIMUM + 1, 1.0, "1", None, True, np.float64(2), [1]])
@pytest.mark.parametrize("name", DIMENSIONS)
def test_a_part_is_a_whole_number_in_range(name, value):
    """A part that is no whole number from 1 to 999 is refused by its name."""
    with pytest.raises(InputError) as caught:
        Coordinate(**{name: value})
    assert caught.value.where == name and str(PART_MAXIMUM) in caught.value.remedy


def test_the_maximum_is_the_packages():
    """The package's parser accepts 999 and refuses 1000, and its breaks stay at 999."""
    assert Peer.from_string(str(Coordinate(*[PART_MAXIMUM] * 9))).scroll == PART_MAXIMUM
    with pytest.raises(ValueError, match="between 1 and 999"):
        Peer.from_string(f"1.1.1/1.1.1/1.1.{PART_MAXIMUM + 1}")
    top = Coordinate(scroll=PART_MAXIMUM)
    assert top.after("scroll") == top


def test_numpy_integers_become_plain_parts():
    """Parts taken from an array print and compare as plain ints."""
    place = Coordinate(*np.arange(1, 10, dtype=np.int16))
    assert place.parts == tuple(range(1, 10)) and all(type(number) is int for number in place.parts)


def test_outer_parts_are_not_lost():
    """A coordinate outside 1.1.1/1 has neither a short form nor a chip."""
    for name in DIMENSIONS[:4]:
        with pytest.raises(InputError, match="no room"):
            Coordinate(**{name: 2}).short()
        with pytest.raises(InputError, match="no room"):
            Coordinate(**{name: 2}).chip()


def test_delimiters_are_the_packages():
    """Each of the nine delimiters is the package's break character, and no tenth byte breaks a phext."""
    assert tuple(DELIMITERS) == DIMENSIONS
    for name, byte in DELIMITERS.items():
        assert chr(byte) == getattr(Phext, f"{name.upper()}_BREAK")
    breaks = {code for code in range(256) if Phext().isPhextBreak(chr(code))}
    assert breaks == {*DELIMITERS.values(), ord(Phext.LINE_BREAK)}


@given(nine_parts, st.sampled_from(DIMENSIONS))
def test_a_break_adds_one_and_resets_what_is_inside(parts, dimension):
    """A delimiter leads where the package's break of the same name leads."""
    peer = Peer(*parts)
    getattr(peer, f"{dimension}Break")()
    assert Coordinate(*parts).after(dimension).parts == peer.as_tuple()


def test_a_tenth_dimension_is_refused():
    """Only the nine dimensions have a delimiter."""
    with pytest.raises(InputError, match="line"):
        ORIGIN.after("line")


@given(coordinates)
def test_the_package_finds_a_scroll_behind_our_delimiters(place):
    """A scroll behind our delimiters is what the package fetches at this place, and what it inserts there."""
    text = delimiters_between(ORIGIN, place) + "here"
    assert Phext().fetch(text, Peer(*place.parts)) == "here"
    assert Phext().insert("", Peer(*place.parts), "here") == text


@given(near, near)
def test_delimiters_lead_from_any_place_to_a_later_one(a, b):
    """Followed break by break, the delimiters end at the target; nothing leads back."""
    here, there = sorted([Coordinate(*a), Coordinate(*b)])
    walk = here
    names = {chr(byte): name for name, byte in DELIMITERS.items()}
    for byte in delimiters_between(here, there):
        walk = walk.after(names[byte])
    assert walk == there
    if here < there:
        with pytest.raises(InputError, match="forward"):
            delimiters_between(there, here)


@given(st.sampled_from([3, 5]).flatmap(lambda width: st.lists(st.tuples(*[part] * width), max_size=20)))
def test_vectorised_forms_are_those_of_each_coordinate(rows):
    """Formatting and parsing rows agrees with the scalar forms, and each undoes the other."""
    width = len(rows[0]) if rows else 5
    array = np.array(rows, dtype=np.int64).reshape(-1, width)
    texts = format_short(array)
    places = [Coordinate.at(*row) for row in rows]
    assert texts == [place.chip() if width == 3 else place.short() for place in places]
    assert np.array_equal(parse_short(texts), array) and parse_short(texts).shape == array.shape


@pytest.mark.parametrize("text", [t for t in REFUSED if t != "1.1.1"])
def test_a_bad_text_among_good_ones_is_named(text):
    """The vectorised parser refuses what the scalar one refuses and says which text it was."""
    with pytest.raises(InputError, match="number 2 of 3") as caught:
        parse_short(["8.8.8/2.1", text, "8.8.8/2.1"])
    assert repr(text[:60]) in caught.value.where


def test_one_list_holds_one_form():
    """Chips and links do not mix, a text is no list, and other things are no texts."""
    mixed = ["8.8.8/2.1", "8.8.8"]
    for texts in (mixed, mixed[::-1], ["8.8.8\n8.8.8"], "8.8.8", [8], [None], ["1.1.1/1.8.8/8.2.1"]):
        with pytest.raises(InputError):
            parse_short(texts)
    assert parse_short([]).shape == (0, 5)


@pytest.mark.parametrize(
    "array", [[1, 2, 3], [[1, 2]], [[1, 2, 3, 4]], [[1, 2, 0]], [[1, 2, 1000]], [[1.0, 2, 3]], [["1", "2", "3"]], 5]
)
def test_arrays_that_hold_no_coordinates_are_refused(array):
    """Another shape, another type and parts out of range are refused."""
    with pytest.raises(InputError):
        format_short(array)
