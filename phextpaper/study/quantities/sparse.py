"""Vocabulary IDs on phext coordinates: the rule, its spread over the machine, what sparse rows save."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse import lookup_costs
from phextpaper.engine.sparse.batch_experiments import Experiment, mean_interval, route_batches
from phextpaper.engine.sparse.sharding import Balance, balance, owners, rows_owned
from phextpaper.engine.sparse.zipf import zipf_ids, zipf_share
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.listings.sparse import batch_sparse_lookups, sparse_lookup
from phextpaper.study.vocabularies import fitted, four_digits, legible, message_sizes, sample, skew

SEED = 5
RULES = ("plain", "scrambled")
LAWS = ("uniform", "zipf")
EXAMPLES = ("first", "l1", "l2", "last")
BATCH = ("i1", "i2", "i3", "i4", "i5", "i6")
BINS = ("volumes", "books", "chips")
DRAWN, SAMPLED, CONFIDENCE = 200_000, 200_000, 0.95
MOST_RUNS, LEAST_RUNS, ROUTED = 20, 3, 2_000_000  # runs of a batch, fewer where more IDs than that would be routed
EXPECTED = 5  # things expected in a bin, below which a chi-square says little


@node("sparse.vocabulary.{}", each=RULES)
def vocabulary(q: Quantities, rule: str) -> Vocabulary:
    """The vocabulary under the plan's digit rule, plain or scrambled by a fixed seed."""
    return Vocabulary.of_base(int(q.machine.ids), int(q.machine.base), seed=SEED if rule == "scrambled" else None)


# ---------------------------------------------------------------------------------------------- the rule
@number("sparse.example.{}", "", each=EXAMPLES)
def example(q: Quantities, which: str) -> int:
    """A vocabulary ID of the rule's table: the first, the plan's example and one of its rotations, the last."""
    if which in ("first", "last"):
        return 0 if which == "first" else int(q.machine.ids) - 1
    return int(q.routing.lookup_id[which])


@number("sparse.capacity", "coordinates", by=Vocabulary.capacity, formula="base ^ parts")
def capacity(q: Quantities) -> int:
    """Coordinates that five parts of the base can name."""
    return q.node("sparse.vocabulary.plain").capacity


@number("sparse.parts", "parts", by=Vocabulary.parts)
def parts(q: Quantities) -> int:
    """Parts of a vocabulary coordinate."""
    return q.node("sparse.vocabulary.plain").parts


@number("sparse.used_share", "%", ".2g", formula="IDs / capacity")
def used_share(q: Quantities) -> float:
    """Share of those coordinates that belong to an ID."""
    return q.machine.ids / q.sparse.capacity


@number("sparse.groups.volumes", "volumes", by=Vocabulary.group_count)
def volumes_used(q: Quantities) -> int:
    """Volumes in which the digit rule puts IDs."""
    return q.node("sparse.vocabulary.plain").group_count(1)


@number("sparse.groups.books", "books", by=Vocabulary.group_count)
def books_used(q: Quantities) -> int:
    """Books in which the digit rule puts IDs: pairs of a volume and a book."""
    return q.node("sparse.vocabulary.plain").group_count(2)


@number("sparse.scramble.{}", "", each=("unit", "shift"))
def scramble(q: Quantities, which: str) -> int:
    """What the scrambled rule multiplies an ID by, and what it adds, modulo the vocabulary."""
    return getattr(q.node("sparse.vocabulary.scrambled").scrambler, which)


@node("sparse.round_trip.{}", each=RULES)
def round_trip(q: Quantities, rule: str) -> dict[str, int]:
    """A sample of IDs, both ends of the range and the borders of volumes among them: which come back, how many
    coordinates, parts.
    """
    words = q.node(f"sparse.vocabulary.{rule}")
    ids = sample(words, SAMPLED, SEED)
    found = words.coordinates(ids)
    return {
        "sampled": len(ids),
        "returned": int((words.ids(found) == ids).sum()),
        "distinct": len(np.unique(words.positions(ids))),
        "least": int(found.min()),
        "most": int(found.max()),
    }


@number(
    "sparse.checked.{}.{}",
    "",
    each=((RULES, ("sampled", "returned", "distinct", "least", "most")),),
    by=Vocabulary.coordinates,
)
def checked(q: Quantities, rule: str, what: str) -> int:
    """IDs sampled, how many of them come back from their coordinate, distinct coordinates, smallest and largest
    part.
    """
    return q.node(f"sparse.round_trip.{rule}")[what]


