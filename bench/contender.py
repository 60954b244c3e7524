"""Speed comparisons in which each contender runs in a process of its own.

A bench module holds `COMPARISONS`. Each names its graph and its contenders; a contender is a function that prepares the
work (imports, inputs) and returns what is timed. `python -m bench.contender MODULE COMPARISON NAME` serves one of them:
it warms up, then times one round for each line on standard input and answers with a line of JSON. `race` starts all
contenders of a comparison and asks them in turn, so that the rounds interleave while only one process works at a time;
timing them inside one process would stall those that run threads. Ratios are taken within a round, then the median.
"""

import argparse
import json
import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module, metadata
from pathlib import Path

OURS = "phextpaper"
_ROUND_SECONDS = 0.05  # a shorter task is repeated within a round until it takes this long
_AGREEMENT = 1e-6


@dataclass(frozen=True)
class Comparison:
    """One task on one named graph.

    `contenders` maps a name to a function that prepares and returns the timed call; the call returns numbers by which the
    contenders are checked against each other. Names that start with `phextpaper` are ours, the others are peers, called
    after the library that they need up to the first space. `aims` maps one of ours to the ratio hoped for, peer seconds
    over ours against the fastest compiled peer; `limits` maps one of ours to the most seconds and MiB allowed.
    `python_peers` name peers that are not compiled and so are shown but never the one to beat. `parts` maps a peer that
    does only a part of the task, because all of it would take minutes, to how many such parts make the whole: its seconds
    are multiplied by that, and its numbers not compared.
    """

    name: str
    task: str
    graph: str
    contenders: Mapping[str, Callable[[], Callable[[], Sequence[float]]]]
    aims: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    python_peers: tuple[str, ...] = ()
    parts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


