"""Each criterion is seen failing: the smallest edit of a good artefact turns its verdict and no other criterion's."""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from spoilers import SPOILERS

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.site import Site
from phextpaper.press.pipeline.task import judge, produce
from phextpaper.press.sources import tools

PAGES = collect(ROOT)
NEED_TEX = {"w39.compiles"}
NAMES = [f"w{n:02d}.{id}" for n, page in PAGES.items() for id in load(page, ROOT).criteria]


class Bench:
    """Good artefacts in a folder, one wave judged at a time; quantities are computed once."""

    def __init__(self, folder: Path, machine) -> None:
        self.site = Site(ROOT, folder, ROOT / "params" / "pbc-4096.toml")
        self.good: dict[str, bytes] = {}
        self.lineage: dict[int, dict] = {}
        self.quantities = Quantities(machine, root=ROOT, built=folder, printed=self.printed)
        for n, page in PAGES.items():
            outputs, self.lineage[n] = produce(load(page, ROOT), self.site, self.quantities)
            self.good |= outputs
            for path, data in outputs.items():
                self.write(path, data)
            self.site.record_path(n).parent.mkdir(parents=True, exist_ok=True)
            self.site.record_path(n).write_text(
                json.dumps({"n": n, "outputs": {path: {} for path in outputs}}), encoding="utf-8"
            )

    def write(self, path: str, data: bytes) -> None:
        """Put an artefact where the checks read it."""
        place = self.site.output(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def printed(self, path: str) -> list:
        """Where an artefact prints which quantity."""
        return next((lineage[path] for lineage in self.lineage.values() if path in lineage), [])

    def failing(self, n: int, kind: str = "criteria") -> set[str]:
        """The criteria of a wave (or its `integrity`) that fail on what is on disk; what cannot be checked here does not."""
        verdicts = judge(load(PAGES[n], ROOT), self.site, self.quantities, self.lineage[n])
        return {f"w{n:02d}.{verdict['id']}" for verdict in verdicts[kind] if verdict["passed"] is False}


@pytest.fixture(scope="module")
def bench(tmp_path_factory, machine) -> Bench:
    """Good artefacts of every wave that has a page."""
    return Bench(tmp_path_factory.mktemp("spoiled"), machine)


def test_every_criterion_has_a_spoiler_and_every_spoiler_a_criterion():
    """A check never seen failing is no check."""
    assert sorted(SPOILERS) == sorted(NAMES)


@pytest.mark.parametrize("n", PAGES)
def test_good_artefacts_fail_nothing(bench, n):
    """Before any spoiling, every criterion passes, and so does what holds for all artefacts."""
    assert bench.failing(n) == set() and bench.failing(n, "integrity") == set()


@pytest.mark.parametrize(
    ("rule", "addition"),
    [
        ("plain-prose", "It is truly novel."),
        ("plain-prose", "We built a rack of it."),
        ("plain-prose", "So " + "it goes on and " * 10 + "ends."),
        ("terms", "It is an optical switch."),
        ("references-resolve", "Figure 9 shows it."),
        ("references-resolve", "## Unnumbered"),
        ("citations-resolve", "It is known [@nobody1999]."),
        ("numbers-named", "It has 99 parts."),
    ],
)
def test_each_rule_of_sections_is_seen_failing(bench, rule, addition):
    """A sentence at the end of a good section turns the rule that it breaks and no other."""
    path = PAGES[24].output[0]
    try:
        bench.write(path, bench.good[path] + f"\n{addition}\n".encode())
        assert bench.failing(24, "integrity") == {f"w24.{rule}"}
    finally:
        bench.write(path, bench.good[path])


@pytest.mark.parametrize("name", NAMES)
def test_the_spoiler_turns_its_criterion_and_no_other(bench, name):
    """One small edit, one red criterion. A PDF is edited as bytes, everything else as text."""
    if name in NEED_TEX and not tools.tex():
        pytest.skip(tools.NO_TEX)
    path, spoil = SPOILERS[name]
    good = bench.good[path]
    bad = spoil(good) if path.endswith(".pdf") else spoil(good.decode("utf-8")).encode("utf-8")
    assert bad != good, "the spoiler changes nothing"
    try:
        bench.write(path, bad)
        assert bench.failing(int(name[1:3])) == {name}
    finally:
        bench.write(path, bench.good[path])
