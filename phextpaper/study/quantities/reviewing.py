"""The technical review: every check of the assembled paper in five groups, with what came out and how bad a failure is.

What a check compares is said in ``templates/words/reviewing.j2``, a macro a check.
"""

from dataclasses import dataclass
from typing import cast

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Quantity, node, number
from phextpaper.study.quantities.layout import EXAMPLES
from phextpaper.study.quantities.recomputed import SHAPES
from phextpaper.study.quantities.review import FIGURES, TABLES
from phextpaper.study.quantities.topologies import kinds

CRITICAL, MAJOR, MINOR = "CRITICAL", "MAJOR", "MINOR"
LEAST_WORKS, MOST_MEAN, MOST_WORDS = 40, 20, 40
WORDS = "words/reviewing.j2"


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


def check(q: Quantities, name: str, passed: bool, failing: str, **rows: object) -> Check:
    """A check with its words, which see each of `rows` by its name."""
    what, compared, result = _cells(q, name, **rows)
    return Check(what, compared, result, passed, failing)


def none_of(q: Quantities, name: str, count: Quantity, failing: str) -> Check:
    """A check that passes where a count is nought."""
    return check(q, name, count == 0, failing, count=count)


def alike(q: Quantities, name: str, ours: Quantity, other: Quantity, **rows: object) -> Pair:
    """Two values that have to read alike in the digits that the paper prints."""
    what, method = _cells(q, name, **rows)
    return Pair(what, str(ours), str(other), method, ours.text == other.text)


def inside(q: Quantities, name: str, ours: Quantity, low: Quantity, high: Quantity) -> Pair:
    """A value that has to lie in a simulated interval."""
    what, method = _cells(q, name)
    interval = words(q, WORDS, "interval", low=low, high=high)
    return Pair(what, str(ours), interval, method, low <= ours <= high)


def _cells(q: Quantities, name: str, **rows: object) -> list[str]:
    return [cell.strip() for cell in words(q, WORDS, name, **rows).split("|")]


@node("reviewing.pairs")
def pairs(q: Quantities) -> list[Pair]:
    """Numbers of the engine beside a library or method that the engine does not use."""
    n, published = q.recomputed, q.patterns.published_gain
    largest = q.keys("search.chips")[-1]
    return [
        *(alike(q, "mean_hops", q.topologies[kind].mean_hops, n.mean_hops[kind], kind=kind) for kind in kinds(q)),
        *(alike(q, "diameter", q.topologies[kind].diameter, n.diameter[kind], kind=kind) for kind in kinds(q)),
        *(alike(q, "twist_gain", published[shape].computed, n.twist_gain[shape], shape=shape) for shape in SHAPES),
        alike(q, "found_hops", q.search[largest].graph.mean_hops, n.found_hops),
        alike(q, "no_shortage", q.faults.no_shortage_at_naive, n.no_shortage),
        alike(q, "cover_days", q.faults.cover.chip.cold.assured_days, n.cover_days),
        inside(q, "shortage_days", q.faults.cover.chip.cold.mean_days, n.simulated_days.low, n.simulated_days.high),
        alike(q, "slice_goodput", q.slices.n1024.h99_0["with"].expected, n.slice_goodput),
        alike(q, "best_interval", q.recovery.interval.best, n.best_interval),
        inside(q, "groups", q.batching.expected, n.groups.low, n.groups.high),
        alike(q, "hottest", q.sparse.hottest_share, n.hottest),
        alike(q, "carbon_ratio", q.energy.carbon_ratio, n.carbon_ratio),
        alike(q, "chips", q.layout.total_chips, n.chips),
        alike(q, "ports", q.layout.link_addresses, n.addresses),
    ]


@node("reviewing.groups")
def groups(q: Quantities) -> dict[str, list[Check]]:
    """All checks, by the title of their group."""
    found = {
        "coordinates": _coordinates(q),
        "claims": _claims(q),
        "algorithms": _algorithms(q),
        "exhibits": _exhibits(q),
        "terms": _terms(q),
    }
    return {words(q, WORDS, "title", group=group): checks for group, checks in found.items()}


def _coordinates(q: Quantities) -> list[Check]:
    r, n, layout, volumes = q.review, q.recomputed, q.layout, q.machine.volumes
    placed = all(_index(q, end) == layout.example[end]["index"] for end in EXAMPLES)
    chips, ports, spare = layout.total_chips, layout.link_addresses, layout.first_spare_volume
    return [
        none_of(q, "read_as_coordinates", r.unread, CRITICAL),
        none_of(q, "name_places", r.outside, CRITICAL),
        none_of(q, "chips_placed", n.wrong_places, CRITICAL),
        none_of(q, "ids_placed", n.wrong_digits, CRITICAL),
        check(q, "number_of_chips", chips == n.chips, CRITICAL, ours=chips, other=n.chips),
        check(q, "number_of_ports", ports == n.addresses, CRITICAL, ours=ports, other=n.addresses),
        check(q, "volume_of_spares", spare == volumes + 1, MAJOR, spare=spare, volumes=volumes),
        check(q, "examples_placed", placed, CRITICAL, placed=placed),
    ]


