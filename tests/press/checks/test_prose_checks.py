import inspect

import pytest
from conftest import ABOUT, ROOT

from phextpaper.errors import PageError
from phextpaper.press.checks import prose_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, strip_marks
from phextpaper.study.listings.sparse import coord_to_vocab, vocab_to_coord

HOPS = Quantity("topologies.torus_3d.mean_hops", 12.003, "hops", 2)
RACKS = Quantity("machine.volumes", 16, "volumes", kind="assumed")
GAIN = Quantity("facts.tpu_v4_abstract.perf_vs_tpu_v3", 2.1, "x", 1, kind="cited", origin="jouppi2023, abstract")
CODE = inspect.getsource(vocab_to_coord)
SECTION = f"""# 4 Lookup

We compute a mean of {HOPS} hops for {RACKS} racks. TPU v4 is reported {GAIN} times faster [@jouppi2023; @zu2024]. See Figure 3 and Sections 5 to 6.
So 8.8.8/1.1 stands for 1.1.1/1.8.8/8.1.1.

## 4.1 Embedding problem

| Way | Hops |
|---|---:|
| all | {HOPS} |
| none | 0 |

## 4.2 ID to coordinate

```python
{CODE}```
"""


class Bench:
    """Two artefacts in a folder: `section.md`, that is judged, and `page.md` of a wave that it needs."""

    def __init__(self, folder, machine, section: str, page: str) -> None:
        self.lineage: dict[str, list] = {}
        for path, marked in {"section.md": section, "page.md": page}.items():
            text, prints = strip_marks(marked)
            (folder / ABOUT.output).mkdir(parents=True, exist_ok=True)
            (folder / ABOUT.output / path).write_text(text, encoding="utf-8")
            self.lineage[path] = [[item.line, item.column, item.id, item.text] for item in prints]
        self.q = Quantities(machine, root=ROOT, built=folder, printed=self.lineage.get)
        self.built = Artefacts(self.q, ("section.md",), ("page.md",), {"section.md": self.lineage["section.md"]})


@pytest.fixture
def bench(tmp_path, machine):
    """Makes a bench of a section and a page."""
    places = iter(range(99))
    return lambda section=SECTION, page=f"{HOPS} hops\n\n```python\n{CODE}```\n": Bench(
        tmp_path / str(next(places)), machine, section, page
    )


def test_subsections_are_compared_in_order_without_capitals(bench):
    """The plan's words in small letters match headings with capitals; another order or a missing one does not."""
    built = bench().built
    assert prose_checks.subsections(built, ["4.1 embedding problem", "4.2 ID to coordinate"]).passed
    assert not prose_checks.subsections(built, ["4.2 ID to coordinate", "4.1 embedding problem"]).passed
    assert not prose_checks.subsections(built, ["4.1 embedding problem"]).passed


def test_cited_works_are_counted_once_and_only_if_known(bench):
    """Two works of the bibliography; an unknown one and a second mention add nothing."""
    made = bench(SECTION + "\nAgain [@jouppi2023; @nobody1999].\n")
    assert prose_checks.cites(made.built, made.q, 2).passed and not prose_checks.cites(made.built, made.q, 3).passed


def test_references_are_found_in_lists_too(bench):
    """Figure 3, and Section 6 at the end of a range; Figure 4 and Section 7 are not there."""
    built = bench().built
    assert prose_checks.refers(built, "Figure 3", "Section 6").passed
    verdict = prose_checks.refers(built, "Figure 3", "Figure 4")
    assert not verdict.passed and "Figure 4" in verdict.saw and "Figure 3" not in verdict.saw
    assert not prose_checks.refers(built, "Section 7").passed


