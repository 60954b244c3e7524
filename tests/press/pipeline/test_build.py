"""The builder: never stale, never half-written, the same bytes everywhere, and it says why."""

import json
import os
import random
import shutil
import subprocess
import sys
import time

import pytest
from conftest import ROOT, Project
from small_pdf import make_pdf

SCHEME = "build/rally/R23/coordinate-scheme.md"
EDITS = {
    "a comment in the engine": (
        "phextpaper/engine/naming/layout.py",
        "def balanced_shape",
        "# a remark\ndef balanced_shape",
    ),
    "a helper of a helper": ("phextpaper/press/quantity.py", "GROUPED_FROM = 10_000", "GROUPED_FROM = 100_000"),
    "a number in the engine": (
        "phextpaper/engine/networks/topologies.py",
        "return self.hop_histogram",
        "return self.hop_histogram",
    ),
    "digits of a quantity": (
        "phextpaper/study/quantities/topologies.py",
        '"hops", 2, each=KINDS',
        '"hops", 3, each=KINDS',
    ),
    "a doc of a quantity": ("phextpaper/study/quantities/layout.py", "Chips that compute.", "Chips that do the work."),
    "a sentence of a template": ("templates/coordinate-scheme.md.j2", "It names chips;", "It gives names to chips;"),
    "a check": (
        "phextpaper/press/checks/shared_checks.py",
        "missing = [item for item in wanted",
        "missing = [thing for thing in wanted for item in (thing,)",
    ),
    "a parameter": ("params/pbc-4096.toml", "spare_volumes = { value = 2", "spare_volumes = { value = 3"),
    "a reason": (
        "params/pbc-4096.toml",
        "the plan's figure for one routing table entry",
        "the plan's own figure for one routing table entry",
    ),
    "a fact": ("reference/facts.toml", 'racks = { value = 64, unit = "racks"', 'racks = { value = 65, unit = "racks"'),
    "a concept": ("reference/concepts.toml", "a passive optical part", "a passive part"),
    "the plan": ("plan/waves.toml", 'name = "Abstract"', 'name = "The abstract"'),
    "an artefact by hand": (SCHEME, "512", "513"),
    "a page's answer": ("templates/reviews/w03.j2", "Mostly. A name", "By and large. A name"),
}


