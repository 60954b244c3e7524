"""The law of words: what a reader reads stands in a template, and every number that a template names is one."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from conftest import ROOT
from readers_text import readers_text
from template_chains import Ids, chains, misspelt

from phextpaper.press.quantity import definitions

FOLDERS = ("templates", "phextpaper/press/templates")
TEMPLATES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.j2"))
PAGES = sorted((ROOT / "waves").rglob("w*.py"))
DECLARED = ("machine", "facts", "measured")


@pytest.fixture(scope="module")
def ids(quantities) -> Ids:
    """The ids of all numbers of the plan's machine; intermediate results are none."""
    folder = Path(quantities.paper.subjects)
    found = [id for subject in DECLARED for id in quantities.ids(subject)]
    for subject in sorted(path.stem for path in (ROOT / folder).glob("*.py") if path.stem != "__init__"):
        defined = list(definitions(import_module(".".join((*folder.parts, subject)))))
        nodes, numbers = (
            [_pattern(item.path) for item in defined if (item.unit is None) is node] for node in (True, False)
        )
        names = [id for id in quantities.ids(subject) if _fits(id, numbers) or not _fits(id, nodes)]
        # Of numbers that are there only at times, such as those of a given PDF, one stands for all.
        empty = [pattern.pattern for pattern in numbers if not any(map(pattern.fullmatch, names))]
        found += [*names, *(pattern.replace("\\", "").replace(".+", "-") for pattern in empty)]
    return Ids(found)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\{\}", ".+"))


def _fits(id: str, patterns: list[re.Pattern[str]]) -> bool:
    return any(pattern.fullmatch(id) for pattern in patterns)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_number_that_a_template_names_is_one(path, ids):
    """Each chain from q leads to an id of the plan's machine, in branches too that no machine of ours takes."""
    name = path.relative_to(ROOT)
    assert [f"{name}, {wrong}" for wrong in misspelt(path.read_text(encoding="utf-8"), ids)] == []


KNOWN = Ids(["faults.mtbf_days", "faults.cover.chip.cold.assured_days", "faults.cover.host.cold.assured_days", "m.n5"])


@pytest.mark.parametrize(
    "text",
    [
        "{% if 'chip' in q.faults.cover | list and q.m.n5.text.startswith('a') %}{{ q.m.n5.si }}{% endif %}",
        "{{ q.faults.mtbf_days | unit }}{{ q['faults.mtbf_days'] }}{{ q.faults['mtbf_days'].value }}",
        "{{ q.faults.cover[unit].cold.assured_days }}{{ q.m[row.size] }}",
        "{% set f = q.faults %}{{ f.mtbf_days }}{% macro a(x) %}{{ f.cover.chip.cold.assured_days.text }}{% endmacro %}",
        "{% set f, c = q.faults, q.faults.cover %}{% if f.mtbf_days > c.chip.cold.assured_days %}{% endif %}",
        "{% for unit in q.faults.cover %}{{ q.faults.cover[unit].cold.assured_days | unit }}{% endfor %}",
        "{% for one in (q.faults.cover.chip, q.faults.cover.host) %}{{ one.cold.assured_days }}{% endfor %}",
        "{% if q.m.n5 %}{% set c = q.faults.cover.chip %}{% else %}{% set c = q.faults.cover.host %}{% endif %}"
        "{{ c.cold.assured_days }}",
        "{{ said(q.faults) }}{{ rows.faults.nothing }}{% macro a(q) %}{{ q.nothing }}{% endmacro %}",
    ],
)
def test_chains_that_lead_to_numbers_pass(text):
    """Through names, subscripts, loops, conditions, attributes of a number; what is no chain of ours is no matter."""
    assert misspelt(text, KNOWN) == []


