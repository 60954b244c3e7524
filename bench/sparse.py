"""Ten million vocabulary IDs: to coordinates and back, counted and grouped by volume and book; rows gathered from a table.

Every contender's first result is reduced to numbers that have to agree; only the work itself is timed after that. Peers
get their input in their own form beforehand, and may use all processors; ours use one. PyTorch is no requirement of the
project; without it, it is absent. `python -m bench.sparse` runs the race.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.contender import Comparison, run

COUNT, SIZE, BASE, PARTS, DEPTH, SEED = 10**7, 10**9, 100, 5, 2, 1
GROUP = BASE ** (PARTS - DEPTH)
TABLE_ROWS, WIDTH, BATCH, BAG = 200_000, 128, 20_000, 20
Call = Callable[[], Sequence[float]]


def ids() -> np.ndarray:
    """Uniform IDs as 64-bit integers."""
    return np.random.default_rng(SEED).integers(0, SIZE, COUNT)


def vocabulary(seed: int | None = None):
    """The plan's digit rule, or the scrambled one."""
    from phextpaper.engine.naming.vocabulary import Vocabulary

    return Vocabulary.of_base(SIZE, BASE, PARTS, seed=seed)


def timed(work: Callable[[], object], numbers: Callable[[object], Sequence[float]]) -> Call:
    """Work whose first result is reduced to numbers, once."""
    proof = [float(number) for number in numbers(work())]

    def call() -> Sequence[float]:
        work()
        return proof

    return call


def column_sums(columns: Sequence[np.ndarray]) -> list[float]:
    """What coordinates are compared by: sums of each part, and of each part by place."""
    place = np.arange(COUNT) % 1009
    return [
        float(number)
        for part in columns
        for number in (np.sum(part, dtype=np.int64), np.dot(np.asarray(part, dtype=np.int64), place))
    ]


def copy_of(make: Callable[[], np.ndarray]) -> Callable[[], Call]:
    """A copy of an array of all IDs or parts into new memory."""

    def prepare() -> Call:
        array = make()
        return timed(array.copy, lambda copied: [COUNT])

    return prepare


def our_coordinates(seed: int | None, *, as_copy: bool) -> Callable[[], Call]:
    """IDs to five parts each, plain or scrambled."""

    def prepare() -> Call:
        rule, numbers = vocabulary(seed), ids()
        rows = rule.coordinates(numbers)
        if not np.array_equal(rule.ids(rows), numbers):
            raise RuntimeError("the IDs do not come back")
        return timed(lambda: rule.coordinates(numbers), lambda rows: [len(rows)] if as_copy else column_sums(rows.T))

    return prepare


def our_ids() -> Call:
    """Five parts each back to IDs."""
    rule = vocabulary()
    rows = rule.coordinates(ids())
    return timed(lambda: rule.ids(rows), lambda found: [len(found)])


