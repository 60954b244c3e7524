"""What this machine takes to look rows up: gather, CSR product, one-hot product, and a scan of the whole table.

All four are timed on one table that is larger than the caches, in turn, round after round. The first round warms up,
and of the others the median is kept. The dense one-hot product is timed on a smaller table, since its matrix grows with
the table. Nothing in a build calls this: times depend on the machine and the day.
"""

import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.lookup import SparseTable

_BATCHES = 1000


@dataclass(frozen=True)
class MeasuredSizes:
    """Sizes of what is timed: a sparse table, a batch, a smaller table.

    The table has `rows` rows of `width` 32-bit floats, of a vocabulary of `ids` IDs on digits of one `base`. A batch
    asks for `batch` rows. The one-hot product multiplies a matrix (`batch`, `one_hot_rows`) with the first
    `one_hot_rows` rows. Raises `InputError` for sizes that are not whole numbers above 0, or larger than what they are
    taken from.
    """

    ids: int
    base: int
    rows: int
    width: int
    batch: int
    one_hot_rows: int

    def __post_init__(self) -> None:
        whole_number("rows", self.rows, 1, min(self.ids, 10**8))
        whole_number("width", self.width, 1, 10**6)
        whole_number("batch", self.batch, 1, self.rows)
        whole_number("one_hot_rows", self.one_hot_rows, 1, self.rows)

    @property
    def table_bytes(self) -> int:
        """Bytes of the table's values."""
        return self.rows * self.width * 4


def measure(size: MeasuredSizes, *, rounds: int, seed: int) -> dict[str, Any]:
    """Time lookups on this machine: plain data, ready to be written.

    Returns `seconds` (median a call, by name), `spread` (largest over smallest round), `ratios` to the gather, `sizes`,
    `rounds`, `seed` and `versions`. Names: `gather` of rows by number, `lookup` by ID with repeated ones, order and
    zeros, `csr_product` of a sparse one-hot matrix with the table, `scan` of the whole table, and on the smaller table
    `one_hot_product` and `small_gather` of the same rows. Every way is checked to give the same rows before it is
    timed. Raises `InputError` for no rounds.
    """
    whole_number("rounds", rounds, 1, 10**4)
    calls = _calls(size, seed)
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    turns = dict.fromkeys(calls, 0)
    for number in range(rounds + 1):
        for name, call in calls.items():
            taken, done = _seconds(call, turns[name])
            turns[name] += done
            if number:
                seconds[name].append(taken)
    median = {name: statistics.median(taken) for name, taken in seconds.items()}
    return {
        "seconds": median,
        "spread": {name: max(taken) / min(taken) for name, taken in seconds.items()},
        "ratios": {
            "scan": median["scan"] / median["gather"],
            "csr_product": median["csr_product"] / median["gather"],
            "lookup": median["lookup"] / median["gather"],
            "one_hot_product": median["one_hot_product"] / median["small_gather"],
        },
        "sizes": {
            "ids": size.ids,
            "rows": size.rows,
            "width": size.width,
            "value_bytes": 4,
            "batch": size.batch,
            "one_hot_rows": size.one_hot_rows,
            "table_bytes": size.table_bytes,
        },
        "rounds": rounds,
        "seed": seed,
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": metadata.version("scipy")},
    }


def _calls(size: MeasuredSizes, seed: int) -> dict[str, Callable[[int], object]]:
    """What is timed, by name: functions of the number of the call, which takes the next of many batches.

    The batches together ask for more bytes than the table has, so that no row is in a cache because it was just asked
    for.
    """
    from scipy.sparse import csr_array

    rng = np.random.default_rng(seed)
    vocabulary = Vocabulary.of_base(size.ids, size.base, seed=seed)
    table = SparseTable.random(vocabulary, size.rows, size.width, seed=seed)
    count = min(-(-2 * size.rows // size.batch), _BATCHES)
    rows = rng.integers(0, size.rows, (count, size.batch))
    few = rng.integers(0, size.one_hot_rows, (count, size.batch))
    ids = [vocabulary.at_positions(table.positions[batch]) for batch in rows]
    ones, places = np.ones(size.batch, dtype=np.float32), np.arange(size.batch)
    sparse = [csr_array((ones, (places, batch)), shape=(size.batch, size.rows)) for batch in rows]
    small = np.ascontiguousarray(table.values[: size.one_hot_rows])
    one_hot = np.zeros((size.batch, size.one_hot_rows), dtype=np.float32)
    one_hot[places, few[0]] = 1.0
    weights = np.ones(size.rows, dtype=np.float32)
    wanted = table.values[rows[0]]
    found = (table.lookup(ids[0]), sparse[0] @ table.values, one_hot @ small - small[few[0]] + wanted)
    if not all(np.allclose(one, wanted) for one in found):
        raise ArithmeticError("the ways of looking rows up disagree")
    return {
        "gather": lambda turn: np.take(table.values, rows[turn % count], axis=0),
        "lookup": lambda turn: table.lookup(ids[turn % count]),
        "csr_product": lambda turn: sparse[turn % count] @ table.values,
        "scan": lambda _: weights @ table.values,
        "small_gather": lambda turn: np.take(small, few[turn % count], axis=0),
        "one_hot_product": lambda _: one_hot @ small,
    }


def _seconds(call: Callable[[int], object], turn: int, *, least: float = 0.005) -> tuple[float, int]:
    """Seconds of one call, repeated from that turn on until a clock can read them; and how often."""
    calls, started = 0, time.perf_counter()
    while True:
        call(turn + calls)
        calls += 1
        taken = time.perf_counter() - started
        if taken >= least:
            return taken / calls, calls
