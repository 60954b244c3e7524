"""Wave 15: Section 4, rows of an embedding table on coordinates: owners, spread, batches, what a lookup is worth."""

from dataclasses import dataclass

import numpy as np

from phextpaper.engine.sparse.lookup import SparseTable
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict, Wave
from phextpaper.study.checks.lookups import short, vocabulary
from phextpaper.study.listings.sparse import batch_sparse_lookups, sparse_lookup, vocab_to_coord
from phextpaper.study.quantities.claims import as_planned
from phextpaper.study.vocabularies import coordinate

page = Wave(
    n=15,
    name="SparseCore",
    phase=2,
    minutes=30,
    needs=(5, 9, 13),
    output=("sections/04-sparsecore.md",),
    words=(900, 1300),
)

PARTS = (
    "4.1 The embedding problem",
    "4.2 From vocabulary ID to coordinate",
    "4.3 The lookup",
    "4.4 Batching",
    "4.5 Performance",
)
TIMES = ("Comparison", "Times", "Kind")


@dataclass(frozen=True)
class Context:
    """What `04-sparsecore.md` prints besides numbers by their ids: code, an example, and which sentences hold."""

    to_code: str
    batch_code: str
    lookup_code: str
    example_coordinate: str
    planned_occupancy: bool
    planned_digits: bool
    planned_batch: bool
    flat_from: str
    tree_until: str
    """Sizes of the sweep beside this batch: from which on one message to each owner saves more than the tree, up to
    which the tree saves more; empty where there is none.
    """


@page.context
def context(q: Quantities) -> Context:
    """The printed code, an ID's coordinate, what the plan shares, and where the sweep turns."""
    sweep, sizes, batch = q.batching.sweep.uniform, q.batching.size, q.machine.batch
    more = [name for name in sizes if sizes[name] > batch and sweep[name].by_chip > sweep[name].tree2]
    less = [name for name in sizes if sizes[name] < batch and sweep[name].by_chip < sweep[name].tree2]
    return Context(
        to_code=q.listing(vocab_to_coord),
        batch_code=q.listing(batch_sparse_lookups),
        lookup_code=q.listing(sparse_lookup),
        example_coordinate=coordinate(q, int(q.sparse.example.l1)),
        planned_occupancy=as_planned(q, "occupancy"),
        planned_digits=as_planned(q, "base", "ids"),
        planned_batch=as_planned(q, "batch", "base", "ids"),
        flat_from=more[0] if more else "",
        tree_until=less[-1] if less else "",
    )


@page.criterion
def subsections(built: Artefacts, q: Quantities) -> Verdict:
    """4.1 embedding problem, 4.2 ID to coordinate, 4.3 lookup, 4.4 batching, 4.5 performance"""
    return prose_checks.subsections(built, PARTS)


@page.criterion
def code_runs(built: Artefacts, q: Quantities) -> Verdict:
    """the printed code is the code that wave 5's check runs"""
    words, base, rng = vocabulary(q), int(q.machine.base), np.random.default_rng(7)
    kept = np.unique(rng.integers(0, words.size, 120))
    values = rng.random((len(kept), 2))
    asked = np.concatenate([rng.choice(kept, 80), rng.integers(0, words.size, 20)]).tolist()
    table = {short(parts): row for parts, row in zip(words.coordinates(kept).tolist(), values.tolist(), strict=True)}
    wanted = SparseTable.of_ids(words, kept, values).lookup(asked)
    return prose_checks.same_listing(
        built,
        q,
        (vocab_to_coord, batch_sparse_lookups, sparse_lookup),
        lambda code: np.array_equal(code("sparse_lookup", asked, table, 2, base), wanted),
        elsewhere="sparsecore-phext.md",
    )


@page.criterion
def table(built: Artefacts, q: Quantities) -> Verdict:
    """a table of modelled, measured and published speedups"""
    t, measured = q.lookup_times, q.measured.lookups
    published = q.facts.tpu_v4_sparsecore.dlrm0_drop_embeddings_in_cpu_memory
    model, whole = f"{t.places.one.text} to {t.places.many.text}", f"{published.low.text} to {published.high.text}"
    rows: list[tuple[str, ...]] = [
        ("dense scan of the table over one chip's gather", t.scan_over_gather.text, "modelled"),
        ("dense one-hot product over one chip's gather", t.one_hot_over_gather.one.text, "modelled"),
        ("the same, every chip asking", t.one_hot_over_gather["all"].text, "modelled"),
        ("dense one-hot product over a gather of the same rows", measured.one_hot_product_over_gather.text, "measured"),
        ("sparse product over a gather", measured.csr_product_over_gather.text, "measured"),
        ("rows in CPU memory over rows in chips' memories, lookups alone", model, "modelled"),
        ("embeddings in CPU memory over SparseCores, whole model", whole, "published [@jouppi2023]"),
    ]
    return checks.cells_equal(built.markdown().section("4.5 Performance"), TIMES, rows)


@page.criterion
def figure(built: Artefacts, q: Quantities) -> Verdict:
    """Figure 3 is referenced"""
    return prose_checks.refers(built, "Figure 3")


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """900 to 1300 words"""
    return checks.length(built, page)
