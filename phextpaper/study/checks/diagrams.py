"""Routes that a page draws as coordinates with arrows, read back."""

from itertools import pairwise

from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict
from phextpaper.study.quantities.layout import chip_index


def drawn(part: Markdown, q: Quantities) -> list[list[int]]:
    """The chains of chips that the diagrams of a part draw. Raises InputError for what is no coordinate."""
    lines = [line for fence in part.fences for line in fence.text.splitlines() if "->" in line]
    return [[chip_index(q, item.split()[-1]) for item in line.split("->")] for line in lines]


def on_links(built: Artefacts, q: Quantities, title: str) -> Verdict:
    """Every arrow of a part's diagrams is a link of the 3D torus."""
    neighbours = q.node("topologies.torus_3d.graph").neighbours()
    steps = [(a, b) for chain in drawn(built.markdown().section(title), q) for a, b in pairwise(chain)]
    unreal = [step for step in steps if step[1] not in neighbours[step[0]]]
    return Verdict(
        bool(steps) and not unreal,
        f"{title}: a diagram whose arrows are links",
        f"{len(unreal)} of {len(steps)} arrows are no links" if unreal or not steps else f"{len(steps)} links",
        built.markdown().where(f"## {title}"),
    )
