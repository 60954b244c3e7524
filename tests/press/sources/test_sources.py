import re
from itertools import pairwise

import networkx
import pytest
from conftest import ROOT

from phextpaper.errors import InputError
from phextpaper.press.sources import plan_graph
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.sources.facts import load_facts
from phextpaper.press.sources.plan import PlannedWave, load_gates, load_seed, load_waves, spans
from phextpaper.study.sources import contradictions
from phextpaper.study.sources.outline import TOPICS, load_concepts, load_outline


def copy(tmp_path, **edits):
    """A project folder with only plan and reference, edited: file to (old, new)."""
    for folder in ("plan", "reference"):
        (tmp_path / folder).mkdir()
        for path in (ROOT / folder).glob("*.*"):
            text = path.read_text(encoding="utf-8")
            old, new = edits.get(path.stem, ("", ""))
            assert old in text
            (tmp_path / folder / path.name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return tmp_path


def test_every_fact_is_cited_from_the_bibliography():
    """Each fact has a source in the bibliography, and none is recalled."""
    keys = set(load_bibliography(ROOT))
    for id, fact in load_facts(ROOT).items():
        assert fact.kind == "cited" and fact.origin.split(",")[0].split(" (")[0] in keys, id
    assert load_facts(ROOT)["facts.tpu_v4_system.ocs_size.low"].value == 136
    assert "secondary" in load_facts(ROOT)["facts.nsdi24.daily_machine_failure"].origin


@pytest.mark.parametrize(
    ("stem", "old", "new", "said"),
    [
        ("facts", 'cite = "jouppi2023"', 'cite = "nobody1999"', "no key of the bibliography"),
        ("facts", "value = 4096", "valeu = 4096", "unknown field valeu"),
        ("facts", "[tpu_v4_abstract]", "[tpu_v4_abstract", "cannot be read"),
        ("bibliography", 'key = "jouppi2020"', 'key = "jouppi2017"', "stands twice"),
        ("bibliography", "year = 2017", "", "lacks year"),
        ("concepts", 'type = "Analogy"', 'type = "Metaphor"', "Metaphor"),
        ("concepts", 'id = "ici_link"', 'id = "ocs"', "stands twice"),
        ("outline", 'topic = "introduction"', 'topic = "weather"', "weather"),
    ],
)
def test_a_wrong_reference_file_is_refused(tmp_path, stem, old, new, said):
    """The message names the file and the entry."""
    root = copy(tmp_path, **{stem: (old, new)})
    with pytest.raises(InputError, match=rf"reference/{stem}\.toml") as caught:
        load_bibliography(root), load_facts(root), load_outline(root), load_concepts(root)
    assert said in str(caught.value)


def test_the_plan_has_forty_waves_in_four_phases():
    """Waves are numbered 1 to 40, needs point back, and each phase has a gate."""
    waves = load_waves(ROOT)
    assert list(waves) == list(range(1, 41))
    assert all(need < n for n, wave in waves.items() for need in wave.needs)
    assert set(load_gates(ROOT)) == {wave.phase for wave in waves.values()}


def test_the_seed_lines_say_what_was_read_from_them():
    """Each line number points at the Dependencies or Blocks line whose numbers were read."""
    lines = (ROOT / "plan" / "seed.md").read_text(encoding="utf-8").splitlines()
    for wave in load_seed(ROOT).values():
        assert lines[wave.depends_line - 1].startswith("**Dependencies:**")
        assert lines[wave.blocks_line - 1].startswith("**Blocks:**")
        for n in wave.depends:
            assert re.search(rf"\b{n}\b", lines[wave.depends_line - 1])
    assert load_seed(ROOT)[8].depends == (4, 5) and load_seed(ROOT)[8].blocks == (19, 20, 21)


def toy(**needs: tuple[int, ...]) -> dict[int, PlannedWave]:
    """Waves of 10, 20, 30 ... minutes with the given needs."""
    return {
        n: PlannedWave(n, f"wave {n}", 1, 10 * n, needs.get(f"w{n}", ()), (f"{n}.md",), "", {}, (), {})
        for n in range(1, len(needs) + 1)
    }


def test_blocks_is_the_transpose_of_needs():
    """A wave blocks exactly the waves that need it."""
    waves = load_waves(ROOT)
    blocked = plan_graph.blocks(waves)
    assert {(a, b) for a in blocked for b in blocked[a]} == {
        (need, n) for n, wave in waves.items() for need in wave.needs
    }


def test_the_critical_path_is_the_longest_of_all_paths():
    """No path of the real plan takes more minutes (second way: networkx on weighted edges)."""
    waves = load_waves(ROOT)
    graph = networkx.DiGraph()
    graph.add_weighted_edges_from((need, n, waves[n].minutes) for n in waves for need in waves[n].needs or (0,))
    path = plan_graph.critical_path(waves)
    assert networkx.dag_longest_path_length(graph) == sum(waves[n].minutes for n in path)
    assert all(a in waves[b].needs for a, b in pairwise(path)) and not waves[path[0]].needs


def test_a_circle_is_seen():
    """Waves that need each other are no acyclic graph."""
    assert plan_graph.is_acyclic(toy(w1=(), w2=(1,), w3=(2,)))
    assert not plan_graph.is_acyclic(toy(w1=(3,), w2=(1,), w3=(2,)))


def test_contradictions_are_what_a_reader_finds_by_hand():
    """Wave 8 depends on Wave 5, whose Blocks line leaves it out; Wave 3's line names Wave 4, which needs it."""
    found = {
        (item.first, item.second, item.kind)
        for item in contradictions.contradictions(load_seed(ROOT), load_waves(ROOT))
    }
    assert (5, 8, contradictions.OMITTED) in found and (3, 4, contradictions.OMITTED) not in found
    seed = load_seed(ROOT)
    for first, second, kind in found:
        needs = seed[second].depends if second in seed else load_waves(ROOT)[second].needs
        assert (second in seed[first].blocks) == (kind == contradictions.CLAIMED)
        assert (first in needs) == (kind == contradictions.OMITTED)


def test_outline_and_concepts_cover_what_the_plan_wants():
    """Every topic has a section, every concept a place that the outline lists."""
    outline = load_outline(ROOT)
    numbers = {section.number for section in outline.section}
    assert {section.topic for section in outline.section} == set(TOPICS)
    assert all(concept.where in numbers for concept in load_concepts(ROOT))
    assert all((concept.type == "N/A") == (concept.equivalent == "no equivalent") for concept in load_concepts(ROOT))


def test_facts_and_outline_agree_on_what_the_paper_has():
    """Each table and figure of the outline that was seen in the facts is cited there."""
    text = (ROOT / "reference" / "facts.toml").read_text(encoding="utf-8")
    outline = load_outline(ROOT)
    for word, short, items in (("Table", "Table ", outline.table), ("Figure", "Fig.", outline.figure)):
        for item in (item for item in items if item.seen == "facts"):
            assert re.search(rf"(?:{re.escape(short)}|{word} ){item.number}\b", text), (word, item.number)


def test_spans_name_every_number_once():
    """Ranges hold exactly the numbers given."""
    assert spans([]) == "" and spans([5]) == "5" and spans([3, 1, 2, 9]) == "1-3, 9"
