"""Wave 8: all-reduce, all-to-all, scatter and gather on coordinates, counted in hops, loads and time."""

from dataclasses import dataclass
from itertools import pairwise

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.quantities.layout import chip_index, chip_name
from phextpaper.study.quantities.patterns import algorithms
from phextpaper.study.quantities.topologies import TORI

page = Wave(
    n=8,
    name="Communication patterns",
    phase=1,
    minutes=30,
    needs=(4, 5),
    output=("communication-patterns.md",),
    size_kb=(7, 9),
)

NAMES = {
    "ring": "ring",
    "tree": "tree",
    "halving_doubling": "halving and doubling",
    "per_dimension": "per dimension",
    "all_dimensions": "all dimensions at once",
}
TORUS_NAMES = {"torus_2d": "2D torus", "torus_3d": "3D torus"}
REDUCE = ("Algorithm", "Topology", "Rounds", "Most hops a round", "Hops in sequence", "Time (ms)")
EXCHANGE = ("Topology", "Mean load", "Worst load, even split", "Worst load, single routes", "Throughput", "Time (ms)")
STEPS = 5  # links drawn in one line, so that it fits a page
HOPS = ("Pattern", "Topology", "Best", "Mean", "Worst")


@dataclass(frozen=True)
class Reduce:
    """A row of the all-reduce table."""

    algorithm: str
    topology: str
    rounds: Quantity
    most_hops: Quantity
    critical_hops: Quantity
    milliseconds: Quantity


@dataclass(frozen=True)
class Exchange:
    """A row of the all-to-all table."""

    topology: str
    mean_load: Quantity
    worst_load: Quantity
    table_load: Quantity
    throughput: Quantity
    milliseconds: Quantity


@dataclass(frozen=True)
class Hops:
    """A row of the hop table."""

    pattern: str
    topology: str
    best: Quantity
    mean: Quantity
    worst: Quantity


@dataclass(frozen=True)
class Context:
    """What `communication-patterns.md` prints."""

    buffer: Quantity
    latency: Quantity
    bandwidth: Quantity
    reduces: tuple[Reduce, ...]
    reduce_diagram: tuple[str, ...]
    fastest: str
    fastest_time: Quantity
    bound: Quantity
    tree_words: str
    exchanges: tuple[Exchange, ...]
    exchange_diagram: tuple[str, ...]
    exchange_words: str
    gain_words: str
    lookups: Quantity
    asking: str
    gather_diagram: tuple[str, ...]
    gather_total_2d: Quantity
    gather_total_3d: Quantity
    gather_time_2d: Quantity
    gather_time_3d: Quantity
    gather_words: str
    hops: tuple[Hops, ...]
    closed_2d: Quantity
    closed_3d: Quantity
    library_3d: Quantity
    together: Quantity
    together_share: Quantity
    together_words: str


