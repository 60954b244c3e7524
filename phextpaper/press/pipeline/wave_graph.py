"""The wave graph as text, Mermaid, DOT and SVG."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from phextpaper.press.sources import plan_graph
from phextpaper.press.sources.plan import PlannedWave

Waves = dict[int, PlannedWave]


def as_data(waves: Waves) -> dict[str, Any]:
    """Needs, blocks and minutes of each wave, and the longest chain."""
    blocked, path = plan_graph.blocks(waves), plan_graph.critical_path(waves)
    return {
        "waves": [
            {
                "n": n,
                "name": wave.name,
                "phase": wave.phase,
                "minutes": wave.minutes,
                "needs": list(wave.needs),
                "blocks": list(blocked[n]),
            }
            for n, wave in waves.items()
        ],
        "critical_path": path,
        "critical_minutes": sum(waves[n].minutes for n in path),
    }


def as_text(waves: Waves, phases: Mapping[int, str]) -> str:
    """One line a wave, phases apart, then the longest chain."""
    data, lines = as_data(waves), []
    for phase in dict.fromkeys((*phases, *(wave.phase for wave in waves.values()))):
        lines += [f"phase {phase}: {phases[phase]}"] if phase in phases else []
        lines += [
            f"  {row['n']:2d}  {row['name']}  ({_minutes(row['minutes'])}needs {_list(row['needs'])}; "
            f"blocks {_list(row['blocks'])})"
            for row in data["waves"]
            if row["phase"] == phase
        ]
    taking = f" ({data['critical_minutes']} min)" if data["critical_minutes"] else ""
    return "\n".join([*lines, f"longest chain: {' -> '.join(map(str, data['critical_path']))}{taking}", ""])


def _minutes(planned: int) -> str:
    return f"{planned} min; " if planned else ""


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def as_mermaid(waves: Waves) -> str:
    """A Mermaid flow chart."""
    lines = ["flowchart LR", *(f'  w{n}["{n} {wave.name}"]' for n, wave in waves.items())]
    return "\n".join([*lines, *(f"  w{need} --> w{n}" for n, wave in waves.items() for need in wave.needs), ""])


def as_dot(waves: Waves) -> str:
    """A Graphviz graph; the longest chain is bold."""
    chain = set(zip(path := plan_graph.critical_path(waves), path[1:], strict=False))
    lines = [
        "digraph waves {",
        "  rankdir=LR; node [shape=box];",
        *(f'  w{n} [label="{n} {wave.name}"];' for n, wave in waves.items()),
    ]
    lines += [
        f"  w{need} -> w{n}{' [style=bold]' if (need, n) in chain else ''};"
        for n, wave in waves.items()
        for need in wave.needs
    ]
    return "\n".join([*lines, "}", ""])


def as_svg(waves: Waves) -> str:
    """A drawing in columns: each wave stands one column right of the last wave that it needs.

    The longest chain is dark.
    """
    column: dict[int, int] = {}
    for n in sorted(waves):
        column[n] = 1 + max((column[need] for need in waves[n].needs), default=-1)
    rows: dict[int, list[int]] = {}
    for n, place in column.items():
        rows.setdefault(place, []).append(n)
    tallest = max(map(len, rows.values()), default=1)
    spot = {
        n: (24 + place * 76, 40 + (index + (tallest - len(group)) / 2) * 40)
        for place, group in rows.items()
        for index, n in enumerate(group)
    }
    width, height = 48 + (max(rows, default=0) + 1) * 76, 80 + tallest * 40
    chain = set(zip(path := plan_graph.critical_path(waves), path[1:], strict=False))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13" role="img">',
        "<title>The wave graph</title>",
        "<desc>Each box is a wave; a line leads from a wave to one that needs it. The longest chain is dark.</desc>",
    ]
    edges = sorted(((need, n) for n, wave in waves.items() for need in wave.needs), key=lambda edge: edge in chain)
    for need, n in edges:
        (x, y), (to_x, to_y) = spot[need], spot[n]
        dark = (need, n) in chain
        parts.append(
            f'<path d="M{x + 36} {y:g} C{x + 56} {y:g} {to_x - 20} {to_y:g} {to_x} {to_y:g}" fill="none" '
            f'stroke="{"#333" if dark else "#bbb"}" stroke-width="{2 if dark else 1}"/>'
        )
    for n, wave in waves.items():
        x, y = spot[n]
        fill = "#cfe3f5" if n in path else "#f4f4f4"
        parts.append(
            f"<g><title>{escape(f'Wave {n}: {wave.name}')}</title>"
            f'<rect x="{x}" y="{y - 13:g}" width="36" height="26" rx="4" fill="{fill}" '
            f'stroke="#555"/><text x="{x + 18}" y="{y + 5:g}" text-anchor="middle">{n}</text></g>'
        )
    return "\n".join([*parts, "</svg>", ""])
