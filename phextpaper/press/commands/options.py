"""Options that every command takes, and what they stand for."""

import json
from pathlib import Path

import click

from phextpaper.press.pipeline.site import Site

ROOT = Path(__file__).resolve().parents[3]
DEFAULT_PARAMS = ROOT / "params" / "pbc-4096.toml"


def standard(function):
    """Let a command take --params and --build after its name as well as before."""
    function = click.option("--params", metavar="FILE", help="Machine description.")(function)
    return click.option("--build", "built", metavar="DIR", help="Output folder.")(function)


def as_json(function):
    """Let a command print JSON for machines, and nothing else, on standard output."""
    return click.option("--json", "json_wanted", is_flag=True, help="Machine-readable output on standard output.")(
        function
    )


def site_of(params: str | None, built: str | None, **settings: str) -> Site:
    """The place that the options of the command, or of the program before it, name."""
    given = click.get_current_context().obj or {}
    params, built = params or given.get("params"), built or given.get("built")
    return Site(
        ROOT,
        Path(built).absolute() if built else ROOT / "build",
        Path(params).absolute() if params else DEFAULT_PARAMS,
        {name: word for name, word in settings.items() if word},
    )


def print_json(data: object) -> None:
    """One JSON value on standard output."""
    click.echo(json.dumps(data, indent=1, ensure_ascii=False))
