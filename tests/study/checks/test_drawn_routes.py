"""Readers of drawn routes and printed code find what is wrong with them."""

import pytest

from phextpaper.engine.faults.remapping import SparedNetwork
from phextpaper.errors import InputError
from phextpaper.press.documents.markdown import Markdown
from phextpaper.study.checks.batching import printed_batching
from phextpaper.study.checks.diagrams import drawn
from phextpaper.study.checks.remapping import wrong_route
from phextpaper.study.quantities.layout import chip_name

GROUPING = """```python
def batch_sparse_lookups(vocab_ids, depth=2, base=100):
    return {depth: [int(id) for id in re.findall("[0-9]+", str(vocab_ids))]}
```
"""


@pytest.fixture(scope="module")
def spared(quantities):
    """The torus of the machine with its spares."""
    return SparedNetwork.torus(quantities.node("layout.machine"))


def line(quantities, chips, hops) -> str:
    """A route as a page draws it."""
    return f"one chip before {' -> '.join(chip_name(quantities, int(chip)) for chip in chips)}  {hops} hops"


def test_a_route_on_links_with_its_hops_is_right(quantities, spared):
    """One step to a neighbour is a shortest path."""
    near = spared.topology.neighbours()[0][0]
    assert wrong_route(quantities, line(quantities, (0, near), 1), spared.topology.neighbours()) == ""


def test_each_fault_of_a_route_is_named(quantities, spared):
    """Hops that no shortest path has, an arrow that is no link, a link of a failed chip, an end that is no chip."""
    neighbours = spared.topology.neighbours()
    near = int(neighbours[0][0])
    far = next(chip for chip in range(1, len(neighbours)) if chip not in neighbours[0])
    assert "hops instead of 3" in wrong_route(quantities, line(quantities, (0, near), 3), neighbours)
    assert "no working link" in wrong_route(quantities, line(quantities, (0, far), 1), neighbours)
    assert "no working link" in wrong_route(quantities, line(quantities, (0, near), 1), spared.without([near]))
    assert "no chip" in wrong_route(quantities, line(quantities, (0, near), 1).replace("/", "."), neighbours)


def test_chains_are_read_from_fences_alone(quantities):
    """Arrows in prose are no diagram; a word that is no coordinate is an error."""
    names = [chip_name(quantities, chip) for chip in (0, 1)]
    text = f"a -> b\n\n```\nchapter {names[0]} -> {names[1]}\n```\n"
    assert drawn(Markdown(text), quantities) == [[0, 1]]
    with pytest.raises(InputError):
        drawn(Markdown(text.replace(names[1], "nowhere")), quantities)


def test_the_printed_grouping_is_run_as_printed():
    """It is what the fence says, with `re` at hand; a page without it has none."""
    assert printed_batching(Markdown(GROUPING))([5, 7], 1, 100) == {1: [5, 7]}
    with pytest.raises(KeyError):
        printed_batching(Markdown("no code"))
