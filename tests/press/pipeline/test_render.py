import gc
import shutil
from dataclasses import dataclass
from weakref import ref

import numpy as np
import pytest
from conftest import ROOT

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.errors import PageError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import check_context, render, words
from phextpaper.press.quantity import Quantity, strip_marks


@dataclass(frozen=True)
class Context:
    """One value for a template."""

    value: object


@pytest.fixture
def site(tmp_path, machine):
    """A folder for templates, and quantities that note what is read from it."""
    (tmp_path / "templates").mkdir()
    shutil.copyfile(ROOT / "paper.toml", tmp_path / "paper.toml")
    return tmp_path, Quantities(machine, root=tmp_path)


def put(site, text, name="page.md.j2"):
    """Write a template."""
    (site[0] / "templates" / name).write_text(text, encoding="utf-8")


def test_a_printed_quantity_is_noted_where_it_stands(site):
    """Line, column, id and text are those of the finished artefact."""
    put(site, "# Head\n\nIt has {{ value | unit }}.\n")
    text, prints = render("page.md.j2", Context(Quantity("a.b", 12345, "links")), *site)
    assert text == "# Head\n\nIt has 12,345 links.\n"
    assert [(item.line, item.column, item.id, item.text) for item in prints] == [(3, 8, "a.b", "12,345")]


@pytest.mark.parametrize("value", [1, 1.5, True, None, np.int64(4), np.float32(0.5), [1], Quantity("a", 2) * 3])
def test_a_bare_value_is_refused_with_the_line(site, value):
    """Only text, quantities and coordinates are printed: an allow-list, so numpy's numbers are refused too."""
    put(site, "one\n{{ value }}\n")
    with pytest.raises(PageError, match=r"templates/page\.md\.j2:2: a bare"):
        render("page.md.j2", Context(value), *site)


@pytest.mark.parametrize("value", ["text", Quantity("a", 2), Coordinate.parse("8.8.8/2.1")])
def test_text_quantities_and_coordinates_are_printed(site, value):
    """What the allow-list names goes through."""
    put(site, "{{ value }}")
    assert render("page.md.j2", Context(value), *site)[0] in ("text", "2", str(Coordinate.parse("8.8.8/2.1")))


def test_a_misspelt_id_is_told_with_the_template_and_its_line(site):
    """The nearest names stand beside it, and no file is named that nobody has."""
    put(site, "one\n\n{{ q.machine.spare_volume }}{{ value }}\n")
    with pytest.raises(PageError, match=r"templates/page\.md\.j2:3: there is no quantity") as caught:
        render("page.md.j2", Context("text"), *site)
    assert "machine.spare_volumes" in str(caught.value) and "machine.py" not in str(caught.value)


def test_arithmetic_in_a_template_is_refused(site):
    """A sum of quantities is a plain number."""
    put(site, "{{ value + 1 }}")
    with pytest.raises(PageError, match="bare int"):
        render("page.md.j2", Context(Quantity("a", 2)), *site)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ other }}", "other"),
        ("{% if value %}", "page.md.j2:1"),
        ("{% include 'gone.j2' %}", "gone.j2"),
        ("{{ value.nothing }}", "nothing"),
    ],
)
def test_a_mistake_in_a_template_names_file_and_cause(site, text, said):
    """Undefined names, syntax errors and missing includes are errors of the page."""
    put(site, text)
    with pytest.raises(PageError, match="templates/") as caught:
        render("page.md.j2", Context("x"), *site)
    assert said in str(caught.value)


def test_a_cut_mark_is_refused(site):
    """Slicing a printed quantity would lose its name."""
    put(site, "{{ (value ~ '')[1:] }}")
    with pytest.raises(PageError, match="cut in two"):
        render("page.md.j2", Context(Quantity("a", 2)), *site)


def test_padding_counts_what_a_reader_sees(site):
    """Marks take no room."""
    put(site, "{{ value | pad(6) }}|")
    assert render("page.md.j2", Context(Quantity("a", 16)), *site)[0] == "16    |"


