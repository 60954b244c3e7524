"""Wave 5: vocabulary IDs on coordinates, the lookup, its spread, and what sparse rows save."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from phextpaper.engine.naming.coordinates import PART_MAXIMUM
from phextpaper.engine.sparse.sharding import owners
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.printed_code import PrintedCode
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.checks import lookups
from phextpaper.study.listings.sparse import (
    batch_sparse_lookups,
    coord_to_vocab,
    scramble,
    sparse_lookup,
    vocab_to_coord,
)
from phextpaper.study.quantities.layout import chip_name
from phextpaper.study.quantities.sparse import BATCH, EXAMPLES, EXPECTED
from phextpaper.study.vocabularies import coordinate

page = Wave(
    n=5,
    name="SparseCore to sparse phext lookup",
    phase=1,
    minutes=30,
    needs=(3,),
    output=("sparsecore-phext.md",),
    size_kb=(6, 8),
)

HEADS = "Rule|IDs|Volumes max/mean|Books max/mean|Books chi-square|Chips max/mean|Chips without requests"
SPREAD = tuple(HEADS.split("|"))
MEMORY = ("Table", "Rows", "Bytes")
TIMES = ("Comparison", "Times", "Kind")
PLACES = ("Rows pooled", "GB/s a chip, from chips", "Limit", "GB/s a chip, from hosts", "Limit", "Times faster")
EXAMPLE = ("Vocabulary ID", "Coordinate", "Owner")
BATCHES = ("Volume.book", "IDs")
LONGEST = 20


@dataclass(frozen=True)
class Example:
    """A row of the rule's table."""

    id: Quantity
    coordinate: str
    owner: str


@dataclass(frozen=True)
class Batch:
    """A group of the small batch."""

    key: str
    ids: tuple[Quantity, ...]


@dataclass(frozen=True)
class Context:
    """What `sparsecore-phext.md` prints: code, rows, whether books hold enough IDs to tell of chance."""

    to_code: str
    from_code: str
    scramble_code: str
    batch_code: str
    lookup_code: str
    examples: tuple[Example, ...]
    batches: tuple[Batch, ...]
    tells_chance: bool


@page.context
def context(q: Quantities) -> Context:
    """The rule and the lookup as code, their examples, and whether the spread tells of chance."""
    return Context(
        to_code=q.listing(vocab_to_coord),
        from_code=q.listing(coord_to_vocab),
        scramble_code=q.listing(scramble),
        batch_code=q.listing(batch_sparse_lookups),
        lookup_code=q.listing(sparse_lookup),
        examples=tuple(_example(q, which) for which in EXAMPLES),
        batches=tuple(_batches(q)),
        tells_chance=q.sparse.expected_in_book >= EXPECTED,
    )


def _example(q: Quantities, which: str) -> Example:
    id = q.sparse.example[which]
    place = q.node("sparse.vocabulary.plain").coordinates([int(id)])
    owner = chip_name(q, int(owners(place, q.node("layout.machine").shape)[0])).partition("/")[0]
    return Example(id, coordinate(q, id), owner)


def _batches(q: Quantities) -> Iterator[Batch]:
    listed = {int(q.sparse.example_id[name]): q.sparse.example_id[name] for name in BATCH}
    for key, ids in q.node("sparse.example_batches")[1].items():
        yield Batch(".".join(key), tuple(listed[id] for id in ids))


@page.criterion
def hash_specified(built: Artefacts, q: Quantities) -> Verdict:
    """vocab ID -> coordinate is given as a rule and as code; it is deterministic, has an inverse, has no collision over
    the vocabulary, and yields valid phext coordinates (each part at least 1)
    """
    text, size, base = built.markdown(), int(q.machine.ids), int(q.machine.base)
    code, words = PrintedCode(text), lookups.vocabulary(q)
    ids = [id % size for id in (0, 1, base - 1, size - 1, *np.random.default_rng(1).integers(0, size, 2000).tolist())]
    made = [code("vocab_to_coord", id, base) for id in ids]
    wanted = [lookups.short(parts) for parts in words.coordinates(ids).tolist()]
    again = [code("vocab_to_coord", id, base) for id in ids]
    back = [code("coord_to_vocab", coord, base) for coord in made] == ids
    checked = q.sparse.checked.plain
    valid = checked.least >= 1 and checked.most <= PART_MAXIMUM
    return all_of(
        lookups.agree(
            made == wanted == again, "printed code that gives the engine's coordinates, each time", f"{len(ids)} IDs"
        ),
        Verdict(
            back,
            "printed code that takes them back",
            f"{len(ids)} IDs {'come back' if back else 'do not all come back'}",
        ),
        Verdict(
            valid and checked.sampled == checked.returned == checked.distinct,
            "every sampled ID back from a valid coordinate of its own",
            f"{checked.returned.text} of {checked.sampled.text}, {checked.distinct.text} coordinates",
        ),
        checks.cells_equal(text, EXAMPLE, lookups.owned_rows(q, [int(q.sparse.example[which]) for which in EXAMPLES])),
        checks.has(text.section("The rule"), f"{checked.returned.text} come back", "a bijection, not a hash"),
    )


