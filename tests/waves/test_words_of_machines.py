"""Sentences that name a source, the plan or an assumption, on machines whose values are their own or cited."""

from dataclasses import fields, is_dataclass

import pytest
from conftest import ROOT
from small_machine import SMALL, given

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Quantity, strip_marks
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
def told(tmp_path_factory):
    """What a wave's context says on a machine, without marks."""
    known: dict[tuple[str, int], object] = {}

    def words(text: str, n: int, field: str):
        if (text, n) not in known:
            folder = tmp_path_factory.mktemp("machine")
            (folder / "machine.toml").write_text(text, encoding="utf-8")
            wave = load(collect(ROOT)[n], ROOT)
            known[text, n] = wave.fill(Quantities(load_machine(folder / "machine.toml"), root=ROOT, built=folder))
        return plain(getattr(known[text, n], field))

    return words


def plain(value: object):
    """Text and quantities as a reader sees them, in rows as in sentences."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, Quantity):
        return [plain(getattr(value, field.name)) for field in fields(value)]
    return value.text if isinstance(value, Quantity) else strip_marks(value)[0]


def test_what_is_given_is_called_assumed(told):
    """A slice's time of one's own cites nobody, a mirror of 1.5 s is beyond the source's milliseconds, and the plan promised none of it."""
    assert told(OWN, 16, "slice_words") == "2.5 s by assumption" and told(OWN, 16, "rest_words") == ""
    assert "allowed here" in told(OWN, 16, "budget_sentence") and "within 1 ms" in told(SMALL, 16, "budget_sentence")
    assert ["All mirrors, at once", "1500 ms", "assumed"] in told(OWN, 16, "times")
    assert ["All mirrors, at once", "10 ms", "assumed within a cited range [@jouppi2023]"] in told(SMALL, 16, "times")
    assert told(OWN, 15, "occupancy_words") == "" and "plan" in told(SMALL, 15, "occupancy_words")


def test_what_was_read_is_cited(told):
    """With its own source, not with that of the plan's machine."""
    assert told(CITED, 16, "slice_words") == "about 7 s [@dally2004]" and [
        "All mirrors, at once",
        "3 ms",
        "cited [@dally2004]",
    ] in told(CITED, 16, "times")
    assert told(CITED, 14, "hop_words") == " [@dally2004]" and "assumption" in told(SMALL, 14, "hop_words")


def test_the_times_of_a_change_name_their_source(tmp_path):
    """A change of topology calls an entry's and a slice's time assumed where they are, and cites where they were read."""

    def said(text: str, name: str) -> str:
        (tmp_path / "machine.toml").write_text(text, encoding="utf-8")
        q = Quantities(load_machine(tmp_path / "machine.toml"), root=ROOT, built=tmp_path)
        return words(q, "words/reconfiguration.j2", name)

    assert said(OWN, "slice_source") == ", by assumption" and said(CITED, "slice_source") == "[@dally2004]"
    assert said(SMALL, "entry_source") == ", an assumption" and said(CITED, "entry_source") == ""


def test_the_parts_are_those_of_tpu_v4_or_of_its_kinds(told):
    """Chips with another peak are not the chips of TPU v4."""
    assert told(OWN, 14, "parts_words") == "chips and switches of the kinds that TPU v4 has"
    assert told(SMALL, 14, "parts_words") == "the chips and switches of TPU v4"