def serve(contender: Callable[[], Callable[[], Sequence[float]]], name: str) -> None:
    """Answer each line of standard input with one timed round, as JSON on standard output."""
    try:
        call = contender()
    except ModuleNotFoundError as missing:
        print(json.dumps({"absent": f"{missing.name} is not installed"}), flush=True)
        return
    numbers = [float(number) for number in call()]
    started = time.perf_counter()
    call()
    calls = max(1, math.ceil(_ROUND_SECONDS / max(time.perf_counter() - started, 1e-7)))
    print(json.dumps({"numbers": numbers, "calls": calls, "version": _version(name)}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        for _ in range(calls):
            call()
        seconds = (time.perf_counter() - started) / calls
        print(json.dumps({"seconds": seconds, "peak_mib": _peak_mib()}), flush=True)


def race(module: str, comparison: Comparison, rounds: int) -> dict:
    """Time all contenders of a comparison in turn; the medians, the ratios to each peer, and which aims were met."""
    running = {}
    result: dict = {
        "name": comparison.name,
        "task": comparison.task,
        "graph": comparison.graph,
        "rounds": rounds,
        "contenders": {},
    }
    if comparison.note:
        result["note"] = comparison.note
    try:
        for name in comparison.contenders:
            process = _start(module, comparison.name, name)
            running[name] = process
            greeting = _answer(process, name)
            result["contenders"][name] = greeting
            if "absent" in greeting:
                del running[name]
                process.communicate()
        seconds: dict[str, list[float]] = {name: [] for name in running}
        for _ in range(rounds):
            for name, process in running.items():
                process.stdin.write("round\n")
                process.stdin.flush()
                answer = _answer(process, name)
                seconds[name].append(answer["seconds"] * comparison.parts.get(name, 1))
                result["contenders"][name]["peak_mib"] = answer["peak_mib"]
    finally:
        for process in running.values():
            process.communicate()
    for name, taken in seconds.items():
        result["contenders"][name] |= {"median_seconds": statistics.median(taken), "seconds": taken}
        if name in comparison.parts:
            result["contenders"][name]["scaled_by"] = comparison.parts[name]
    return result | _judge(comparison, result["contenders"])


def _judge(comparison: Comparison, contenders: dict) -> dict:
    """Ratios of each of ours to each peer, whether all computed the same, and the aims beside what was measured."""
    present = {name: one for name, one in contenders.items() if "absent" not in one}
    ours = [name for name in present if name.startswith(OURS)]
    peers = [name for name in present if name not in ours]
    compiled = [name for name in peers if name not in comparison.python_peers]
    ratios = {
        mine: {
            peer: statistics.median(
                theirs / own for theirs, own in zip(present[peer]["seconds"], present[mine]["seconds"], strict=True)
            )
            for peer in peers
        }
        for mine in ours
    }
    reference = present[ours[0]]["numbers"]
    agree = all(
        len(one["numbers"]) == len(reference)
        and all(map(lambda a, b: math.isclose(a, b, rel_tol=_AGREEMENT, abs_tol=_AGREEMENT), one["numbers"], reference))
        for name, one in present.items()
        if name not in comparison.parts
    )
    aims = []
    for mine, aim in comparison.aims.items():
        fastest = min(compiled, key=lambda peer: present[peer]["median_seconds"], default=None)
        reached = ratios[mine][fastest] if fastest else None
        aims.append(
            {
                "contender": mine,
                "fastest_peer": fastest,
                "aim": aim,
                "ratio": reached,
                "met": None if reached is None else reached >= aim,
            }
        )
    for mine, (most_seconds, most_mib) in comparison.limits.items():
        taken, mib = present[mine]["median_seconds"], present[mine]["peak_mib"]
        aims.append(
            {
                "contender": mine,
                "most_seconds": most_seconds,
                "seconds": taken,
                "most_mib": most_mib,
                "peak_mib": mib,
                "met": taken <= most_seconds and (mib is None or mib <= most_mib),
            }
        )
    for one in present.values():
        del one["numbers"]
    return {"agree": agree, "ratios": ratios, "aims": aims}


def run(module: str, out: Path, *, rounds: int = 5, only: str = "") -> dict:
    """Race all comparisons of a bench module whose name contains `only`; write the report to `out` and return it."""
    report = {"machine": machine() | {"two_processes_speed_up": two_processes_speed_up()}, "comparisons": []}
    for comparison in import_module(module).COMPARISONS:
        if only in comparison.name:
            result = race(module, comparison, rounds)
            report["comparisons"].append(result)
            print(summary(result), file=sys.stderr, flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def summary(result: dict) -> str:
    """A comparison in a few lines for people."""
    lines = [f"{result['name']}: {result['task']}, {result['graph']}" + ("" if result["agree"] else "  RESULTS DIFFER")]
    for name, one in result["contenders"].items():
        if "absent" in one:
            lines.append(f"  {name:28} absent: {one['absent']}")
        else:
            scaled = f"  measured on 1/{one['scaled_by']:g}, scaled" if "scaled_by" in one else ""
            lines.append(
                f"  {name:28} {one['median_seconds'] * 1000:10.2f} ms  {one['peak_mib'] or 0:7.0f} MiB{scaled}"
            )
    for aim in result["aims"]:
        verdict = {True: "met", False: "missed", None: "no peer"}[aim["met"]]
        if "aim" in aim and aim["ratio"] is not None:
            lines.append(
                f"  {aim['contender']}: {aim['ratio']:.2f} x {aim['fastest_peer']}, aim {aim['aim']} x: {verdict}"
            )
        elif "aim" in aim:
            lines.append(f"  {aim['contender']}: aim {aim['aim']} x: {verdict}")
        else:
            lines.append(f"  {aim['contender']}: at most {aim['most_seconds']} s and {aim['most_mib']} MiB: {verdict}")
    return "\n".join(lines)


def machine() -> dict:
    """What the times depend on: processor, count of processors, interpreter, numpy."""
    import os

    return {
        "processor": _processor(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "numpy": _version("numpy"),
    }


def two_processes_speed_up() -> float:
    """How much faster two processes work than one, here and now: below 2 where other work shares the processors.

    Contenders with several threads can gain no more than that.
    """
    burn = "import time; t = time.perf_counter(); sum(range(2 * 10**7)); print(time.perf_counter() - t)"

    def seconds(count: int) -> float:
        started = [
            subprocess.Popen([sys.executable, "-c", burn], stdout=subprocess.PIPE, text=True) for _ in range(count)
        ]
        return max(float(process.communicate()[0]) for process in started)

    return statistics.median(2 * seconds(1) / seconds(2) for _ in range(3))


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _start(module: str, comparison: str, name: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.contender", module, comparison, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )


def _answer(process: subprocess.Popen, name: str) -> dict:
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"contender {name} ended with code {process.wait()}")
    return json.loads(line)


def _version(name: str) -> str | None:
    """Version of the library that a contender is called after."""
    library = name.split()[0]
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _peak_mib() -> float | None:
    """Most memory that this process held, in MiB; None where the system does not say."""
    try:
        import resource
    except ModuleNotFoundError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one contender."""
    parser = argparse.ArgumentParser(prog="python -m bench.contender", description=serve.__doc__)
    parser.add_argument("module")
    parser.add_argument("comparison")
    parser.add_argument("name")
    given = parser.parse_args(arguments)
    (comparison,) = (one for one in import_module(given.module).COMPARISONS if one.name == given.comparison)
    serve(comparison.contenders[given.name], given.name)


if __name__ == "__main__":
    main()
