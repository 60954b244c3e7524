"""A machine without TeX still ends with a PDF, and says everywhere what it could not check; when TeX comes, the build notices."""

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import Project

from phextpaper.press.documents.printed_pdf import read_printed
from phextpaper.press.sources import tools

PDF = "phext-based-compute.pdf"


def copied(pristine: Project, tmp_path: Path) -> Project:
    """A copy of the built project, its output folder included."""
    project = Project.__new__(Project)
    project.folder = tmp_path / "copy"
    shutil.copytree(pristine.folder, project.folder)
    return project


@pytest.mark.slow
def test_without_tex_the_paper_is_set_by_typst_and_the_check_says_so(pristine, tmp_path):
    """No failure, no pass: told in the table, the report, the gate and the explanation, and the PDF is whole. Afterwards the old bytes come back."""
    project, nowhere = copied(pristine, tmp_path), {"PATH": str(tmp_path / "nowhere")}
    before = project.outputs()
    answer = json.loads(project.run("build", "--json", environment=nowhere).stdout)
    ran = {wave["n"]: wave for wave in answer["waves"] if wave["ran"]}
    wanted = f"not checked: {tools.NO_TEX}"
    if tools.tex():
        assert ran[39]["reason"] == "the installed tex changed"
    verdict = next(
        entry
        for wave in project.report("criteria.json")["waves"]
        if wave["n"] == 39
        for entry in wave["criteria"]
        if entry["id"] == "compiles"
    )
    assert (verdict["passed"], verdict["evidence"]) == (None, wanted)
    gate = next(gate for gate in project.report("criteria.json")["gates"] if gate["phase"] == 4)
    assert gate["verdict"] == "No-Go" and f"w39.compiles is {wanted}" in gate["reasons"]
    assert f"skip w39.compiles: {wanted}" in project.run("build", environment=nowhere).stdout
    assert "not checked: w39.compiles" in project.run("check", "39", environment=nowhere).stdout
    assert "verdict: not checked" in project.run("explain", "w39.compiles", environment=nowhere).stdout
    seen = read_printed(project.artefact(PDF).read_bytes(), PDF)
    assert "Typst" in seen.metadata["Creator"] and 12 <= seen.pages <= 16 and all(seen.fonts.values())
    project.run("build", environment={"PATH": os.environ["PATH"]})
    assert project.outputs() == before