@pytest.mark.parametrize(
    ("text", "line", "near"),
    [
        ("a\n{{ q.faults.mtbf_day }}", 2, "q.faults.mtbf_days"),
        ("{{ q.fault.mtbf_days | unit }}", 1, "q.faults.mtbf_days"),
        ("{% if no %}\n\n{{ q['faults'].mtbf }}{% endif %}", 3, "q.faults.mtbf_days"),
        ("{{ q.faults }}", 1, "q.faults"),
        ("{{ q.faults | unit }}", 1, "q.faults"),
        ("{% set f = q.faults %}\n{{ f.mtbf }}", 2, "q.faults.mtbf_days"),
        ("{% set f, c = q.faults, q.faults.cover %}{{ c.ship.cold.assured_days }}", 1, "q.faults.cover.chip"),
        ("{% macro a() %}{% set f = q.faults %}{{ f.mtbf | unit }}{% endmacro %}", 1, "q.faults.mtbf_days"),
        ("{{ q.faults.covers[unit].cold }}", 1, "q.faults.cover"),
        ("{{ q.faults.cover[unit].cold.assured }}", 1, "q.faults.cover"),
        ("{{ q.faults.cover[unit].cold }}", 1, "q.faults.cover"),
        ("{{ 'a' if q.faults.mtbf > 1 else 'b' }}", 1, "q.faults.mtbf_days"),
        ("{{ rows[q.faults.mtbf] }}", 1, "q.faults.mtbf_days"),
        ("{{ q.faults.mtbf_days.unnit }}", 1, "q.faults.mtbf_days"),
        ("{% for one in (q.faults.cover.chip, q.m) %}{{ one.cold.assured_days }}{% endfor %}", 1, "q."),
        ("{% if q.m.n5 %}{% set c = q.m %}{% else %}{% set c = q.faults %}{% endif %}{{ c.n5 }}", 1, "q.faults"),
        ("{% call a(q.fault) %}{{ q.m.n5 }}{% endcall %}", 1, "q.faults"),
    ],
)
def test_a_misspelt_number_is_found_with_its_line_and_the_nearest_name(text, line, near):
    """In any branch, macro, condition or subscript, also through a name that stands for a part of it."""
    found = misspelt(text, KNOWN)
    assert len(found) == 1 and found[0].startswith(f"line {line}: ") and f"near it: {near}" in found[0], found


def test_templates_name_numbers_by_the_hundred():
    """The finder sees what is there."""
    assert sum(len(list(chains(path.read_text(encoding="utf-8")))) for path in TEMPLATES) > 500


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_writes_nothing_for_readers(path):
    """Rows and decisions in the page, every word in a template."""
    assert [f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in readers_text(path)] == []


PAGE = '''"""A page. It has more words than two."""
from phextpaper.press.quantity import choose, compare
page = Wave(n=1, name="A name of more words", output=("a file of words.md",))
HEADS = ("What it is", "Of which kind")
SAID = {"a": "this is a sentence"}

def helper(q):
    """It helps, with many words."""
    {helper}

@page.context
def context(q):
    """What it prints, in words."""
    raise PageError("nothing can be printed here")
    return Context(helper(q), "key", SAID2)

@page.criterion
def checked(built, q):
    """a sentence of the plan's own"""
    return Verdict(True, "words that a report alone has", f"{q.a.with_unit} of them")
'''


@pytest.mark.parametrize(
    "planted",
    [
        'return "It takes a day."',
        'return f"{q.a.b} chips"',
        "return q.a.b.with_unit",
        'return choose(q.a.b > 1, "many", "one")',
        'return compare(q.a.b, 1, "less", "as many", "more")',
        'return SAID["a"]',
        'return [f"in {each}" for each in q.a]',
    ],
)
def test_a_planted_sentence_is_found(planted, tmp_path):
    """In whatever a context, a writer or an answer reaches."""
    place = tmp_path / "page.py"
    place.write_text(PAGE.replace("{helper}", planted), encoding="utf-8")
    assert list(readers_text(place))


@pytest.mark.parametrize("mark", ["context", 'writes("a.md")', 'review("Is it?")'])
def test_a_sentence_is_found_wherever_a_page_writes(mark, tmp_path):
    """Contexts, writers and answers."""
    place = tmp_path / "page.py"
    page = PAGE.replace("{helper}", 'return "It takes a day."').replace("@page.context", f"@page.{mark}")
    place.write_text(page, encoding="utf-8")
    assert [text for _, text in readers_text(place)] == ["It takes a day."]


def test_what_no_reader_reads_is_let_through(tmp_path):
    """Docstrings, raised errors, the declaration, heads that a check looks for, verdicts, keys."""
    place = tmp_path / "page.py"
    place.write_text(PAGE.replace("{helper}", 'return ("a-key", f"{q.a}-{q.b}")'), encoding="utf-8")
    assert list(readers_text(place)) == []
