"""`check`: read the artefacts on disk and judge them; build nothing, write nothing."""

import click

from phextpaper.commands.building import print_criteria
from phextpaper.commands.options import as_json, print_json, site_of, standard


@click.command()
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 99), metavar="[N]...")
@as_json
@standard
def check(numbers: tuple[int, ...], json_wanted: bool, params: str | None, built: str | None) -> int:
    """Check the artefacts of waves N, or of all that were built, as they are on disk."""
    from phextpaper.pipeline.inspect import inspect

    records = inspect(site_of(params, built), list(numbers))
    failing = [f"w{record['n']:02d}.{verdict['id']}" for record in records
               for verdict in record["criteria"] + record["integrity"] if not verdict["passed"]]
    if json_wanted:
        print_json({"waves": records, "failing": failing})
    else:
        for record in records:
            print_criteria(record)
        total = sum(len(record["criteria"]) + len(record["integrity"]) for record in records)
        click.echo(f"{len(failing)} of {total} checks fail: {', '.join(failing)}" if failing else f"all {total} checks pass")
    return 1 if failing else 0
