import inspect
import math
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from small_pdf import make_pdf

from phextpaper.errors import PageError
from phextpaper.press import kept
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.quantity import Quantity, definitions
from phextpaper.study.parameters import load_machine

OF_THE_PAPER = {"review", "reviewing", "clarity"}  # what they count is an artefact; waves 37 and 38 check them
SUBJECTS = sorted(
    path.stem
    for path in (ROOT / "phextpaper" / "study" / "quantities").glob("*.py")
    if path.stem not in ("__init__", "evaluation") and path.stem not in OF_THE_PAPER
)


def module(subject: str):
    """The module of a subject."""
    return __import__(f"phextpaper.study.quantities.{subject}", fromlist=["_"])


def numbers(q: Quantities, subject: str) -> list[str]:
    """The ids of a subject that are numbers, not intermediate results."""
    return [id for id in q.ids(subject) if q._definition(id)[0].unit is not None]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_number_can_be_computed_and_says_what_it_is(quantities, subject):
    """Each has a doc, an origin that exists, inputs that exist, and a value that prints."""
    code = CodeIndex(ROOT)
    for id in numbers(quantities, subject):
        quantity = quantities[id]
        file, _, name = quantity.origin.partition(":")
        assert quantity.doc and quantity.text != "", id
        assert name in code.facts(file)["lines"], f"{id}: {quantity.origin}"
        assert all(quantities[used].text for used in quantity.uses), id
        assert id not in quantity.uses


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_function_that_is_named_as_origin_really_runs(subject, tmp_path):
    """Whatever `by` names is called while the subject is computed, here for a small machine."""
    machine = load_machine(ROOT / "tests" / "small.toml")
    named = {}
    for definition in definitions(module(subject)):
        if definition.by is not None:
            work = getattr(definition.by, "fget", None) or definition.by
            if hasattr(work, "cache_clear"):
                work.cache_clear()
            named[definition.path] = inspect.unwrap(getattr(work, "func", work))
    called = set()

    def watch(frame, event, _):
        if event == "call":
            called.add(frame.f_code)

    (tmp_path / "paper.pdf").write_bytes(make_pdf("1 INTRODUCTION"))
    q = Quantities(machine, settings={"pdf": str(tmp_path / "paper.pdf")})
    sys.setprofile(watch)
    try:
        ids = numbers(q, subject)
        for id in ids:
            q[id]
    finally:
        sys.setprofile(None)
    missing = [
        path
        for path, work in named.items()
        if not inspect.isclass(work)
        and work.__code__ not in called
        and any(id.startswith(path.split("{")[0]) for id in ids)
    ]
    assert not missing


def test_lineage_is_what_was_read(quantities):
    """A sum's inputs are the numbers that its function asked for, and those of the nodes it used."""
    assert quantities["plan.total_hours"].uses == ("plan.total_minutes",)
    assert set(quantities["layout.rack_share"].uses) == {"layout.chips_per_rack", "layout.active_chips"}
    assert "machine.volumes" in quantities["topologies.torus_3d.mean_hops"].uses


def test_an_unknown_name_is_refused_with_the_nearest(quantities):
    """The message offers names that exist."""
    with pytest.raises(PageError, match=r"layout\.active_chips"):
        quantities["layout.active_chip"]
    with pytest.raises(PageError):
        quantities.weather["rain"]
    with pytest.raises(PageError, match="intermediate"):
        quantities["layout.machine"]


def test_names_below_a_path_are_listed_once_in_order(quantities):
    """Iterating a branch gives its keys."""
    names = list(quantities.topologies)
    assert {"torus_2d", "torus_3d", "twisted", "hypercube"} <= set(names) and len(names) == len(set(names))
    assert list(quantities.scaling.n8192)[:1] == ["chips"]


def test_reads_nest(quantities):
    """A reader inside a reader keeps its own notes, even when both are empty at first."""
    with quantities.noting() as outer:
        with quantities.noting() as inner:
            quantities.get("machine.volumes")
        quantities.get("machine.books")
    assert list(inner) == ["quantity:machine.volumes"] and list(outer) == ["quantity:machine.books"]


