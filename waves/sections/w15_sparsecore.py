"""Wave 15: Section 4, rows of an embedding table on coordinates: owners, spread, batches, and what a lookup is worth."""

from dataclasses import dataclass

import numpy as np

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.lookup import SparseTable
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, strip_marks
from phextpaper.press.wave import Verdict, Wave
from phextpaper.study.listings.sparse import batch_sparse_lookups, sparse_lookup, vocab_to_coord
from phextpaper.study.quantities.claims import as_planned
from phextpaper.study.quantities.sparse import coordinate

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
class Times:
    """A row of the speed table."""

    what: str
    times: str
    kind: str


@dataclass(frozen=True)
class Context:
    """What `04-sparsecore.md` prints."""

    ids: Quantity
    row_bytes: Quantity
    dense: Quantity
    chips_for_dense: Quantity
    occupancy: Quantity
    occupancy_words: str
    occupied: Quantity
    memory_ratio: Quantity
    base: Quantity
    parts: Quantity
    to_code: str
    example_id: Quantity
    example_coordinate: str
    idle_sentence: str
    owned: Quantity
    confidence: Quantity
    rows_tree: Quantity
    rows_alone: Quantity
    host_sentence: str
    uniform_books: Quantity
    skew: Quantity
    zipf_books: Quantity
    scrambled_books: Quantity
    hottest: Quantity
    batch_code: str
    lookup_code: str
    batch: Quantity
    bins: Quantity
    observed: Quantity
    expected: Quantity
    tree: Quantity
    tree_low: Quantity
    tree_high: Quantity
    fitted: Quantity
    plan_reduction: Quantity
    plan_words: str
    plan_groups: Quantity
    inside: Quantity
    busiest_tree: Quantity
    busiest: Quantity
    byte_reduction: Quantity
    flat: Quantity
    flat_sentence: str
    times: tuple[Times, ...]
    gather: Quantity
    bound_words: str
    hop_words: str
    measured_rows: Quantity
    places_low: Quantity
    places_high: Quantity
    target_sentence: str


@page.context
def context(q) -> Context:
    """Numbers of waves 5 and 9, and the words that they choose."""
    s, b, t, m = q.sparse, q.batching, q.lookup_times, q.machine
    plain = b.reduction.plain
    return Context(
        ids=m.ids,
        row_bytes=s.row_bytes,
        dense=s.dense_gb,
        chips_for_dense=s.chips_for_dense,
        occupancy=m.occupancy,
        occupancy_words=choose(as_planned(q, "occupancy"), ", as the plan behind this study assumes", ""),
        occupied=s.occupied_mb,
        memory_ratio=s.memory_ratio,
        base=m.base,
        parts=s.parts,
        to_code=q.listing(vocab_to_coord),
        example_id=s.example.l1,
        example_coordinate=coordinate(q, s.example.l1),
        idle_sentence=_idle(q),
        owned=s.owned_over_mean,
        confidence=b.confidence.hops,
        rows_tree=b.row_load.tree2,
        rows_alone=b.row_load.unbatched,
        host_sentence=_host(q),
        uniform_books=s.balance.plain.uniform.books.largest_over_mean,
        skew=m.skew,
        zipf_books=s.balance.plain.zipf.books.largest_over_mean,
        scrambled_books=s.balance.scrambled.zipf.books.largest_over_mean,
        hottest=s.hottest_share,
        batch_code=q.listing(batch_sparse_lookups),
        lookup_code=q.listing(sparse_lookup),
        batch=m.batch,
        bins=b.bins,
        observed=b.observed.mean,
        expected=b.expected,
        tree=plain.tree2.mean,
        tree_low=plain.tree2.low,
        tree_high=plain.tree2.high,
        fitted=b.reduction.fitted.tree3.mean,
        plan_reduction=b.plan.reduction,
        plan_words=choose(as_planned(q, "batch", "base", "ids"), "", " for its own batch"),
        plan_groups=b.plan.groups,
        inside=b.inside_hops,
        busiest_tree=b.cost.plain.tree2.busiest,
        busiest=b.cost.plain.unbatched.busiest,
        byte_reduction=b.byte_reduction.plain.tree2,
        flat=plain.by_chip.mean,
        flat_sentence=_flat(q),
        times=tuple(_times(q)),
        gather=t.network_us.one,
        bound_words={"latency": "latency", "links": "the busiest link", "memory": "the owners' memories"}[
            t.network_bound.one.value
        ],
        hop_words=f"The longest way on the torus and back alone takes {t.latency_us.with_unit} at {m.hop_latency.with_unit} a hop.",
        measured_rows=q.measured.lookups.rows,
        places_low=t.places.one,
        places_high=t.places.many,
        target_sentence=_target(q),
    )


def _idle(q) -> str:
    s, m = q.sparse, q.machine
    base = choose(as_planned(q, "base", "ids"), "The plan's base", "This base")
    return choose(
        s.idle_volumes > 0,
        f"{base} has a flaw here: its first digit takes {s.groups.volumes} values, so {s.idle_volumes} of {m.volumes} volumes own nothing. Digits "
        "that take as many values as the machine has volumes, books and chapters cure it.",
        f"With this base all {m.volumes} volumes own rows.",
    )


