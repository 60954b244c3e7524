"""`serve` and `watch`: the site on this computer alone, and builds whenever something changes."""

import signal
import time

import click

from phextpaper.press.commands.options import site_of, standard
from phextpaper.press.pipeline.site import Site

_WORDS = {0: "built: every criterion passes", 1: "built: a criterion fails; phextpaper status says which"}


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on loopback; 0 finds a free one.",
)
@click.option(
    "--watch/--no-watch", "watching", default=True, show_default=True, help="Build again when an input changes."
)
@standard
def serve(port: int, watching: bool, params: str | None, built: str | None) -> int:
    """Build, show the site on loopback, and build again when an input changes. Ctrl-C ends it."""
    from phextpaper.press.website.serving import served

    site = site_of(params, built)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with served(site, port) as address:
            _build(site)
            click.echo(f"the site is at {address}; Ctrl-C ends it")
            if watching:
                _watch(site)
            while not watching:
                time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("ended", err=True)
    return 0


@click.command()
@standard
def watch(params: str | None, built: str | None) -> int:
    """Build, and build again when an input changes. Ctrl-C ends it."""
    site = site_of(params, built)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _build(site)
        _watch(site)
    except KeyboardInterrupt:
        click.echo("ended", err=True)
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _watch(site: Site) -> None:
    from phextpaper.press.website.serving import watched

    def on_change(files: list[str]) -> None:
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        click.echo(f"{', '.join(files[:3])}{more} changed", err=True)
        _build(site)

    watched(site, on_change)


def _build(site: Site) -> None:
    from phextpaper.press.website.serving import build_apart

    click.echo(_WORDS.get(build_apart(site), "not built; the site is as it was"), err=True)
