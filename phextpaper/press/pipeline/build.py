"""The builder: which waves have to run and why, in what order, in parallel; then the reports.

One builder works in an output folder at a time. Everything it writes is written whole or not at all, so that it can be
killed at any moment and the next build is right.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from graphlib import TopologicalSorter
from multiprocessing import get_context
from traceback import extract_tb
from typing import IO, TYPE_CHECKING, Any

from phextpaper.errors import BusyError, PageError, PhextpaperError
from phextpaper.press.pipeline import stamp
from phextpaper.press.pipeline.site import Site, read_json, sha, to_json, write_atomically

if TYPE_CHECKING:
    from phextpaper.press.parameters import Machine
    from phextpaper.press.pipeline.code import CodeIndex
    from phextpaper.press.pipeline.collect import Page

Pages = dict[int, "Page"]
PATIENCE = 5.0
"""Seconds to wait for the workers of a builder that was killed."""


@dataclass(slots=True)
class Outcome:
    """What a build did: records by wave, what could not be made, all waves that have a page, whether it was idle.

    `edited` says which reviews were found edited by hand; of other artefacts their records say so.
    """

    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    errors: dict[int, Exception] = field(default_factory=dict)
    skipped: dict[int, int] = field(default_factory=dict)
    pages: set[int] = field(default_factory=set)
    idle: bool = False
    edited: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether a criterion or an integrity check fails; what could not be checked does not."""
        return any(
            verdict["passed"] is False
            for record in self.records.values()
            for verdict in record["criteria"] + record["integrity"]
        )


class Silent:
    """A listener that says nothing; a progress display has the same methods."""

    def begin(self, total: int) -> None:
        """The build starts with so many waves."""

    def started(self, n: int, name: str) -> None:
        """A wave is being looked at."""

    def finished(self, n: int, record: dict[str, Any]) -> None:
        """A wave is done, or was fresh."""

    def end(self) -> None:
        """The build is over."""


