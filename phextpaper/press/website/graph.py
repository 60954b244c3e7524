"""The wave graph as a drawing whose boxes lead to the waves; colours come from the style sheet, light or dark."""

from collections.abc import Mapping
from html import escape
from itertools import pairwise

from phextpaper.press.sources import plan_graph
from phextpaper.press.sources.plan import PlannedWave

STEP, ROW, WIDE, HIGH = 72, 44, 40, 28
_CLASSES = {"passes": "pass", "fails": "fail"}
"""The looks of a box by its state; any other state is open."""


def drawn(
    waves: dict[int, PlannedWave], states: dict[int, str], links: dict[int, str], phases: Mapping[int, str]
) -> str:
    """SVG: each wave stands one column right of the last wave that it needs; the longest chain is bold."""
    column: dict[int, int] = {}
    for n in sorted(waves):
        column[n] = 1 + max((column[need] for need in waves[n].needs), default=-1)
    groups: dict[int, list[int]] = {}
    for n, place in column.items():
        groups.setdefault(place, []).append(n)
    tallest = max(map(len, groups.values()), default=1)
    spot = {
        n: (12 + place * STEP, 24 + (index + (tallest - len(group)) / 2) * ROW)
        for place, group in groups.items()
        for index, n in enumerate(group)
    }
    width, height = 24 + max(groups, default=0) * STEP + WIDE, 48 + (tallest - 1) * ROW
    path = plan_graph.critical_path(waves)
    chain = set(pairwise(path))
    parts = [
        f'<svg class="graph" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="group" '
        'aria-labelledby="graph-title graph-text">',
        '<title id="graph-title">The wave graph</title>',
        '<desc id="graph-text">Each box is a wave and leads to its page; '
        "a line leads from a wave to one that needs it. "
        "The longest chain is bold. The table below says the same in words.</desc>",
    ]
    edges = sorted(((need, n) for n, wave in waves.items() for need in wave.needs), key=lambda edge: edge in chain)
    for need, n in edges:
        (x, y), (to_x, to_y) = spot[need], spot[n]
        bold = ' class="chain"' if (need, n) in chain else ""
        parts.append(f'<path{bold} d="M{x + WIDE} {y:g}C{x + WIDE + 18} {y:g} {to_x - 18} {to_y:g} {to_x} {to_y:g}"/>')
    for n, wave in waves.items():
        x, y = spot[n]
        label = escape(f"Wave {n}, {wave.name}: {states[n]}. {phases.get(wave.phase, '')}")
        parts.append(
            f'<a href="{links[n]}" aria-label="{label}"><title>{label}</title>'
            f'<rect class="{_CLASSES.get(states[n], "open")}" x="{x}" y="{y - HIGH / 2:g}" '
            f'width="{WIDE}" height="{HIGH}" rx="5"/>'
            f'<text x="{x + WIDE / 2:g}" y="{y + 5:g}">{n}</text></a>'
        )
    return "\n".join([*parts, "</svg>"])
