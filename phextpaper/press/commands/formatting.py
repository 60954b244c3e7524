"""`formats`: the paper as DOCX, EPUB and JATS."""

import click

from phextpaper.press.commands.options import site_of, standard


@click.command()
@standard
def formats(params: str | None, built: str | None) -> int:
    """Write the paper of the last build as DOCX, EPUB and JATS XML into the folder formats."""
    from phextpaper.press.pipeline.formats import write_formats

    for place in write_formats(site_of(params, built)):
        click.echo(str(place))
    return 0