# ---------------------------------------------------------------------------------------------- the spread
@node("sparse.drawn.{}", each=LAWS)
def drawn(q: Quantities, law: str) -> NDArray[np.int64]:
    """Vocabulary IDs drawn by a fixed seed: all alike, or by Zipf's law with the machine's skew."""
    return zipf_ids(DRAWN, int(q.machine.ids), skew(q, law), seed=SEED)


@number("sparse.drawn_ids", "IDs")
def drawn_ids(q: Quantities) -> int:
    """IDs drawn for each measurement of balance."""
    return DRAWN


@node("sparse.balance_of.{}.{}", each=((RULES, LAWS),))
def balance_of(q: Quantities, rule: str, law: str) -> dict[str, Balance]:
    """Balance over volumes, over books (volume and book together), and over the chips that own the rows."""
    words, ids, shape = (
        q.node(f"sparse.vocabulary.{rule}"),
        q.node(f"sparse.drawn.{law}"),
        q.node("layout.machine").shape,
    )
    found = {}
    for name, depth in (("volumes", 1), ("books", 2)):
        sizes, counts = words.group_sizes(depth)
        shares = np.repeat(sizes, counts) / words.size
        found[name] = balance(words.groups(ids, depth), words.group_count(depth), shares=shares)
    found["chips"] = balance(owners(words.coordinates(ids), shape), int(np.prod(shape)))
    return found


@number("sparse.balance.{}.{}.{}.largest_over_mean", "x", 2, each=((RULES, LAWS, BINS),), by=balance)
def largest_over_mean(q: Quantities, rule: str, law: str, bins: str) -> float:
    """Fullest bin over the mean: one for bins that are all alike."""
    return legible(q.node(f"sparse.balance_of.{rule}.{law}")[bins].largest_over_mean)


@number(
    "sparse.balance.{}.{}.{}.chi_square",
    "",
    2,
    each=((RULES, LAWS, ("volumes", "books")),),
    by=balance,
    formula="chi-square / (bins - 1)",
)
def chi_square(q: Quantities, rule: str, law: str, bins: str) -> float:
    """Chi-square over its degrees of freedom: near one if the counts scatter as chance does, far above it if they do
    not.
    """
    found = q.node(f"sparse.balance_of.{rule}.{law}")[bins]
    return legible(found.chi_square / max(found.bins - 1, 1))


@number("sparse.balance.{}.{}.{}.p_value", "", ".2g", each=((RULES, LAWS, ("volumes", "books")),), by=balance)
def p_value(q: Quantities, rule: str, law: str, bins: str) -> float:
    """Chance of counts at least as uneven if every ID were as likely: it says little where few are expected in a
    bin.
    """
    return q.node(f"sparse.balance_of.{rule}.{law}")[bins].p_value


@number("sparse.expected_in_book", "IDs", 1, formula="IDs drawn / books")
def expected_in_book(q: Quantities) -> float:
    """Drawn IDs that a book would hold if all held as many."""
    return q.sparse.drawn_ids / q.sparse.groups.books


@number("sparse.balance.{}.{}.empty_chips", "chips", each=((RULES, LAWS),), by=balance)
def empty_chips(q: Quantities, rule: str, law: str) -> int:
    """Chips that none of the drawn IDs belongs to."""
    return q.node(f"sparse.balance_of.{rule}.{law}")["chips"].empty


@node("sparse.owned")
def owned(q: Quantities) -> NDArray[np.int64]:
    """How many IDs of the vocabulary each chip owns under the digit rule."""
    return rows_owned(q.node("sparse.vocabulary.plain"), q.node("layout.machine").shape)


@number("sparse.owned_over_mean", "x", 2, by=rows_owned, formula="most IDs of a chip x chips / IDs")
def owned_over_mean(q: Quantities) -> float:
    """IDs that belong to the chip with most of them, over the mean of all chips, under the digit rule."""
    return q.node("sparse.owned").max() * q.layout.active_chips / int(q.machine.ids)


