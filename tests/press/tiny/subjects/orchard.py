"""Trees and apples of the orchard."""

from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import number


@number("orchard.trees", "trees", formula="rows x trees of a row")
def trees(q: Quantities) -> int:
    """Trees that bear."""
    return int(q.machine.rows) * int(q.machine.trees_per_row)


@number("orchard.harvest", "kg", 0)
def harvest(q: Quantities) -> float:
    """Apples of a year."""
    return q.orchard.trees * q.machine.yield_per_tree
