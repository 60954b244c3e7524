"""A paper of ten lines, made whole by the press alone: no plan, no phases, no engine, no study."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from phextpaper.errors import PageError
from phextpaper.press.commands.building import print_table
from phextpaper.press.pipeline.build import Outcome
from phextpaper.press.pipeline.site import Site, to_json, write_atomically

TINY = Path(__file__).parent / "tiny"
PAGE, TEMPLATE = "waves/w01_orchard.py", "templates/orchard.md.j2"
MADE = "build/pages/orchard.md"


class Paper:
    """A copy of the tiny paper, in which the program is run as a user runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, *words: str, exit_code: int = 0, below: str = ".") -> subprocess.CompletedProcess[str]:
        """Run the program in the paper's folder or below it."""
        return self.python("-m", "phextpaper", *words, exit_code=exit_code, below=below)

    def python(self, *words: str, exit_code: int = 0, below: str = ".") -> subprocess.CompletedProcess[str]:
        """Run Python there."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder / below,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that has to be there."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        (self.folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def text(self, name: str) -> str:
        """A file as text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def report(self, name: str) -> Any:
        """A report."""
        return json.loads(self.text(f"build/reports/{name}"))


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """A fresh copy."""
    return Paper(tmp_path / "orchard")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """A built copy, which tests read and never change."""
    made = Paper(tmp_path_factory.mktemp("tiny") / "orchard")
    made.run("build")
    return made


def test_a_paper_of_ten_lines_is_built(built: Paper) -> None:
    """Its text, with numbers that were computed, and where each is printed."""
    assert built.text(MADE).splitlines()[2:] == [
        "The orchard has 12 rows and 360 trees.",
        "It bears as much as 22,500 kg a year [@pomona1901].",
    ]
    assert built.run("check").stdout.endswith("all 5 checks pass\n")


def test_the_way_there_is_the_press_alone(paper: Paper) -> None:
    """Nothing of the engine or of another paper is imported, by the builder, its workers, or a command."""
    script = (
        "import sys\nfrom phextpaper.press import cli\n"
        "for words in (['build', '--jobs', '1'], ['check'], ['explain', 'orchard.trees'], ['status']):\n"
        "    try:\n        cli.main(words)\n    except SystemExit as end:\n        assert not end.code, end.code\n"
        "wrong = [name for name in sys.modules if name.startswith(('phextpaper.engine', 'phextpaper.study'))]\n"
        "assert 'phextpaper.press.website.make' in sys.modules and not wrong, wrong\n"
    )
    paper.python("-c", script)


def test_the_reports_hold_every_criterion_and_number(built: Paper) -> None:
    """Criteria with their sentences, numbers with their lineage, no gate and no claim."""
    criteria, numbers = built.report("criteria.json"), {one["id"]: one for one in built.report("quantities.json")}
    (wave,) = criteria["waves"]
    assert [(one["id"], one["text"], one["passed"]) for one in wave["criteria"]] == [
        ("trees-told", "The trees are told with their rows.", True),
        ("short", "The paper has at most forty words.", True),
    ]
    assert [(one["answer"], one["settled"]) for one in wave["review"]] == [("It brings 22,500 kg.", True)]
    assert (criteria["gates"], built.report("claims.json")) == ([], [])
    harvest = numbers["orchard.harvest"]
    assert (harvest["value"], harvest["source"]) == (22_500, "subjects/orchard.py:13")
    assert harvest["uses"] == ["machine.yield_per_tree", "orchard.trees"]
    assert harvest["printed_in"] == [{"file": "pages/orchard.md", "line": 4}]
    assert numbers["machine.rows"]["source"] == "params/hill.toml:4"
    assert numbers["machine.yield_per_tree"]["kind"] == "cited"


