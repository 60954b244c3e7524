"""`check`: read the artefacts on disk and judge them; build nothing, write nothing."""

import click

from phextpaper.press.commands.building import print_verdicts
from phextpaper.press.commands.options import as_json, print_json, site_of, standard


@click.command()
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 99), metavar="[N]...")
@as_json
@standard
def check(numbers: tuple[int, ...], json_wanted: bool, params: str | None, built: str | None) -> int:
    """Check the artefacts of waves N, or of all that were built, as they are on disk."""
    from phextpaper.press.pipeline.inspect import inspect
    from phextpaper.press.pipeline.review_files import inspect_reviews

    site = site_of(params, built)
    records, reviews = inspect(site, list(numbers)), [] if numbers else inspect_reviews(site)
    judged = [(f"w{record['n']:02d}", record["criteria"] + record["integrity"]) for record in records]
    judged += [(f"phase-{review['phase']}", review["integrity"]) for review in reviews]
    failing = [
        f"{name}.{verdict['id']}" for name, verdicts in judged for verdict in verdicts if verdict["passed"] is False
    ]
    unchecked = [
        f"{name}.{verdict['id']}" for name, verdicts in judged for verdict in verdicts if verdict["passed"] is None
    ]
    if json_wanted:
        print_json({"waves": records, "reviews": reviews, "failing": failing, "unchecked": unchecked})
    else:
        for name, verdicts in judged:
            print_verdicts(name, verdicts)
        total = sum(len(verdicts) for _, verdicts in judged)
        good = f"all {total} checks pass" if not unchecked else f"{total - len(unchecked)} of {total} checks pass"
        click.echo(
            (f"{len(failing)} of {total} checks fail: {', '.join(failing)}" if failing else good)
            + (f"; not checked: {', '.join(unchecked)}" if unchecked else "")
        )
    return 1 if failing else 0
