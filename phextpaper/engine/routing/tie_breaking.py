"""One shortest route a pair, and what ties cost.

A table has one entry a pair, so of several nearer neighbours it has to take one.

`RoutingTable.minimal` takes the lowest port, which on a lattice is dimension order (dally2004). On a graph without such
an order low ports then carry more than others, so here ties fall by chance instead, with a seed.
"""

import numpy as np

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing import walks
from phextpaper.engine.routing.next_hops import ARRIVED, MINIMAL
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError

_ROWS = 256


def chance_table(topology: Topology, *, seed: int) -> RoutingTable:
    """A table of shortest paths in which each entry is one of the nearer neighbours, each as likely as the others.

    The same seed gives the same table on every platform. Raises `InputError` where a node has an empty port.

    >>> from phextpaper.engine.networks.topologies import Hypercube
    >>> chance_table(Hypercube(4), seed=1).verify().minimal
    True
    """
    whole_number("seed", seed, 0, 2**63 - 1)
    neighbours, hops = topology.neighbours(), topology.distance_matrix()
    if (neighbours < 0).any():
        raise InputError(
            "a node has a port without a link",
            where=topology.spec,
            remedy="give a graph whose nodes have equal degrees",
        )
    rng, size = np.random.default_rng(seed), topology.size
    ports = np.full((size, size), ARRIVED, dtype=np.uint8)
    for first in range(0, size, _ROWS):
        rows = slice(first, min(first + _ROWS, size))
        luck = np.zeros(hops[rows].shape, dtype=np.uint16)
        for port in range(topology.degree):
            drawn = rng.integers(1, 2**16, size=luck.shape, dtype=np.uint16)
            drawn[hops[neighbours[rows, port]] >= hops[rows]] = 0
            better = drawn > luck
            luck[better] = drawn[better]
            ports[rows][better] = port
    return RoutingTable(topology, ports, "ties by chance")


def worst_load(table: RoutingTable) -> int:
    """Ordered pairs over the busiest directed link when each keeps to its route, as `RoutingTable.link_loads` counts.

    The minimal table of a lattice looks alike from every node, so there the routes of one node are enough.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> table = RoutingTable.minimal(Torus((4, 4, 8)))
    >>> worst_load(table) == int(table.link_loads().max())
    True
    """
    topology = table.topology
    if not isinstance(topology, LatticeTopology) or table.scheme != MINIMAL:
        return int(table.link_loads().max())
    everyone = np.arange(topology.size)
    loads, _ = walks.walk_loads(
        topology.neighbours(), table.ports, np.zeros_like(everyone), everyone, np.ones(topology.size)
    )
    return round(float(loads.sum(axis=0).max()))