def _locked(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lives(process: str) -> bool:
    """Whether a process with this number is there."""
    try:
        os.kill(int(process), 0)
    except ValueError:
        return True
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _leave_with(builder: int) -> None:
    """Let a worker end when its builder is gone: it would wait for work for ever, and hold the lock."""

    def watch() -> None:
        while os.getppid() == builder:
            time.sleep(PATIENCE / 50)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def only_builder(site: Site) -> Iterator[None]:
    """Hold the folder's lock. Raises BusyError naming the process that has it; a dead builder leaves no lock behind.

    The workers of a builder that was killed share its lock until they notice, a moment later; that moment is waited
    for.
    """
    site.state.mkdir(parents=True, exist_ok=True)
    with (site.state / "lock").open("a+") as handle:
        patience = time.monotonic() + PATIENCE
        while not _locked(handle):
            handle.seek(0)
            owner = handle.read().strip()
            if _lives(owner) or time.monotonic() > patience:
                raise BusyError(
                    f"another build (process {owner or 'unknown'}) works here",
                    where=str(site.built),
                    remedy="wait for it, or build elsewhere with --build DIR",
                )
            time.sleep(PATIENCE / 100)
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def build(site: Site, wanted: list[int] | None = None, *, jobs: int = 2, listener: Silent | None = None) -> Outcome:
    """Bring waves up to date: all that have a page, or the wanted ones with what they need; then write the reports.

    Raises InputError for a bad machine or wave number (nothing is written), PageError for a page that contradicts
    itself.
    """
    listener = listener or Silent()
    if wanted is None and stamp.untouched(site):
        records = _records_on_disk(site)
        return Outcome(records=records, pages=set(records), idle=True)
    from phextpaper.press.pipeline import collect
    from phextpaper.press.pipeline.code import CodeIndex

    machine = site.machine()
    known = read_json(site.state / "code.json")
    pages = collect.collect(site.root, known.setdefault("pages", {}))
    ordered = collect.order(pages, wanted if wanted is not None else list(pages))
    with only_builder(site):
        code = CodeIndex(site.root, known.setdefault("files", {}))
        store = read_json(site.state / "store.json")
        _tidy_pages(site, pages)
        outcome = _run(site, machine, code, store, pages, ordered, jobs, listener)
        whole = set(ordered) == set(pages)
        _note_times(site, outcome.records)
        if outcome.errors:
            _withdraw(site)
        else:
            from phextpaper.press.pipeline.report import write_reports

            _tidy_store(site, store)
            outcome.edited = write_reports(site, machine, code, store, pages, built=set(ordered))
            if whole:
                _write_whole(site, machine, code, pages)
        write_atomically(site.state / "store.json", to_json(store))
        write_atomically(site.state / "code.json", to_json(known))
        if whole and not outcome.errors:
            stamp.leave(site)
    return outcome


def _note_times(site: Site, records: dict[int, dict[str, Any]]) -> None:
    """Keep how long each wave took when it last ran: a measurement, so it is no report."""
    ran = {f"wave {n}": round(record["seconds"], 3) for n, record in records.items() if record.get("ran")}
    if ran:
        write_atomically(site.state / "times.json", to_json(read_json(site.state / "times.json") | ran))


def _withdraw(site: Site) -> None:
    """Take away what speaks of the build as a whole.

    After an error it would tell of another state, or of another machine.
    """
    from phextpaper.press.pipeline.front_page import CRATE, README

    for path in (*(site.built / "reports").glob("*.json"), *(site.built / name for name in (README, CRATE))):
        if path.name != "bench.json":
            path.unlink(missing_ok=True)


def _write_whole(site: Site, machine: "Machine", code: "CodeIndex", pages: Pages) -> None:
    """What a whole build leaves: the bundle for arXiv, what the paper adds, the site, a page on what each is."""
    from phextpaper.press.pipeline.archive import write_arxiv
    from phextpaper.press.pipeline.front_page import write_front
    from phextpaper.press.website.make import write_site

    write_arxiv(site)
    for finish in site.paper.study.finish:
        finish(site, _records_on_disk(site))
    write_site(site, machine, code, pages)
    write_front(site, machine, read_json(site.built / "reports" / "criteria.json").get("gates", []))


def _run(
    site: Site,
    machine: "Machine",
    code: "CodeIndex",
    store: dict[str, Any],
    pages: Pages,
    ordered: list[int],
    jobs: int,
    listener: Silent,
) -> Outcome:
    from phextpaper.press.kept import keep_fresh

    outcome = Outcome(pages=set(pages))
    sorter = TopologicalSorter({n: set(pages[n].needs) & set(pages) for n in ordered})
    sorter.prepare()
    running: dict[Future[dict[str, Any]], int] = {}
    listener.begin(len(ordered))
    pool: ProcessPoolExecutor | None = None

    def settle(n: int, finish: Callable[[], dict[str, Any]]) -> None:
        try:
            record = finish()
        except PhextpaperError as problem:
            outcome.errors[n] = problem
            sorter.done(n)
            return
        keep_fresh(store, record.pop("fresh", {}))
        outcome.records[n] = record
        listener.finished(n, record)
        sorter.done(n)

    try:
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            for n in ready:
                broken = next(
                    (need for need in pages[n].needs if need in outcome.errors or need in outcome.skipped), None
                )
                if broken is not None:
                    outcome.skipped[n] = broken
                    sorter.done(n)
                    continue
                listener.started(n, pages[n].name)
                if jobs == 1 or (pool is None and len(ready) == 1 and not running):
                    settle(n, partial(_perform, pages[n], site, machine, code, store))
                    continue
                pool = pool or ProcessPoolExecutor(
                    jobs, mp_context=get_context("fork"), initializer=_leave_with, initargs=(os.getpid(),)
                )
                running[pool.submit(_perform, pages[n], site, machine, code, store)] = n
            if running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    settle(running.pop(future), future.result)
    finally:
        listener.end()
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
    return outcome


def _perform(page: "Page", site: Site, machine: "Machine", code: "CodeIndex", store: dict[str, Any]) -> dict[str, Any]:
    """One wave's work; a mistake that nobody foresaw is told with its place, and stops that wave alone."""
    from phextpaper.press.pipeline.task import perform

    try:
        return perform(page, site, machine, code, store)
    except PhextpaperError:
        raise
    except Exception as problem:
        frames = [
            frame for frame in extract_tb(problem.__traceback__) if frame.filename.startswith(f"{site.root}{os.sep}")
        ]
        where = f"{os.path.relpath(frames[-1].filename, site.root)}:{frames[-1].lineno}" if frames else page.file
        raise PageError(
            f"{type(problem).__name__}: {problem}",
            where=where,
            remedy="this is a fault of the page or of what it calls; --debug shows how it came about",
        ) from problem


def _records_on_disk(site: Site) -> dict[int, dict[str, Any]]:
    records = (read_json(path) for path in sorted((site.state / "waves").glob("*.json")))
    return {record["n"]: {**record, "ran": False} for record in records if record}


def _tidy_pages(site: Site, pages: Pages) -> None:
    """Remove what no page makes any more, before anything reads it, and what a killed build left half-written."""
    for folder in (site.built / site.folder, site.built / "reports", site.state):
        for path in folder.rglob(".*.part"):
            path.unlink(missing_ok=True)
    made = {path for page in pages.values() for path in page.files}
    for path in (site.state / "waves").glob("*.json"):
        for output, entry in read_json(path).get("outputs", {}).items():
            place = site.output(output)
            if output not in made and place.is_file() and sha(place.read_bytes()) == entry["sha256"]:
                place.unlink()
        if int(path.stem) not in pages:
            path.unlink()


def _tidy_store(site: Site, store: dict[str, Any]) -> None:
    """Remove stored results that nothing names any more."""
    keep = {entry["file"] for kept in (store, store.get("planned", {})) for entry in kept.get("nodes", {}).values()}
    for path in (site.state / "nodes").glob("*"):
        if path.name not in keep:
            path.unlink(missing_ok=True)
