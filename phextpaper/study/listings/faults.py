"""The remapping that the paper prints: a failed chip loses its links, and its address moves to the first free spare."""

import numpy as np

from phextpaper.engine.routing.next_hops import minimal_ports

NONE = -1


def remap(failed, spares, home, neighbours, ports):
    """Route around a failed chip, and give the address that it held to a spare."""
    neighbours[neighbours == failed] = NONE  # dead for its neighbours
    neighbours[failed] = NONE  # and for itself
    if failed in spares:
        spares.remove(failed)
    for address in np.flatnonzero(home == failed):
        home[address] = spares.pop(0) if spares else NONE
    served = np.flatnonzero(home != NONE)
    ports[:, served] = minimal_ports(neighbours)[:, home[served]]
    return len(served) == len(home)