def test_a_number_and_a_criterion_are_explained(built: Paper) -> None:
    """From what, by what, printed where; and how a criterion was judged."""
    said = built.run("explain", "orchard.harvest").stdout
    assert "value: 22500.0" in said and "  orchard.trees = 360 trees" in said and "  pages/orchard.md:4" in said
    said = built.run("explain", "w01.short").stdout
    assert "text: The paper has at most forty words." in said and "verdict: passes" in said
    assert "no criterion 'tall'" in built.run("explain", "w01.tall", exit_code=2).stderr
    assert "there are waves 1" in built.run("explain", "w02.short", exit_code=2).stderr


def test_a_second_build_does_nothing(built: Paper) -> None:
    """No file is touched, and that is said; not from a folder below either."""
    before = {path: path.stat().st_mtime_ns for path in (built.folder / "build").rglob("*") if path.is_file()}
    for below in (".", "templates/reviews"):
        assert "nothing to do" in built.run("build", below=below).stdout
    after = {path: path.stat().st_mtime_ns for path in (built.folder / "build").rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "subjects/orchard.py",
            "int(q.machine.rows) *",
            "2 * int(q.machine.rows) *",
            "The orchard has 12 rows and 720",
        ),
        ("params/hill.toml", "value = 12", "value = 13", "The orchard has 13 rows and 390 trees."),
        (TEMPLATE, "The orchard has", "Here stand", "Here stand 12 rows and 360 trees."),
    ],
)
def test_what_an_edit_touches_is_made_anew(paper: Paper, file: str, old: str, new: str, line: str) -> None:
    """Code of the paper's own, its machine and its words count, wherever the press itself lies."""
    paper.run("build")
    paper.edit(file, old, new)
    paper.run("build")
    assert line in paper.text(MADE)


def test_the_papers_own_code_and_the_press_count_as_read(paper: Paper) -> None:
    """A change of the module that `paper.toml` names makes every page anew."""
    paper.run("build")
    paper.edit("garden.py", 'count("rows", 1, 1000)', 'count("rows", 1, 2000)')
    assert "its code changed" in paper.run("status").stdout
    record = json.loads(paper.text("build/.state/code.json"))
    assert {"garden.py", "subjects/orchard.py", PAGE, "phextpaper/press/wave.py"} <= set(record["files"])


def test_a_criterion_can_be_seen_failing(paper: Paper) -> None:
    """The build ends with 1, and the verdict says what was wanted, what was seen and where."""
    paper.edit(TEMPLATE, "It bears as much as", f"It bears {'again and ' * 30}again as much as")
    done = paper.run("build", exit_code=1)
    assert "FAIL w01.short: wanted at most 40 words; saw 78 words (orchard.md)" in done.stdout
    assert "w01.short" in paper.run("check", exit_code=1).stdout
    assert "verdict: fails" in paper.run("explain", "w01.short").stdout
    assert "1  fail" in paper.run("status").stdout


def test_an_undefined_name_is_told_with_file_and_line(paper: Paper) -> None:
    """A number that is not defined, with the nearest names, and a name that nobody gives."""
    paper.edit(TEMPLATE, "q.orchard.trees | unit", "q.orchard.tress | unit")
    said = paper.run("build", exit_code=2).stderr
    assert "there is no quantity 'orchard.tress'; near it: orchard.trees" in said
    paper.edit(TEMPLATE, "q.orchard.tress | unit", "trees | unit")
    said = paper.run("build", exit_code=2).stderr
    assert f"wave 1: {TEMPLATE}" in said and "trees" in said


def test_a_bare_number_is_told(paper: Paper) -> None:
    """What no quantity printed fails, with its line."""
    paper.edit(TEMPLATE, "a year", "in 365 days")
    assert "w01.numbers-named: wanted every numeral printed" in paper.run("build", exit_code=1).stdout


