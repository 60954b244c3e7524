"""`measure`: time here what the paper reports as measured, into reference/measured.toml; no build calls it."""

import datetime
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from phextpaper.errors import InputError
from phextpaper.press.commands.options import as_json, print_json, site_of, standard
from phextpaper.press.units import from_si

if TYPE_CHECKING:
    from phextpaper.engine.sparse.measuring import MeasuredSizes

FILE = "reference/measured.toml"
HEAD = """\
# Times measured on one machine, on request (make measure), each the median of several rounds. \
A build reads this file like any other
# reference and never writes it.
"""
Entries = dict[str, dict[str, object]]


def _entry(value: object, unit: str, doc: str, digits: int | str | None = None) -> dict[str, object]:
    return {"value": value, "unit": unit, "doc": doc} | ({"digits": digits} if digits is not None else {})


def machine() -> Entries:
    """What was measured on: kind of processor, cores, memory, system, versions. Nothing tells which machine it was."""
    from importlib.metadata import version

    return {
        "processor": _entry(_processor(), "", "processor, as the system names it"),
        "cores": _entry(_cores(), "cores", "cores that the process may use"),
        "memory": _entry(
            round(from_si(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), "GiB")),
            "GiB",
            "memory of the machine",
        ),
        "system": _entry(f"{platform.system()} {platform.machine()}", "", "operating system and architecture"),
        "python": _entry(platform.python_version(), "", "version of Python"),
        "numpy": _entry(version("numpy"), "", "version of numpy"),
        "scipy": _entry(version("scipy"), "", "version of SciPy"),
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _threads() -> int:
    """Threads of numpy's products: the program asks for one before numpy is loaded, unless told otherwise."""
    return int(os.environ.get("OPENBLAS_NUM_THREADS") or _cores())


def _digits(value: float, whole_from: float) -> int:
    return 0 if value >= whole_from else 1


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return " ".join(value.split())
    except OSError:
        pass
    return platform.processor() or platform.machine()


def lookups(rounds: int, seed: int, sizes: "MeasuredSizes | None" = None) -> Entries:
    """Times of one batch of lookups: gather, by ID, sparse product, dense product, scan of the whole table."""
    from phextpaper.engine.sparse.measuring import MeasuredSizes, measure

    sizes = sizes or MeasuredSizes(ids=10**9, base=100, rows=200_000, width=128, batch=1000, one_hot_rows=20_000)
    found = measure(sizes, rounds=rounds, seed=seed)
    seconds, size, spread = found["seconds"], found["sizes"], found["spread"]
    times = {
        "gather": "rows by their numbers, numpy's take",
        "lookup": "rows by vocabulary ID, with repeated IDs, order and zeros",
        "csr_product": "sparse one-hot matrix times the table, SciPy",
        "scan": "the whole table read once",
        "one_hot_product": "dense one-hot matrix times the first rows of the table, numpy",
        "small_gather": "the same rows by their numbers",
    }
    ratios = {
        "csr_product": "the sparse product",
        "scan": "a scan of the whole table",
        "lookup": "a lookup by ID",
        "one_hot_product": "the dense one-hot product",
    }
    counts = {
        "rows": ("rows", "rows of the table"),
        "width": ("values", "32-bit floats in a row"),
        "batch": ("rows", "rows that one batch asks for"),
        "one_hot_rows": ("rows", "rows of the smaller table of the dense product"),
        "ids": ("IDs", "vocabulary of the table"),
    }
    over = found["ratios"]
    return (
        {
            f"{name}_us": _entry(from_si(seconds[name], "µs"), "µs", doc, _digits(seconds[name], 1e-4))
            for name, doc in times.items()
        }
        | {
            f"{name}_spread": _entry(spread[name], "", f"slowest over fastest round: {doc}", 2)
            for name, doc in times.items()
        }
        | {
            f"{name}_over_gather": _entry(
                over[name], "", f"{doc} over the gather of the same rows", _digits(over[name], 100)
            )
            for name, doc in ratios.items()
        }
        | {key: _entry(size[key], unit, doc) for key, (unit, doc) in counts.items()}
        | {
            "table": _entry(from_si(size["table_bytes"], "MB"), "MB", "values of the table", ".4g"),
            "threads": _entry(_threads(), "threads", "threads that products may use; a gather uses one"),
            "rounds": _entry(rounds, "rounds", "rounds whose median is given"),
            "seed": _entry(seed, "", "seed of the rows asked for"),
        }
    )


