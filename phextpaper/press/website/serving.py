"""The site on loopback, and builds when an input changes, each in a process of its own, so that changed code counts."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from phextpaper.errors import InputError
from phextpaper.press.paper import FILE
from phextpaper.press.pipeline.site import Site
from phextpaper.press.website.make import PLACE

HOST = "127.0.0.1"
PAUSE = 0.5
"""Seconds between two looks at the inputs."""


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, never from a cache, without lists of folders and without a log."""

    def end_headers(self) -> None:
        """Say that a page may be another one next time."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Show no folder."""
        self.send_error(404, "File not found")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Site, port: int) -> Iterator[str]:
    """Serve the site while the block runs; the address. Raises InputError for a port that cannot be had."""
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(site.built / PLACE)))
    except OSError as problem:
        busy = problem.errno == errno.EADDRINUSE
        other = port + 1 if 1024 <= port < 65535 else 8001
        raise InputError(
            f"port {port} {'is in use' if busy else f'cannot be had ({problem.strerror})'}",
            where="--port",
            remedy=f"end what runs there, or give another, such as --port {other}; --port 0 finds one",
        ) from None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def build_apart(site: Site) -> int:
    """Run a whole build in a process of its own; its exit code. What it says on standard error is passed on."""
    words = [sys.executable, "-m", "phextpaper", "--params", str(site.params), "--build", str(site.built), "build"]
    return subprocess.run(words, cwd=site.root, stdout=subprocess.DEVNULL, check=False).returncode


def inputs(site: Site) -> dict[str, tuple[int, int]]:
    """Every input file with its time and size."""
    found: dict[str, tuple[int, int]] = {}
    for place in (*site.paper.inputs, site.root / FILE, site.params):
        found |= _state_of(str(place)) if place.is_file() else {}
        for base, folders, names in os.walk(place):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                if not name.endswith((".pyc", ".part", ".swp", "~")):
                    path = os.path.join(base, name)  # noqa: PTH118
                    found |= _state_of(path)
    return found


def _state_of(path: str) -> dict[str, tuple[int, int]]:
    try:
        state = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return {}
    return {path: (state.st_mtime_ns, state.st_size)}


def watched(site: Site, on_change: Callable[[list[str]], None], *, pause: float = PAUSE) -> None:
    """Call `on_change` with the changed files, again and again, until interrupted."""
    before = inputs(site)
    while True:
        time.sleep(pause)
        now = inputs(site)
        if now != before:
            changed = sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
            before = now
            on_change([os.path.relpath(path, site.root) for path in changed])
