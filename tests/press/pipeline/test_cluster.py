"""Tasks here or on a Dask cluster: the same results, also when a worker dies; clear words where it cannot be."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from phextpaper.errors import InputError
from phextpaper.press.pipeline.cluster import run_all

SEARCH = ("search", "--chips", "128", "--evaluations", "3000", "--restarts", "12", "--json")
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="Dask is not installed: make test installs it"
)

# Waits until the first worker is at work, which is the moment to kill it.
WATCH = """
import sys, time
from distributed import Client
client = Client(sys.argv[1], timeout=10)
print("ready", flush=True)
while not any(tasks for worker, tasks in client.processing().items() if client.scheduler_info()["workers"][worker]["name"] == "first"):
    time.sleep(0.01)
print("busy", flush=True)
"""


def started(*words: str) -> subprocess.Popen:
    """A process in a group of its own, so that it can be ended with all that it started."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def environment() -> dict[str, str]:
    """Where workers find the package."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def ended(process: subprocess.Popen) -> None:
    """End a process, if it still runs, and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a real scheduler process."""
    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    process = started(
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    )
    try:
        for _ in range(300):
            if file.exists() and file.read_text(encoding="utf-8").endswith("}"):
                break
            time.sleep(0.1)
        yield json.loads(file.read_text(encoding="utf-8"))["address"]
    finally:
        ended(process)


@pytest.fixture
def workers(scheduler, tmp_path):
    """Two real worker processes, the first of which is called so."""
    processes = [
        started(
            "-m",
            "distributed.cli.dask_worker",
            scheduler,
            "--name",
            name,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path / name),
        )
        for name in ("first", "second")
    ]
    try:
        yield processes
    finally:
        for process in processes:
            ended(process)


def program(*words: str) -> subprocess.CompletedProcess:
    """The console program."""
    return subprocess.run(
        [sys.executable, "-m", "phextpaper", *words],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_without_a_scheduler_tasks_run_here_in_order():
    """And nothing of Dask is imported."""
    code = "import sys; from phextpaper.press.pipeline.cluster import run_all; print(run_all(abs, [3, -1, 2]), 'distributed' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )[0]
        == "[3, 1, 2] False"
    )


def test_without_dask_the_extra_is_named(monkeypatch):
    """A scheduler is given, and the package that could reach it is not installed."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"phextpaper\[cluster\]"):
        run_all(abs, [1], "tcp://127.0.0.1:8786")


@needs_dask
def test_a_scheduler_that_does_not_answer_ends_the_program_with_2():
    """With its address, the remedy, and nothing on standard output."""
    done = program(*SEARCH, "--scheduler", "tcp://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"tcp://127.0.0.1:9" in done.stderr and b"dask scheduler" in done.stderr and b"Traceback" not in done.stderr


@needs_dask
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("run_all(abs, [1], {address!r}, patience_s=0.5)", "dask worker tcp://"),
        ("run_all(abs, [1], 'telegraph://here', patience_s=0.5)", "telegraph"),
    ],
    ids=["no worker", "no address"],
)
def test_what_cannot_work_is_said_in_time(scheduler, code, words):
    """A scheduler without workers, and an address of no known kind."""
    code = code.format(address=scheduler)
    done = subprocess.run(
        [sys.executable, "-c", f"from phextpaper.press.pipeline.cluster import run_all\n{code}"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1 and "InputError" in done.stderr and words in done.stderr.split("InputError")[-1]


@needs_dask
def test_a_worker_without_this_package_is_named(scheduler):
    """Before it gets work, which it could not read."""
    worker = started(
        "-S",
        "-c",
        f"import sys; sys.path[:] = [path for path in sys.path if path not in ('', {str(ROOT)!r})]; "
        f"sys.path.append({str(Path(importlib.util.find_spec('distributed').origin).parents[1])!r}); "
        f"from distributed.cli.dask_worker import main; main([{scheduler!r}, '--no-nanny', '--no-dashboard', '--nthreads', '1'])",
    )
    try:
        code = f"from phextpaper.press.pipeline.cluster import run_all\nrun_all(abs, [1], {scheduler!r}, patience_s=20)"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1 and "has no phextpaper" in done.stderr and "phextpaper[cluster]" in done.stderr
    finally:
        ended(worker)


@needs_dask
def test_a_search_on_two_workers_one_of_which_is_killed_is_the_search_that_runs_here(scheduler, workers, tmp_path):
    """The same bytes on standard output, and the same file of links."""
    watcher = started("-c", WATCH, scheduler)
    try:
        assert watcher.stdout.readline() == "ready\n"
        files = [tmp_path / name for name in ("there.csv", "here.csv")]
        search = subprocess.Popen(
            [sys.executable, "-m", "phextpaper", *SEARCH, "--scheduler", scheduler, "--out", str(files[0])],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert watcher.stdout.readline() == "busy\n"
        workers[0].send_signal(signal.SIGKILL)
        assert search.poll() is None, "the search was over before a worker could be killed"
        there, errors = search.communicate(timeout=120)
        assert search.returncode == 0, errors.decode()
        assert workers[0].wait(timeout=10) == -signal.SIGKILL and workers[1].poll() is None
    finally:
        ended(watcher)
    here = program(*SEARCH, "--out", str(files[1]))
    assert there == here.stdout.replace(str(files[1]).encode(), str(files[0]).encode()) and len(there) > 1000
    assert Path(files[0]).read_bytes() == Path(files[1]).read_bytes()
