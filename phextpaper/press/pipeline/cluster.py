"""Independent tasks, worked on here or on a Dask cluster: the same results in the same order either way."""

import logging
from collections.abc import Callable, Sequence
from pkgutil import resolve_name
from time import monotonic
from typing import Any

from phextpaper.errors import InputError

PATIENCE_S = 3.0
"""Seconds to wait for a scheduler, and for a worker where there is none."""
SAME = ("phextpaper", "numpy")
"""Packages that workers must have in the version that is installed here, so that results are the same."""


def run_all(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    scheduler: str | None = None,
    *,
    patience_s: float = PATIENCE_S,
) -> list[Any]:
    """`function` of each task, in order; on the workers of a Dask scheduler, if one such as tcp://host:8786 is given.

    The function must be importable by name on the workers, depend on its task alone, and bear to be called again: what
    a lost worker had is worked on by another. An error in a task is raised as it is. Raises `InputError` where Dask is
    not installed, no scheduler answers, none of its workers is left, or one has other versions of `SAME`.

    >>> run_all(abs, [-1, 2, -3])
    [1, 2, 3]
    """
    if scheduler is None:
        return [function(task) for task in tasks]
    client = _connected(scheduler, patience_s)
    try:
        with client.as_current():
            return _gathered(client, function, tasks, scheduler, patience_s)
    finally:
        client.close(timeout=2)


def _connected(scheduler: str, patience_s: float) -> Any:
    """A client of the scheduler that has a worker at least, all of them with what is installed here."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "a scheduler needs Dask, which is not installed",
            where="--scheduler",
            remedy="pip install 'phextpaper[cluster]' here and on each worker, or leave --scheduler out",
        ) from None
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what goes wrong is said once, in our words
    try:
        client = Client(scheduler, timeout=patience_s, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:  # a time-out is an OSError
        reason = str(problem).partition("\n")[0] or type(problem).__name__
        raise InputError(
            f"no Dask scheduler can be reached at {scheduler} ({reason})",
            where="--scheduler",
            remedy="start one with `dask scheduler`, give the address that it prints, or leave --scheduler out",
        ) from None
    try:
        client.wait_for_workers(1, timeout=patience_s)
    except OSError:
        client.close(timeout=2)
        raise _without_workers(scheduler) from None
    for name in SAME:
        here = resolve_name(f"{name}:__version__")
        for worker, there in client.run(resolve_name, f"{name}:__version__", on_error="return").items():
            if there != here:
                client.close(timeout=2)
                raise InputError(
                    f"the worker {worker} has {f'{name} {there}' if isinstance(there, str) else f'no {name}'}, "
                    f"here is {here}",
                    where=scheduler,
                    remedy="pip install the same versions of 'phextpaper[cluster]' on each worker",
                )
    return client


def _gathered(
    client: Any, function: Callable[[Any], Any], tasks: Sequence[Any], scheduler: str, patience_s: float
) -> list[Any]:
    """Results in order; gives up where no worker is left for as long as the patience lasts."""
    from distributed import CancelledError, KilledWorker, wait
    from distributed.comm import CommClosedError

    futures = client.map(function, list(tasks), pure=False)
    alone_since = None
    try:
        while not all(future.done() for future in futures):
            try:
                wait(futures, timeout=1)
            except TimeoutError:
                alone_since = None if client.nthreads() else alone_since or monotonic()
                if alone_since and monotonic() - alone_since > patience_s:
                    raise _without_workers(scheduler) from None
        return list(client.gather(futures))
    except KilledWorker:
        raise InputError(
            "one task lost one worker after the other",
            where=scheduler,
            remedy="give the workers more memory (`dask worker --memory-limit`), or smaller tasks",
        ) from None
    except (CancelledError, CommClosedError):
        raise InputError(
            "the connection to the scheduler was lost",
            where=scheduler,
            remedy="see whether the scheduler still runs, then give the same command again",
        ) from None


def _without_workers(scheduler: str) -> InputError:
    return InputError(
        "the scheduler has no workers", where=scheduler, remedy=f"start some with `dask worker {scheduler}`"
    )