def stored(machine, code: CodeIndex, tmp_path: Path, ids: list[str]) -> dict:
    """A store as a build leaves it."""
    q = Quantities(machine, code=code, store={}, scratch=tmp_path)
    for id in ids:
        q[id]
    return q.fresh


def test_a_stored_value_is_used_again_without_its_code(machine, tmp_path, monkeypatch):
    """With an unchanged store nothing is computed; a changed input computes what depends on it, and only that."""
    code = CodeIndex(ROOT)
    store = stored(machine, code, tmp_path, ["layout.rack_share", "plan.total_hours"])
    q = Quantities(machine, code=code, store=store, scratch=tmp_path)
    monkeypatch.setattr(Quantities, "_evaluate", lambda self, id: pytest.fail(f"{id} was computed again"))
    assert q["layout.rack_share"].value == 6.25 and q["plan.total_hours"].uses == ("plan.total_minutes",)


def test_a_changed_parameter_makes_stored_values_stale(machine, tmp_path):
    """A machine with other sizes computes its own numbers from the same store."""
    code = CodeIndex(ROOT)
    store = stored(machine, code, tmp_path, ["layout.rack_share", "plan.total_hours"])
    other = load_machine(ROOT / "params" / "pbc-8192.toml")
    q = Quantities(other, code=code, store=store, scratch=tmp_path)
    assert q["layout.rack_share"].value == 3.125
    q["plan.total_hours"]
    assert "layout.rack_share" in q.fresh["quantities"] and "plan.total_hours" not in q.fresh["quantities"]


def test_changed_code_makes_stored_values_stale(machine, tmp_path):
    """Another digest of the code computes anew."""
    code = CodeIndex(ROOT)
    store = stored(machine, code, tmp_path, ["layout.rack_share"])
    store["quantities"]["layout.rack_share"]["code"] = "another"
    store["quantities"]["layout.rack_share"]["fields"]["value"] = 99.0
    assert Quantities(machine, code=code, store=store)["layout.rack_share"].value == 6.25


def test_a_flipped_bit_of_the_store_is_no_number(machine, tmp_path):
    """What a stored entry says of itself has to agree with its digest; if not, the value is computed anew."""
    code = CodeIndex(ROOT)
    store = stored(machine, code, tmp_path, ["layout.rack_share"])
    store["quantities"]["layout.rack_share"]["fields"]["value"] = 9.25
    assert Quantities(machine, code=code, store=store)["layout.rack_share"].value == 6.25


def test_a_stored_nought_is_a_number(machine, tmp_path, monkeypatch):
    """A value of nought is restored like any other: nothing asks whether a quantity is true."""
    code, id = CodeIndex(ROOT), "plan.claimed_count"
    store = stored(machine, code, tmp_path, [id])
    entry = store["quantities"][id]
    nought = kept.entry(Quantity(id, **(entry["fields"] | {"value": 0})), entry["reads"], entry["code"])
    q = Quantities(machine, code=code, store=store | {"quantities": {id: nought}}, scratch=tmp_path)
    monkeypatch.setattr(Quantities, "_evaluate", lambda self, id: pytest.fail(f"{id} was computed again"))
    assert q[id].value == 0
    with pytest.raises(TypeError, match="no yes or no"):
        bool(q[id])


@pytest.fixture
def dear(tmp_path, monkeypatch):
    """A subject of our own with a dear node, and how often it was computed."""
    import types

    from phextpaper.press.quantity import node, number

    runs = []

    @node("dear.result", keep=True)
    def result(q):
        runs.append(1)
        return {"chips": int(q.machine.chips), "list": [1, 2, 3]}

    @number("dear.chips", "chips")
    def chips(q):
        """Chips, by way of the dear node."""
        return q.node("dear.result")["chips"]

    @number("dear.wait", "ms")
    def wait(q):
        """Seconds without an end."""
        return math.inf

    subject = types.ModuleType("phextpaper.study.quantities.dear")
    for function in (result, chips, wait):
        setattr(subject, function.__name__, function)
        function.__module__ = subject.__name__
    monkeypatch.setitem(sys.modules, subject.__name__, subject)
    root = tmp_path / "root"
    (root / "phextpaper" / "study" / "quantities").mkdir(parents=True)
    (root / "paper.toml").write_bytes((ROOT / "paper.toml").read_bytes())
    (root / "phextpaper" / "study" / "quantities" / "dear.py").write_text("WIDTH = 1\n", encoding="utf-8")
    return root, runs


