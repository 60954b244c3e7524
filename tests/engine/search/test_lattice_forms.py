"""Lattices as normal forms: counts against closed forms, images and classes against brute force, wiring against blocks."""

from itertools import permutations, product
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from phextpaper.engine.networks.lattices import hermite_normal_form
from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus, parse_spec
from phextpaper.engine.search.lattice_forms import (
    as_form,
    canonical,
    classes,
    form_of,
    forms,
    normal_forms,
    plain,
    same_up_to_symmetry,
    twisted,
    wired_by_blocks,
)
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.errors import InputError

matrices = st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=3, max_size=3)


def images(form):
    """Every image of a lattice under order and direction of the dimensions, by the slow exact normal form."""
    for order in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            yield hermite_normal_form([[sign * row[d] for d, sign in zip(order, signs, strict=True)] for row in form])


@pytest.mark.parametrize(("prime", "power"), [(2, 1), (2, 5), (2, 7), (3, 3), (7, 1)])
def test_the_lattices_of_a_prime_power_are_counted_by_the_gaussian_binomial(prime, power):
    """(p^(k+1) - 1)(p^(k+2) - 1) / ((p - 1)(p^2 - 1)) lattices of index p^k lie in three dimensions."""
    expected = (prime ** (power + 1) - 1) * (prime ** (power + 2) - 1) // ((prime - 1) * (prime**2 - 1))
    assert len(forms(prime**power)) == expected == len({as_form(rows) for rows in forms(prime**power)})


def test_lattices_are_counted_prime_by_prime_and_unit_by_unit():
    """Counts multiply over coprime indices, and multiples of a unit are the lattices of the blocks."""
    assert len(forms(24)) == len(forms(8)) * len(forms(3))
    assert np.array_equal(forms(8 * 27, unit=3), 3 * forms(8))
    multiples = [as_form(rows) for rows in forms(64) if not (rows % 2).any()]
    assert sorted(multiples) == sorted(as_form(rows) for rows in forms(64, unit=2))


@given(st.lists(matrices, min_size=1, max_size=5))
def test_many_normal_forms_at_once_are_those_of_the_exact_one(given_matrices):
    """Shape by shape and entry by entry, whatever the signs."""
    regular = [rows for rows in given_matrices if round(np.linalg.det(np.array(rows))) != 0]
    assume(regular)
    assert [as_form(rows) for rows in normal_forms(regular)] == [hermite_normal_form(rows) for rows in regular]


@pytest.mark.parametrize("size", [6, 8, 12, 18])
def test_classes_are_the_orbits_of_signed_permutations(size):
    """Two lattices share a class if and only if one is an image of the other, and the class is one of its members."""
    found = forms(size)
    names = [as_form(rows) for rows in found]
    place = {name: number for number, name in enumerate(names)}
    stand = classes(found)
    for number, name in enumerate(names):
        orbit = {place[image] for image in images(name)}
        assert stand[number] in orbit
        assert orbit == set(np.flatnonzero(stand == stand[number]).tolist())
        assert canonical(name) == names[stand[number]]


@given(st.sampled_from([16, 24, 30]), st.integers(0, 10**6), st.integers(0, 47))
def test_an_image_has_the_same_canonical_form(size, draw, image):
    """And is the same lattice up to symmetry."""
    found = forms(size)
    form = as_form(found[draw % len(found)])
    other = list(images(form))[image]
    assert canonical(other) == canonical(form) and same_up_to_symmetry(form, other)


def test_different_loads_are_never_the_same_up_to_symmetry():
    """The torus and its published twist differ."""
    assert not same_up_to_symmetry(plain((4, 4, 8)), form_of(TwistedTorus((4, 4, 8))))


@given(st.sampled_from([16, 24, 45]), st.integers(0, 10**6))
def test_a_lattice_as_a_twisted_torus_is_the_same_graph(size, draw):
    """Its links are those of the lattice, node by node, and its spec names it."""
    found = forms(size)
    form = as_form(found[draw % len(found)])
    torus = twisted(form)
    assert np.array_equal(torus.neighbours(), Lattice(form).neighbours())
    assert form_of(torus) == form
    assert np.array_equal(parse_spec(torus.spec).neighbours(), torus.neighbours())


def test_the_published_twists_come_back_from_their_lattices():
    """In the spelling of the published twist where the box is its own."""
    for shape in ((4, 4, 8), (8, 8, 16)):
        assert twisted(form_of(TwistedTorus(shape))).spec == TwistedTorus(shape).spec
    assert twisted(form_of(Torus((4, 8, 8)))) == Torus((4, 8, 8))


@pytest.mark.parametrize("size", [16, 32, 64])
def test_blocks_can_wire_exactly_the_multiples_of_their_edge(size):
    """Of all lattices whose box is made of blocks, laid out in that box, judged link by link."""
    for rows in forms(size):
        form = as_form(rows)
        if (np.diagonal(rows) % 2).any():
            assert not wired_by_blocks(form, 2)
            continue
        neighbours = Lattice(form).neighbours()
        links = np.column_stack([np.repeat(np.arange(size), neighbours.shape[1]), neighbours.ravel()])
        possible = not link_kinds(links, tuple(map(int, np.diagonal(rows))), (2, 2, 2)).impossible.any()
        assert possible == wired_by_blocks(form, 2)


def test_what_has_no_lattice_in_three_dimensions_is_refused():
    """With a message that names it."""
    for topology in (Torus((4, 4)), Hypercube(6), Graph(Torus((2, 2, 2)).neighbours())):
        with pytest.raises(InputError, match="three dimensions"):
            form_of(topology)
    with pytest.raises(InputError, match="whole number of blocks"):
        forms(100, unit=4)
    assert prod(twisted(plain((3, 4, 5))).shape) == 60