@page.criterion
def distribution(built: Artefacts, q: Quantities) -> Verdict:
    """how evenly IDs fall over volumes and books is measured, for uniform and for Zipf-like IDs, for the plain digit
    rule and for a scrambled one
    """
    text, rule, size = built.markdown().section("The spread"), q.sparse.scramble, int(q.machine.ids)
    ids, code = np.random.default_rng(3).integers(0, size, 500), PrintedCode(built.markdown())
    made = [code("scramble", id, size, int(rule.unit), int(rule.shift)) for id in ids.tolist()]
    wanted = q.node("sparse.vocabulary.scrambled").positions(ids).tolist()
    return all_of(
        checks.cells_equal(text, SPREAD, lookups.spread_rows(q)),
        checks.has(text, f"unit {rule.unit.text} and shift {rule.shift.text}"),
        lookups.agree(made == wanted, "printed code that scrambles as the engine does", f"{len(ids)} IDs"),
    )


@page.criterion
def lookup_pseudocode(built: Artefacts, q: Quantities) -> Verdict:
    """the lookup is at most 20 lines of code, and the printed code is run by the check and returns the right rows"""
    code = PrintedCode(built.markdown())
    right, asked = lookups.looked_up(q, code)
    lines = code.lines("sparse_lookup") or LONGEST + 1
    return all_of(
        Verdict(
            right,
            "rows of the engine's table in the order of the request",
            f"{asked} requests, repeated and absent IDs among them, {'all right' if right else 'some wrong'}",
        ),
        Verdict(lines <= LONGEST, f"at most {LONGEST} lines", f"{lines} lines"),
    )


@page.criterion
def batching_explained(built: Artefacts, q: Quantities) -> Verdict:
    """grouping by volume and book is explained with a computed example"""
    text, s = built.markdown().section("The lookup"), q.sparse
    rows, ids = lookups.batch_rows(q), [int(s.example_id[name]) for name in BATCH]
    made = PrintedCode(built.markdown())("batch_sparse_lookups", ids, 2, int(q.machine.base))
    wanted = [[int(id.replace(",", "")) for id in group.split("; ")] for _, group in rows]
    right = made is not None and sorted(made.values()) == sorted(wanted)
    return all_of(
        checks.cells_equal(text, BATCHES, rows),
        checks.has(text, "Grouped by volume and book", f"{s.hop_reduction.mean.text}"),
        lookups.agree(right, "printed code that groups as the engine does", f"{len(rows)} groups"),
    )


@page.criterion
def speedup(built: Artefacts, q: Quantities) -> Verdict:
    """sparse against dense time is modelled from stated bandwidths and measured on the building machine at a stated
    smaller size; both are set beside the 5x-7x target
    """
    text, target = built.markdown().section("Time"), q.facts.tpu_v4_sparsecore.dlrm0_drop_embeddings_in_cpu_memory
    return all_of(
        checks.cells_equal(text, TIMES, lookups.time_rows(q)),
        checks.cells_equal(text, PLACES, lookups.place_rows(q)),
        checks.has(
            text,
            f"{target.low.text}x to {target.high.text}x",
            f"{q.measured.lookups.rows.text} rows",
            f"{q.lookup_times.network_us.one.text} µs",
        ),
    )


@page.criterion
def memory(built: Artefacts, q: Quantities) -> Verdict:
    """memory for a vocabulary of 1e9 at 0.01 % occupancy is computed: rows, bytes, ratio; the plan's own '1M occupied'
    figure is set beside it
    """
    s, m, text = q.sparse, q.machine, built.markdown().section("Memory")
    count, row = round(m.ids * m.occupancy.si), m.row_values * m.value_bytes
    true = (
        count == s.rows
        and abs(s.dense_gb.si / (m.ids * row) - 1) < 1e-3
        and abs(s.occupied_mb.si / (count * row) - 1) < 1e-3
        and round(m.ids / count) == s.memory_ratio
    )
    return all_of(
        checks.cells_equal(text, MEMORY, lookups.memory_rows(q)),
        checks.has(text, f"{s.memory_ratio.text} times the bytes"),
        Verdict(true, "rows, bytes and ratio as the products give them", "they are" if true else "they are not"),
    )


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """6 to 8 kB"""
    return checks.size(built, page)


@page.review("Is the mapping deterministic and well spread?")
def spread(q: Quantities) -> Answer:
    """Deterministic always; spread as the IDs are."""
    checked = q.sparse.checked.plain
    return Answer(settled=checked.returned == checked.sampled)


@page.review("Does batching reduce hops? (number)")
def hops(q: Quantities) -> Answer:
    """The factor and its interval."""
    return Answer(settled=True)


@page.review("Are the claims realistic? (modelled, measured and cited values side by side)")
def claims(q: Quantities) -> Answer:
    """Three kinds of values."""
    return Answer(settled=True)