@number("sparse.idle_volumes", "volumes", by=rows_owned)
def idle_volumes(q: Quantities) -> int:
    """Volumes of the machine in which no chip owns a row under the digit rule."""
    by_volume = q.node("sparse.owned").reshape(q.node("layout.machine").volumes, -1).sum(axis=1)
    return int((by_volume == 0).sum())


@number("sparse.fitted_idle", "chips", by=rows_owned)
def fitted_idle(q: Quantities) -> int:
    """Chips that own no row if the first digits take as many values as the machine has volumes, books and chapters."""
    return int((rows_owned(fitted(q), q.node("layout.machine").shape) == 0).sum())


@number("sparse.hottest_share", "%", ".3g", by=zipf_share)
def hottest_share(q: Quantities) -> float:
    """Share of all requests that the most popular ID alone receives under Zipf's law."""
    return zipf_share(0, 1, int(q.machine.ids), float(q.machine.skew))


@number(
    "sparse.floor.{}", "x", ".3g", each=("books", "chips"), by=zipf_share, formula="share of the most popular ID x bins"
)
def floor(q: Quantities, bins: str) -> float:
    """What the fullest bin holds over the mean at the least, whatever the rule, as one ID cannot be divided."""
    return q.sparse.hottest_share.si * (q.sparse.groups.books if bins == "books" else q.layout.active_chips)


# ---------------------------------------------------------------------------------------------- batching, in short
@node("sparse.example_batches")
def example_batches(q: Quantities) -> tuple[list[int], dict[tuple[str, str], list[int]]]:
    """A small batch grouped by volume and book, by the listing that the artefact prints: key to IDs."""
    size, base = int(q.machine.ids), int(q.machine.base)
    first, second = int(q.sparse.example.l1), int(q.sparse.example.l2)
    book = q.node("sparse.vocabulary.plain").group_size(2)
    ids = [first, 5 % size, first ^ 1, second, (first + 12 * book) % size, second ^ 1]
    ids = [id if id < size else id - 1 for id in ids]
    return ids, batch_sparse_lookups(ids, 2, base)


@number("sparse.example_ids", "IDs")
def example_ids(q: Quantities) -> int:
    """IDs of the small batch."""
    return len(q.node("sparse.example_batches")[0])


@number("sparse.example_groups", "groups", by=batch_sparse_lookups)
def example_groups(q: Quantities) -> int:
    """Groups of the small batch."""
    return len(q.node("sparse.example_batches")[1])


@number("sparse.example_id.{}", "", each=BATCH)
def example_id(q: Quantities, place: str) -> int:
    """An ID of the small batch."""
    return q.node("sparse.example_batches")[0][BATCH.index(place)]


