import json
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import ROOT, run


@pytest.mark.parametrize("value", ["1911", "8.8.8/1.1", "1.1.1/1.8.8/8.1.1", "8.8.8", "1.1.1;1.8.8;8.1.1"])
def test_every_form_of_an_address_gives_the_same_answer(value):
    """Index, short, full, chip and URL forms name the same chip."""
    answer = json.loads(run("coordinate", value, "--json").stdout)
    assert (answer["index"], answer["coordinate"], answer["full"]) == (1911, "8.8.8/1.1", "1.1.1/1.8.8/8.1.1")
    assert (answer["rack"], answer["unit"], answer["chip"], answer["link"], answer["role"]) == (8, 8, 8, 1, "active")


@pytest.mark.parametrize(
    "value", ["847293102", "id:847293102", "9.48.30/32.3", "1.1.1/1.9.48/30.32.3", "1.1.1;1.9.48;30.32.3"]
)
def test_a_vocabulary_id_and_its_coordinate_give_the_same_row(value):
    """The plan's example: digits raised by one, the owner by each part modulo sixteen."""
    answer = json.loads(run("coordinate", value, "--json").stdout)
    assert (answer["vocabulary_id"], answer["coordinate"], answer["owner"]) == (
        847293102,
        "9.48.30/32.3",
        "9.16.14/1.1",
    )
    assert answer["owner_index"] == (8 * 16 + 15) * 16 + 13


def test_a_small_number_is_an_index_and_says_how_to_ask_for_the_row():
    """Nothing is guessed silently."""
    assert "id:1911 is the row at 1.1.1/20.12" in json.loads(run("coordinate", "1911", "--json").stdout)["note"]
    assert json.loads(run("coordinate", "id:1911", "--json").stdout)["coordinate"] == "1.1.1/20.12"


def test_a_coordinate_of_a_chip_and_a_row_says_both():
    """8.8.8/2.1 is a link of chip 1911 and the row 7 07 07 01 00 of base 100, which that chip owns; a section beyond the links is no link."""
    both = json.loads(run("coordinate", "8.8.8/2.1", "--json").stdout)
    assert (both["index"], both["link"], both["vocabulary_id"], both["owner_index"]) == (1911, 2, 707070100, 1911)
    assert "id:707070100" in both["note"] and "a chip, whose rack" in both["note"]
    beyond = json.loads(run("coordinate", "8.8.8/20.3", "--json").stdout)
    assert (
        beyond["link"] is None
        and "section 20 names none" in beyond["note"]
        and "None" not in run("coordinate", "8.8.8/20.3").stdout
    )


def test_a_row_in_a_spare_rack_belongs_to_another_chip():
    """On 8 racks and 2 spare ones, 9.1.1/1.1 is a spare chip, and the row there lies on the first rack, eight racks on."""
    found = json.loads(run("coordinate", "9.1.1/1.1", "--json", "--params", str(ROOT / "tests" / "small.toml")).stdout)
    assert (found["role"], found["index"], found["vocabulary_id"], found["owner"]) == (
        "spare",
        8 * 64,
        800_000_000,
        "1.1.1/1.1",
    )


@pytest.mark.parametrize(
    "value", ["0.1.1/1.1", "chip", "1000000000", "id:1000000000", "id:x", "1.1", "-1", "", "1.1.1/1.1.1/1.1.0"]
)
def test_a_wrong_address_is_refused_with_a_remedy(value):
    """Exit code 2, what is wrong, and what to write instead."""
    assert "remedy" in run("coordinate", "--", value, exit_code=2).stderr


def test_a_coordinate_outside_the_machine_is_said_to_be_so():
    """A valid coordinate that names no chip is answered, with a note."""
    assert "no chip" in json.loads(run("coordinate", "99.1.1/1.1", "--json").stdout)["note"]


