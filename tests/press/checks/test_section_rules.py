import pytest
from conftest import ABOUT, ROOT
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.press.checks.section_rules import (
    MEAN_WORDS,
    MOST_WORDS,
    misnumbered,
    plain_prose,
    references_resolve,
    section_of,
    section_paths,
    terms,
)
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.sources.glossary import Term
from phextpaper.press.sources.plan import load_waves

OUTPUTS = [path for wave in load_waves(ROOT).values() for path in wave.output]
GLOSSARY = (
    Term(term="goodput", section=6, definition="The share of time that is kept work.", avoid=("useful throughput",)),
    Term(term="mean time between failures", section=6, acronym="MTBF", definition="How long a chip or a job lasts."),
    Term(term="owner", section=4, ordinary=True, definition="The chip whose memory holds a row."),
    Term(term="chip", section=1, common=True, definition="One accelerator.", avoid=("compute node",)),
)
SIX = """# 6 Fault tolerance

This section shows goodput under failures. A job may fail.

## 6.1 Goodput

*Goodput* is the share of time that ends in work which is kept. A job lasts its *mean time between failures* (MTBF), long or short. The goodput of a chip.
"""
FOUR = (
    "# 4 Lookup\n\nThis section shows an owner. Its owner, the *owner* of a row, is the chip whose memory holds it.\n"
)


def prose(text: str) -> Prose:
    """The prose of a text."""
    return Prose(Markdown(text, "x.md"))


def sentence(words: int) -> str:
    """A sentence of so many words."""
    return "So " + "chips " * (words - 2) + "go."


@given(st.lists(st.integers(3, 60), min_size=1, max_size=12))
def test_plain_prose_bounds_mean_and_longest_sentence(lengths):
    """It passes exactly where the mean is at most 20 words and no sentence has more than 40."""
    verdict = plain_prose(prose(" ".join(map(sentence, lengths))))
    assert verdict.passed == (sum(lengths) / len(lengths) <= MEAN_WORDS and max(lengths) <= MOST_WORDS), verdict
    assert (MEAN_WORDS, MOST_WORDS) == (20, 40)


def test_the_bounds_themselves_are_allowed():
    """Forty words in a sentence and twenty in the mean pass; one word more of either fails."""
    assert plain_prose(prose(" ".join(map(sentence, (40, 3))))).passed is False
    assert (
        plain_prose(prose(" ".join(map(sentence, (40, 3, 17))))).passed
        and not plain_prose(prose(" ".join(map(sentence, (41, 3, 3, 3))))).passed
    )
    assert (
        plain_prose(prose(" ".join(map(sentence, (20, 20))))).passed
        and not plain_prose(prose(" ".join(map(sentence, (20, 21))))).passed
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is novel.", "'novel' in line 3"),
        ("We built a machine.", "claim of hardware"),
        ("- " + "chip " * 41, "41 words in line 3"),
        ("", "no sentence"),
    ],
)
def test_hype_hardware_long_items_and_emptiness_fail(text, said):
    """Each is named with its line."""
    verdict = plain_prose(prose("# Title\n\n" + text + "\n"), ABOUT.study)
    assert not verdict.passed and said in verdict.saw


def test_terms_are_kept_and_defined():
    """The good text passes, as does another section that uses the terms later."""
    assert terms(prose(SIX), 6, GLOSSARY).passed
    assert terms(prose("The goodput and the MTBF of the owner."), 7, GLOSSARY).passed
    assert terms(prose(FOUR), 4, GLOSSARY).passed
    assert terms(
        prose("# 1 Start\n\nThis shows it. A chip is known, and nobody has to define it.\n"), 1, GLOSSARY
    ).passed


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("A job may fail", "A compute node may fail"), "write 'chip', not 'compute node', in line 3"),
        (("The goodput of a chip", "The useful\nthroughput of a chip"), "write 'goodput'"),
        (("A job may fail.", "Its goodput is good."), "'goodput' stands in line 3 before its definition"),
        (("*Goodput*", "Goodput"), "'goodput' stands in line 7 before its definition"),
        (("*Goodput*", "*Goodput* of jobs"), None),
        (
            ("share of time that ends in work which is kept. A job lasts", "bright side of it. All lasts"),
            "shares fewer than two words",
        ),
        ((" (MTBF)", ""), "not followed by (MTBF)"),
        (("*mean time between failures* (MTBF)", "own time"), "'mean time between failures' is to be defined here"),
        (("*mean time between failures* (MTBF)", "MTBF, the *mean time between failures* (MTBF)"), None),
        (
            ("*mean time between failures* (MTBF), long", "MTBF, long"),
            "'mean time between failures' stands in line 7 before",
        ),
    ],
)
def test_each_way_to_break_the_rule_of_terms_is_named(edit, said):
    """Avoided words, terms before their definition, definitions without italics, without telling words, without acronym."""
    assert edit[0] in SIX
    verdict = terms(prose(SIX.replace(*edit)), 6, GLOSSARY)
    assert verdict.passed == (said is None) and (said or "") in verdict.saw, verdict