def naive_coordinates() -> Call:
    """The expression as one writes it down."""
    numbers = ids()
    return timed(lambda: [numbers // BASE**power % BASE + 1 for power in reversed(range(PARTS))], column_sums)


def polars_coordinates() -> Call:
    """Five expressions, which polars runs side by side."""
    import polars as pl

    frame = pl.DataFrame({"id": ids()})
    parts = [
        (pl.col("id") // BASE**power % BASE + 1).cast(pl.UInt16).alias(str(power)) for power in reversed(range(PARTS))
    ]
    return timed(lambda: frame.select(parts), lambda found: column_sums([column.to_numpy() for column in found]))


def counted(keys: np.ndarray, counts: np.ndarray) -> list[float]:
    """What counts of groups are compared by: how many groups, and the sum of key times count."""
    return [len(keys), float(np.dot(np.asarray(keys, dtype=np.float64), counts))]


def our_counts() -> Call:
    """IDs to counts of all groups."""
    from phextpaper.engine.sparse.request_groups import group_sizes

    rule, numbers = vocabulary(), ids()
    return timed(
        lambda: group_sizes(rule, numbers, DEPTH), lambda sizes: counted(np.flatnonzero(sizes), sizes[sizes > 0])
    )


def duckdb_counts() -> Call:
    """An aggregate over a table of its own."""
    connection = duckdb_table()
    query = f"SELECT id // {GROUP} AS part, count(*) AS many FROM requests GROUP BY part"
    return timed(lambda: connection.execute(query).fetchnumpy(), lambda found: counted(found["part"], found["many"]))


def polars_counts() -> Call:
    """Group by an expression and count."""
    import polars as pl

    frame = pl.DataFrame({"id": ids()})
    return timed(
        lambda: frame.group_by(pl.col("id") // GROUP).len(),
        lambda found: counted(*(column.to_numpy() for column in found)),
    )


def pandas_counts() -> Call:
    """Counts of the values of a series."""
    import pandas as pd

    series = pd.Series(ids())
    return timed(
        lambda: (series // GROUP).value_counts(sort=False),
        lambda found: counted(found.index.to_numpy(), found.to_numpy()),
    )


def numpy_counts() -> Call:
    """Distinct keys with counts."""
    numbers = ids()
    return timed(lambda: np.unique(numbers // GROUP, return_counts=True), lambda found: counted(*found))


def grouped(order: np.ndarray, groups: int) -> list[float]:
    """What partitions are compared by: how many groups, and that keys never fall and requests rise within a group."""
    keys = ids()[order] // GROUP
    within = np.diff(order)[np.diff(keys) == 0]
    if (np.diff(keys) < 0).any() or (within <= 0).any() or len(np.unique(order)) != COUNT:
        raise RuntimeError("that is no partition in order")
    return [groups]


def our_groups() -> Call:
    """The partition as order and starts."""
    from phextpaper.engine.sparse.request_groups import grouped_ids

    rule, numbers = vocabulary(), ids()
    return timed(lambda: grouped_ids(rule, numbers, DEPTH), lambda found: grouped(found.order, len(found)))


def polars_groups() -> Call:
    """Lists of row numbers by group."""
    import polars as pl

    frame = pl.DataFrame({"id": ids()})

    def numbers(found) -> list[float]:
        ordered = found.sort("id")
        return grouped(ordered["row"].explode().to_numpy().astype(np.int64), len(found))

    return timed(lambda: frame.with_row_index("row").group_by(pl.col("id") // GROUP).agg("row"), numbers)


def pandas_groups() -> Call:
    """Row numbers by group."""
    import pandas as pd

    series = pd.Series(ids())

    def numbers(found) -> list[float]:
        return grouped(np.concatenate([found[key] for key in sorted(found)]), len(found))

    return timed(lambda: series.groupby(series // GROUP).indices, numbers)


def duckdb_groups() -> Call:
    """Rows in the order of their groups."""
    connection = duckdb_table()
    query = f"SELECT place FROM requests ORDER BY id // {GROUP}, place"
    return timed(
        lambda: connection.execute(query).fetchnumpy()["place"],
        lambda order: grouped(order, len(np.unique(ids() // GROUP))),
    )


def numpy_groups() -> Call:
    """A stable sort of the keys."""
    numbers = ids()
    return timed(
        lambda: np.argsort(numbers // GROUP, kind="stable"),
        lambda order: grouped(order, len(np.unique(numbers // GROUP))),
    )


def duckdb_table():
    """A connection that holds the IDs and their places in a table."""
    import duckdb
    import pandas as pd

    connection = duckdb.connect()
    connection.register("frame", pd.DataFrame({"id": ids(), "place": np.arange(COUNT)}))
    connection.execute("CREATE TABLE requests AS SELECT * FROM frame")
    return connection


def table_and_rows() -> tuple[np.ndarray, np.ndarray]:
    """A table of 102 MB and batches of row numbers that together ask for ten times as much."""
    rng = np.random.default_rng(SEED)
    return rng.standard_normal((TABLE_ROWS, WIDTH), dtype=np.float32), rng.integers(0, TABLE_ROWS, (100, BATCH))


def next_of(batches: Sequence) -> Callable[[], object]:
    """The next batch on each call, round and round, so that no batch is in a cache because it was just asked for."""
    turn = iter(range(10**12))
    return lambda: batches[next(turn) % len(batches)]


def numpy_take() -> Call:
    """Rows by number, with numpy, on one thread: what the engine's table does."""
    table, rows = table_and_rows()
    batch = next_of(rows)
    return timed(lambda: np.take(table, batch(), axis=0), lambda found: [np.sum(found, dtype=np.float64)])


def torch_select(threads: int) -> Callable[[], Call]:
    """Rows by number, with PyTorch."""

    def prepare() -> Call:
        import torch

        torch.set_num_threads(threads)
        table, rows = table_and_rows()
        weights, batch = torch.from_numpy(table), next_of(torch.from_numpy(rows))
        return timed(
            lambda: torch.index_select(weights, 0, batch()), lambda found: [np.sum(found.numpy(), dtype=np.float64)]
        )

    return prepare


def our_bags() -> Call:
    """Sums of twenty rows each, by a product with a sparse matrix."""
    from scipy.sparse import csr_array

    table, rows = table_and_rows()
    batch, starts, ones = next_of(rows), np.arange(0, BATCH + 1, BAG), np.ones(BATCH, dtype=np.float32)
    shape = (BATCH // BAG, TABLE_ROWS)
    return timed(
        lambda: csr_array((ones, batch(), starts), shape=shape) @ table, lambda found: [np.sum(found, dtype=np.float64)]
    )


def torch_bags(threads: int) -> Callable[[], Call]:
    """Sums of twenty rows each, by an embedding layer."""

    def prepare() -> Call:
        import torch

        torch.set_num_threads(threads)
        table, rows = table_and_rows()
        weights, batch, starts = torch.from_numpy(table), next_of(torch.from_numpy(rows)), torch.arange(0, BATCH, BAG)
        bag = torch.nn.functional.embedding_bag
        return timed(
            lambda: bag(batch(), weights, starts, mode="sum"), lambda found: [np.sum(found.numpy(), dtype=np.float64)]
        )

    return prepare


DATA = f"{COUNT:,} uniform IDs of {SIZE:,}, seed {SEED}"
GROUPS = f"{DATA}, {SIZE // GROUP} groups"
TABLE = f"{TABLE_ROWS:,} rows of {WIDTH} 32-bit floats, batches of {BATCH:,}"
FIVE_COPIES = "aim: no more than 5 times the seconds of the copy"

COMPARISONS = [
    Comparison(
        "coordinates against a copy",
        "IDs to five parts against a copy of the IDs",
        DATA,
        {
            "phextpaper": our_coordinates(None, as_copy=True),
            "phextpaper scrambled": our_coordinates(1, as_copy=True),
            "numpy copy": copy_of(ids),
        },
        aims={"phextpaper": 1 / 5, "phextpaper scrambled": 1 / 5},
        note=FIVE_COPIES,
    ),
    Comparison(
        "ids against a copy",
        "five parts back to IDs against a copy of the parts",
        DATA,
        {"phextpaper": our_ids, "numpy copy": copy_of(lambda: vocabulary().coordinates(ids()).T)},
        aims={"phextpaper": 1 / 5},
        note=FIVE_COPIES,
    ),
    Comparison(
        "coordinates",
        "IDs to five parts of base 100",
        DATA,
        {
            "phextpaper": our_coordinates(None, as_copy=False),
            "polars": polars_coordinates,
            "numpy expression": naive_coordinates,
        },
        aims={"phextpaper": 4},
    ),
    Comparison(
        "counting groups",
        "IDs by volume and book, counted",
        GROUPS,
        {
            "phextpaper": our_counts,
            "duckdb": duckdb_counts,
            "polars": polars_counts,
            "pandas": pandas_counts,
            "numpy unique": numpy_counts,
        },
        aims={"phextpaper": 1},
    ),
    Comparison(
        "grouping",
        "IDs by volume and book, as lists of their places",
        GROUPS,
        {
            "phextpaper": our_groups,
            "polars": polars_groups,
            "pandas": pandas_groups,
            "duckdb order": duckdb_groups,
            "numpy argsort": numpy_groups,
        },
        aims={"phextpaper": 1},
    ),
    Comparison(
        "gather",
        "rows by number",
        TABLE,
        {"phextpaper": numpy_take, "torch one thread": torch_select(1), "torch two threads": torch_select(2)},
        note="ours is numpy's take, on one thread",
    ),
    Comparison(
        "bags",
        f"sums of {BAG} rows each",
        TABLE,
        {"phextpaper": our_bags, "torch one thread": torch_bags(1), "torch two threads": torch_bags(2)},
        note="ours is SciPy's sparse product, on one thread",
    ),
]


if __name__ == "__main__":
    run("bench.sparse", Path(sys.argv[1] if len(sys.argv) > 1 else "build/reports/bench-sparse.json"))