@page.context
def context(q) -> Context:
    """Tables of costs, diagrams from routes, and the words that the numbers choose."""
    p, m = q.patterns, q.machine
    times = {(kind, name): p.all_reduce[kind][name].milliseconds for kind in TORI for name in algorithms(q)}
    kind, name = min(times, key=lambda key: times[key].value)
    three, two = p.all_to_all.torus_3d, p.all_to_all.torus_2d
    alone = max(p.all_reduce.torus_3d.all_dimensions.milliseconds, three.milliseconds)
    asking = q.node("patterns.requests")[0]
    return Context(
        buffer=m.collective_buffer,
        latency=m.hop_latency,
        bandwidth=m.link_bandwidth,
        reduces=tuple(
            Reduce(
                NAMES[name],
                TORUS_NAMES[kind],
                p.all_reduce[kind][name].rounds,
                p.all_reduce[kind][name].most_hops,
                p.all_reduce[kind][name].critical_hops,
                p.all_reduce[kind][name].milliseconds,
            )
            for name in algorithms(q)
            for kind in TORI
        ),
        reduce_diagram=_reduce_lines(q),
        fastest=f"{NAMES[name]} on the {TORUS_NAMES[kind]}",
        fastest_time=times[kind, name],
        bound=p.bandwidth_bound_ms,
        tree_words=choose(
            p.all_reduce.torus_3d.tree.milliseconds <= p.all_reduce.torus_3d.all_dimensions.milliseconds,
            "A tree is the fastest here, because the buffer is small",
            "A tree has few rounds and is slower, because it sends the whole buffer in each of them",
        ),
        exchanges=tuple(
            Exchange(
                TORUS_NAMES[kind],
                p.all_to_all[kind].mean_load,
                p.all_to_all[kind].worst_load,
                p.all_to_all[kind].table_load,
                p.all_to_all[kind].throughput,
                p.all_to_all[kind].milliseconds,
            )
            for kind in TORI
        ),
        exchange_diagram=_exchange_lines(q),
        exchange_words=f"The 3D torus has {compare(three.throughput, two.throughput, 'the lower', 'the same', 'the higher')} throughput. "
        + choose(
            three.table_load > three.worst_load,
            "Single routes load the busiest link more than the even split, because ties always go the same way.",
            "Single routes load the busiest link no more than the even split.",
        ),
        gain_words=_gain_words(q),
        lookups=p.lookups,
        asking=chip_name(q, asking),
        gather_diagram=_gather_lines(q),
        gather_total_2d=p.gather_total.torus_2d,
        gather_total_3d=p.gather_total.torus_3d,
        gather_time_2d=p.gather_us.torus_2d,
        gather_time_3d=p.gather_us.torus_3d,
        gather_words=compare(p.gather_total.torus_3d, p.gather_total.torus_2d, "fewer", "as many", "more"),
        hops=tuple(_hops(q)),
        closed_2d=p.closed_mean.torus_2d,
        closed_3d=p.closed_mean.torus_3d,
        library_3d=p.library_mean.torus_3d,
        together=p.together_ms,
        together_share=p.together_share,
        together_words=choose(
            p.together_ms > alone, "longer than either takes alone", "no longer than the slower of the two takes alone"
        ),
    )


def _line(q, nodes) -> str:
    return " -> ".join(chip_name(q, int(node)) for node in nodes)


def _reduce_lines(q) -> tuple[str, ...]:
    """First steps round the ring of each dimension, from the first chip."""
    layout, table = q.node("layout.machine"), q.node("topologies.torus_3d.table")
    lines = []
    for axis, name in ((2, "chapter"), (1, "book"), (0, "volume")):
        side = layout.shape[axis]
        places = [[1, 1, 1] for _ in range(min(4, side))]
        for step, place in enumerate(places):
            place[axis] = 1 + step
        nodes = [int(layout.index(place)) for place in places]
        last = [1, 1, 1]
        last[axis] = side
        home = table.path(int(layout.index(last)), 0)
        lines += [f"{name:<8} {_line(q, nodes)}", f"{'':<8} {_line(q, home)}"]
    return tuple(lines)


