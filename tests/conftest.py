"""What the tests share: a quick Hypothesis profile, the paper's machine, copies of the project that a test may break."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the console program does, before numpy is loaded

import pytest
from hypothesis import HealthCheck, settings

from phextpaper.press.evaluation import Quantities
from phextpaper.press.paper import load_paper
from phextpaper.press.parameters import Machine
from phextpaper.study.parameters import load_machine

ROOT = Path(__file__).resolve().parents[1]
ABOUT = load_paper(ROOT)
FOLDERS = ("phextpaper", "waves", "templates", "plan", "reference", "params")

settings.register_profile(
    "project",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("project")


def run(*words: str, exit_code: int = 0, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """Run the console program."""
    done = subprocess.run(
        [sys.executable, "-m", "phextpaper", *words], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == exit_code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


class Project:
    """A copy of the project in a folder of its own, run as a user runs it; its own machine is small, so that builds are quick.

    Unless it is `whole`, it has the waves of the first two phases alone: what the builder does, it does for them as for all.
    """

    def __init__(self, folder: Path, *, whole: bool = False) -> None:
        self.folder = folder
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in () if whole else ("figures_and_tables", "assembly"):
            shutil.rmtree(folder / "waves" / name)
        for name in ("Makefile", "paper.toml"):
            shutil.copyfile(ROOT / name, folder / name)
        shutil.copyfile(ROOT / "tests" / "small.toml", folder / "params" / "pbc-4096.toml")

    def run(
        self, *words: str, environment: dict[str, str] | None = None, exit_code: int | None = 0
    ) -> subprocess.CompletedProcess:
        """Run the program in the copy; fail unless it ends with `exit_code`."""
        done = subprocess.run(
            [sys.executable, "-m", "phextpaper", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, **(environment or {})},
            check=False,
        )
        assert exit_code is None or done.returncode == exit_code, done.stdout + done.stderr
        return done

    def path(self, name: str) -> Path:
        """A file of the copy."""
        return self.folder / name

    def artefact(self, name: str, build: str = "build") -> Path:
        """An artefact of the copy."""
        return self.folder / build / "rally" / "R23" / name

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text that has to be there."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def report(self, name: str, build: str = "build"):
        """A report of the copy."""
        return json.loads((self.folder / build / "reports" / name).read_text(encoding="utf-8"))

    def outputs(self, build: str = "build") -> dict[str, bytes]:
        """Everything that a build publishes: artefacts and reports."""
        base = self.folder / build
        return {
            str(path.relative_to(base)): path.read_bytes()
            for folder in ("rally", "reports")
            for path in sorted((base / folder).rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy of the project, with a small machine."""
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def machine() -> Machine:
    """The paper's machine."""
    return load_machine(ROOT / "params" / "pbc-4096.toml")


@pytest.fixture(scope="session")
def quantities(machine: Machine) -> Quantities:
    """All quantities of the paper's machine."""
    return Quantities(machine)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory) -> Project:
    """A built copy, with a small machine, that tests may read and copy, and never change."""
    made = Project(tmp_path_factory.mktemp("pristine") / "project", whole=True)
    made.run("build")
    return made
