"""All speed comparisons in one run, into one file: `python -m bench build/reports/bench.json`."""

import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench.contender import machine, run


def modules() -> list[str]:
    """The bench modules of this folder: those that hold comparisons."""
    names = sorted(
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if path.stem not in ("__init__", "__main__", "contender")
    )
    return [f"bench.{name}" for name in names if hasattr(import_module(f"bench.{name}"), "COMPARISONS")]


def main(out: Path) -> None:
    """Run every module's comparisons and write their results together."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in modules():
            results[name.removeprefix("bench.")] = run(name, Path(folder) / f"{name}.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(
        json.dumps({"machine": machine(), "benches": results}, indent=1, sort_keys=True, default=str) + "\n",
        encoding="utf-8",
    )
    print(f"written: {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/reports/bench.json"))