def _exchange_lines(q) -> tuple[str, ...]:
    """The route between opposite chips: each dimension begins a line, and a long one goes on in the next."""
    layout, table = q.node("layout.machine"), q.node("topologies.torus_3d.table")
    half = [min(max(side // 2, 1) + 1, side) for side in layout.shape]
    nodes = list(table.path(0, int(layout.index(half))))
    lines, start = [], 0
    for place in range(1, len(nodes)):
        if place == len(nodes) - 1 or _axis(q, nodes[place], nodes[place + 1]) != _axis(
            q, nodes[start], nodes[start + 1]
        ):
            lines += [_line(q, nodes[first : min(first + STEPS, place) + 1]) for first in range(start, place, STEPS)]
            start = place
    return tuple(lines)


def _axis(q, a: int, b: int) -> int:
    layout = q.node("layout.machine")
    return next(
        axis for axis, (x, y) in enumerate(zip(layout.coordinate(a), layout.coordinate(b), strict=True)) if x != y
    )


def _gather_lines(q) -> tuple[str, ...]:
    """The routes of the three nearest owners of the batch."""
    asking, owners = q.node("patterns.requests")
    table = q.node("topologies.torus_3d.table")
    away = sorted(
        {int(owner) for owner in owners if owner != asking}, key=lambda owner: (len(table.path(asking, owner)), owner)
    )
    return tuple(_line(q, table.path(asking, owner)) for owner in away[:3])


def _gain_words(q) -> str:
    gain, facts = q.patterns.published_gain, q.facts.tpu_v4_twist
    parts = []
    for shape, published in (("n4x4x8", facts.a2a_gain_4x4x8), ("n4x8x8", facts.a2a_gain_4x8x8)):
        computed = gain[shape].computed
        parts.append(f"{computed} computed and {published} measured on a `{shape[1:]}` slice")
    over = gain.n4x4x8.computed > facts.a2a_gain_4x4x8 and gain.n4x8x8.computed > facts.a2a_gain_4x8x8
    return (
        "; ".join(parts)
        + ". "
        + choose(
            over,
            "The ideal is above the measured gain, as it must be: it counts loads alone, and no latency, no packet and no software.",
            "The ideal and the measured gain do not keep one order, so the model of loads alone is too simple here.",
        )
    )


def _hops(q):
    p = q.patterns
    for kind in TORI:
        reduce = p.all_reduce[kind].per_dimension
        yield Hops(
            "all-reduce, per dimension", TORUS_NAMES[kind], reduce.least_hops, reduce.mean_hops, reduce.most_hops
        )
    for kind in TORI:
        near = p.all_reduce[kind].ring.least_hops
        yield Hops("all-to-all", TORUS_NAMES[kind], near, q.topologies[kind].mean_hops, q.topologies[kind].diameter)
    for kind in TORI:
        yield Hops(
            "scatter and gather", TORUS_NAMES[kind], p.gather[kind].least, p.gather_mean[kind], p.gather[kind].most
        )


def _chains(q, text) -> list[list[int]]:
    """The chains of chips that the diagrams of a part draw."""
    lines = [line for fence in text.fences for line in fence.text.splitlines() if "->" in line]
    return [[chip_index(q, item.split()[-1]) for item in line.split("->")] for line in lines]


def _links(q, built, title: str) -> Verdict:
    """Every arrow of a part's diagram is a link of the 3D torus."""
    neighbours = q.node("topologies.torus_3d.graph").neighbours()
    chains = _chains(q, built.markdown().section(title))
    steps = [(a, b) for chain in chains for a, b in pairwise(chain)]
    unreal = [step for step in steps if step[1] not in neighbours[step[0]]]
    return Verdict(
        bool(steps) and not unreal,
        f"{title}: a diagram whose arrows are links",
        f"{len(unreal)} of {len(steps)} arrows are no links" if unreal or not steps else f"{len(steps)} links",
        built.markdown().where(f"## {title}"),
    )


@page.criterion
def all_reduce(built, q) -> Verdict:
    """explained, with a path diagram; rounds, hops per round and total hops for ring, tree and per-dimension algorithms; time model in bytes and seconds"""
    rows = []
    for name in algorithms(q):
        for kind in TORI:
            cost = q.node(f"patterns.cost.{kind}.{name}")
            found = q.patterns.all_reduce[kind][name]
            rows.append(
                (
                    NAMES[name],
                    TORUS_NAMES[kind],
                    format_value(cost.rounds),
                    format_value(int(cost.most_hops.max())),
                    found.critical_hops.text,
                    format_value(cost.total_seconds * 1e3, 3),
                )
            )
    part = built.markdown().section("All-reduce")
    return all_of(
        checks.cells_equal(part, REDUCE, rows),
        checks.has(part, f"{q.machine.collective_buffer.text} MB", f"{q.machine.link_bandwidth.text} GB/s"),
    )


@page.criterion
def all_to_all(built, q) -> Verdict:
    """explained, with a path diagram; exact link loads under minimal routing and the throughput they allow"""
    rows = []
    for kind in TORI:
        even = q.node(f"patterns.even_loads.{kind}")
        found = q.patterns.all_to_all[kind]
        rows.append(
            (
                TORUS_NAMES[kind],
                found.mean_load.text,
                found.worst_load.text,
                found.table_load.text,
                format_value((int(q.machine.chips) - 1) / float(even.max()), 3),
                found.milliseconds.text,
            )
        )
    pairs = int(q.machine.chips) * (int(q.machine.chips) - 1)
    kept = all(
        abs(q.node(f"patterns.even_loads.{kind}").sum() / pairs - float(q.node(f"topologies.{kind}.graph").mean_hops()))
        < 1e-6
        for kind in TORI
    )
    part = built.markdown().section("All-to-all")
    return all_of(
        checks.cells_equal(part, EXCHANGE, rows),
        Verdict(kept, "loads that sum to pairs x mean hops", "they do" if kept else "they do not"),
    )


@page.criterion
def scatter_gather(built, q) -> Verdict:
    """explained, with a path diagram, on sampled lookups"""
    part = built.markdown().section("Scatter and gather")
    asking, owners = q.node("patterns.requests")
    ends = {chain[-1] for chain in _chains(q, part)}
    sampled = (
        bool(ends)
        and ends <= {int(owner) for owner in owners}
        and all(chain[0] == asking for chain in _chains(q, part))
    )
    return all_of(
        checks.has(part, f"{len(owners)} lookups", f"{q.patterns.gather_total.torus_3d.text} hops"),
        Verdict(
            sampled,
            "routes from the asking chip to owners of sampled rows",
            f"{len(ends)} routes" + ("" if sampled else ", not all to owners"),
        ),
    )


@page.criterion
def hop_counts(built, q) -> Verdict:
    """best, mean and worst hops for each pattern"""
    rows = [(row.pattern, row.topology, row.best.text, row.mean.text, row.worst.text) for row in _hops(q)]
    return checks.cells_equal(built.markdown().section("Hop counts"), HOPS, rows)


@page.criterion
def torus_comparison(built, q) -> Verdict:
    """the same figures for 2D and 3D torus; each printed number equals the engine's"""
    text = built.markdown()
    verdicts = []
    for heads in (REDUCE, EXCHANGE, HOPS):
        table = text.table(*heads)
        column = table.column("Topology") if table else []
        verdicts.append(
            Verdict(
                column.count("2D torus") == column.count("3D torus") > 0,
                f"{heads[0]}: both tori",
                f"{column.count('2D torus')} and {column.count('3D torus')} rows",
            )
        )
    means = {kind: f"{q.node(f'topologies.{kind}.graph').mean_hops():.2f}" for kind in TORI}
    part = text.section("Check")
    return all_of(*verdicts, checks.has(part, means["torus_2d"], means["torus_3d"]))


@page.criterion
def diagrams(built, q) -> Verdict:
    """at least 3 fenced diagrams whose coordinates all parse and whose drawn links exist"""
    count = sum("->" in fence.text for fence in built.markdown().fences)
    return all_of(
        Verdict(count >= 3, "at least 3 diagrams", f"{count}"),
        *(_links(q, built, title) for title in ("All-reduce", "All-to-all", "Scatter and gather")),
    )


@page.criterion
def size(built, q) -> Verdict:
    """7 to 9 kB"""
    return checks.size(built, page)


@page.review("Do the three patterns cover the main ML workloads?")
def cover(q) -> Answer:
    """Which workload needs which pattern."""
    work = q.facts.tpu_v4_workloads.tpu_v4_2022_10_training
    return Answer(
        f"For the most part. All-reduce carries dense models, which are {work.transformer}% (transformers), {work.cnn}% (CNN) and {work.rnn}% (RNN) "
        f"of TPU v4's published mix; scatter, gather and all-to-all carry recommendation models, {work.mlp_dlrm}%. Pipelines send between "
        "neighbours, which is one step of a ring."
    )


@page.review("Are the hop counts right? (closed form, search and an independent library agree)")
def right(q) -> Answer:
    """Three ways to the same mean."""
    parts, agree = [], True
    for kind in TORI:
        ways = (q.patterns.closed_mean[kind], q.topologies[kind].mean_hops, q.patterns.library_mean[kind])
        agree = agree and max(way.value for way in ways) - min(way.value for way in ways) < 1e-9
        parts.append(f"{TORUS_NAMES[kind]}: {ways[0]} by the closed form, {ways[1]} by search, {ways[2]} by SciPy")
    return Answer(f"{choose(agree, 'Yes', 'No')}. {'; '.join(parts)}.", agree)


@page.review("Can patterns run together? (combined link load)")
def together(q) -> Answer:
    """All-reduce and all-to-all on the same links."""
    p = q.patterns
    return Answer(
        f"Yes, at a price: on the busiest link an all-reduce takes {p.together_share.with_unit} of the bytes beside an all-to-all of the same buffer, and the two need "
        f"{p.together_ms.with_unit} there, against {p.all_reduce.torus_3d.all_dimensions.milliseconds.with_unit} and {p.all_to_all.torus_3d.milliseconds.with_unit} alone."
    )
