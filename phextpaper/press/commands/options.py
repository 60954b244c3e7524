"""Options that every command takes, and what they stand for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from phextpaper.press.paper import find_root, load_paper
from phextpaper.press.pipeline.site import Site

Command = TypeVar("Command", bound=Callable[..., Any])


def standard(function: Command) -> Command:
    """Let a command take --params and --build after its name as well as before."""
    function = click.option("--params", metavar="FILE", help="Machine description.")(function)
    return click.option("--build", "built", metavar="DIR", help="Output folder.")(function)


def as_json(function: Command) -> Command:
    """Let a command print JSON for machines, and nothing else, on standard output."""
    return click.option("--json", "json_wanted", is_flag=True, help="Machine-readable output on standard output.")(
        function
    )


def site_of(params: str | None, built: str | None, **settings: str) -> Site:
    """The place that the options of the command, or of the program before it, name."""
    given = click.get_current_context().obj or {}
    params, built, root = params or given.get("params"), built or given.get("built"), find_root()
    return Site(
        root,
        Path(built).absolute() if built else root / "build",
        Path(params).absolute() if params else root / load_paper(root).params,
        {name: word for name, word in settings.items() if word},
    )


def print_json(data: object) -> None:
    """One JSON value on standard output."""
    click.echo(json.dumps(data, indent=1, ensure_ascii=False))
