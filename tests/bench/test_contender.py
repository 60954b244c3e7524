import json
import sys
from pathlib import Path

import pytest

from bench.contender import Comparison, race, run, summary

ROOT = Path(__file__).resolve().parents[2]
MODULE = """
import time
from bench.contender import Comparison

def sleeping(seconds, number):
    def prepare():
        def call():
            time.sleep(seconds)
            return [number]
        return call
    return prepare

def missing():
    import a_library_that_nobody_has

COMPARISONS = [
    Comparison("sleep", "to sleep", "no graph", {"phextpaper": sleeping(0.01, 1.0), "slow": sleeping(0.03, 1.0), "slower": sleeping(0.06, 1.0), "gone": missing,
               "part": sleeping(0.001, 9.0)}, aims={"phextpaper": 2}, limits={"phextpaper": (1.0, 4096.0)}, parts={"part": 10.0}, python_peers=("part",)),
    Comparison("doubt", "to sleep", "no graph", {"phextpaper": sleeping(0.001, 1.0), "wrong": sleeping(0.001, 2.0)}, aims={"phextpaper": 1000}),
    Comparison("alone", "to sleep", "no graph", {"phextpaper": sleeping(0.001, 1.0), "gone": missing}, aims={"phextpaper": 2}),
]
"""


@pytest.fixture
def module(tmp_path, monkeypatch) -> str:
    """A bench module of contenders that sleep."""
    (tmp_path / "sleepers.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "sleepers"
    sys.modules.pop("sleepers", None)


def test_a_race_gives_ratios_within_rounds_and_says_who_was_absent(module, tmp_path):
    """The fastest compiled peer is the one to beat; a missing library is no error; a part of the task is scaled and said so."""
    out = tmp_path / "reports" / "bench.json"
    report = run(module, out, rounds=3)
    assert json.loads(out.read_text(encoding="utf-8")) == report and report["machine"]["processors"] >= 1
    sleep, doubt, alone = report["comparisons"]
    assert sleep["contenders"]["gone"] == {"absent": "a_library_that_nobody_has is not installed"}
    assert len(sleep["contenders"]["phextpaper"]["seconds"]) == 3 and sleep["agree"] and not doubt["agree"]
    aim, limit = sleep["aims"]
    assert (aim["fastest_peer"], aim["met"], limit["met"]) == ("slow", True, True) and 2 < aim["ratio"] < 3.5
    assert sleep["contenders"]["part"]["scaled_by"] == 10 and sleep["contenders"]["part"]["median_seconds"] > 0.01
    assert not doubt["aims"][0]["met"] and "RESULTS DIFFER" in summary(doubt)
    assert alone["aims"][0]["met"] is None and "no peer" in summary(alone)


def test_a_contender_that_fails_stops_the_race(tmp_path, monkeypatch):
    """A crash is an error and not a time."""
    (tmp_path / "crashing.py").write_text(
        "from bench.contender import Comparison\nCOMPARISONS = [Comparison('x', '', '', {'phextpaper': lambda: 1 / 0})]\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    with pytest.raises(RuntimeError, match="phextpaper ended"):
        race("crashing", Comparison("x", "", "", {"phextpaper": lambda: None}), 1)
