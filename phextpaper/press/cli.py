"""The console program: finds a command's file when the command is called, and tells errors to people."""

import os
import sys
from typing import Any

import click

from phextpaper import __version__
from phextpaper.errors import PhextpaperError
from phextpaper.press.paper import find_root, load_code, load_paper

# Set before numpy is loaded: one thread adds up in one order, so results are equal to the byte on any number of cores.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

COMMANDS = {
    "build": "building",
    "check": "checking",
    "status": "building",
    "explain": "asking",
    "claims": "asking",
    "graph": "asking",
    "serve": "serving",
    "watch": "serving",
    "formats": "formatting",
}
"""What every paper has: the file of each command."""


def commands() -> dict[str, str]:
    """The module of each command: those of every paper, then those that this paper's `paper.toml` names."""
    shared = {name: f"phextpaper.press.commands.{file}" for name, file in COMMANDS.items()}
    return {**shared, **load_paper(find_root()).commands}


class LazyGroup(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command: the paper's own last."""
        return list(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of one command."""
        module = commands().get(cmd_name)
        if module is None:
            return None
        found: click.Command = getattr(load_code(find_root(), module), cmd_name.replace("-", "_"))
        return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="phextpaper")
@click.option("--params", metavar="FILE", help="Machine description [default: the paper's own].")
@click.option("--build", "built", metavar="DIR", help="Output folder [default: build].")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def program(ctx: click.Context, params: str | None, built: str | None, debug: bool) -> None:
    """A machine description goes in, a checked paper comes out, and every number on the way keeps its name."""
    ctx.obj = {"params": params, "built": built, "debug": debug}


def main(arguments: list[str] | None = None) -> None:
    """Run the program. Exit code: 0 all well, 1 a criterion fails, 2 bad input or usage."""
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words
    try:
        sys.exit(_run([*["--debug"][:debug], *(word for word in words if word != "--debug")]))
    except PhextpaperError as problem:
        _trace(debug)
        click.echo(f"error: {problem}", err=True)
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was finished is kept, and the next build goes on from there", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as problem:
        _trace(debug)
        click.echo(
            f"error: {type(problem).__name__}: {problem}\n"
            "  this is a fault of the program; the same command with --debug shows where",
            err=True,
        )
        sys.exit(2)


def _trace(wanted: bool) -> None:
    """Show where an error arose, for those who asked."""
    if wanted:
        from traceback import print_exc

        print_exc()


def _run(words: list[str]) -> int:
    result: Any = program.main(args=words, prog_name="phextpaper", standalone_mode=False)
    return result if isinstance(result, int) else 0
