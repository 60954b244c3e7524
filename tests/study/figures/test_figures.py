"""The figures on machines of many shapes: right, legible, small; from matplotlib's own extents as well."""

import pytest
from conftest import ROOT
from small_machine import SMALL, changed

from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.collect import collect, load
from phextpaper.press.pipeline.site import Site
from phextpaper.press.pipeline.task import judge, produce
from phextpaper.study.figures import architecture, fault_tolerance, routing, sparsecore, topology
from phextpaper.study.parameters import load_machine

DRAWINGS = {26: architecture, 27: routing, 28: sparsecore, 29: topology, 30: fault_tolerance}

MACHINES = {
    "small": SMALL,
    "odd": changed(chips=343, volumes=7, books=7, chapters=7, block_edge=7, chips_per_host=7),
    "blocks that do not fill": changed(chips=216, volumes=6, books=6, chapters=6, chips_per_host=3),
    "no spares": changed(spare_volumes=0),
    "long": changed(chips=4096, volumes=8, books=16, chapters=32),
    "many racks": changed(chips=8192, volumes=32, books=16, chapters=16, spare_volumes=1),
}


@pytest.fixture(scope="module", params=MACHINES)
def place(request, tmp_path_factory):
    """A machine's quantities, with a folder to build in."""
    folder = tmp_path_factory.mktemp("machine")
    (folder / "machine.toml").write_text(MACHINES[request.param], encoding="utf-8")
    machine = load_machine(folder / "machine.toml")
    return Site(ROOT, folder, folder / "machine.toml"), Quantities(machine, root=ROOT, built=folder)


@pytest.mark.parametrize("n", DRAWINGS)
def test_every_criterion_holds_and_no_labels_touch(place, n):
    """Criteria, named numbers, and the extents that matplotlib measures."""
    site, quantities = place
    wave = load(collect(ROOT)[n], ROOT)
    outputs, lineage = produce(wave, site, quantities)
    for path, data in outputs.items():
        site.output(path).parent.mkdir(parents=True, exist_ok=True)
        site.output(path).write_bytes(data)
    assert set(outputs) == {*wave.output, *wave.also}
    verdicts = judge(wave, site, quantities, lineage)
    assert [entry for entry in verdicts["criteria"] + verdicts["integrity"] if not entry["passed"]] == []
    assert DRAWINGS[n].draw(quantities).overlaps() == []
    printed = Artefacts(quantities, wave.output, (), lineage).printed()
    assert printed and all(quantities[item.id].text == item.text for item in printed)
