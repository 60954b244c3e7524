"""What the page on routing says of times, sources and bandwidths, on machines whose values are their own or cited."""

import pytest
from conftest import ROOT
from small_machine import SMALL, given

from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.render import render
from phextpaper.study.parameters import load_machine

OWN = given(table_budget=0.5, slice_reconfiguration=2.5, link_bandwidth=112.5)
CITED = given("dally2004", table_entry_update=150, slice_reconfiguration=7)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The finished page of wave 4 on a machine."""

    def page(text: str) -> Markdown:
        folder = tmp_path_factory.mktemp("machine")
        (folder / "machine.toml").write_text(text, encoding="utf-8")
        quantities = Quantities(load_machine(folder / "machine.toml"), root=ROOT, built=folder)
        wave = load(collect(ROOT)[4], ROOT)
        return Markdown(render(f"{wave.output[0]}.j2", wave.fill(quantities), ROOT, quantities)[0])

    pages = {"own": page(OWN), "cited": page(CITED), "small": page(SMALL)}
    return pages.__getitem__


def test_what_is_given_is_called_assumed(written):
    """A slice's time of one's own cites nobody, and the plan promised no budget of one's own."""
    assert "for a slice with its software, by assumption." in written("own").text
    assert "0.5 ms that the description\n" in written("own").text and "that the plan\n" in written("small").text
    assert " an entry, an assumption, a chip rewrites" in written("small").text


def test_what_was_read_is_cited(written):
    """With its own source, not with that of the plan's machine."""
    assert "for a slice with its software [@dally2004]." in written("cited").text
    assert "At 150 ns an entry, a chip rewrites" in written("cited").text


def test_a_bandwidth_with_a_fraction_is_printed_whole(written):
    """112.5 GB/s is neither 112 nor 113."""
    table = written("own").table("Source Coord")
    assert table is not None and set(table.column("Bandwidth")) == {"112.5 GB/s"}
