"""The five tables on machines of several shapes: every criterion holds, and LaTeX sets them within their columns."""

import shutil
import subprocess

import pytest
from conftest import ABOUT, ROOT
from small_machine import SMALL, changed

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.site import Site
from phextpaper.press.pipeline.task import produce
from phextpaper.press.quantity import strip_marks
from phextpaper.study.parameters import load_machine
from phextpaper.study.tables import concept_map, energy, mlperf, performance, workloads

TABLES = {31: workloads, 32: performance, 33: mlperf, 34: energy, 35: concept_map}
HEAD = r"""\documentclass[conference]{IEEEtran}
\usepackage[T1]{fontenc}
\usepackage{array,booktabs}
\begin{document}
Words.
"""

MACHINES = {
    "small": SMALL,
    "blocks that do not fill": changed(chips=216, volumes=6, books=6, chapters=6, chips_per_host=3),
    "no spares": changed(spare_volumes=0),
}


@pytest.fixture(scope="module", params=MACHINES)
def place(request, tmp_path_factory):
    """A machine's site and quantities."""
    folder = tmp_path_factory.mktemp("machine")
    (folder / "machine.toml").write_text(MACHINES[request.param], encoding="utf-8")
    return Site(ROOT, folder, folder / "machine.toml"), Quantities(
        load_machine(folder / "machine.toml"), root=ROOT, built=folder
    )


@pytest.mark.parametrize("n", TABLES)
def test_every_cell_of_every_machine_is_filled_and_every_number_named(place, n):
    """No empty cell, no word of a program, no numeral that no quantity printed."""
    from phextpaper.press.checks.shared_checks import no_bare_numerals, no_placeholder
    from phextpaper.press.documents.markdown import Markdown
    from phextpaper.press.quantity import Print

    site, quantities = place
    wave = load(collect(ROOT)[n], ROOT)
    outputs, lineage = produce(wave, site, quantities)
    text = Markdown(outputs[wave.output[0]].decode(), wave.output[0])
    assert set(outputs) == {*wave.output, *wave.also}
    assert no_placeholder(text).passed and not {"None", "nan", "inf"} & {
        cell for row in text.tables[0].rows for cell in row
    }
    verdict = no_bare_numerals(text, [Print(*item) for item in lineage[wave.output[0]]], ABOUT)
    assert verdict.passed, verdict.evidence


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_latex_sets_every_table_within_its_columns(place, tmp_path):
    """No error, and no box that sticks out."""
    _, quantities = place
    body = "\n".join(table.table(quantities).made("t.md").also["t.tex"].decode() for table in TABLES.values())
    (tmp_path / "t.tex").write_text(HEAD + body + "\\end{document}\n", encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1500:]
    assert "Overfull" not in done.stdout


def test_the_published_shares_of_a_survey_come_to_about_all(quantities):
    """Each survey leaves out rare types, none counts a share twice."""
    for survey in ("tpu_v1", "tpu_v3", "tpu_v4lite", "tpu_v4"):
        assert 90 <= quantities.workloads.sum[survey].value <= 100
    assert quantities.workloads.sum.tpu_v4lite.value == 25 + 29 + 18 + 28


def test_the_captions_number_the_tables_in_the_order_of_their_waves(quantities):
    """Table 1 is wave 31."""
    assert [(table.table(quantities).number, n) for n, table in TABLES.items()] == [(n - 30, n) for n in TABLES]
    assert all(strip_marks(table.table(quantities).caption)[0] for table in TABLES.values())