def test_a_number_here_is_the_number_there(bench):
    """Equal ids and texts pass; a number that is printed on one side alone, typed, or printed with other digits fails."""
    check = prose_checks.numbers_equal_elsewhere
    assert check(bench().built, "page.md", HOPS.id).passed
    assert not check(bench().built, "page.md", RACKS.id).passed
    assert not check(bench().built, "page.md").passed and not check(bench().built, "page.md", "nowhere.printed").passed
    assert not check(bench(page="12.00 hops\n").built, "page.md", HOPS.id).passed
    other = Quantity(HOPS.id, 12.003, "hops", 3)
    assert not check(bench(page=f"{other} hops\n").built, "page.md", HOPS.id).passed
    assert not check(bench(page=f"{HOPS} or {other} hops\n").built, "page.md", HOPS.id).passed
    with pytest.raises(PageError, match="needs"):
        check(bench().built, "elsewhere.md", HOPS.id)


def test_no_number_is_new(bench):
    """All of the section's numbers have to be printed before."""
    page = f"{HOPS} {RACKS} {GAIN}\n"
    assert prose_checks.numbers_from(bench(page=page).built, ["page.md"]).passed
    verdict = prose_checks.numbers_from(bench(page=f"{HOPS} {GAIN}\n").built, ["page.md"])
    assert not verdict.passed and RACKS.id in verdict.saw and verdict.where == "section.md:3"


def test_printed_code_is_the_listing_and_runs(bench):
    """The source letter by letter, here and elsewhere, with a proof that holds; each breach alone fails."""

    def listed(
        made,
        functions=(vocab_to_coord,),
        proof=lambda code: code("vocab_to_coord", 100) == "1.1.1/2.1",
        elsewhere="page.md",
    ):
        return prose_checks.same_listing(made.built, made.q, functions, proof, elsewhere=elsewhere).passed

    assert listed(bench()) and listed(bench(), elsewhere="")
    assert not listed(bench(), functions=(vocab_to_coord, coord_to_vocab))
    assert not listed(bench(), proof=lambda code: code("vocab_to_coord", 100) == "1.1.1/1.1")
    assert not listed(bench(SECTION.replace("digit + 1", "digit + 2")), proof=lambda code: True)
    assert not listed(bench(page="no code\n")) and listed(bench(page="no code\n"), elsewhere="")


def test_a_reported_result_stands_with_its_citation(bench):
    """In its own sentence; a result that is not printed, or printed without the citation, fails."""
    built = bench().built
    assert prose_checks.reported(built, [GAIN.id], "jouppi2023").passed
    assert not prose_checks.reported(built, [GAIN.id], "dally2004").passed
    assert not prose_checks.reported(built, [GAIN.id, HOPS.id], "jouppi2023").passed
    assert (
        not prose_checks.reported(built, ["facts.x"], "jouppi2023").passed
        and not prose_checks.reported(built, [], "jouppi2023").passed
    )
    assert not prose_checks.reported(
        bench(
            SECTION.replace("racks. TPU", "racks [@jouppi2023]. TPU").replace("[@jouppi2023; @zu2024]", "[@zu2024]")
        ).built,
        [GAIN.id],
        "jouppi2023",
    ).passed


def test_own_results_are_computed_and_say_so(bench):
    """The mean is computed and said to be; the number of racks is chosen; without the word nothing counts."""
    made = bench()
    verdict = prose_checks.own_results(made.built, made.q, 1)
    assert verdict.passed and HOPS.id in verdict.saw and RACKS.id not in verdict.saw
    assert not prose_checks.own_results(made.built, made.q, 2).passed
    silent = bench(SECTION.replace("We compute a mean", "There is a mean"))
    assert not prose_checks.own_results(silent.built, silent.q, 1).passed


def test_what_another_artefact_prints_is_noted_as_read(bench):
    """A change of its lineage is a reason to judge anew."""
    made = bench()
    with made.q.noting() as reads:
        made.built.printed("page.md")
    assert set(reads) == {"printed:page.md"} and not made.q.unchanged(reads)
    made.lineage["page.md"] = []
    assert made.q.unchanged(reads) == "printed:page.md"