def _index(q: Quantities, end: str) -> int:
    place, m = q.layout.example[end], q.machine
    return ((int(place.rack) - 1) * int(m.books) + int(place.unit) - 1) * int(m.chapters) + int(place.chip) - 1


def _claims(q: Quantities) -> list[Check]:
    r = q.review
    verdicts = {kind: q.claims[kind] for kind in ("reproduced", "corrected", "assumption", "unverifiable")}
    decided = sum(int(count) for count in verdicts.values())
    enough, least = r.cited >= LEAST_WORKS, q.reviewing.least_works
    return [
        none_of(q, "traced", r.untraced, CRITICAL),
        none_of(q, "current", r.stale, CRITICAL),
        check(q, "decided", decided == q.claims.total, CRITICAL, **verdicts),
        none_of(q, "abstract_cites", r.first_results, CRITICAL),
        none_of(q, "no_hardware", r.hardware, CRITICAL),
        none_of(q, "no_praise", r.hype, MINOR),
        none_of(q, "works_known", r.unknown, CRITICAL),
        none_of(q, "works_listed", r.uncited, MAJOR),
        check(q, "works_enough", enough, MINOR, least=least, cited=r.cited),
    ]


def _algorithms(q: Quantities) -> list[Check]:
    return [
        none_of(q, "code_runs", q.review.other_code, CRITICAL),
        none_of(q, "routes_shortest", q.recomputed.route_misses, CRITICAL),
        *(
            check(
                q,
                "second_way",
                pair.agrees,
                CRITICAL,
                what=pair.what,
                method=pair.method,
                ours=pair.ours,
                other=pair.other,
            )
            for pair in cast(list[Pair], q.node("reviewing.pairs"))
        ),
    ]


def _exhibits(q: Quantities) -> list[Check]:
    found = []
    for kind, numbers in (("figure", FIGURES), ("table", TABLES)):
        for n in map(str, numbers):
            shown, referred = q.review.shown[kind][n], q.review.referred[kind][n]
            passed = shown == 1 and referred > 0
            rows = {"kind": kind, "number": n, "shown": shown, "referred": referred}
            found.append(check(q, "exhibit", passed, MAJOR, **rows))
    return [*found, none_of(q, "tables_full", q.review.empty_cells, MINOR)]


def _terms(q: Quantities) -> list[Check]:
    r, limits = q.review, q.reviewing
    short, brief = r.mean_words <= MOST_MEAN, r.longest <= MOST_WORDS
    return [
        none_of(q, "one_term", r.misused, MAJOR),
        none_of(q, "acronyms_once", r.respelled, MINOR),
        none_of(q, "references_resolve", r.broken, MAJOR),
        none_of(q, "sections_open", r.unopened, MINOR),
        check(q, "short_in_the_mean", short, MINOR, most=limits.most_mean, found=r.mean_words),
        check(q, "none_long", brief, MINOR, most=limits.most_words, found=r.longest),
        none_of(q, "one_spelling", r.american, MINOR),
    ]


@number("reviewing.least_works", "works", kind="assumed")
def least_works(q: Quantities) -> int:
    """Works that the paper has to cite."""
    return LEAST_WORKS


@number("reviewing.most_mean", "words", kind="assumed")
def most_mean(q: Quantities) -> int:
    """Most words of a sentence in the mean."""
    return MOST_MEAN


@number("reviewing.most_words", "words", kind="assumed")
def most_words(q: Quantities) -> int:
    """Most words of any sentence."""
    return MOST_WORDS


def all_checks(q: Quantities) -> list[Check]:
    """The checks of all groups."""
    return [check for found in cast(dict[str, list[Check]], q.node("reviewing.groups")).values() for check in found]


@number("reviewing.checks", "checks")
def checks(q: Quantities) -> int:
    """Checks that ran."""
    return len(all_checks(q))


@number("reviewing.passed", "checks")
def passed(q: Quantities) -> int:
    """Checks that passed."""
    return sum(check.passed for check in all_checks(q))


@number("reviewing.open.{}", "checks", each=(CRITICAL, MAJOR, MINOR))
def open_checks(q: Quantities, severity: str) -> int:
    """Checks that failed, by severity."""
    return sum(check.severity == severity for check in all_checks(q))
