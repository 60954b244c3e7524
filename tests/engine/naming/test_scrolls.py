"""Documents of scrolls: the phext package reads back what was written, and the delimiters are as few as can be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phext.phext import Phext

from phextpaper.engine.naming.coordinates import ORIGIN, Coordinate, delimiters_between
from phextpaper.engine.naming.scrolls import FORBIDDEN, delimiter_counts, write_scrolls
from phextpaper.errors import InputError

PLACES = st.lists(st.tuples(*[st.integers(1, 4)] * 5), min_size=1, max_size=12, unique=True).map(sorted)
WORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=8)


@given(PLACES, st.data())
def test_the_package_finds_every_text_at_its_coordinate(places, data):
    """Written here, read there: each coordinate returns its text, and nothing else is in the document."""
    texts = [data.draw(WORDS) for _ in places]
    document = write_scrolls(places, texts)
    found = Phext().explode(document)
    assert {str(place): text for place, text in found.items()} == {
        str(Coordinate.at(*place)): text for place, text in zip(places, texts, strict=True)
    }


@given(PLACES)
def test_the_delimiters_are_those_of_the_shortest_walk(places):
    """Counted in an array or walked one coordinate at a time: the same number of bytes."""
    walk, here = [], ORIGIN
    for place in places:
        there = Coordinate.at(*place)
        walk.append(len(delimiters_between(here, there)))
        here = there
    assert delimiter_counts(places).sum(axis=1).tolist() == walk


def test_a_full_box_costs_one_delimiter_less_than_it_has_scrolls():
    """Every place of a box in order: each step is one delimiter."""
    shape = (3, 2, 4, 2, 1)
    places = np.indices(shape).reshape(5, -1).T + 1
    assert delimiter_counts(places).sum() == len(places) - 1


@pytest.mark.parametrize("places", [[[1, 2], [1, 1]], [[1, 1], [1, 1]], [[0, 1]], [[1, 1000]], [1, 2], [[1.5, 1.0]]])
def test_what_is_out_of_order_or_no_coordinate_is_refused(places):
    """Delimiters lead forward only, through whole numbers from one."""
    with pytest.raises(InputError):
        delimiter_counts(places)


@pytest.mark.parametrize("byte", sorted(FORBIDDEN))
def test_a_text_with_a_delimiter_is_refused(byte):
    """It would move everything after it."""
    with pytest.raises(InputError, match="delimiter"):
        write_scrolls([[1, 1]], [f"a{byte}b"])


def test_each_coordinate_needs_a_text():
    """One too few is no document."""
    with pytest.raises(InputError, match="2 coordinates for 1"):
        write_scrolls([[1, 1], [1, 2]], ["a"])
