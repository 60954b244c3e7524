"""`build` and `status`: make waves, and say how they stand."""

import sys
from traceback import print_exception
from typing import Any

import click

from phextpaper.press.commands.options import as_json, print_json, site_of, standard
from phextpaper.press.pipeline.build import Outcome, Silent
from phextpaper.press.pipeline.build import build as build_waves
from phextpaper.press.pipeline.site import Site, read_json
from phextpaper.press.wave import state_of

_MARKS = {True: ("pass", "green"), False: ("FAIL", "red"), None: ("skip", "yellow")}
_WORDS = {"passes": ("pass", "green"), "fails": ("FAIL", "red")}
"""How a wave stands, in a word; any other state is a skip."""


@click.command()
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 99), metavar="[N]...")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Waves built at the same time.")
@click.option("--pdf", metavar="FILE", help="The source paper, for wave 1.")
@as_json
@standard
def build(
    numbers: tuple[int, ...], jobs: int, pdf: str | None, json_wanted: bool, params: str | None, built: str | None
) -> int:
    """Build waves N and what they need, or all; check every criterion; write the reports."""
    from pathlib import Path

    site = site_of(params, built, pdf=str(Path(pdf).absolute()) if pdf else "")
    listener = Silent() if json_wanted else progress()
    outcome = build_waves(site, sorted(set(numbers)) or None, jobs=jobs, listener=listener)
    if json_wanted:
        print_json(_summary(outcome, site))
    elif numbers and not outcome.errors:
        for n in sorted(set(numbers)):
            print_criteria(outcome.records[n])
    else:
        print_table(site, outcome)
    _say_errors(outcome)
    return 2 if outcome.errors else 1 if outcome.failed else 0


def progress() -> Silent:
    """A display that moves on a terminal, plain lines elsewhere."""
    from phextpaper.press.commands import progress as displays

    return displays.Moving() if sys.stderr.isatty() else displays.Lines()


def _say_errors(outcome: Outcome) -> None:
    for note in outcome.edited:
        click.echo(f"warning: {note}", err=True)
    for n, needed in outcome.skipped.items():
        click.echo(f"wave {n}: left out, because wave {needed} could not be made", err=True)
    for n, problem in outcome.errors.items():
        if (click.get_current_context().obj or {}).get("debug"):
            print_exception(problem)
        click.echo(f"error: wave {n}: {problem}", err=True)


def _summary(outcome: Outcome, site: Site) -> dict[str, Any]:
    return {
        "waves": [
            {
                "n": n,
                "ran": record["ran"],
                "reason": record.get("reason", ""),
                "criteria": record["criteria"],
                "integrity": record["integrity"],
                "review": record["review"],
            }
            for n, record in sorted(outcome.records.items())
        ],
        "errors": {n: str(problem) for n, problem in outcome.errors.items()},
        "gates": _gates(site, outcome),
    }


def _gates(site: Site, outcome: Outcome) -> list[dict[str, Any]]:
    """The gates of the phases as the build left them.

    None after an error, for what stood in reports before is of another state.
    """
    report = {} if outcome.errors else read_json(site.built / "reports" / "criteria.json")
    return list(report.get("gates", []))


def print_criteria(record: dict[str, Any]) -> None:
    """A wave's criteria, one a line, failing ones with their evidence."""
    print_verdicts(f"w{record['n']:02d}", record["criteria"] + record["integrity"])


def print_verdicts(name: str, verdicts: list[dict[str, Any]]) -> None:
    """Verdicts, one a line, those that do not pass with their evidence."""
    for verdict in verdicts:
        mark, colour = _MARKS[verdict["passed"]]
        evidence = "" if verdict["passed"] else f": {verdict['evidence']}"
        click.echo(f"{click.style(mark, fg=colour)} {name}.{verdict['id']}{evidence}")


def print_table(site: Site, outcome: Outcome) -> None:
    """All waves with verdicts and times, then what fails, then the gates."""
    from phextpaper.press.sources.plan import load_waves, spans

    times, planned = read_json(site.state / "times.json"), load_waves(site.root)
    width = max((len(wave.name) for wave in planned.values()), default=0)
    missing = [n for n in planned if n not in outcome.pages]
    for n, record in sorted(outcome.records.items()):
        passed = sum(bool(verdict["passed"]) for verdict in record["criteria"])
        word, colour = _WORDS.get(state_of(record["criteria"], record["integrity"]), _MARKS[None])
        seconds = times.get(f"wave {n}")
        ran = "  built" if record.get("ran") else "  fresh"
        name = planned[n].name if n in planned else ""
        click.echo(
            f"{n:3d}  {name:<{width}}  {click.style(word, fg=colour)}  {passed}/{len(record['criteria'])}"
            f"{f'{seconds:8.2f} s' if seconds is not None else ''}{ran}"
        )
    if missing:
        click.echo(f"not yet: waves {spans(missing)} of {len(planned)} have no page")
    for record in outcome.records.values():
        for verdict in record["criteria"] + record["integrity"]:
            if not verdict["passed"]:
                mark, colour = _MARKS[verdict["passed"]]
                click.echo(f"{click.style(mark, fg=colour)} w{record['n']:02d}.{verdict['id']}: {verdict['evidence']}")
    for gate in _gates(site, outcome):
        click.echo(
            f"phase {gate['phase']}: {gate['verdict']}, {gate['reasons'][0]}"
            + (f" (and {len(gate['reasons']) - 1} more reasons)" if len(gate["reasons"]) > 1 else "")
        )
    if outcome.idle:
        click.echo("nothing to do: every input and output is as the last build left it")


@click.command()
@as_json
@standard
def status(json_wanted: bool, params: str | None, built: str | None) -> int:
    """All waves: passing, failing, to be built anew and why, or not yet written."""
    from phextpaper.press.pipeline.code import CodeIndex
    from phextpaper.press.pipeline.collect import collect
    from phextpaper.press.pipeline.task import quantities_at, why_stale
    from phextpaper.press.sources.plan import load_waves

    site = site_of(params, built)
    known = read_json(site.state / "code.json")
    code, pages = CodeIndex(site.root, known.get("files")), collect(site.root, known.get("pages"))
    quantities = quantities_at(site, site.machine(), code, read_json(site.state / "store.json"))
    times, rows = read_json(site.state / "times.json"), []
    for n, wave in load_waves(site.root).items():
        row: dict[str, Any] = {
            "n": n,
            "name": wave.name,
            "phase": wave.phase,
            "state": "not yet",
            "reason": "",
            "seconds": times.get(f"wave {n}"),
        }
        if n in pages:
            record, row["reason"] = site.record(n), why_stale(pages[n], site, quantities, code)
            state = state_of(record.get("criteria", []), record.get("integrity", []))
            row["state"] = "to build" if row["reason"] else {"passes": "pass", "fails": "fail"}.get(state, "skip")
        rows.append(row)
    if json_wanted:
        print_json(rows)
        return 0
    colours = {"pass": "green", "fail": "red", "skip": "yellow", "to build": "yellow", "not yet": None}
    for row in rows:
        seconds = f"{row['seconds']:7.2f} s" if row["seconds"] is not None else " " * 9
        click.echo(
            f"{row['n']:3d}  {click.style(row['state'].ljust(8), fg=colours[row['state']])} {seconds}  {row['name']}"
            + (f" ({row['reason']})" if row["reason"] else "")
        )
    return 0
