"""The technical review: every check of the assembled paper in five groups, what it compares, what comes out, how bad a failure is."""

from dataclasses import dataclass

from phextpaper.press.quantity import choose, node, number
from phextpaper.study.quantities.layout import EXAMPLES
from phextpaper.study.quantities.recomputed import SHAPES
from phextpaper.study.quantities.review import FIGURES, TABLES
from phextpaper.study.quantities.topologies import kinds

CRITICAL, MAJOR, MINOR = "CRITICAL", "MAJOR", "MINOR"
LEAST_WORKS, MOST_MEAN, MOST_WORDS = 40, 20, 40
NAMES = {"torus_2d": "2D torus", "torus_3d": "3D torus", "twisted": "twisted torus", "hypercube": "hypercube"}
BFS = "networkx, breadth-first search"


@dataclass(frozen=True)
class Check:
    """One check: what was compared, what came out, whether it passed, how bad a failure is. Texts may hold marks."""

    what: str
    compared: str
    result: str
    passed: bool
    failing: str

    @property
    def severity(self) -> str:
        """How bad it is; a dash where it passed."""
        return "-" if self.passed else self.failing


@dataclass(frozen=True)
class Pair:
    """A number of the engine and a second way to it."""

    what: str
    ours: str
    other: str
    method: str
    agrees: bool


def none_of(what: str, compared: str, count, words: str, failing: str) -> Check:
    """A check that passes where a count is nought."""
    return Check(what, compared, f"{count} {words}", count == 0, failing)


def alike(what: str, ours, other, method: str) -> Pair:
    """Two values that have to read alike in the digits that the paper prints."""
    return Pair(what, str(ours), str(other), method, ours.text == other.text)


def inside(what: str, ours, low, high, method: str) -> Pair:
    """A value that has to lie in a simulated interval."""
    return Pair(what, str(ours), f"{low} to {high}", method, low.value <= ours.value <= high.value)


@node("reviewing.pairs")
def pairs(q) -> list[Pair]:
    """Numbers of the engine beside a library or method that the engine does not use."""
    n, published = q.recomputed, q.patterns.published_gain
    found = [
        alike(f"mean hops, {NAMES[kind]}", q.topologies[kind].mean_hops, n.mean_hops[kind], BFS) for kind in kinds(q)
    ]
    found += [
        alike(f"diameter, {NAMES[kind]}", q.topologies[kind].diameter, n.diameter[kind], BFS) for kind in kinds(q)
    ]
    found += [
        alike(
            f"gain of the twist, {'smaller' if shape == 'n4x4x8' else 'larger'} slice",
            published[shape].computed,
            n.twist_gain[shape],
            "networkx, edge betweenness",
        )
        for shape in SHAPES
    ]
    largest = q.keys("search.chips")[-1]
    found += [
        alike(
            "mean hops, largest found graph",
            q.search[largest].graph.mean_hops,
            n.found_hops,
            "SciPy, shortest paths of all pairs",
        ),
        alike(
            "P(no shortage) at the mean days of cover (%)",
            q.faults.no_shortage_at_naive,
            n.no_shortage,
            "SciPy, Poisson distribution",
        ),
        alike(
            "days of cover at the confidence",
            q.faults.cover.chip.cold.assured_days,
            n.cover_days,
            "SciPy, gamma distribution",
        ),
        inside(
            "mean days to the first shortage",
            q.faults.cover.chip.cold.mean_days,
            n.simulated_days.low,
            n.simulated_days.high,
            "simulation",
        ),
        alike(
            "expected goodput of slices (%)",
            q.slices.n1024.h99_0["with"].expected,
            n.slice_goodput,
            "SciPy, binomial distribution",
        ),
        alike(
            "best interval between checkpoints (s)",
            q.recovery.interval.best,
            n.best_interval,
            "SciPy, numerical maximum",
        ),
        inside("groups of a batch", q.batching.expected, n.groups.low, n.groups.high, "simulation"),
        alike("share of the most popular ID (%)", q.sparse.hottest_share, n.hottest, "sum of weights and an integral"),
        alike("carbon ratio", q.energy.carbon_ratio, n.carbon_ratio, "product of published factors"),
        alike("chips with spares", q.layout.total_chips, n.chips, "product of sizes"),
        alike("link ports", q.layout.link_addresses, n.addresses, "product of sizes"),
    ]
    return found


