"""What Figure 1 draws of the machine: the links that it labels, their racks, the switches where they end."""

from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.wiring.faces import face_places
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities.layout import example_coordinate

PLANNED = {"first": (1, 1, 1, 1), "middle": (8, 8, 8, 2), "last": (16, 16, 16, 4)}
"""The links that the plan wants labelled: volume, book, chapter and section."""

DIMENSIONS = ("volume", "book", "chapter")


@node("racks.labelled")
def labelled(q: Quantities) -> dict[str, tuple[int, int, int, int]]:
    """The plan's links where this machine has them all, else its own examples of wave 3; one a rack."""
    sides = (*q.node("layout.machine").shape, int(q.machine.links_per_chip))
    fit = all(part <= side for place in PLANNED.values() for part, side in zip(place, sides, strict=True))
    places = PLANNED if fit else {name: example_coordinate(q, name) for name in PLANNED}
    racks = {place[0]: name for name, place in reversed(places.items())}
    return {name: place for name, place in places.items() if racks[place[0]] == name}


@number("racks.volume.{}", "", each=lambda q: tuple(q.node("racks.labelled")), by=Layout.place)
def volume(q: Quantities, name: str) -> int:
    """Volume, and so rack, of a labelled link."""
    layout = q.node("layout.machine")
    return int(layout.place(layout.index(q.node("racks.labelled")[name][:3])).rack)


@node("racks.ends")
def ends(q: Quantities) -> list[tuple[tuple[int, int, int], int, int]]:
    """Optical links of the labelled chips: chip, dimension from 0, place on the block's face from 0.

    Where blocks do not fill the machine every link is optical, and places tell nothing: they are 0.
    """
    layout, found = q.node("layout.machine"), []
    places = face_places(layout.shape, layout.block) if layout.block_grid is not None else None
    for *chip, _ in q.node("racks.labelled").values():
        row = places[int(layout.index(chip))] if places is not None else [0] * len(DIMENSIONS)
        found += [(tuple(chip), dimension, int(place)) for dimension, place in enumerate(row) if place >= 0]
    return found


def set_shape(q: Quantities, dimension: int) -> tuple[int, int, int]:
    """Rows and columns of the places on a face of a dimension, and switches at each; one place without a face."""
    layout = q.node("layout.machine")
    if layout.block_grid is None:
        return 1, 1, 1
    rows, columns = (side for other, side in enumerate(layout.block) if other != dimension)
    return rows, columns, int(q.architecture.switches_per_group)


@number(
    "racks.switches",
    "switches",
    formula="switches at the faces of blocks, or at every chip link where blocks do not fill the machine",
)
def switches(q: Quantities) -> int:
    """Optical circuit switches of the machine, in one stage."""
    plans = q.routing.switch
    return plans.faces.count.value if q.node("layout.machine").block_grid is not None else plans.chips.count.value
