"""A topology that no file of the engine knows works everywhere once it says its size, degree, spec and neighbours."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from click.testing import CliRunner

from phextpaper.engine.networks.cuts import bisection
from phextpaper.engine.networks.spec_words import spec_word
from phextpaper.engine.networks.topologies import Graph, Hypercube, Torus, parse_spec
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.placing.learned_coordinates import spectral
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.engine.traffic.patterns import NearestNeighbour
from phextpaper.errors import InputError
from phextpaper.study.commands import network


@spec_word("complete", "5")
@dataclass(frozen=True)
class Complete(Topology):
    """Every node linked to every other: port p of node n leads to n + 1 + p round the ring."""

    nodes: int
    size = property(lambda self: self.nodes)
    degree = property(lambda self: self.nodes - 1)
    spec = property(lambda self: f"complete:{self.nodes}")

    def neighbours(self):
        """Node behind each port."""
        return (np.arange(self.nodes)[:, None] + np.arange(1, self.nodes)) % self.nodes


def test_a_spec_names_it():
    """Its word gives it back, and errors show how it is written."""
    assert parse_spec("complete:5") == Complete(5) and parse_spec("complete:5").spec == "complete:5"
    with pytest.raises(InputError) as caught:
        parse_spec("incomplete:5")
    assert "complete:5" in caught.value.remedy and "torus:16x16x16" in caught.value.remedy
    for wrong in ("complete:five", "complete:5,5,5"):
        with pytest.raises(InputError):
            parse_spec(wrong)


@pytest.mark.parametrize("size", [4, 5, 9, 24])
def test_all_that_follows_from_neighbours_is_there(size):
    """One hop to all others, one pair over each link, half of the nodes times the other half across the middle."""
    found = Complete(size)
    assert (found.mean_hops(), found.diameter(), found.vertex_transitive) == (1.0, 1, False)
    assert found.hop_counts(2).tolist() == [int(node != 2) for node in range(size)]
    assert found.hop_histogram().tolist() == [size, size * (size - 1)]
    assert (found.link_loads() == 1.0).all() and found.all_to_all_throughput() == size - 1
    assert bisection(found).links == (size // 2) * (size - size // 2)
    assert (link_loads(found, NearestNeighbour(found)) == 1.0).all()
    assert spectral(found, 3).shape == (size, 3)


def test_it_is_routed_and_free_of_deadlock():
    """Every route is one link, so no channel waits for another."""
    table = RoutingTable.minimal(Complete(9))
    assert table.verify().minimal and table.path(2, 7) == (2, 7)
    report = table.deadlock_free()
    assert (report.scheme, report.dependencies) == ("one channel", 0)
    assert RoutingTable.up_down(Complete(9)).verify().ends


def test_the_console_program_knows_it():
    """`topology` and `route` print what they print for a torus."""
    done = CliRunner().invoke(network.topology, ["complete:9", "--json"], standalone_mode=False)
    answer = json.loads(done.output)
    assert (answer["size"], answer["degree"], answer["mean_hops"], answer["bisection_links"]) == (9, 8, 1.0, 20)
    done = CliRunner().invoke(network.route, ["complete:9", "3", "8", "--json"], standalone_mode=False)
    assert [step["node"] for step in json.loads(done.output)["path"]] == [3, 8]


def test_an_unfinished_topology_is_refused_at_birth():
    """Without all four there is no topology."""

    class Silent(Topology):
        size, degree = 2, 1

    with pytest.raises(TypeError, match="spec"):
        Silent()


def test_a_word_names_one_class():
    """A second class cannot take a word, and the first keeps it."""
    with pytest.raises(InputError, match="taken"):
        spec_word("torus")(Complete)
    assert parse_spec("torus:4x4") == Torus((4, 4))


def test_every_family_reads_its_own_spec():
    """Torus, hypercube and graph give back what they were made from."""
    for topology in (Torus((3, 4)), Hypercube(4)):
        assert parse_spec(topology.spec) == topology
    assert issubclass(Graph, Topology)