def test_the_site_has_the_parts_that_the_paper_has(built: Paper) -> None:
    """Paper, waves, numbers and works; no gate and no claim, and the page of the wave says what it asks."""
    site = built.folder / "build" / "site"
    assert {path.name for path in site.glob("*.html")} == {"index.html", "works.html"}
    front, wave = (site / name for name in ("index.html", "waves/w01.html"))
    text = front.read_text(encoding="utf-8")
    assert ">Works</a>" in text and ">Gates</a>" not in text and ">Claims</a>" not in text
    assert 'href="quantities/orchard.html#orchard.trees"' in text
    text = wave.read_text(encoding="utf-8")
    assert "The paper has at most forty words." in text and "how many trees there are" in text and "phase" not in text
    assert "not checked" not in text and "minutes" not in text


def test_a_paper_without_works_has_no_reference_files(paper: Paper) -> None:
    """What others reported may be missing altogether."""
    shutil.rmtree(paper.folder / "reference")
    paper.edit(TEMPLATE, " {{ q.machine.yield_per_tree | cite }}", "")
    paper.edit("params/hill.toml", ', cite = "pomona1901", where = "page 7"', "")
    paper.run("build")
    assert not (paper.folder / "build/site/works.html").exists()


def test_the_graph_has_no_phases_and_claims_are_none(built: Paper) -> None:
    """The one wave stands alone; a paper that claims nothing says so."""
    assert built.run("graph").stdout == "   1  The orchard  (needs none; blocks none)\nlongest chain: 1\n"
    assert "no plan that makes claims" in built.run("claims", exit_code=2).stderr


def test_a_wave_without_a_criterion_is_not_checked(paper: Paper) -> None:
    """It passes nothing, whatever rules hold for its artefact."""
    text = paper.text(PAGE)
    (paper.folder / PAGE).write_text(
        text[: text.index("@page.criterion")] + text[text.index("@page.review") :], encoding="utf-8"
    )
    assert "skip  0/0" in paper.run("build").stdout
    assert "not checked" in (paper.folder / "build/site/waves/w01.html").read_text(encoding="utf-8")


def test_a_folder_named_like_a_library_is_refused(paper: Paper) -> None:
    """The standard library's `numbers` would be loaded in its place."""
    (paper.folder / "subjects").rename(paper.folder / "numbers")
    paper.edit("paper.toml", '"subjects"', '"numbers"')
    assert "numbers is a library" in paper.run("build", exit_code=2).stderr


def test_after_an_error_no_report_of_another_machine_stands(paper: Paper) -> None:
    """Built for one machine, then for another that breaks a page: neither reports nor front page nor gates are left."""
    paper.run("build")
    text = paper.text("params/hill.toml").replace('"hill"', '"valley"').replace("value = 12", "value = 1")
    (paper.folder / "params/valley.toml").write_text(text, encoding="utf-8")
    paper.edit(TEMPLATE, "It bears {{", "It bears {{ nothing }} {{")
    done = paper.run("--params", "params/valley.toml", "build", exit_code=2)
    assert "phase" not in done.stdout and f"error: wave 1: {TEMPLATE}" in done.stderr
    assert not list((paper.folder / "build/reports").glob("*.json"))
    assert not [path for path in (paper.folder / "build").iterdir() if path.is_file()]


def test_gates_of_another_state_are_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After an error, what an earlier report says of gates is not printed."""
    site = Site(ROOT, tmp_path, ROOT / "params" / "pbc-4096.toml")
    gate = {"phase": 1, "verdict": "Go", "reasons": ["all is well"]}
    write_atomically(tmp_path / "reports" / "criteria.json", to_json({"gates": [gate]}))
    print_table(site, Outcome(pages={1}))
    assert "phase 1: Go, all is well" in capsys.readouterr().out
    print_table(site, Outcome(pages={1}, errors={1: PageError("broken")}))
    assert "phase" not in capsys.readouterr().out


def test_status_shows_what_each_wave_took(built: Paper) -> None:
    """The builder notes the times; no report holds them."""
    (row,) = json.loads(built.run("status", "--json").stdout)
    assert row["state"] == "pass" and row["seconds"] > 0
    assert f"{row['seconds']:.2f} s" in built.run("status").stdout
    assert built.report("criteria.json")["waves"][0]["seconds"] is None