@node("reviewing.groups")
def groups(q) -> dict[str, list[Check]]:
    """All checks, by group."""
    return {
        "Coordinate arithmetic": _coordinates(q),
        "Claims": _claims(q),
        "Algorithms": _algorithms(q),
        "Figures and tables": _exhibits(q),
        "Terminology": _terms(q),
    }


def _coordinates(q) -> list[Check]:
    r, n, layout = q.review, q.recomputed, q.layout
    placed = all(_index(q, end) == layout.example[end]["index"].value for end in EXAMPLES)
    return [
        none_of(
            "coordinates are phext coordinates",
            f"{r.coordinates.with_unit} of the paper, read by the phext package",
            r.unread,
            "read otherwise",
            CRITICAL,
        ),
        none_of(
            "coordinates name places",
            "their parts, with the sizes of machine and vocabulary",
            r.outside,
            "outside",
            CRITICAL,
        ),
        none_of(
            "chip to coordinate",
            f"all {layout.total_chips.with_unit}, with division and remainder",
            n.wrong_places,
            "other",
            CRITICAL,
        ),
        none_of(
            "vocabulary ID to coordinate",
            f"{q.sparse.example_ids.with_unit} of the examples, with repeated division",
            n.wrong_digits,
            "other",
            CRITICAL,
        ),
        Check(
            "number of chips",
            "volumes x books x chapters, spares included",
            f"{layout.total_chips}, {n.chips}",
            layout.total_chips == n.chips,
            CRITICAL,
        ),
        Check(
            "number of link ports",
            "chips x links",
            f"{layout.link_addresses}, {n.addresses}",
            layout.link_addresses == n.addresses,
            CRITICAL,
        ),
        Check(
            "volume of the spares",
            "the first volume after the active ones",
            f"volume {layout.first_spare_volume} after {q.machine.volumes}",
            layout.first_spare_volume == q.machine.volumes + 1,
            MAJOR,
        ),
        Check(
            "places of the examples",
            "rack, unit and chip of each, with its index",
            choose(placed, "all alike", "not all alike"),
            placed,
            CRITICAL,
        ),
    ]


def _index(q, end: str) -> int:
    place, m = q.layout.example[end], q.machine
    return ((place.rack - 1) * int(m.books) + place.unit - 1) * int(m.chapters) + place.chip - 1


def _claims(q) -> list[Check]:
    r, c = q.review, q.claims
    decided = c.reproduced.value + c.corrected.value + c.assumption.value + c.unverifiable.value
    return [
        none_of(
            "numbers are traced",
            f"{r.numbers.with_unit} of the paper, with the quantities that printed them",
            r.untraced,
            "untraced",
            CRITICAL,
        ),
        none_of(
            "numbers are current", "each printed text, with what its quantity says now", r.stale, "other", CRITICAL
        ),
        Check(
            "claims of the plan are decided",
            f"{c.total.with_unit}, with their verdicts",
            f"{c.reproduced}, {c.corrected}, {c.assumption} and {c.unverifiable}",
            decided == c.total.value,
            CRITICAL,
        ),
        none_of(
            "results of TPU v4 in the abstract are reported",
            "each such number, with the citation of its sentence",
            r.first_results,
            "without",
            CRITICAL,
        ),
        none_of(
            "nothing sounds as if hardware had been built",
            "all sentences, with a list of phrases",
            r.hardware,
            "that do",
            CRITICAL,
        ),
        none_of("nothing is praised", "all sentences, with a list of words", r.hype, "that do", MINOR),
        none_of("cited works are known", f"{r.cited.with_unit}, with the bibliography", r.unknown, "unknown", CRITICAL),
        none_of(
            "cited works are listed, listed works cited",
            "citations, with the list of references",
            r.uncited,
            "other",
            MAJOR,
        ),
        Check(
            "enough works are cited", f"at least {q.reviewing.least_works}", str(r.cited), r.cited >= LEAST_WORKS, MINOR
        ),
    ]


