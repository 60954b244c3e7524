import shutil

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.errors import InputError
from phextpaper.press.sources.glossary import Term, load_glossary, misused, stems, uses
from phextpaper.press.sources.plan import last_section, load_waves

GLOSSARY = load_glossary(ROOT)
GOOD = (
    '[[term]]\nterm = "goodput"\nsection = 6\ndefinition = "The share of time that is kept work."\navoid = ["useful throughput"]\n\n'
    '[[term]]\nterm = "slice"\nsection = 1\ndefinition = "The chips of one job."\n'
)


def written(tmp_path, text: str):
    """A project folder with this glossary, whose plan is ours."""
    shutil.copytree(ROOT / "plan", tmp_path / "plan")
    shutil.copyfile(ROOT / "paper.toml", tmp_path / "paper.toml")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "glossary.toml").write_text(text, encoding="utf-8")
    return tmp_path


def term(name: str, **fields) -> Term:
    """A term with a definition of no matter."""
    return Term(
        term=name,
        section=fields.pop("section", 1),
        definition=fields.pop("definition", "A thing of the machine."),
        **fields,
    )


def test_the_glossary_has_a_term_for_each_concept_of_the_paper():
    """Forty to sixty terms; those that the sections cannot do without are among them, under one name each."""
    names = {term.term for term in GLOSSARY}
    assert 40 <= len(GLOSSARY) <= 60
    assert {
        "phext",
        "phext coordinate",
        "chip",
        "host",
        "block",
        "rack",
        "unit",
        "slice",
        "link",
        "hop",
        "diameter",
        "bisection",
        "throughput",
        "twisted torus",
        "optical circuit switch",
        "routing table",
        "table difference",
        "spare",
        "spare pool",
        "remapping",
        "recovery time",
        "goodput",
        "availability",
        "vocabulary ID",
        "embedding row",
        "coordinate vector",
        "owner",
        "batch",
        "scatter",
        "gather",
        "all-reduce",
        "all-to-all",
        "collective",
        "skew",
        "roofline",
        "operational intensity",
        "Young's interval",
        "Daly's interval",
        "section",
        "chapter",
        "book",
        "volume",
        "scroll",
    } <= names
    assert {"OCS", "PUE", "CO2e", "MTBF", "PBC"} == {term.acronym for term in GLOSSARY if term.acronym}


def test_every_term_belongs_to_a_section_that_the_plan_has():
    """Sections 1 to 14."""
    planned = {
        int(path[9:11]) for wave in load_waves(ROOT).values() for path in wave.output if path.startswith("sections/")
    }
    assert {term.section for term in GLOSSARY} <= planned and max(planned) == last_section(ROOT)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('term = "slice"', 'term = "goodput"', "stands twice"),
        ("section = 6", "section = 15", "15 is no section; the last is 14"),
        ("section = 6", "section = 0", "greater than"),
        ("kept work.", "kept work", "one sentence"),
        ("kept work.", "kept. It is work.", "one sentence"),
        ("The share", "the share", "one sentence"),
        ("kept work", "99 of 100", "no number"),
        ('avoid = ["useful throughput"]', 'avoid = ["slice"]', "is a term"),
        ("The chips of one job", "The useful throughput", "to be avoided for 'goodput'"),
        ("section = 6", "section = 6\nnote = 1", "Extra inputs"),
        ("section = 6", 'section = "6"', "valid integer"),
        ('term = "slice"\n', "", "Field required"),
        ("section = 6", 'section = 6\nforms = ["Slice"]', "stands twice"),
        ("[[term]]", "[[term]", "cannot be read"),
    ],
)
def test_a_wrong_glossary_is_refused(tmp_path, old, new, said):
    """The message names the file and what is wrong."""
    assert len(load_glossary(written(tmp_path, GOOD))) == 2
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(InputError, match=r"reference/glossary\.toml") as caught:
        load_glossary(written(other, GOOD.replace(old, new, 1)))
    assert said in str(caught.value)


@given(st.sampled_from(GLOSSARY), st.sampled_from(["{}", "the {}.", "({})", "{}, and", "'{}'"]))
def test_a_term_is_found_wherever_it_stands(found, frame):
    """Alone and beside any sign; the longest term wins."""
    for spelling in found.spellings:
        text = frame.format(spelling)
        assert [(used.term, text[start:end]) for used, start, end in uses(GLOSSARY, text)] == [(found.term, spelling)]


@given(st.sampled_from([(term, word) for term in GLOSSARY for word in term.avoid]))
def test_a_word_to_avoid_is_found_and_names_what_to_write(pair):
    """Each word of each list, in a sentence; inside another word it does not count."""
    found, word = pair
    assert (found.term, word) in {(term.term, said) for term, said in misused(GLOSSARY, f"It is the {word} of it.")}
    assert not list(misused(GLOSSARY, f"It is the x{word}x of it."))


def test_a_word_to_avoid_inside_a_term_does_not_count():
    """A circuit switch is an optical one, or is called by its whole name."""
    terms = (term("optical circuit switch", acronym="OCS", avoid=("circuit switch", "OCSs")),)
    assert not list(misused(terms, "An optical circuit switch and its OCS."))
    assert [said for _, said in misused(terms, "A circuit\nswitch of OCSs.")] == ["circuit switch", "OCSs"]


def test_capitals_matter_where_the_spelling_has_them():
    """OCS is no ocs; slice is also Slice."""
    terms = (term("optical switch", acronym="OCS"), term("slice"))
    assert [used.term for used, _, _ in uses(terms, "Slices, ocs, OCSes, slice-wise, microslice, sub-slice")] == [
        "slice",
        "optical switch",
        "slice",
    ]


def test_plurals_are_found():
    """An s, or es after a hiss; other plurals are listed as forms."""
    terms = (term("chip"), term("switch"), term("OCS"))
    assert [used.term for used, _, _ in uses(terms, "Chips, switches, OCSes, switchs, chipes, OCSs.")] == [
        "chip",
        "switch",
        "OCS",
    ]


def test_stems_forget_endings_and_small_words():
    """Forms of one word have one stem; articles and short words have none."""
    assert stems("The chips of it") == stems("a chip") == {"chip"}
    assert len(stems("delimiter delimiters delimited")) == 1
