"""Batches worked on by several threads: numpy lets go of the interpreter while it moves and combines arrays."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def dealt(firsts: range, workers: int | None) -> list[range]:
    """Batches dealt out in turn, one hand for each worker, so that each makes its working arrays once."""
    hands = max(1, min(processors() if workers is None else workers, len(firsts)))
    return [firsts[hand::hands] for hand in range(hands)]


def in_order(task: Callable[[Any], Any], batches: Sequence[Any], workers: int | None) -> Iterator[Any]:
    """Results of `task` for each batch, in order, by so many `workers`; None takes one for each processor."""
    workers = min(processors() if workers is None else workers, len(batches))
    if workers <= 1:
        yield from map(task, batches)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(task, batches)