@pytest.mark.parametrize(
    ("kind", "word"),
    [("computed", "computed"), ("cited", "reported"), ("assumed", "assumed"), ("measured", "measured")],
)
def test_the_word_for_a_number_follows_from_its_kind(site, kind, word):
    """A template prints how a number came about and cannot get it wrong; a text has no kind."""
    put(site, "{{ value }} ({{ value | kind }})")
    assert render("page.md.j2", Context(Quantity("a", 2, kind=kind)), *site)[0] == f"2 ({word})"
    with pytest.raises(PageError, match="only a quantity"):
        render("page.md.j2", Context("two"), *site)


def test_a_cited_number_names_its_work_and_no_other_number_does(site):
    """The key is that of the fact; what was computed, or read in a work that the bibliography lacks, is refused."""
    (site[0] / "reference").mkdir()
    (site[0] / "reference" / "bibliography.toml").write_text(
        '[[bibliography]]\nkey = "known1999"\nauthors = "A"\ntitle = "T"\nvenue = "V"\nyear = 1999\n', encoding="utf-8"
    )
    put(site, "{{ value }} {{ value | cite }}")
    assert (
        render("page.md.j2", Context(Quantity("a", 2, kind="cited", origin="known1999, Table 4")), *site)[0]
        == "2 [@known1999]"
    )
    for wrong in (
        Quantity("a", 2, origin="known1999, Table 4"),
        Quantity("a", 2, kind="cited", origin="other2000, Table 4"),
        Quantity("a", 2, kind="cited", origin="phextpaper/x.py:f"),
        "known1999",
    ):
        with pytest.raises(PageError, match="can be cited"):
            render("page.md.j2", Context(wrong), *site)


def test_context_and_templates_agree_both_ways(site):
    """A field that no template prints, a name that the context lacks, and a mutable context are errors."""
    put(site, "{% include 'part.j2' %}")
    put(site, "{{ value }}", "part.j2")
    check_context(["page.md.j2"], Context("x"), *site)
    put(site, "nothing", "part.j2")
    with pytest.raises(PageError, match="no template prints value"):
        check_context(["page.md.j2"], Context("x"), *site)
    put(site, "{{ value }}{{ more }}", "part.j2")
    with pytest.raises(PageError, match="does not declare more"):
        check_context(["page.md.j2"], Context("x"), *site)
    with pytest.raises(PageError, match="frozen dataclass"):
        check_context(["page.md.j2"], {"value": 1}, *site)


def test_templates_and_includes_are_noted_as_read(site):
    """Each template that took part is a reason to run again."""
    put(site, "{% include 'part.j2' %}")
    put(site, "{{ value }}", "part.j2")
    with site[1].noting() as reads:
        render("page.md.j2", Context("x"), *site)
    assert set(reads) == {"file:templates/page.md.j2", "file:templates/part.j2"}


def test_words_of_a_macro_stand_on_one_line_and_note_what_they_read(site):
    """Its template and what that imports are noted each time, and one that was edited meanwhile is read anew."""
    put(
        site,
        '{% from "part.j2" import part with context %}{% macro said() %}\na  {{ part() }}\n{{ more }}\n{% endmacro %}',
    )
    put(site, "{% macro part() %}{{ q.machine.volumes }}{% endmacro %}", "part.j2")
    for end in ("b", "c"):
        with site[1].noting() as reads:
            assert strip_marks(words(site[1], "page.md.j2", "said", more=end))[0] == f"a 16 {end}"
        assert {"file:templates/page.md.j2", "file:templates/part.j2"} <= set(reads)
    put(site, "{% macro part() %}other{% endmacro %}", "part.j2")
    assert words(site[1], "page.md.j2", "said", more="c") == "a other c"
    with pytest.raises(PageError, match="no macro nothing"):
        words(site[1], "page.md.j2", "nothing")


def test_templates_go_with_their_quantities(site, machine):
    """What was compiled for some quantities does not keep them alive."""
    put(site, "{% macro said() %}a{% endmacro %}")
    quantities = Quantities(machine, root=site[0])
    words(quantities, "page.md.j2", "said")
    gone = ref(quantities)
    del quantities
    gc.collect()
    assert gone() is None
