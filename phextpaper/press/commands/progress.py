"""What a build shows while it works, on standard error."""

from typing import TYPE_CHECKING, Any

import click

from phextpaper.press.pipeline.build import Silent

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def _line(n: int, record: dict[str, Any]) -> str:
    verdicts = record["criteria"] + record["integrity"]
    failing, unchecked = (sum(verdict["passed"] is state for verdict in verdicts) for state in (False, None))
    said = (
        f"{failing} of {len(verdicts)} checks fail"
        if failing
        else "all criteria pass"
        if not unchecked
        else "no check fails"
    )
    return (
        f"wave {n}: {said}{f', {unchecked} not checked' if unchecked else ''} "
        f"({record.get('seconds', 0):.2f} s; {record['reason']})"
    )


class Lines(Silent):
    """One plain line for each wave that had to run, with the reason."""

    def finished(self, n: int, record: dict[str, Any]) -> None:
        """Say that a wave ran, and why."""
        for kept in record.get("edited", []):
            click.echo(f"warning: {kept}", err=True)
        if record["ran"]:
            click.echo(_line(n, record), err=True)


class Moving(Lines):
    """The same lines above a bar that shows what is under way. It draws when told to, from no thread of its own."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, total: int) -> None:
        """Show the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
        )
        self._progress.start()
        self._task = self._progress.add_task("waves", total=total)

    def started(self, n: int, name: str) -> None:
        """Name the wave under way."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=f"wave {n}: {name}", refresh=True)

    def finished(self, n: int, record: dict[str, Any]) -> None:
        """Advance the bar."""
        if self._progress is None or self._task is None:
            return
        if record["ran"]:
            self._progress.console.print(_line(n, record), highlight=False, markup=False)
        for kept in record.get("edited", []):
            self._progress.console.print(f"warning: {kept}", highlight=False, markup=False)
        self._progress.update(self._task, advance=1, refresh=True)

    def end(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
