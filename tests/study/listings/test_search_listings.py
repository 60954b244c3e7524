"""The printed search: short, within its budget, the same for the same seed, and able to find what is there."""

import inspect
from itertools import pairwise

import pytest

from phextpaper.study.listings.search import evolve


def step(number, rng):
    """A number near to one, on a circle of a thousand."""
    return (number + int(rng.random() * 21) - 10) % 1000


def bowl(number):
    """A cost with one smallest value, at 617, and many equal ones."""
    return abs(number - 617) // 3


def test_the_printed_function_is_short():
    """It has at most twenty lines, its first and its explanation included."""
    assert len(inspect.getsource(evolve).splitlines()) <= 20


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_the_smallest_cost(seed):
    """With enough evaluations, from far away; each step of what it returns is cheaper than the one before."""
    found = evolve(0, step, bowl, 600, seed)
    assert found[0] == (1, bowl(0), 0)
    assert found[-1][1] == 0 and bowl(found[-1][2]) == 0
    costs = [cost for _, cost, _ in found]
    assert all(later < earlier for earlier, later in pairwise(costs))
    assert all(bowl(candidate) == cost for _, cost, candidate in found)


@pytest.mark.parametrize("budget", [1, 2, 50])
def test_it_stays_within_its_budget(budget):
    """It asks for the cost of at most as many candidates as allowed, each once, and says at which one it improved."""
    asked = []
    found = evolve(0, step, lambda number: asked.append(number) or bowl(number), budget, 3)
    assert len(asked) == len(set(asked)) <= budget
    assert all(asked[evaluation - 1] == candidate for evaluation, _, candidate in found)


def test_it_ends_where_there_is_nothing_more_to_find():
    """With two candidates and a large budget."""
    found = evolve("a", lambda letter, rng: "ab"[rng.random() < 0.5], ord, 100, 1)
    assert found == [(1, ord("a"), "a")]


def test_the_seed_decides():
    """Equal seeds give equal searches, another seed another one."""
    assert evolve(0, step, bowl, 200, 5) == evolve(0, step, bowl, 200, 5)
    assert evolve(0, step, bowl, 200, 5) != evolve(0, step, bowl, 200, 6)