def _flat(q) -> str:
    """What one message to each owner saves beside the tree: at this batch, then at which sizes of the sweep."""
    plain, sweep = q.batching.reduction.plain, q.batching.sweep.uniform
    names = q.keys("batching.size")
    more = [name for name in names if sweep[name].by_chip > sweep[name].tree2]
    less = [name for name in names if sweep[name].by_chip < sweep[name].tree2]
    gain = "So grouping by prefix pays where a batch is small against the machine, and spares the asking chip requests."
    if plain.by_chip.mean < plain.tree2.mean:
        later = [name for name in more if q.batching.size[name] > q.machine.batch]
        return (
            "That is less than the tree saves here"
            + (f"; from {q.batching.size[later[0]]} IDs on it saves more. " if later else ". ")
            + gain
        )
    here = choose(
        plain.by_chip.mean > plain.tree2.mean,
        "That is more than the tree saves here",
        "That is what the tree saves here",
    )
    earlier = [name for name in less if q.batching.size[name] < q.machine.batch]
    if earlier:
        return f"{here}; up to {q.batching.size[earlier[-1]]} IDs the tree saves more. {gain}"
    return f"{here}. So grouping by prefix only spares the asking chip requests."


def _times(q):
    t, measured, target = (
        q.lookup_times,
        q.measured.lookups,
        q.facts.tpu_v4_sparsecore.dlrm0_drop_embeddings_in_cpu_memory,
    )
    yield Times("dense scan of the table over one chip's gather", str(t.scan_over_gather), "modelled")
    yield Times("dense one-hot product over one chip's gather", str(t.one_hot_over_gather.one), "modelled")
    yield Times("the same, every chip asking", str(t.one_hot_over_gather["all"]), "modelled")
    yield Times(
        "dense one-hot product over a gather of the same rows", str(measured.one_hot_product_over_gather), "measured"
    )
    yield Times("sparse product over a gather", str(measured.csr_product_over_gather), "measured")
    yield Times(
        "rows in CPU memory over rows in chips' memories, lookups alone",
        f"{t.places.one} to {t.places.many}",
        "modelled",
    )
    yield Times(
        "embeddings in CPU memory over SparseCores, whole model",
        f"{target.low} to {target.high}",
        "published [@jouppi2023]",
    )


def _host(q) -> str:
    """Which bandwidths of a host the ends of that range rest on."""
    m = q.machine
    return (
        f"The low end rests on {choose(m.host_link_bandwidth.kind == 'cited', 'a cited', 'an assumed')} bandwidth between chip and host, the high end on "
        f"{choose(m.socket_bandwidth.kind == 'cited', 'a cited', 'an assumed')} one of the host's memory."
    )


def _target(q) -> str:
    t, target = q.lookup_times, q.facts.tpu_v4_sparsecore.dlrm0_drop_embeddings_in_cpu_memory
    around = t.places.one <= target.low and t.places.many >= target.high
    overlap = t.places.one <= target.high and t.places.many >= target.low
    return choose(
        overlap and not around,
        f"The published {target.low} to {target.high} overlaps these values, which is no proof.",
        "",
    ) or choose(
        around,
        f"The published {target.low} to {target.high} lies among these values, which is no proof: a whole step slows down by less than its lookups.",
        f"The published {target.low} to {target.high} lies outside these values, so the model misses something.",
    )


@page.criterion
def subsections(built, q) -> Verdict:
    """4.1 embedding problem, 4.2 ID to coordinate, 4.3 lookup, 4.4 batching, 4.5 performance"""
    return prose_checks.subsections(built, PARTS)


@page.criterion
def code_runs(built, q) -> Verdict:
    """the printed code is the code that wave 5's check runs"""
    size, base, rng = int(q.machine.ids), int(q.machine.base), np.random.default_rng(7)
    kept = np.unique(rng.integers(0, size, 120))
    values = rng.random((len(kept), 2))
    asked = np.concatenate([rng.choice(kept, 80), rng.integers(0, size, 20)]).tolist()
    table = {vocab_to_coord(int(id), base): row.tolist() for id, row in zip(kept, values, strict=True)}
    wanted = SparseTable.of_ids(Vocabulary.of_base(size, base), kept, values).lookup(asked)
    return prose_checks.same_listing(
        built,
        q,
        (vocab_to_coord, batch_sparse_lookups, sparse_lookup),
        lambda code: np.array_equal(code("sparse_lookup", asked, table, 2, base), wanted),
        elsewhere="sparsecore-phext.md",
    )


@page.criterion
def table(built, q) -> Verdict:
    """a table of modelled, measured and published speedups"""
    rows = [tuple(strip_marks(value)[0] for value in (row.what, row.times, row.kind)) for row in _times(q)]
    return checks.cells_equal(built.markdown().section("4.5 Performance"), TIMES, rows)


@page.criterion
def figure(built, q) -> Verdict:
    """Figure 3 is referenced"""
    return prose_checks.refers(built, "Figure 3")


@page.criterion
def length(built, q) -> Verdict:
    """900 to 1300 words"""
    return checks.length(built, page)