def test_a_dear_result_is_kept_on_disk_and_read_back(dear, machine, tmp_path):
    """Unchanged code and inputs: no second computation, the same value, the same inputs in its lineage."""
    root, runs = dear
    first = Quantities(machine, root=root, code=CodeIndex(root), store={}, scratch=tmp_path / "nodes")
    assert first["dear.chips"].value == 4096 and runs == [1]
    second = Quantities(
        machine, root=root, code=CodeIndex(root), store={"nodes": first.fresh["nodes"]}, scratch=tmp_path / "nodes"
    )
    assert second.node("dear.result") == first.node("dear.result")
    assert second["dear.chips"].uses == ("machine.chips",) and runs == [1]
    assert not list((tmp_path / "nodes").glob("*.part"))


def test_a_number_that_is_not_finite_is_refused_by_name(dear, machine):
    """The error names the quantity and the function that it came from."""
    root, _ = dear
    with pytest.raises(PageError, match=r"dear\.wait: inf") as caught:
        Quantities(machine, root=root)["dear.wait"]
    assert "phextpaper/study/quantities/dear.py" in str(caught.value)


def test_a_kept_result_is_stale_after_a_change_or_a_damage(dear, machine, tmp_path):
    """Another machine, other code, or a damaged file: it is computed again, and never an old value given."""
    root, runs = dear
    first = Quantities(machine, root=root, code=CodeIndex(root), store={}, scratch=tmp_path / "nodes")
    first.node("dear.result")
    store = {"nodes": first.fresh["nodes"]}
    other = load_machine(ROOT / "params" / "pbc-8192.toml")
    assert (
        Quantities(other, root=root, code=CodeIndex(root), store=store, scratch=tmp_path / "nodes")["dear.chips"].value
        == 8192
        and len(runs) == 2
    )
    (root / "phextpaper" / "study" / "quantities" / "dear.py").write_text("WIDTH = 2\n", encoding="utf-8")
    Quantities(machine, root=root, code=CodeIndex(root), store=store, scratch=tmp_path / "nodes").node("dear.result")
    assert len(runs) == 3
    (root / "phextpaper" / "study" / "quantities" / "dear.py").write_text("WIDTH = 1\n", encoding="utf-8")
    kept = (tmp_path / "nodes" / store["nodes"]["dear.result"]["file"]).read_bytes()
    for damage in (b"", b"no pickle", kept.replace(b"chips", b"chaps")):
        (tmp_path / "nodes" / store["nodes"]["dear.result"]["file"]).write_bytes(damage)
        assert (
            Quantities(machine, root=root, code=CodeIndex(root), store=store, scratch=tmp_path / "nodes")[
                "dear.chips"
            ].value
            == 4096
        )
    assert len(runs) == 6


def test_a_file_that_is_missing_is_noted_too(machine, tmp_path):
    """Its absence is what was read: when it comes, whoever asked for it is stale."""
    q = Quantities(machine, root=tmp_path)
    with q.noting() as reads, pytest.raises(FileNotFoundError):
        q.file("later.md")
    assert not q.unchanged(reads)
    (tmp_path / "later.md").write_text("Here.", encoding="utf-8")
    assert q.unchanged(reads) == "file:later.md"


def test_uses_have_one_order_whatever_was_kept(machine):
    """Alphabetical, so that what comes from the store and what is computed anew look alike."""
    q = Quantities(machine)
    assert all(
        list(q[id].uses) == sorted(q[id].uses)
        for id in ("patterns.together_ms", "layout.rack_share", "routing.chip_update_ms")
    )