def _algorithms(q) -> list[Check]:
    r, n = q.review, q.recomputed
    found = [
        none_of(
            "printed code is the code that runs",
            f"{r.functions.with_unit}, letter by letter",
            r.other_code,
            "other",
            CRITICAL,
        ),
        none_of(
            "routes are shortest",
            "routes of the 3D torus's table drawn by chance, with networkx",
            n.route_misses,
            "longer",
            CRITICAL,
        ),
    ]
    return found + [
        Check(pair.what, f"the engine, with {pair.method}", f"{pair.ours}, {pair.other}", pair.agrees, CRITICAL)
        for pair in q.node("reviewing.pairs")
    ]


def _exhibits(q) -> list[Check]:
    found = []
    for kind, numbers in (("figure", FIGURES), ("table", TABLES)):
        for n in numbers:
            shown, referred = q.review.shown[kind][str(n)], q.review.referred[kind][str(n)]
            found.append(
                Check(
                    f"{kind.capitalize()} {n}",
                    "shown once, and referred to",
                    f"shown {shown} time{choose(shown == 1, '', 's')}, {referred.with_unit}",
                    shown == 1 and referred > 0,
                    MAJOR,
                )
            )
    return [*found, none_of("tables are full", "cells of the numbered tables", q.review.empty_cells, "empty", MINOR)]


def _terms(q) -> list[Check]:
    r = q.review
    return [
        none_of("one term a concept", "all sentences, with the glossary's words to avoid", r.misused, "used", MAJOR),
        none_of(
            "acronyms are spelled out once", "after the abstract, with the glossary", r.respelled, "otherwise", MINOR
        ),
        none_of(
            "references resolve", f"{r.references.with_unit} to sections, figures and tables", r.broken, "broken", MAJOR
        ),
        none_of("sections open with what they show", f"{r.sections.with_unit}", r.unopened, "otherwise", MINOR),
        Check(
            "sentences are short in the mean",
            f"at most {q.reviewing.most_mean} words",
            str(r.mean_words),
            r.mean_words <= MOST_MEAN,
            MINOR,
        ),
        Check(
            "no sentence is long",
            f"at most {q.reviewing.most_words} words",
            str(r.longest),
            r.longest <= MOST_WORDS,
            MINOR,
        ),
        none_of("one spelling", "all paragraphs, with a list of American forms", r.american, "found", MINOR),
    ]


@number("reviewing.least_works", "works", kind="assumed")
def least_works(q):
    """Works that the paper has to cite."""
    return LEAST_WORKS


@number("reviewing.most_mean", "words", kind="assumed")
def most_mean(q):
    """Most words of a sentence in the mean."""
    return MOST_MEAN


@number("reviewing.most_words", "words", kind="assumed")
def most_words(q):
    """Most words of any sentence."""
    return MOST_WORDS


def all_checks(q) -> list[Check]:
    """The checks of all groups."""
    return [check for found in q.node("reviewing.groups").values() for check in found]


@number("reviewing.checks", "checks")
def checks(q):
    """Checks that ran."""
    return len(all_checks(q))


@number("reviewing.passed", "checks")
def passed(q):
    """Checks that passed."""
    return sum(check.passed for check in all_checks(q))


@number("reviewing.open.{}", "checks", each=(CRITICAL, MAJOR, MINOR))
def open_checks(q, severity):
    """Checks that failed, by severity."""
    return sum(check.severity == severity for check in all_checks(q))
