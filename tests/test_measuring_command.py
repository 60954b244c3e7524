"""`measure`: writes what a build reads as measured, and nothing that tells which machine it was."""

import datetime
import json
import tomllib

import pytest
from click.testing import CliRunner
from conftest import ROOT

from phextpaper.commands import measuring
from phextpaper.engine.measuring import MeasuredSizes
from phextpaper.sources.facts import load_measured

TINY = MeasuredSizes(ids=10**6, rows=500, width=4, batch=50, one_hot_rows=100)


@pytest.fixture
def tiny(monkeypatch):
    """The real measurement at a size that takes no time."""
    monkeypatch.setattr(measuring, "MEASURERS", {"lookups": lambda rounds, seed: measuring.lookups(rounds, seed, TINY)})


def test_what_is_written_is_read_back_as_measured(tiny, tmp_path):
    """Every entry becomes a quantity of kind measured, with its value, unit and doc."""
    out = tmp_path / "root" / "reference" / "measured.toml"
    done = CliRunner().invoke(measuring.measure, ["--rounds", "3", "--out", str(out), "--json"], standalone_mode=False)
    assert done.exception is None and done.return_value == 0
    told, written, found = json.loads(done.stdout), tomllib.loads(out.read_text(encoding="utf-8")), load_measured(tmp_path / "root")
    assert set(told) == set(written) == {"machine", "lookups"}
    for section, entries in written.items():
        for key, entry in entries.items():
            quantity = found[f"measured.{section}.{key}"]
            assert (quantity.value, quantity.unit, quantity.kind) == (entry["value"], entry["unit"], "measured")
            assert quantity.doc and (entry["value"] == told[section][key]["value"] or entry["value"] == pytest.approx(told[section][key]["value"], rel=1e-5))
    assert written["lookups"]["rows"]["value"] == 500 and written["lookups"]["gather_us"]["value"] > 0


def test_what_else_was_measured_stays(tiny, tmp_path):
    """Measuring one thing keeps the section of another."""
    out = tmp_path / "measured.toml"
    out.write_text(measuring.as_toml({"search": {"seconds": {"value": 1.5, "unit": "s", "doc": "a search"}}}), encoding="utf-8")
    CliRunner().invoke(measuring.measure, ["lookups", "--rounds", "3", "--out", str(out)], standalone_mode=False)
    assert set(tomllib.loads(out.read_text(encoding="utf-8"))) == {"machine", "lookups", "search"}


def test_the_machine_is_described_but_not_named():
    """Kind of processor and versions, no name, no path; the day is the one given."""
    import platform

    found = measuring.machine(datetime.date(2026, 2, 3))
    assert found["day"]["value"] == "2026-02-03" and found["cores"]["value"] >= 1
    text = measuring.as_toml({"machine": found})
    assert platform.node() not in text or len(platform.node()) < 4
    assert "/" not in text.split("\n", 3)[3].replace("x86_64", "")


def test_any_text_survives_the_file():
    """Quotes and backslashes in the name of a processor."""
    name = 'a "fast" \\ slow processor'
    assert tomllib.loads(measuring.as_toml({"machine": {"processor": measuring._entry(name, "", "doc")}}))["machine"]["processor"]["value"] == name


def test_the_file_that_ships_is_complete():
    """It holds everything that a measurement writes, so no artefact lacks a number."""
    shipped = tomllib.loads((ROOT / "reference" / "measured.toml").read_text(encoding="utf-8"))
    assert set(shipped["lookups"]) == set(measuring.lookups(3, 1, TINY)) and set(shipped["machine"]) == set(measuring.machine(datetime.date.today()))
