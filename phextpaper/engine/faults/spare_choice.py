"""What each free spare would cost if it took over the address of a failed chip: hops, and the busiest link.

Loads of uniform all-to-all add up over pairs. So the loads after another choice are those after the choice that was
made, without the routes of the spare that was taken, and with those of the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.arrays import NodeArray
from phextpaper.engine.faults.remapping import Examined, SparedNetwork
from phextpaper.engine.routing import walks
from phextpaper.engine.routing.address_tables import NONE
from phextpaper.engine.routing.next_hops import minimal_ports
from phextpaper.errors import InputError


@dataclass(frozen=True, eq=False)
class SpareRating:
    """The spares that could have taken an address, by their numbers, and what each would have cost.

    `spares` (k,) are nodes; `distance` (k,) counts hops from the address's first home, on the network without failures;
    `mean_hops` (k,) is over the routes between the spare and all other homes, both ways; `busiest` (k,) is the load of
    the busiest directed link.
    """

    spares: NodeArray
    distance: NodeArray
    mean_hops: NDArray[np.float64]
    busiest: NodeArray

    @property
    def first(self) -> int:
        """Place of the spare with the lowest number."""
        return 0

    @property
    def nearest(self) -> int:
        """Place of the spare with the fewest hops from the address's first home, the lowest number first."""
        return int(self.distance.argmin())

    @property
    def least_loaded(self) -> int:
        """Place of the spare after which the busiest link carries least, then with the fewest hops."""
        return int(np.lexsort((self.mean_hops, self.busiest))[0])


def rate_spares(network: SparedNetwork, found: Examined, *, most: int = 256) -> SpareRating:
    """Rate the spares for the one address that a remap moved: the taken one, and the nearest free ones, `most` at most.

    Raises `InputError` where the remap moved no address, or several.
    """
    if len(found.remap.moves) != 1:
        raise InputError(
            f"{len(found.remap.moves)} addresses moved", where="remap", remedy="rate a remap of one address"
        )
    move, neighbours = found.remap.moves[0], found.table.neighbours
    others = np.delete(found.remap.home, move.address)
    others = others[others != NONE]
    distance = network.topology.hop_counts(move.address)
    free = _free(found)
    near = free[np.argsort(distance[free], kind="stable")][:most]
    spares = np.unique(np.append(near, move.spare))
    ports = minimal_ports(neighbours)
    amounts, mean_hops, busiest = np.ones(2 * len(others)), np.zeros(len(spares)), np.zeros(len(spares), dtype=np.intp)

    def routes(spare: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        both = np.full(len(others), spare), others
        return walks.walk_loads(neighbours, ports, np.concatenate(both), np.concatenate(both[::-1]), amounts)

    without = found.trace.loads - routes(move.spare)[0]
    for place, spare in enumerate(spares.tolist()):
        loads, hops = routes(spare)
        mean_hops[place], busiest[place] = hops.mean(), round(float((without + loads).max()))
    return SpareRating(spares, distance[spares], mean_hops, busiest)


def _free(found: Examined) -> NodeArray:
    """Healthy nodes that are joined to the rest and are home to no address."""
    taken = np.zeros(len(found.table.neighbours), dtype=bool)
    taken[[*found.remap.failed, *found.remap.cut_off, *found.remap.home[found.remap.home != NONE]]] = True
    return np.flatnonzero(~taken)
