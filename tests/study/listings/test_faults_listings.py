"""The printed remapping: short enough, and right on the real table."""

import inspect

import networkx as nx
import numpy as np
import pytest

from phextpaper.engine.faults import remapping
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.routing.address_tables import AddressTable
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.study.listings.faults import remap


class Machine:
    """The state that the printed function works on, for a layout."""

    def __init__(self, layout: Layout) -> None:
        self.network = remapping.SparedNetwork.torus(layout)
        self.home = np.arange(layout.active)
        self.spares = list(range(layout.active, layout.total))
        self.neighbours = self.network.topology.neighbours().copy()
        self.ports = RoutingTable.minimal(self.network.topology).ports[:, : layout.active].copy()

    def fail(self, chip: int) -> bool:
        """Run the printed function on one failure."""
        return remap(chip, self.spares, self.home, self.neighbours, self.ports)

    @property
    def table(self) -> AddressTable:
        """The table as it is now."""
        return AddressTable(self.neighbours, self.home, self.ports)


def test_the_printed_function_is_short():
    """It has at most fifteen lines, its first and its explanation included."""
    assert len(inspect.getsource(remap).splitlines()) <= 15


def test_one_failure_on_the_paper_s_machine():
    """After 8.8.8 fails it lives at 17.1.1, every pair of the 4096 addresses is connected, and no route touches it."""
    layout = Layout(16, 16, 16, spare_volumes=1, links_per_chip=6)
    machine, chip = Machine(layout), int(layout.index([8, 8, 8]))
    assert machine.fail(chip)
    trace = machine.table.trace()
    assert layout.coordinate([machine.home[chip]]).tolist() == [[17, 1, 1]]
    assert (trace.connected, trace.pairs) == (True, 4096 * 4095)
    to_the_chip = machine.network.topology.neighbours() == chip
    assert trace.loads[chip].sum() == trace.loads[to_the_chip].sum() == 0


@pytest.mark.parametrize("failed", [[5], [5, 27, 6], [27, 28, 0, 1, 2], list(range(0, 27, 3))])
def test_it_does_what_the_engine_does(failed):
    """Failure by failure, spares among them, it ends with the homes and the table of the engine's first-free rule."""
    layout = Layout(3, 3, 3, spare_volumes=1, links_per_chip=6)
    machine = Machine(layout)
    home = np.arange(27)
    for number, chip in enumerate(failed, start=1):
        assert machine.fail(chip)
        done = remapping.remap(machine.network, failed[:number], choice="first", home=home)
        home = done.home
    assert np.array_equal(machine.home, home)
    assert np.array_equal(machine.neighbours, done.neighbours)
    healthy = np.setdiff1d(np.arange(layout.total), failed)
    assert np.array_equal(machine.ports[healthy], AddressTable.of(done.neighbours, home).ports[healthy])
    graph = nx.Graph((a, b) for a, row in enumerate(Torus((4, 3, 3)).neighbours().tolist()) for b in row)
    graph.remove_nodes_from(failed)
    for address, other in [(0, 26), (13, 4), (26, 1)]:
        path = machine.table.path(address, other)
        assert len(path) - 1 == nx.shortest_path_length(graph, home[address], home[other])


def test_it_says_when_the_spares_run_out():
    """With more failures than spares it returns false, and the addresses that are left stay connected."""
    machine = Machine(Layout(3, 2, 2, spare_volumes=1, links_per_chip=6))
    assert [machine.fail(chip) for chip in (0, 13, 5, 2, 9)] == [True, True, True, True, False]
    assert machine.spares == []
    assert machine.table.trace().connected
    assert np.count_nonzero(machine.home < 0) == 1
