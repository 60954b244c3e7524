"""Sentences that name a source, the plan or an assumption, on machines whose values are their own or cited."""

import pytest
from conftest import ROOT
from small_machine import SMALL, given

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.render import render, words
from phextpaper.study.parameters import load_machine

OWN = given(
    table_budget=0.5,
    slice_reconfiguration=2.5,
    mirror_switching=1500,
    occupancy=0.2,
    chip_peak=400,
    link_bandwidth=112.5,
)
CITED = given("dally2004", hop_latency=610, table_entry_update=150, mirror_switching=3, slice_reconfiguration=7)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The finished page of a wave on a machine."""
    known: dict[tuple[str, int], str] = {}
    machines: dict[str, Quantities] = {}

    def page(text: str, n: int) -> str:
        if text not in machines:
            folder = tmp_path_factory.mktemp("machine")
            (folder / "machine.toml").write_text(text, encoding="utf-8")
            machines[text] = Quantities(load_machine(folder / "machine.toml"), root=ROOT, built=folder)
        if (text, n) not in known:
            wave, quantities = load(collect(ROOT)[n], ROOT), machines[text]
            known[text, n] = render(f"{wave.output[0]}.j2", wave.fill(quantities), ROOT, quantities)[0]
        return known[text, n]

    return page


def test_what_is_given_is_called_assumed(written):
    """A slice's time of one's own cites nobody, a mirror of 1.5 s is beyond the source's milliseconds, and the plan promised none of it."""
    own, small = written(OWN, 16), written(SMALL, 16)
    assert "the slice 2.5 s by assumption. Of" in own and "does not say what fills the rest" not in own
    assert "allowed here" in own and "by a table update, within 1 ms." in small
    assert "| All mirrors, at once | 1500 ms | assumed |" in own
    assert "| All mirrors, at once | 10 ms | assumed within a cited range [@jouppi2023] |" in small
    assert "of the IDs have a row, the rows take" in written(OWN, 15)
    assert "have a row, as the plan behind this study assumes, the rows" in written(SMALL, 15)


def test_what_was_read_is_cited(written):
    """With its own source, not with that of the plan's machine."""
    page = written(CITED, 16)
    assert "the slice about 7 s [@dally2004]. Of" in page
    assert "| All mirrors, at once | 3 ms | cited [@dally2004] |" in page
    assert "610 ns a hop [@dally2004]. A message" in written(CITED, 14)
    assert "ns a hop, an assumption for which we know no source. A message" in written(SMALL, 14)


def test_the_times_of_a_change_name_their_source(tmp_path):
    """A change of topology calls an entry's and a slice's time assumed where they are, and cites where they were read."""

    def said(text: str, name: str) -> str:
        (tmp_path / "machine.toml").write_text(text, encoding="utf-8")
        q = Quantities(load_machine(tmp_path / "machine.toml"), root=ROOT, built=tmp_path)
        return words(q, "words/reconfiguration.j2", name)

    assert said(OWN, "slice_source") == ", by assumption" and said(CITED, "slice_source") == "[@dally2004]"
    assert said(SMALL, "entry_source") == ", an assumption" and said(CITED, "entry_source") == ""


def test_the_parts_are_those_of_tpu_v4_or_of_its_kinds(written):
    """Chips with another peak are not the chips of TPU v4."""
    assert "a machine on paper: chips and switches of the kinds that TPU v4 has, one" in written(OWN, 14)
    assert "a machine on paper: the chips and switches of TPU v4, one" in written(SMALL, 14)
