"""What the discussion says of assumptions, on machines whose values are assumed or were read."""

import pytest
from conftest import ROOT
from small_machine import SMALL, given

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.study.parameters import load_machine

CITED = given("dally2004", hop_latency=610, table_entry_update=150)


@pytest.mark.parametrize(("machine", "who"), [(SMALL, "None of these"), (CITED, "Not each of these")])
def test_what_was_read_is_not_called_unmeasured(tmp_path, machine, who):
    """One value that was read is enough for 'not each'."""
    (tmp_path / "machine.toml").write_text(machine, encoding="utf-8")
    quantities = Quantities(load_machine(tmp_path / "machine.toml"), root=ROOT, built=tmp_path)
    assert words(quantities, "words/discussion.j2", "who_measured") == who