def test_a_term_may_not_come_before_its_section():
    """Goodput belongs to Section 6; an ordinary word may come early, and the abstract defines nothing."""
    early = terms(prose("The goodput of its owner."), 3, GLOSSARY)
    assert (
        not early.passed
        and "'goodput' in line 1 is defined in Section 6 only" in early.saw
        and "owner" not in early.saw
    )
    assert terms(prose("The goodput of its owner."), 0, GLOSSARY).passed
    assert not terms(prose("The useful throughput."), 0, GLOSSARY).passed


def test_an_ordinary_word_needs_a_definition_but_not_at_once():
    """`Owner` may stand in its everyday sense first; somewhere it is defined, and the telling words may follow in the next sentence."""
    assert terms(
        prose("# 4 Lookup\n\nThis shows it. Its owner is here. An *owner* is this. A chip whose memory is full.\n"),
        4,
        GLOSSARY,
    ).passed
    assert not terms(prose(FOUR.replace("*owner*", "owner")), 4, GLOSSARY).passed


def resolved(text: str, section: int = 3):
    """The verdict on references; Section 5 has one subsection, other sections none."""
    return references_resolve(
        prose(text), section, OUTPUTS, lambda number: ["5 Topology", "5.1 Mappings"] if number == 5 else []
    )


GOOD = "# 3 Architecture\n\nSee Section 5.1, Section 3.2, Sections 1 to 14, Figures 1 to 5 and Tables 1 to 5.\n\n## 3.1 One\n\n### Part\n\n## 3.2 Two\n"


def test_references_to_what_is_planned_resolve():
    """All sections, figures and tables of the plan, own subsections, and those that another section's template has."""
    assert resolved(GOOD).passed
    assert not references_resolve(
        prose(GOOD.replace("Section 3.2", "Figure 3.2")), 3, OUTPUTS, lambda number: [f"{number}.2 Part"]
    ).passed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Sections 1 to 14", "Sections 1 to 15", "Section 15 in line 3 is not planned"),
        ("Figures 1 to 5", "Figure 6", "Figure 6 in line 3 is not planned"),
        ("Tables 1 to 5", "Table 6", "Table 6"),
        ("Section 5.1", "Section 5.2", "Section 5.2 in line 3 has no heading"),
        ("Section 5.1", "Section 4.1", "Section 4.1"),
        ("Section 3.2", "Section 3.3", "Section 3.3"),
        ("Figures 1 to 5", "Figure 1.2", "Figure 1.2"),
        ("# 3 Arch", "# 4 Arch", "line 1: the title begins with 3"),
        ("## 3.2 Two", "## 3.3 Two", "is not numbered 3.2"),
        ("## 3.1 One", "## One", "is not numbered 3.1"),
        ("### Part", "### 3.1.1 Part", "have no number"),
        ("### Part", "# Part", "one heading of the first level"),
        ("# 3 Architecture", "", "one heading of the first level"),
        ("Section 3.2", "Section 0", "Section 0"),
    ],
)
def test_what_does_not_resolve_is_named_with_its_line(old, new, said):
    """References to nothing, and headings out of order."""
    assert old in GOOD
    verdict = resolved(GOOD.replace(old, new, 1))
    assert not verdict.passed and said in verdict.saw, verdict


def test_the_abstract_has_one_heading():
    """`# Abstract` and no parts."""
    assert misnumbered(Markdown("# Abstract\n\nText.\n"), 0) == []
    assert (
        misnumbered(Markdown("# 0 Abstract\n"), 0)
        and misnumbered(Markdown("# Abstract\n\n## 0.1 Part\n"), 0)
        and misnumbered(Markdown("Text.\n"), 0)
    )


def test_sections_are_numbered_by_their_files():
    """Fourteen sections; the abstract has no number to refer to."""
    assert list(section_paths(OUTPUTS)) == list(range(1, 15))
    assert section_of("sections/00-abstract.md") == 0 and section_of("tables/table-1-workloads.md") is None