def same_as_clean(project: Project) -> None:
    """The build's outputs equal those of a build from nothing in another folder."""
    project.run("--build", "clean", "build", exit_code=None)
    assert project.outputs("build") == project.outputs("clean")
    shutil.rmtree(project.path("clean"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edit_the_incremental_build_equals_the_clean_one(project, seed):
    """Edits of code, template, parameter, fact, plan and artefact, in random order: never a stale byte."""
    project.run("build")
    names = [name for name in EDITS if EDITS[name][1] != EDITS[name][2]]
    rng = random.Random(seed)
    rng.shuffle(names)
    for name in names[:2]:
        file, old, new = EDITS[name]
        project.edit(file, old, new)
        project.run("build", exit_code=None)
        same_as_clean(project)
        if rng.random() < 0.5 and file != SCHEME:
            project.edit(file, new, old)
            project.run("build", exit_code=None)
            same_as_clean(project)


@pytest.mark.parametrize(
    ("edit", "ran"),
    [
        ("a comment in the engine", set()),
        ("a sentence of a template", {3, 7}),
        ("a reason", set()),
        ("a concept", {1, 2, *range(35, 41)}),
        ("an artefact by hand", {3}),
        ("a page's answer", {3}),
    ],
)
def test_only_what_an_edit_touches_runs_again(pristine, tmp_path, edit, ran):
    """A comment runs nothing, a sentence its wave; each wave that ran says why."""
    project = copied(pristine, tmp_path)
    project.edit(*EDITS[edit])
    answer = json.loads(project.run("build", "--json").stdout)
    assert {wave["n"] for wave in answer["waves"] if wave["ran"]} == ran
    assert all(wave["reason"] for wave in answer["waves"] if wave["ran"])


def copied(pristine: Project, tmp_path) -> Project:
    """A copy of the built project, its output folder included."""
    project = Project.__new__(Project)
    project.folder = tmp_path / "copy"
    shutil.copytree(pristine.folder, project.folder)
    return project


def test_nothing_to_do_is_said_and_nothing_is_written(pristine, tmp_path):
    """A second build touches no file."""
    project = copied(pristine, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in project.path("build").rglob("*") if path.is_file()}
    assert "nothing to do" in project.run("build").stdout
    assert {path: path.stat().st_mtime_ns for path in project.path("build").rglob("*") if path.is_file()} == before


def test_two_builds_are_equal_to_the_byte(pristine, tmp_path):
    """Another folder, time zone, locale, hash seed, number of jobs and umask: the same bytes."""
    other = Project(tmp_path / "an other folder" / "été", whole=True)
    other.run(
        "build",
        "--jobs",
        "1",
        environment={
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "LANG": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "77",
            "PYTHONUTF8": "0",
            "COLUMNS": "40",
        },
    )
    assert pristine.outputs() == other.outputs()


def test_an_edit_by_hand_is_caught_named_and_kept(pristine, tmp_path):
    """`check` fails and names criterion, line and expected number; `build` restores the artefact and keeps the edited one."""
    project = copied(pristine, tmp_path)
    good = project.path(SCHEME).read_bytes()
    project.edit(SCHEME, "| 4.4.4/2.1 | 4 | 4 |", "| 4.4.4/2.1 | 5 | 4 |")
    bad = project.path(SCHEME).read_bytes()
    done = project.run("check", exit_code=1)
    assert (
        "FAIL w03.physical-mapping" in done.stdout
        and "FAIL w03.as-built" in done.stdout
        and "layout.example.middle.rack = 4" in done.stdout
    )
    line = (
        good.decode()
        .splitlines()
        .index(next(row for row in good.decode().splitlines() if row.startswith("| 4.4.4/2.1")))
        + 1
    )
    assert f"coordinate-scheme.md:{line}" in done.stdout
    done = project.run("build")
    assert "edited by hand" in done.stderr and project.path(SCHEME).read_bytes() == good
    kept = list(project.path("build/edited").rglob("coordinate-scheme.md.*"))
    assert [path.read_bytes() for path in kept] == [bad]


@pytest.mark.slow
def test_changing_any_16_to_17_fails_the_check(project):
    """On the paper's machine, every single occurrence of 16 that becomes 17 is caught, in whichever line it stands."""
    shutil.copyfile(ROOT / "params" / "pbc-4096.toml", project.path("params/pbc-4096.toml"))
    project.run("build", "3")
    good = project.path(SCHEME).read_text(encoding="utf-8")
    places = [place for place in range(len(good)) if good.startswith("16", place)]
    for place in random.Random(0).sample(places, 4):
        project.path(SCHEME).write_text(good[:place] + "17" + good[place + 2 :], encoding="utf-8")
        done = project.run("check", "3", exit_code=1)
        assert "w03.as-built" in done.stdout
    project.path(SCHEME).write_text(good.replace("16", "17"), encoding="utf-8")
    assert "FAIL w03.sizes-justified" in project.run("check", exit_code=1).stdout


def test_check_writes_nothing_and_does_not_pass_on_nothing(pristine, tmp_path):
    """Checking reads; an empty folder is bad input, not a pass."""
    project = copied(pristine, tmp_path)
    before = {
        path: path.stat().st_mtime_ns
        for path in project.folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    project.run("check")
    assert {
        path: path.stat().st_mtime_ns
        for path in project.folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } == before
    assert "nothing was built" in project.run("--build", "empty", "check", exit_code=2).stderr
    assert not project.path("empty").exists()


@pytest.mark.slow
def test_a_killed_build_is_followed_by_a_right_one(project):
    """Killed at random moments, the next build is complete, equal to a clean one, and blames nobody for edits."""
    rng = random.Random(3)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "phextpaper", "build"],
            cwd=project.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(rng.uniform(0.2, 1.2))
        process.kill()
        process.wait()
        if rng.random() < 0.5:
            project.edit("templates/coordinate-scheme.md.j2", "names chips", "names chips")
    done = project.run("build")
    assert "edited by hand" not in done.stderr
    assert not list(project.path("build/rally").rglob("*.part"))
    same_as_clean(project)


@pytest.mark.parametrize("data", [None, b"\xff\xfe no text \xff"])
def test_an_artefact_that_cannot_be_read_fails_its_checks_alone(pristine, tmp_path, data):
    """Removed, or overwritten with bytes that are no text: `check` reports it like any other failure and goes on."""
    project = copied(pristine, tmp_path)
    place = project.artefact("sections/13-related-work.md")
    place.unlink() if data is None else place.write_bytes(data)
    done = project.run("check", exit_code=1)
    assert (
        "FAIL w24.as-built" in done.stdout
        and "FAIL w24.plain-prose" in done.stdout
        and "FAIL w24.length" in done.stdout
    )
    assert {line.split(".")[0] for line in done.stdout.splitlines() if line.startswith("FAIL")} == {
        "FAIL w24",
        "FAIL w36",
    }  # the paper is put together from it


def test_workers_of_a_killed_builder_leave(project):
    """Killed while its workers are busy, a builder leaves neither a lock nor half-written files: the next build runs at once."""
    process = subprocess.Popen(
        [sys.executable, "-m", "phextpaper", "build", "1", "2", "3", "13", "24"],
        cwd=project.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    records = project.path("build/.state/waves")
    while not list(records.glob("*.json")) and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.wait()
    project.path("build/rally/R23").mkdir(parents=True, exist_ok=True)
    left = project.path("build/rally/R23/.concept-mapping.md.4711.part")
    left.write_text("half", encoding="utf-8")
    project.run("build", "2")
    assert not left.exists()


def test_one_builder_at_a_time(project):
    """A second builder in the same folder is told who works there, and changes nothing."""
    import fcntl

    state = project.path("build/.state")
    state.mkdir(parents=True)
    with (state / "lock").open("w") as handle:
        handle.write(str(os.getpid()))
        handle.flush()
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = project.run("build", exit_code=2)
        assert f"process {os.getpid()}" in done.stderr and "remedy" in done.stderr
    project.run("build")


@pytest.mark.parametrize("words", [("build",), ("build", "3"), ("check",), ("status",)])
def test_a_bad_machine_ends_with_two_and_leaves_nothing(project, words):
    """Exit code 2, file, key, value and remedy, and no output folder."""
    project.edit("params/pbc-4096.toml", "volumes = { value = 8", "volumes = { value = 0")
    done = project.run(*words, exit_code=2)
    assert "params/pbc-4096.toml:" in done.stderr and "layout.volumes" in done.stderr and "Traceback" not in done.stderr
    assert not project.path("build").exists()


def test_a_mistake_in_a_template_stops_its_wave_alone(project):
    """The error stands last with template and line; other waves are built; nothing half-written remains; --debug shows the cause."""
    project.edit("templates/coordinate-scheme.md.j2", "{{ q.layout.total_chips }}", "{{ q.layout.totally }}")
    done = project.run("build", exit_code=2)
    assert done.stderr.strip().splitlines()[-2].startswith("error: wave 3: templates/coordinate-scheme.md.j2")
    assert project.artefact("concept-mapping.md").exists() and not project.artefact("coordinate-scheme.md").exists()
    project.edit("templates/coordinate-scheme.md.j2", "{{ q.layout.totally }}", "{{ q.layout.total_chips }}")
    project.run("build")
    same_as_clean(project)


def test_a_number_typed_into_a_template_fails(project):
    """A bare numeral in the finished artefact is an integrity failure with its line; exit code 1."""
    project.edit("templates/coordinate-scheme.md.j2", "## Capacity\n", "## Capacity\n\nThere are 4096 chips.\n")
    done = project.run("build", exit_code=1)
    assert "w03.numbers-named" in done.stdout and "'4096' in line" in done.stdout


@pytest.mark.slow
def test_another_machine_is_another_true_paper(project):
    """A machine of twice the chips passes every criterion, and its artefacts differ."""
    project.run("build")
    project.run("--params", "params/pbc-8192.toml", "--build", "larger", "build")
    texts = [
        project.artefact("coordinate-scheme.md", build).read_text(encoding="utf-8") for build in ("build", "larger")
    ]
    assert "8192" in texts[1] and "8192" not in texts[0]


def test_a_given_pdf_is_read_and_a_text_is_refused(project):
    """`--pdf` puts the paper's own counts beside the outline; a file that is no PDF ends with 2 before anything is written."""
    project.path("paper.pdf").write_bytes(make_pdf("1 INTRODUCTION\nSparseCore\n2 RECONFIGURABLE OPTICAL SWITCH\nOCS"))
    project.run("build", "1", "--pdf", "paper.pdf")
    project.run("check", "1")
    text = project.artefact("wave-breakdown.md").read_text(encoding="utf-8")
    assert "A PDF was given for this build: 1 page" in text and "| SparseCore | sparse | Section 3.5 | 1 |" in text
    project.path("notes.txt").write_text("no PDF", encoding="utf-8")
    done = project.run("build", "1", "--pdf", "notes.txt", exit_code=2)
    assert "notes.txt: this is no PDF" in done.stderr
    project.run("build", "1")
    assert "No PDF was given" in project.artefact("wave-breakdown.md").read_text(encoding="utf-8")


def test_reports_hold_what_the_contract_names(pristine):
    """criteria.json, quantities.json and manifest.json have the contract's keys; each printed number is where it says."""
    criteria, numbers, manifest = (
        pristine.report(name) for name in ("criteria.json", "quantities.json", "manifest.json")
    )
    for wave in criteria["waves"]:
        assert {"n", "name", "phase", "seconds", "criteria", "review"} <= set(wave)
        assert all({"id", "text", "passed", "evidence"} <= set(entry) for entry in wave["criteria"])
        assert all({"question", "answer", "evidence"} <= set(entry) for entry in wave["review"])
    assert [gate["phase"] for gate in criteria["gates"]] == [1, 2, 3, 4]
    assert all(gate["verdict"] in ("Go", "No-Go") and gate["reasons"] for gate in criteria["gates"])
    ids = {entry["id"] for entry in numbers}
    for entry in numbers:
        assert {"id", "value", "unit", "kind", "doc", "source", "uses", "printed_in"} <= set(entry)
        assert set(entry["uses"]) <= ids
        for place in entry["printed_in"]:
            assert (
                entry["text"]
                in pristine.path("build")
                .joinpath(place["file"])
                .read_text(encoding="utf-8")
                .splitlines()[place["line"] - 1]
            )
        if ".py:" in entry["source"]:
            file, _, line = entry["source"].rpartition(":")
            assert (
                pristine.path(file)
                .read_text(encoding="utf-8")
                .splitlines()[int(line) - 1]
                .lstrip()
                .startswith(("def", "@", "class"))
            )
    import hashlib

    for artefact in manifest["artefacts"]:
        data = pristine.path("build").joinpath(artefact["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (artefact["bytes"], artefact["sha256"])
    assert manifest["params_sha256"] == hashlib.sha256(pristine.path("params/pbc-4096.toml").read_bytes()).hexdigest()


def test_pages_that_contradict_each_other_are_refused(project):
    """A circle of needs, a number given twice and an unknown need are named with the file."""
    page = "waves/foundation/w02_concept_mapping.py"
    for old, new, said in (
        ("needs=(1,)", "needs=(3,)", "circle"),
        ("needs=(1,)", "needs=(99,)", "wave 99, which the plan does not have"),
        ("n=2,", "n=3,", "disagree"),
        ('output=("concept-mapping.md",)', 'output=("coordinate-scheme.md",)', "made by wave"),
        ("n=2,", "n=1 + 1,", "literals"),
    ):
        project.edit(page, old, new)
        done = project.run("build", exit_code=2)
        assert said in done.stderr and "waves/" in done.stderr
        project.edit(page, new, old)


def test_a_page_that_goes_takes_its_artefact_along(pristine, tmp_path):
    """Nothing that no page makes is left to be mistaken for a result; a check that reads it fails and says so."""
    project = copied(pristine, tmp_path)
    project.path("waves/foundation/w03_coordinate_scheme.py").unlink()
    done = project.run("build", exit_code=1)
    assert "FAIL w07." in done.stdout and "coordinate-scheme.md" in done.stdout
    assert not project.path(SCHEME).exists()
    same_as_clean(project)


def test_a_whole_build_after_a_partial_one_builds_the_rest(project):
    """`make wave 2` then `make all`: what the first left out is built, and the result is that of a clean build."""
    project.run("build", "2")
    assert not project.artefact("coordinate-scheme.md").exists()
    done = project.run("build")
    assert project.artefact("coordinate-scheme.md").exists() and "nothing to do" not in done.stdout
    same_as_clean(project)


def test_a_partial_build_does_not_hide_that_another_wave_is_stale(pristine, tmp_path):
    """A sentence of wave 3 changes; building wave 2 alone leaves wave 3 for later, reports no stale verdict, and the next whole build runs it."""
    project = copied(pristine, tmp_path)
    project.edit(*EDITS["a sentence of a template"])
    project.run("build", "2")
    assert 3 not in {wave["n"] for wave in project.report("criteria.json")["waves"]}
    assert not any("coordinate-scheme" in artefact["path"] for artefact in project.report("manifest.json")["artefacts"])
    answer = json.loads(project.run("build", "--json").stdout)
    assert 3 in {wave["n"] for wave in answer["waves"] if wave["ran"]}
    assert 3 in {wave["n"] for wave in project.report("criteria.json")["waves"]}
