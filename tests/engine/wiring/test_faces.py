"""Places on the faces of blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.engine.wiring.faces import face_places
from phextpaper.engine.wiring.ports import block_switches
from phextpaper.errors import InputError

machines = st.tuples(*[st.tuples(st.integers(1, 3), st.integers(1, 4))] * 3)


@given(machines)
def test_each_set_of_switches_takes_the_ends_that_the_count_says(sides):
    """A place of a dimension has an upper and a lower end for each block, and there are as many places as `block_switches` has groups."""
    block = tuple(width for _, width in sides)
    shape = tuple(number * width for number, width in sides)
    places, plan = face_places(shape, block), block_switches(shape, block, ports=136, spare_ports=8)
    groups = 0
    for dimension, width in enumerate(block):
        there, counts = np.unique(places[:, dimension][places[:, dimension] >= 0], return_counts=True)
        groups += len(there)
        assert there.tolist() == list(range(int(np.prod(block)) // width))
        assert set((counts * (2 if width == 1 else 1)).tolist()) == {plan.ends_per_group}
    assert groups == plan.groups


@given(st.tuples(*[st.tuples(st.integers(2, 3), st.integers(2, 4))] * 3))
def test_the_two_ends_of_an_optical_link_are_at_one_place(sides):
    """A link of the torus that switches make joins chips at the same place of its dimension; a wire's chips differ in it or are on no face."""
    block, shape = tuple(width for _, width in sides), tuple(number * width for number, width in sides)
    torus, places = Torus(shape), face_places(shape, block)
    for dimension in range(3):
        plus = torus.neighbours()[:, 2 * dimension]
        links = np.column_stack([np.arange(torus.size), plus])
        optical = link_kinds(links, shape, block).optical
        assert (places[links[optical, 0], dimension] == places[links[optical, 1], dimension]).all()
        assert (places[links[optical, 0], dimension] >= 0).all()


def test_blocks_that_do_not_fill_the_machine_are_refused():
    """There is no face to speak of."""
    with pytest.raises(InputError):
        face_places((6, 6, 6), (4, 4, 4))
