"""The shipped outline and concepts against the facts, the plan, and each other."""

import re
from pathlib import Path

import pytest
from conftest import ROOT

from phextpaper.errors import InputError
from phextpaper.press.sources.facts import load_facts
from phextpaper.press.sources.plan import load_waves
from phextpaper.study.sources.outline import load_concepts, load_outline


def test_every_place_that_a_fact_cites_is_in_the_outline():
    """Each section, figure and table of the source paper that facts.toml points to stands in the outline."""
    outline = load_outline(ROOT)
    known = (
        {entry.number for entry in outline.section}
        | {f"Figure {e.number}" for e in outline.figure}
        | {f"Table {e.number}" for e in outline.table}
    )
    cited = set()
    for fact in load_facts(ROOT).values():
        key, _, where = fact.origin.partition(", ")
        if key == outline.cite:
            cited |= {
                f"{'Figure' if word == 'Fig.' else 'Table'} {n}"
                for word, n in re.findall(r"(Fig\.|Table)\s?(\d+)", where)
            }
            cited |= set(re.findall(r"(?<![\d.])[1-9](?:\.\d+)?(?![\d.])", re.sub(r"(Fig\.|Table)\s?\d+", "", where)))
    assert len(cited) > 30 and cited <= known, cited - known


def test_the_outline_has_no_gaps():
    """Sections run without a gap on each level, and no number stands twice."""
    outline = load_outline(ROOT)
    numbers = [section.number for section in outline.section]
    assert len(set(numbers)) == len(numbers)
    for parent in ("", *numbers):
        children = [n for n in numbers if n.rpartition(".")[0] == parent]
        assert children == [f"{parent}.{i}".lstrip(".") for i in range(1, len(children) + 1)]
    for exhibits in (outline.figure, outline.table):
        order = [int(exhibit.number) for exhibit in exhibits]
        assert order == sorted(set(order))


def test_concepts_point_at_sections_that_exist():
    """Each concept names a section of the source paper, and sections of ours that the plan has."""
    theirs = {section.number for section in load_outline(ROOT).section}
    files = [path for wave in load_waves(ROOT).values() for path in wave.output]
    ours = {str(int(Path(path).stem[:2])) for path in files if path.startswith("sections/")}
    for concept in load_concepts(ROOT):
        assert concept.where in theirs, concept.id
        assert {concept.section, concept.deep or concept.section} <= ours, concept.id


def test_every_section_of_ours_has_a_concept():
    """Each section of the paper but the abstract and the conclusion, which sum up the others, treats a concept."""
    files = [path for wave in load_waves(ROOT).values() for path in wave.output]
    ours = {str(int(Path(path).stem[:2])) for path in files if path.startswith("sections/")} - {"0", "14"}
    assert {concept.section for concept in load_concepts(ROOT)} == ours


def test_mappings_state_no_amounts():
    """Names, equivalents and notes hold no number beyond names such as TPU v4 and 3D: amounts come from the engine."""
    for concept in load_concepts(ROOT):
        text = re.sub(r"TPU v4|\b[23]D\b", "", f"{concept.name} {concept.equivalent} {concept.note}")
        assert not re.search(r"\d", text), concept.id


def test_energy_is_never_mapped():
    """Text has no watts: every energy concept is N/A, and N/A says that there is no equivalent."""
    for concept in load_concepts(ROOT):
        assert concept.kind != "energy" or concept.type == "N/A"
        assert (concept.type == "N/A") == (concept.equivalent == "no equivalent")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("outline", 'number = "2.1"', 'number = "two"', "section.2.number"),
        ("outline", 'caption = "rows of racks"', 'caption = ""', "figure.2.caption"),
        ("outline", 'seen = "facts"', 'seen = "memory"', "memory"),
        ("concepts", 'terms = ["circulator"]', "terms = []", "terms"),
        ("concepts", 'kind = "energy"', 'kind = "weather"', "weather"),
        ("concepts", 'note = "text has no watts"', 'notes = "text has no watts"', "note"),
        ("concepts", 'name = "Carbon intensity"', 'name = "PUE"', "stands twice"),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path, file, old, new, said):
    """A wrong entry is refused with its file, its place and a remedy."""
    (tmp_path / "reference").mkdir()
    for name in ("outline", "concepts"):
        text = (ROOT / "reference" / f"{name}.toml").read_text(encoding="utf-8")
        assert name != file or old in text
        (tmp_path / "reference" / f"{name}.toml").write_text(
            text.replace(old, new, 1) if name == file else text, encoding="utf-8"
        )
    with pytest.raises(InputError) as caught:
        load_outline(tmp_path), load_concepts(tmp_path)
    assert caught.value.where == f"reference/{file}.toml" and said in caught.value.what and caught.value.remedy
