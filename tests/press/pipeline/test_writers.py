"""Outputs without a template: what a writer may return, and files beside an output, which the builder writes, guards and removes."""

import json
import shutil
from dataclasses import dataclass, field

import pytest
from conftest import ROOT, Project

from phextpaper.errors import PageError
from phextpaper.press.pipeline.site import Site
from phextpaper.press.pipeline.task import produce
from phextpaper.press.quantity import Print
from phextpaper.press.wave import Wave

FIGURE = "waves/figures_and_tables/w26_architecture.py"
SVG, PDF, PNG = (f"figures/fig-1-architecture.{kind}" for kind in ("svg", "pdf", "png"))


@dataclass
class Result:
    """What a writer returns."""

    data: bytes = b"drawing"
    prints: tuple = (Print(1, 2, "a.b", "7"),)
    also: dict = field(default_factory=dict)


def made(result, also=()):
    """What `produce` makes of a wave whose writer returns this."""
    wave = Wave(n=99, name="x", phase=3, minutes=1, needs=(), output=("a.svg",), also=also)
    wave.writes("a.svg")(lambda q: result)
    return produce(wave, Site(ROOT, ROOT / "nowhere", ROOT / "params" / "pbc-4096.toml"), None)


def test_a_writer_returns_bytes_or_an_object_with_prints_and_further_files():
    """Bytes say nothing of quantities; prints become lineage; further files become outputs."""
    assert made(b"plain") == ({"a.svg": b"plain"}, {})
    assert made(Result()) == ({"a.svg": b"drawing"}, {"a.svg": [[1, 2, "a.b", "7"]]})
    assert made(Result(also={"a.pdf": b"more"}), ("a.pdf",))[0] == {"a.svg": b"drawing", "a.pdf": b"more"}


@pytest.mark.parametrize(
    ("result", "also", "said"),
    [
        (Result(also={"b.pdf": b""}), (), "does not declare"),
        (Result(), ("a.pdf",), "no writer makes it"),
        ("text", (), "returns a str"),
        (None, (), "returns a NoneType"),
    ],
)
def test_a_writer_that_does_not_do_what_its_wave_declares_is_refused(result, also, said):
    """A stray file, a missing one, and what is neither bytes nor a drawing."""
    with pytest.raises(PageError, match=said):
        made(result, also)


def test_only_a_declared_output_has_a_writer():
    """The files beside it come from the same writer."""
    with pytest.raises(PageError):
        Wave(n=99, name="x", phase=3, minutes=1, needs=(), output=("a.svg",), also=("a.pdf",)).writes("a.pdf")(
            lambda q: b""
        )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Project:
    """A copy of the project in which wave 26 alone was built."""
    project = Project(tmp_path_factory.mktemp("drawn") / "project", whole=True)
    for page in (project.path("waves")).rglob("w*.py"):
        if "w26" not in page.name:
            page.unlink()
    project.run("build")
    return project


@pytest.fixture
def copy(drawn, tmp_path) -> Project:
    """The same, to be broken."""
    project = Project.__new__(Project)
    project.folder = tmp_path / "copy"
    shutil.copytree(drawn.folder, project.folder)
    return project


def test_all_files_are_in_the_manifest_and_the_numbers_know_the_drawing(drawn):
    """SVG, PDF and PNG are listed; quantities.json names the line of the SVG."""
    assert {entry["path"] for entry in drawn.report("manifest.json")["artefacts"] if entry["wave"] == 26} == {
        f"rally/R23/{path}" for path in (SVG, PDF, PNG)
    }
    places = {entry["id"]: entry["printed_in"] for entry in drawn.report("quantities.json")}["layout.active_chips"]
    lines = drawn.artefact(SVG).read_text(encoding="utf-8").splitlines()
    assert places and all("512" in lines[place["line"] - 1] for place in places)


def test_an_edit_by_hand_is_caught_and_put_aside(copy):
    """`check` fails for each edited file, drawing or picture, and a build restores them and keeps what was there."""
    good = {path: copy.artefact(path).read_bytes() for path in (SVG, PDF, PNG)}
    for path, data in good.items():
        copy.artefact(path).write_bytes(data + b" ")
    seen = copy.run("check", exit_code=1).stdout
    assert all(f"FAIL w26.as-built:{path}" in seen for path in good)
    done = copy.run("build")
    assert done.stderr.count("your version is kept") == len(good) and all(
        copy.artefact(path).read_bytes() == data for path, data in good.items()
    )
    kept = {file.read_bytes() for file in copy.path("build/edited").rglob("*.*") if file.is_file()}
    assert kept == {data + b" " for data in good.values()}


def test_a_file_that_is_gone_is_made_again_and_one_that_is_declared_no_more_goes(copy):
    """A missing PNG runs the wave; a PNG that the page drops is removed, and the outputs are those of a clean build."""
    copy.artefact(PNG).unlink()
    ran = json.loads(copy.run("build", "--json").stdout)["waves"]
    assert [wave["n"] for wave in ran if wave["ran"]] == [26] and copy.artefact(PNG).exists()
    copy.edit(FIGURE, ', "figures/fig-1-architecture.png")', ",)")
    copy.edit(
        FIGURE,
        "return architecture.draw(q).made(page.output[0])",
        "made = architecture.draw(q).made(page.output[0])\n    return Made(made.data, made.prints, {page.also[0]: made.also[page.also[0]]})",
    )
    copy.run("build")
    assert not copy.artefact(PNG).exists() and copy.artefact(PDF).exists()
    copy.run("--build", "clean", "build")
    assert copy.outputs("build") == copy.outputs("clean")


def test_two_waves_cannot_make_the_same_file(copy):
    """A file beside an output is claimed like an output."""
    shutil.copyfile(
        ROOT / "waves" / "figures_and_tables" / "w27_routing.py", copy.path("waves/figures_and_tables/w27_routing.py")
    )
    copy.edit("waves/figures_and_tables/w27_routing.py", '"figures/fig-2-routing.png"', f'"{PNG}"')
    assert "made by wave 26 already" in copy.run("build", exit_code=2).stderr