def searches(
    rounds: int, seed: int, shapes: Sequence[tuple[int, ...]] = ((4, 4, 8), (16, 16, 16)), candidates: int = 1000
) -> Entries:
    """Time of one annealing over a small and a large machine of blocks of 4 x 4 x 4 chips."""
    import statistics
    import time
    from math import prod

    from phextpaper.engine.search.graph_search import anneal

    few = max(rounds // 5, 3)
    found = {
        "candidates": _entry(candidates, "candidates", "candidate graphs looked at in one annealing"),
        "rounds": _entry(few, "rounds", "rounds whose median is given"),
        "seed": _entry(seed, "", "seed of the annealing"),
    }
    for name, shape in zip(("small", "large"), shapes, strict=True):
        taken = []
        for _ in range(few):
            started = time.perf_counter()
            anneal(shape, 4, evaluations=candidates, seed=seed)
            taken.append(time.perf_counter() - started)
        found |= {
            f"{name}_s": _entry(statistics.median(taken), "s", f"one annealing of the {name} machine", 2),
            f"{name}_chips": _entry(prod(shape), "chips", f"chips of the {name} machine"),
        }
    return found


MEASURERS: dict[str, Callable[[int, int], Entries]] = {"lookups": lookups, "searches": searches}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASURERS)), metavar="[NAME]...")
@click.option(
    "--rounds", type=click.IntRange(3, 10_000), default=15, show_default=True, help="Rounds whose median is taken."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of what is asked for.")
@click.option("--out", metavar="FILE", help=f"Where to write [default: {FILE}].")
@as_json
@standard
def measure(
    names: tuple[str, ...],
    rounds: int,
    seed: int,
    out: str | None,
    json_wanted: bool,
    params: str | None,
    built: str | None,
) -> int:
    """Time lookups (and whatever else the paper reports as measured) on this machine, into reference/measured.toml."""
    from phextpaper.press.pipeline.site import write_atomically

    path = Path(out).absolute() if out else site_of(params, built).root / FILE
    sections = _kept(path, set(names or MEASURERS)) | {"machine": machine()}
    for name in names or MEASURERS:
        click.echo(f"measuring {name}, {rounds} rounds", err=True)
        sections[name] = MEASURERS[name](rounds, seed) | {
            "day": _entry(datetime.date.today().isoformat(), "", "day of the measurement")
        }
    try:
        write_atomically(path, as_toml(sections).encode())
    except OSError as problem:
        raise InputError(
            f"cannot be written: {problem.strerror}",
            where=out or FILE,
            remedy="name a place that may be written: --out",
        ) from None
    if json_wanted:
        print_json(sections)
    else:
        for name in names or MEASURERS:
            for key, entry in sections[name].items():
                value = f"{entry['value']:.4g}" if isinstance(entry["value"], float) else entry["value"]
                click.echo(f"{name}.{key:<24} {value} {entry['unit']}".rstrip())
        click.echo(f"written: {out or FILE}", err=True)
    return 0


def _kept(path: Path, measured_anew: set[str]) -> dict[str, Entries]:
    """What an earlier measurement of other things left.

    Raises InputError where another machine or other versions measured it.
    """
    from phextpaper.press.sources.facts import read_toml

    if not path.exists():
        return {}
    found = read_toml(path, "remove it, and measure again")
    kept = {name: entries for name, entries in found.items() if name not in measured_anew | {"machine"}}
    here = {key: entry["value"] for key, entry in machine().items()}
    there = {key: entry.get("value") for key, entry in found.get("machine", {}).items()}
    if kept and here != there:
        other = ", ".join(key for key in here if here[key] != there.get(key)) or "other entries"
        raise InputError(
            f"{', '.join(sorted(kept))} was measured elsewhere: {other} differ",
            where=FILE,
            remedy="measure everything: make measure",
        )
    return kept


def as_toml(sections: dict[str, Entries]) -> str:
    """The file's text: one line for each entry, in the form that `sources.facts.load_measured` reads."""
    lines = [HEAD]
    for name, entries in sorted(sections.items()):
        lines.append(f"[{name}]")
        for key, entry in entries.items():
            lines.append(
                f"{key} = {{ " + ", ".join(f"{field} = {_toml(value)}" for field, value in entry.items()) + " }"
            )
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value:.6g}" if isinstance(value, float) else str(value)