def test_explain_names_source_line_and_inputs(pristine):
    """Each quantity printed in the coordinate scheme has a source line or a citation, and the inputs of its value."""
    record = json.loads(pristine.path("build/.state/waves/03.json").read_text(encoding="utf-8"))
    ids = {id for prints in record["lineage"].values() for _, _, id, _ in prints}
    assert len(ids) > 30
    for id in sorted(ids)[::9]:
        answer = json.loads(pristine.run("explain", id, "--json").stdout)
        assert answer["id"] == id and answer["source"] and answer["printed_in"]
        if answer["kind"] == "computed":
            file, _, line = answer["source"].rpartition(":")
            assert (pristine.path(file)).is_file() and int(line) > 0 and answer["uses"]
    assert "uses" in pristine.run("explain", "layout.active_chips").stdout


def test_explain_a_criterion_gives_text_verdict_and_evidence(pristine):
    """A criterion is explained from its last verdict."""
    answer = json.loads(pristine.run("explain", "w03.capacity-calculation", "--json").stdout)
    assert answer["verdict"] == "passes" and "640" in answer["evidence"]
    assert (
        json.loads(pristine.run("--build", "nowhere", "explain", "w40.honest", "--json").stdout)["verdict"]
        == "not built yet"
    )
    for wrong in ("w03.beauty", "w99.size", "layout.nothing", "nothing"):
        assert "remedy" in pristine.run("explain", wrong, exit_code=2).stderr


def test_the_graph_comes_in_every_format():
    """Text, Mermaid, DOT, SVG and JSON hold the same needs."""
    data = json.loads(run("graph", "--json").stdout)
    edges = {(need, wave["n"]) for wave in data["waves"] for need in wave["needs"]}
    assert len(data["waves"]) == 40
    assert {(a, b) for wave in data["waves"] for a, b in [(wave["n"], other) for other in wave["blocks"]]} == edges
    for style, sign in (("mermaid", "-->"), ("dot", "->")):
        text = run("graph", "--format", style).stdout
        assert text.count(sign) == len(edges)
    svg = ElementTree.fromstring(run("graph", "--format", "svg").stdout)
    names = "{http://www.w3.org/2000/svg}"
    assert (
        len(svg.findall(f"{names}path")) == len(edges)
        and len(svg.findall(f"{names}g")) == 40
        and svg.find(f"{names}desc") is not None
    )
    assert "longest chain: 1 -> 2" in run("graph").stdout


def test_status_shows_all_waves_and_what_is_not_yet_written(pristine):
    """Waves without a page are 'not yet'; built ones pass; a changed one says why it has to run."""
    rows = json.loads(pristine.run("status", "--json").stdout)
    from phextpaper.press.pipeline.collect import collect

    pages = collect(ROOT)
    assert [row["n"] for row in rows] == list(range(1, 41))
    assert {row["state"] for row in rows if row["n"] in pages} == {"pass"}
    assert {row["state"] for row in rows if row["n"] not in pages} <= {"not yet"}


def test_json_is_alone_on_standard_output(pristine):
    """Messages go to standard error."""
    for words in (("build", "--json"), ("check", "--json"), ("status", "--json")):
        json.loads(pristine.run(*words).stdout)


@pytest.mark.parametrize(
    "words",
    [
        ("paint",),
        ("build", "x"),
        ("build", "0"),
        ("check", "41"),
        ("build", "41"),
        ("graph", "--format", "png"),
        ("--params", "nowhere.toml", "build"),
    ],
)
def test_bad_usage_ends_with_two(words):
    """A wrong command, number or file is bad usage."""
    assert run(*words, exit_code=2).stderr


def test_an_unknown_fault_is_told_without_a_traceback_unless_asked(project):
    """A programming mistake in a page gives its place and stops its wave alone; --debug gives the traceback, from a worker process too."""
    project.edit("waves/foundation/w02_concept_mapping.py", "    return Context(", "    1 / 0\n    return Context(")
    done = project.run("build", exit_code=2)
    assert "waves/foundation/w02_concept_mapping.py:" in done.stderr and "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr and "--debug" in done.stderr
    assert project.artefact("wave-breakdown.md").exists() and "wave 3: left out, because wave 2" in done.stderr
    for words in (("--debug", "build"), ("build", "--jobs", "1", "--debug")):
        assert "1 / 0" in project.run(*words, exit_code=2).stderr


def test_help_names_every_command():
    """Each command has a line of help."""
    text = run("--help").stdout
    from phextpaper.press.cli import COMMANDS

    assert all(name in text for name in COMMANDS)
