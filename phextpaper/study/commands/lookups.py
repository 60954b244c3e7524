"""`batching`: a batch of lookups drawn, grouped and routed over the machine's 3D torus."""

from typing import TYPE_CHECKING, Any

import click

from phextpaper.press.commands.options import as_json, print_json, site_of, standard
from phextpaper.press.units import from_si

if TYPE_CHECKING:
    from phextpaper.engine.sparse.batch_experiments import Experiment

WAYS = {
    "unbatched": "each request on its own",
    "each_once": "each ID once",
    "by_chip": "flat: one message a chip",
    "tree1": "tree by volume",
    "tree2": "tree by volume and book",
    "tree3": "tree by volume, book and chapter",
}


@click.command()
@click.option(
    "--ids", type=click.IntRange(1, 10_000_000), metavar="N", help="IDs of a batch [default: the machine's batch]."
)
@click.option(
    "--skew", type=click.FloatRange(0, 10), help="Exponent of Zipf's law; 0 is uniform [default: 0].", default=0.0
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=1,
    show_default=True,
    help="Seed of the IDs and of the asking chips.",
)
@click.option(
    "--depth",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="Parts that a group shares: volume, book, chapter.",
)
@click.option(
    "--runs", type=click.IntRange(2, 10_000), default=10, show_default=True, help="Batches, each from another chip."
)
@click.option(
    "--digits",
    type=click.Choice(["plan", "fitted", "scrambled"]),
    default="plan",
    show_default=True,
    help="Digits of the coordinates: the plan's base, fitted to the machine's sizes, or the plan's of scrambled IDs.",
)
@as_json
@standard
def batching(
    ids: int | None,
    skew: float,
    seed: int,
    depth: int,
    runs: int,
    digits: str,
    json_wanted: bool,
    params: str | None,
    built: str | None,
) -> int:
    """Batches, hops batched and not, and the reduction: real requests routed over the machine's 3D torus.

    Hops count one way, and the rows come back over as many; bytes x hops count requests and rows. Intervals are of 95 %
    over the runs.
    """
    from phextpaper.engine.naming.vocabulary import Vocabulary
    from phextpaper.engine.sparse.batch_experiments import route_batches
    from phextpaper.engine.sparse.occupancy import uniform_occupancy, zipf_occupancy
    from phextpaper.errors import InputError
    from phextpaper.press.evaluation import Quantities
    from phextpaper.study.vocabularies import fitted, message_sizes

    site = site_of(params, built)
    machine = site.machine()
    q = Quantities(machine, root=site.root)
    batch, shape = ids or machine.batch, q.node("layout.machine").shape
    words = (
        fitted(q)
        if digits == "fitted"
        else Vocabulary.of_base(machine.ids, machine.base, seed=seed if digits == "scrambled" else None)
    )
    found = route_batches(words, shape, batch, skew, message_sizes(q), runs=runs, seed=seed)
    try:
        expected = (
            uniform_occupancy(words, batch, depth) if skew == 0 else zipf_occupancy(words, batch, depth, skew)
        ).mean
    except InputError:
        expected = None  # no closed form for scrambled skewed IDs, nor for very many groups
    way, groups = f"tree{depth}", found.groups(depth)
    gain = found.reduction(way)
    answer: dict[str, Any] = {
        "ids": batch,
        "skew": skew,
        "seed": seed,
        "depth": depth,
        "runs": runs,
        "digits": digits,
        "machine": machine.name,
        "batches": groups.mean,
        "batches_low": groups.low,
        "batches_high": groups.high,
        "batches_expected": expected,
        "distinct": sum(run.distinct for run in found.runs) / runs,
        "links_used": found.cost("unbatched", "links").mean,
        "hops_unbatched": found.cost("unbatched", "hops").mean,
        "hops_batched": found.cost(way, "hops").mean,
        "reduction": gain.mean,
        "reduction_low": gain.low,
        "reduction_high": gain.high,
        "ways": [_way(found, name) for name in WAYS],
    }
    if json_wanted:
        print_json(answer)
        return 0
    many = f"{batch} uniform ID" if skew == 0 else f"{batch} ID"
    said = many + "s" * (batch > 1) + ("" if skew == 0 else f" by Zipf's law, exponent {skew:g}")
    click.echo(f"{machine.name}: {runs} batches of {said}, digits {digits}, means and intervals of 95 % over the runs")
    closed = f", {expected:.1f} in closed form" if expected is not None else ", no closed form"
    click.echo(f"batches          {groups.mean:.1f} ({groups.low:.1f} to {groups.high:.1f}){closed}")
    click.echo(f"distinct IDs     {answer['distinct']:.1f}")
    click.echo(f"hops unbatched   {answer['hops_unbatched']:.0f}, over {answer['links_used']:.0f} different links")
    click.echo(f"hops batched     {answer['hops_batched']:.0f}")
    click.echo(f"reduction        {gain.mean:.2f} ({gain.low:.2f} to {gain.high:.2f})")
    click.echo(
        f"\n{'way':<34}{'messages':>10}{'hops':>10}{'fewer':>8}{'fewer bytes x hops':>20}"
        f"{'busiest link':>14}{'its rows, kB':>14}"
    )
    for row in answer["ways"]:
        click.echo(
            f"{WAYS[row['way']]:<34}{row['messages']:>10.0f}{row['hops']:>10.0f}{row['hop_reduction']:>8.2f}{row['byte_reduction']:>20.2f}{row['busiest']:>14.1f}"
            f"{from_si(row['busiest_row_bytes'], 'kB'):>14.1f}"
        )
    return 0


def _way(found: "Experiment", name: str) -> dict[str, object]:
    return {
        "way": name,
        "messages": found.cost(name, "messages").mean,
        "hops": found.cost(name, "hops").mean,
        "hop_reduction": found.reduction(name).mean,
        "byte_hops": found.cost(name, "byte_hops").mean,
        "byte_reduction": found.reduction(name, "byte_hops").mean,
        "busiest": found.cost(name, "busiest_messages").mean,
        "busiest_row_bytes": found.cost(name, "busiest_row_bytes").mean,
    }
