import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

from phextpaper.errors import InputError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline import stamp
from phextpaper.press.pipeline.site import Site
from phextpaper.press.sources import tools


def pretend(folder: Path, monkeypatch, version: str, files: tuple[str, ...] = tools.TEX_FILES) -> None:
    """Programs that answer as TeX would, alone on the path."""
    folder.mkdir(exist_ok=True)
    found = []
    for name in files:
        (folder / name).write_text(name, encoding="utf-8")
        found.append(f"echo {folder / name}")
    for name, lines in (("pdflatex", [f"echo {version}"]), ("bibtex", []), ("kpsewhich", found)):
        script = folder / name
        script.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_tex_is_there_only_with_all_that_the_paper_asks_for(tmp_path, monkeypatch):
    """Without a program or a class there is none; a change of version or of a class is a change."""
    pretend(tmp_path / "one", monkeypatch, "pdfTeX 1")
    first = tools.tex()
    assert first.startswith("pdfTeX 1 ")
    (tmp_path / "one" / "IEEEtran.cls").write_text("newer", encoding="utf-8")
    assert first != tools.tex() != ""
    pretend(tmp_path / "two", monkeypatch, "pdfTeX 2")
    assert tools.tex().startswith("pdfTeX 2 ")
    pretend(tmp_path / "three", monkeypatch, "pdfTeX 1", tools.TEX_FILES[1:])
    assert tools.tex() == ""
    (tmp_path / "two" / "bibtex").unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "two"))
    assert tools.tex() == ""


def test_tex_counts_as_read_and_for_a_whole_build(tmp_path, monkeypatch, machine):
    """When TeX comes, what asked for it is stale, and a build has something to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    q, site = Quantities(machine), Site(ROOT, tmp_path / "build", ROOT / "params" / "pbc-4096.toml")
    with q.noting() as reads:
        assert q.tool("tex") == ""
    before = stamp.fingerprint(site)
    assert list(reads) == ["tool:tex"] and not q.unchanged(reads) and stamp.fingerprint(site) == before
    pretend(tmp_path / "tex", monkeypatch, "pdfTeX 1")
    assert q.unchanged(reads) == "tool:tex" and stamp.fingerprint(site) != before


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no TeX here")
def test_the_installed_tex_is_the_one_that_runs():
    """Its version is the first line that pdfTeX says of itself."""
    said = subprocess.run(
        ["pdflatex", "--version"], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}
    ).stdout
    assert not tools.tex() or tools.tex().startswith(said.partition("\n")[0])


def test_an_unknown_tool_is_refused():
    """A misspelt name is no tool that is missing."""
    with pytest.raises(InputError):
        tools.installed("txe")
