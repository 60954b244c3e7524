"""What CONTRIBUTING.md shows, put into a copy of the project and built."""

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT, Project

EXAMPLE = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDED_TO = {"plan/waves.toml", "reference/facts.toml"}


@pytest.fixture(scope="module")
def extended(tmp_path_factory) -> Project:
    """A copy of the project with every example in its place: files that are new, entries at the end of those that are there."""
    project = Project(tmp_path_factory.mktemp("contributing") / "project", whole=True)
    examples = EXAMPLE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert {"python", "jinja", "toml"} == {language for language, _, _ in examples}
    for _, name, text in examples:
        place = project.path(name)
        assert place.is_file() == (name in ADDED_TO), name
        if name in ADDED_TO:
            text = _before_gates(place, text) if name == "plan/waves.toml" else f"{place.read_text()}\n{text}"
        place.write_text(text, encoding="utf-8")
    return project


def _before_gates(place: Path, entry: str) -> str:
    """The plan with one more wave, before what it says of gates."""
    waves, gates, rest = place.read_text(encoding="utf-8").partition("[gates]")
    return f"{waves}{entry}\n{gates}{rest}"


def test_the_wave_of_the_guide_is_built_and_passes(extended):
    """Its page, its template, its numbers and its answer make an artefact whose criterion passes."""
    extended.run("build", "41")
    text = extended.artefact("hosts.md").read_text(encoding="utf-8")
    assert "24 links end at the chips of a host" in text and "1200 GB/s" in text
    (wave,) = [one for one in extended.report("criteria.json")["waves"] if one["n"] == 41]
    assert all(verdict["passed"] for verdict in wave["criteria"] + wave["integrity"])
    assert wave["review"][0]["answer"].startswith("Yes: they carry 1200 GB/s")


def test_its_criterion_fails_where_the_text_is_edited(extended):
    """An edit of the number is named, and what the page says then is not built upon."""
    extended.run("build", "41")
    place = extended.artefact("hosts.md")
    place.write_text(place.read_text(encoding="utf-8").replace("24 links", "25 links"), encoding="utf-8")
    assert "FAIL w41.links-counted" in extended.run("check", "41", exit_code=1).stdout


def test_the_topology_of_the_guide_works_in_the_commands(extended):
    """A wheel of nine: any two nodes of the rim that are no neighbours are two hops apart, by way of the hub."""
    found = json.loads(extended.run("topology", "wheel:9", "--json").stdout)
    pairs, far = 10 * 9, 9 * 6
    assert (found["size"], found["degree"], found["diameter"]) == (10, 9, 2)
    assert found["mean_hops"] == pytest.approx((pairs + far) / pairs)


def test_the_fact_of_the_guide_is_a_number(extended):
    """It can be asked where it was read."""
    told = json.loads(extended.run("explain", "facts.hosts.chips", "--json").stdout)
    assert told["value"] == 4 and told["source"].startswith("jouppi2023")
