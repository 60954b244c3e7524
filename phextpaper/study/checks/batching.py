"""Batches of lookups: the printed grouping as it runs, and hops counted row by row in plain Python."""

import re
from collections.abc import Callable, Hashable
from typing import cast

import numpy as np

from phextpaper.engine.sparse.batch_experiments import drawn_batch
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.study.listings.sparse import batch_sparse_lookups, vocab_to_coord
from phextpaper.study.quantities.batching import SEED

Place = tuple[int, ...]
Batching = Callable[[list[int], int, int], dict[Hashable, list[int]]]


def printed_batching(text: Markdown) -> Batching:
    """The function `batch_sparse_lookups` that a page prints. Raises KeyError where there is none."""
    found: dict[str, object] = {}
    listed = "\n".join(fence.text for fence in text.fences if fence.language == "python")
    exec(compile("import re\n" + listed, text.name, "exec"), found)
    return cast(Batching, found["batch_sparse_lookups"])


def hops_by_hand(q: Quantities) -> tuple[int, int]:
    """Hops of the first batch: each request on its own, and as a tree by volume and book."""
    shape, base, batch = q.node("layout.machine").shape, int(q.machine.base), int(q.machine.batch)
    ids, asking = drawn_batch(q.node("batching.vocabulary.plain"), shape, batch, 0.0, seed=SEED, run=0)
    start = tuple(int(part) for part in np.unravel_index(asking, shape))

    def hops(here: Place, there: Place) -> int:
        return sum(min((b - a) % length, (a - b) % length) for a, b, length in zip(here, there, shape, strict=True))

    def leader(group: tuple[str, ...]) -> Place:
        return tuple((int(part) - 1) % length for part, length in zip(group, shape, strict=False)) + start[len(group) :]

    owner = {int(id): leader(tuple(re.split("[./]", vocab_to_coord(int(id), base))[:3])) for id in ids}
    books = batch_sparse_lookups(list(owner), 2, base)
    tree = sum(hops(start, leader(volume)) for volume in {book[:1] for book in books})
    tree += sum(
        hops(leader(book[:1]), leader(book)) + sum(hops(leader(book), owner[id]) for id in members)
        for book, members in books.items()
    )
    return sum(hops(start, owner[int(id)]) for id in ids), tree
