"""`coordinate`: all forms of an address."""

import click

from phextpaper.press.commands.options import as_json, print_json, site_of, standard


@click.command()
@click.argument("value")
@as_json
@standard
def coordinate(value: str, json_wanted: bool, params: str | None, built: str | None) -> int:
    """All forms of an address: a chip's index, a vocabulary ID or a coordinate goes in.

    VALUE is 1911 (a number below the number of chips is an index, a larger one a vocabulary ID), id:1911 (always an
    ID), 8.8.8 (a chip), 8.8.8/2.1, 1.1.1/1.8.8/8.2.1 or 1.1.1;1.8.8;8.2.1. Where a value names both a chip and a row,
    the note says so.
    """
    from phextpaper.study.addresses import forms

    answer = forms(value, site_of(params, built).machine())
    if json_wanted:
        print_json(answer)
        return 0
    for key, item in answer.items():
        click.echo(f"{key}: {'none' if item is None else item}")
    return 0
