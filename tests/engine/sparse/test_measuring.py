"""Measuring: what comes back is plain data with sizes and versions; how long things take is nobody's to assert."""

import json
from dataclasses import replace

import numpy as np
import pytest
import scipy

from phextpaper.engine.sparse.measuring import MeasuredSizes, measure
from phextpaper.errors import InputError

SMALL = MeasuredSizes(ids=10**6, base=100, rows=3000, width=8, batch=100, one_hot_rows=500)


def test_a_measurement_is_plain_data():
    """It survives JSON, names its sizes and versions, and holds positive times whose ratios are those of the medians."""
    found = measure(SMALL, rounds=3, seed=1)
    assert json.loads(json.dumps(found)) == found
    seconds = found["seconds"]
    assert (
        set(seconds)
        == {"gather", "lookup", "csr_product", "scan", "small_gather", "one_hot_product"}
        == set(found["spread"])
    )
    assert all(taken > 0 for taken in seconds.values()) and all(spread >= 1 for spread in found["spread"].values())
    assert found["ratios"]["scan"] == seconds["scan"] / seconds["gather"]
    assert found["ratios"]["one_hot_product"] == seconds["one_hot_product"] / seconds["small_gather"]
    assert found["sizes"] == {
        "ids": 10**6,
        "rows": 3000,
        "width": 8,
        "value_bytes": 4,
        "batch": 100,
        "one_hot_rows": 500,
        "table_bytes": 3000 * 8 * 4,
    }
    assert (found["rounds"], found["seed"]) == (3, 1)
    assert (found["versions"]["numpy"], found["versions"]["scipy"]) == (np.__version__, scipy.__version__)


@pytest.mark.parametrize(
    "call",
    [
        lambda: replace(SMALL, ids=10, rows=11),
        lambda: replace(SMALL, rows=10, batch=11),
        lambda: replace(SMALL, rows=10_000, one_hot_rows=10_001),
        lambda: measure(SMALL, rounds=0, seed=1),
    ],
    ids=range(4),
)
def test_impossible_sizes_are_refused(call):
    """More rows than IDs, larger batches than tables and no rounds raise an InputError."""
    with pytest.raises(InputError):
        call()
