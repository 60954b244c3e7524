"""What the tables of sparse lookups must say, row by row, and whether printed code does what the engine does."""

from collections.abc import Sequence

import numpy as np

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.lookup import SparseTable
from phextpaper.engine.sparse.request_groups import grouped_ids
from phextpaper.press.documents.printed_code import PrintedCode
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict
from phextpaper.study.quantities.lookup_times import POOLINGS
from phextpaper.study.quantities.sparse import BATCH, LAWS, RULES

Rows = list[tuple[str, ...]]
LAW_NAMES = {"uniform": "uniform", "zipf": "Zipf"}
WIDTH = 3  # values in a row of the table that the printed lookup is tried on


def vocabulary(q: Quantities) -> Vocabulary:
    """The plain digit rule of this machine, made anew."""
    return Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))


def short(parts: Sequence[int]) -> str:
    """Five parts as the coordinate that they are."""
    volume, book, chapter, section, scroll = parts
    return f"{volume}.{book}.{chapter}/{section}.{scroll}"


def agree(right: bool, wanted: str, what: str) -> Verdict:
    """The verdict on a comparison with the engine: `what` agrees or does not."""
    return Verdict(right, wanted, f"{what} {'agree' if right else 'do not all agree'}")


def owned_rows(q: Quantities, ids: Sequence[int]) -> Rows:
    """ID, coordinate and owner: digits by the engine, and the first three of them folded onto the machine's sizes."""
    sizes = [int(size) for size in (q.machine.volumes, q.machine.books, q.machine.chapters)]
    found = vocabulary(q).coordinates(np.array(ids)).tolist()
    owners = [
        ".".join(str((part - 1) % size + 1) for part, size in zip(parts[:3], sizes, strict=True)) for parts in found
    ]
    return [
        (f"{id:,}" if id >= 10_000 else str(id), short(parts), owner)
        for id, parts, owner in zip(ids, found, owners, strict=True)
    ]


def spread_rows(q: Quantities) -> Rows:
    """How evenly IDs fall, by rule and law."""
    rows: Rows = []
    for rule in RULES:
        for law in LAWS:
            found = q.sparse.balance[rule][law]
            volumes, books, chips = (found[bins].largest_over_mean.text for bins in ("volumes", "books", "chips"))
            rows.append(
                (rule, LAW_NAMES[law], volumes, books, found.books.chi_square.text, chips, found.empty_chips.text)
            )
    return rows


def batch_rows(q: Quantities) -> Rows:
    """The small batch as the engine groups it: volume and book, and the IDs of each group."""
    words, ids = q.node("sparse.vocabulary.plain"), [int(q.sparse.example_id[name]) for name in BATCH]
    found, places = grouped_ids(words, ids, 2), words.coordinates(ids)
    groups = sorted((found.members(group) for group in range(len(found))), key=lambda members: members[0])
    return [
        (
            ".".join(map(str, places[members[0], :2])),
            "; ".join(q.sparse.example_id[BATCH[place]].text for place in members),
        )
        for members in groups
    ]


def time_rows(q: Quantities) -> Rows:
    """Factors of time, and of which kind each is."""
    times, measured = q.lookup_times, q.measured.lookups
    target = q.facts.tpu_v4_sparsecore.dlrm0_drop_embeddings_in_cpu_memory
    pooled = f"{times.pooled.one.text} to {times.pooled.many.text} rows pooled"
    return [
        ("dense scan by all chips over one chip's gather", times.scan_over_gather.text, "modelled"),
        ("dense product by all chips over one chip's gather", times.one_hot_over_gather.one.text, "modelled"),
        ("the same, every chip with a batch, rows spread evenly", times.one_hot_over_gather["all"].text, "modelled"),
        ("scan over gather", measured.scan_over_gather.text, "measured"),
        ("sparse product over gather", measured.csr_product_over_gather.text, "measured"),
        ("dense product over gather of the same rows", measured.one_hot_product_over_gather.text, "measured"),
        (
            "embeddings in CPU memory over SparseCores, DLRM0 as a whole",
            f"{target.low.text} to {target.high.text}",
            "published [@jouppi2023]",
        ),
        (
            f"the same places, lookups alone, {pooled}",
            f"{times.places.one.text} to {times.places.many.text}",
            "modelled",
        ),
    ]


def place_rows(q: Quantities) -> Rows:
    """Rates from the chips of a slice and from the hosts, and what limits each."""
    times = q.lookup_times
    rows: Rows = []
    for which in POOLINGS:
        row = [times.pooled[which].text]
        for where, transport in (("chips", "links"), ("hosts", "link to the host")):
            memory = times.place_bound[where][which] == "memory"
            row += [times.place_rate[where][which].text, "memory" if memory else transport]
        rows.append((*row, times.places[which].text))
    return rows


def memory_rows(q: Quantities) -> Rows:
    """Rows and bytes of the dense table, of what is occupied, and of the plan."""
    s, m = q.sparse, q.machine
    return [
        ("dense, a row for every ID", m.ids.text, f"{s.dense_gb.text} GB"),
        (f"occupied rows, {m.occupancy.text}%", s.rows.text, f"{s.occupied_mb.text} MB"),
        ("keys of the occupied rows", s.rows.text, f"{s.keys_mb.text} MB"),
        ("the plan's figure", s.plan_rows.text, f"{s.plan_mb.text} MB"),
    ]


def looked_up(q: Quantities, code: PrintedCode) -> tuple[bool, int]:
    """Whether the printed lookup returns the engine's rows in the order of the request, and of how many requests."""
    words, base, rng = vocabulary(q), int(q.machine.base), np.random.default_rng(2)
    kept = np.unique(rng.integers(0, words.size, 300))
    values = rng.random((len(kept), WIDTH))
    table = {short(parts): row for parts, row in zip(words.coordinates(kept).tolist(), values.tolist(), strict=True)}
    asked = np.concatenate([rng.choice(kept, 200), rng.integers(0, words.size, 50), rng.choice(kept, 50)])
    rng.shuffle(asked)
    wanted = SparseTable.of_ids(words, kept, values).lookup(asked).tolist()
    return code("sparse_lookup", asked.tolist(), table, WIDTH, base) == wanted, len(asked)