@node("sparse.routed")
def routed(q: Quantities) -> Experiment:
    """The machine's batch of uniform IDs, routed over the 3D torus from random chips."""
    m = q.machine
    runs = max(LEAST_RUNS, min(MOST_RUNS, ROUTED // int(m.batch)))
    return route_batches(
        q.node("sparse.vocabulary.plain"),
        q.node("layout.machine").shape,
        int(m.batch),
        0.0,
        message_sizes(q),
        runs=runs,
        seed=SEED,
        confidence=CONFIDENCE,
    )


@number("sparse.hop_reduction.{}", "x", 2, each=("mean", "low", "high"), by=mean_interval)
def hop_reduction(q: Quantities, which: str) -> float:
    """How many times fewer hops requests take if they go by volume and then by book: mean over runs and Student's
    interval.
    """
    return getattr(q.node("sparse.routed").reduction("tree2"), which)


@number("sparse.confidence", "%", whole=True)
def confidence(q: Quantities) -> float:
    """Confidence of that interval."""
    return CONFIDENCE


@number("sparse.runs", "runs")
def runs(q: Quantities) -> int:
    """Batches that were routed, each from a chip of its own."""
    return len(q.node("sparse.routed").runs)


@number("sparse.byte_reduction", "x", 2, by=mean_interval)
def byte_reduction(q: Quantities) -> float:
    """How many times fewer bytes x hops the same batching takes, rows that come back included."""
    return q.node("sparse.routed").reduction("tree2", "byte_hops").mean


# ---------------------------------------------------------------------------------------------- memory
@number("sparse.rows", "rows", by=lookup_costs.occupied_rows, formula="IDs x occupancy")
def rows(q: Quantities) -> int:
    """IDs that have a row."""
    return lookup_costs.occupied_rows(int(q.machine.ids), q.machine.occupancy.si)


@node("sparse.memory")
def memory(q: Quantities) -> lookup_costs.TableMemory:
    """Bytes of the dense and of the sparse table."""
    m = q.machine
    return lookup_costs.table_memory(
        int(m.ids),
        int(q.sparse.rows),
        width=int(m.row_values),
        value_bytes=int(m.value_bytes),
        key_bytes=int(m.id_bytes),
    )


@number("sparse.row_bytes", "bytes", formula="values x bytes of a value")
def row_bytes(q: Quantities) -> int:
    """Bytes of a row."""
    return q.machine.row_values * q.machine.value_bytes


@number("sparse.dense_gb", "GB", ".12g", by=lookup_costs.table_memory, formula="IDs x row bytes")
def dense_gb(q: Quantities) -> float:
    """A table with a row for every ID."""
    return four_digits(q.node("sparse.memory").dense_bytes)


@number("sparse.occupied_mb", "MB", ".12g", by=lookup_costs.table_memory, formula="rows x row bytes")
def occupied_mb(q: Quantities) -> float:
    """The occupied rows alone."""
    return four_digits(q.node("sparse.memory").value_bytes)


@number("sparse.keys_mb", "MB", ".12g", by=lookup_costs.table_memory, formula="rows x bytes of an ID")
def keys_mb(q: Quantities) -> float:
    """What says which rows are occupied."""
    return four_digits(q.node("sparse.memory").key_bytes)


@number("sparse.memory_ratio", "x", by=lookup_costs.TableMemory.value_ratio, formula="dense / occupied rows")
def memory_ratio(q: Quantities) -> int:
    """Dense bytes over the bytes of occupied rows."""
    return round(q.node("sparse.memory").value_ratio)


@number("sparse.memory_ratio_with_keys", "x", by=lookup_costs.TableMemory.ratio, formula="dense / (rows + keys)")
def memory_ratio_with_keys(q: Quantities) -> int:
    """The same with the keys counted."""
    return round(q.node("sparse.memory").ratio)


@number(
    "sparse.chips_for_dense",
    "chips",
    by=lookup_costs.chips_to_hold,
    formula="dense bytes / memory of a chip, rounded up",
)
def chips_for_dense(q: Quantities) -> int:
    """Chips whose memory holds the dense table."""
    return lookup_costs.chips_to_hold(q.node("sparse.memory").dense_bytes, int(q.machine.chip_memory.si))


@number("sparse.plan_rows", "rows", kind="assumed")
def plan_rows(q: Quantities) -> int:
    """Occupied rows as the plan says them (plan/seed.md, line 284)."""
    return 1_000_000


@number("sparse.plan_mb", "MB", ".12g", formula="the plan's rows x row bytes")
def plan_mb(q: Quantities) -> float:
    """Bytes of as many rows as the plan says."""
    return four_digits(q.sparse.plan_rows * q.sparse.row_bytes)


@number("sparse.plan_occupancy", "%", ".12g", formula="the plan's rows / IDs")
def plan_occupancy(q: Quantities) -> float:
    """Share of the vocabulary that so many rows would be."""
    return four_digits(q.sparse.plan_rows / q.machine.ids)


# -------------------------------------------------------------------------------- what the plan's claims are set beside
@number("sparse.lookup_lines", "lines")
def lookup_lines(q: Quantities) -> int:
    """Lines of the printed lookup, its docstring included."""
    return q.listing(sparse_lookup).count("\n")


@number("sparse.needed_millions", "million coordinates", formula="IDs / 1e6")
def needed_millions(q: Quantities) -> int:
    """Coordinates that the vocabulary needs, as no two IDs may share one."""
    return q.machine.ids.value


@number("sparse.capacity_millions", "million coordinates", formula="base ^ parts / 1e6")
def capacity_millions(q: Quantities) -> int:
    """Coordinates that five parts of the base can name."""
    return q.sparse.capacity.value


@number("sparse.plan_volume", "", by=Vocabulary.coordinates)
def plan_volume(q: Quantities) -> int:
    """Volume of the plan's example ID, its first digit raised by one."""
    return int(q.node("sparse.vocabulary.plain").coordinates([int(q.sparse.example.l1)])[0, 0])
