"""What a reader sees of a remapping, read back: the routes that a page draws before and after a failure."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.faults.remapping import SparedNetwork
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.networks.distances import hop_counts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.wave import Verdict
from phextpaper.study.quantities import remapping
from phextpaper.study.quantities.layout import chip_index, chip_name


def drawn_routes(part: Markdown, q: Quantities, names: Mapping[str, str], count: int) -> Verdict:
    """So many routes are drawn below the names of their scenarios, on links that work, each as long as the shortest."""
    network = SparedNetwork.torus(q.node("layout.machine"))
    fence = next((fence for fence in part.fences if "->" in fence.text), None)
    lines, wrong, name = fence.text.splitlines() if fence else [], "", ""
    for line in lines:
        name = next((scenario for scenario, words in names.items() if line.startswith(words)), name)
        failed = () if " before " in line else remapping.found(q, name).failed
        wrong = wrong or wrong_route(q, line, network.without(failed))
    return Verdict(
        len(lines) == count > 0 and not wrong,
        "routes before and after in each scenario, on links that work",
        wrong or f"{len(lines)} routes",
        part.where("->"),
    )


def wrong_route(q: Quantities, line: str, neighbours: NDArray[np.integer]) -> str:
    """What is wrong with a drawn route, empty if nothing: an arrow that is no working link, or too many hops."""
    items = [item.split() for item in line.split("->")]
    nodes = [next((chip_index(q, word) for word in words if "/" in word), -1) for words in items]
    if min(nodes[0], nodes[-1]) < 0:
        return f"a route from or to no chip: {line.strip()}"
    for a, b in pairwise(nodes):
        if a >= 0 and b >= 0 and b not in neighbours[a]:
            return f"{chip_name(q, a)} -> {chip_name(q, b)} is no working link"
    hops = int(hop_counts(neighbours, nodes[0])[nodes[-1]])
    return "" if int(items[-1][1]) == hops else f"{hops} hops instead of {items[-1][1]}"


def when_too_many_fail(layout: Layout) -> str:
    """How a page begins to say what happens when more chips fail than there are spares."""
    if layout.spares == 0:
        return "Without spares each failure"
    return (
        f"If {format_value(layout.spares + 1)} fail at once"
        if layout.spares < layout.active
        else f"Even if all {format_value(layout.active)} chips fail at once"
    )
