"""`measure`: writes what a build reads as measured, and nothing that tells which machine it was."""

import datetime
import json
import tomllib

import pytest
from click.testing import CliRunner
from conftest import ROOT

from phextpaper.engine.sparse.measuring import MeasuredSizes
from phextpaper.errors import InputError
from phextpaper.press.sources.facts import load_measured
from phextpaper.study.commands import measuring

SEARCH = {"seconds": {"value": 1.5, "unit": "s", "doc": "a search"}}
TINY = MeasuredSizes(ids=10**6, base=100, rows=500, width=4, batch=50, one_hot_rows=100)


@pytest.fixture
def tiny(monkeypatch):
    """The real measurement at a size that takes no time."""
    monkeypatch.setattr(measuring, "MEASURERS", {"lookups": lambda rounds, seed: measuring.lookups(rounds, seed, TINY)})


def test_what_is_written_is_read_back_as_measured(tiny, tmp_path):
    """Every entry becomes a quantity of kind measured, with its value, unit and doc."""
    out = tmp_path / "root" / "reference" / "measured.toml"
    done = CliRunner().invoke(measuring.measure, ["--rounds", "3", "--out", str(out), "--json"], standalone_mode=False)
    assert done.exception is None and done.return_value == 0
    told, written, found = (
        json.loads(done.stdout),
        tomllib.loads(out.read_text(encoding="utf-8")),
        load_measured(tmp_path / "root"),
    )
    assert set(told) == set(written) == {"machine", "lookups"}
    for section, entries in written.items():
        for key, entry in entries.items():
            quantity = found[f"measured.{section}.{key}"]
            assert (quantity.value, quantity.unit, quantity.kind) == (entry["value"], entry["unit"], "measured")
            assert quantity.doc and (
                entry["value"] == told[section][key]["value"]
                or entry["value"] == pytest.approx(told[section][key]["value"], rel=1e-5)
            )
    assert written["lookups"]["rows"]["value"] == 500 and written["lookups"]["gather_us"]["value"] > 0


def test_what_else_was_measured_stays(tiny, tmp_path):
    """Measuring one thing keeps the section of another."""
    out = tmp_path / "measured.toml"
    out.write_text(measuring.as_toml({"search": SEARCH, "machine": measuring.machine()}), encoding="utf-8")
    done = CliRunner().invoke(measuring.measure, ["lookups", "--rounds", "3", "--out", str(out)], standalone_mode=False)
    assert done.exception is None
    written = tomllib.loads(out.read_text(encoding="utf-8"))
    assert set(written) == {"machine", "lookups", "search"} and written["search"] == SEARCH


def test_what_another_machine_measured_is_not_mixed_with_this_one(tiny, tmp_path):
    """A section of another processor or other versions is not kept under the name of this machine, and nothing is written."""
    out, other = tmp_path / "measured.toml", measuring.machine()
    other["numpy"] = {**other["numpy"], "value": "0.0"}
    out.write_text(measuring.as_toml({"search": SEARCH, "machine": other}), encoding="utf-8")
    before = out.read_bytes()
    done = CliRunner().invoke(measuring.measure, ["lookups", "--rounds", "3", "--out", str(out)], standalone_mode=False)
    assert (
        isinstance(done.exception, InputError)
        and "numpy" in done.exception.what
        and "make measure" in done.exception.remedy
    )
    assert out.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(tiny, tmp_path):
    """The message says which file and what to do, and no part of a file is left."""
    (tmp_path / "full").write_text("a file, not a folder", encoding="utf-8")
    done = CliRunner().invoke(
        measuring.measure, ["--rounds", "3", "--out", str(tmp_path / "full" / "measured.toml")], standalone_mode=False
    )
    assert (
        isinstance(done.exception, InputError)
        and "measured.toml" in done.exception.where
        and "--out" in done.exception.remedy
    )
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_the_machine_is_described_but_not_named():
    """Kind of processor and versions, no name, no path."""
    import platform

    found = measuring.machine()
    assert found["cores"]["value"] >= 1 and found["processor"]["value"]
    text = measuring.as_toml({"machine": found})
    assert platform.node() not in text or len(platform.node()) < 4
    assert "/" not in text.split("\n", 3)[3].replace("x86_64", "")


def test_any_text_survives_the_file():
    """Quotes and backslashes in the name of a processor."""
    name = 'a "fast" \\ slow processor'
    assert (
        tomllib.loads(measuring.as_toml({"machine": {"processor": measuring._entry(name, "", "doc")}}))["machine"][
            "processor"
        ]["value"]
        == name
    )


def test_the_day_stands_with_what_was_measured_on_it(tiny, tmp_path):
    """Each section has its own day, so measuring one thing says nothing of another."""
    out = tmp_path / "measured.toml"
    CliRunner().invoke(measuring.measure, ["--rounds", "3", "--out", str(out)], standalone_mode=False)
    written = tomllib.loads(out.read_text(encoding="utf-8"))
    assert datetime.date.fromisoformat(written["lookups"]["day"]["value"]) and "day" not in written["machine"]


def test_the_file_that_ships_is_complete():
    """It holds everything that a measurement writes, so no artefact lacks a number, and all of it is of kind measured."""
    shipped = tomllib.loads((ROOT / "reference" / "measured.toml").read_text(encoding="utf-8"))
    assert set(shipped["searches"]) == {*measuring.searches(3, 1, ((4, 4, 8), (4, 4, 8)), 5), "day"}
    assert set(shipped["lookups"]) == {*measuring.lookups(3, 1, TINY), "day"} and set(shipped["machine"]) == set(
        measuring.machine()
    )
    read = load_measured(ROOT)
    assert len(read) == sum(len(entries) for entries in shipped.values()) and {
        quantity.kind for quantity in read.values()
    } == {"measured"}


def test_writing_the_same_values_anew_changes_no_byte():
    """What ships is what the writer writes of it: a rewritten file gives the same build."""
    data = (ROOT / "reference" / "measured.toml").read_bytes()
    assert measuring.as_toml(tomllib.loads(data.decode())).encode() == data


def test_a_build_reads_the_file_and_its_values_alone(project):
    """A measured value is printed as measured; other spaces in the file change no byte of the build; another value changes the page."""
    project.run("build", "5")
    before = project.outputs()
    told = {quantity["id"]: quantity for quantity in project.report("quantities.json")}["measured.lookups.gather_us"]
    assert told["kind"] == "measured" and told["printed_in"] and told["source"] == "reference/measured.toml"
    name = "reference/measured.toml"
    project.path(name).write_text(
        "# the same values\n\n" + project.path(name).read_text(encoding="utf-8").replace(" = ", "  =  "),
        encoding="utf-8",
    )
    project.run("build", "5")
    assert project.outputs() == before
    old = tomllib.loads(project.path(name).read_text(encoding="utf-8"))["lookups"]["gather_us"]["value"]
    project.edit(name, f"gather_us  =  {{ value  =  {old}", f"gather_us  =  {{ value  =  {old + 100:.6g}")
    project.run("build", "5")
    page = "sparsecore-phext.md"
    after = project.artefact(page).read_text(encoding="utf-8")
    assert f"A gather takes {old + 100:.1f} µs" in after and after.encode() != before["rally/R23/" + page]
