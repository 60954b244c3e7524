"""`serve` and `watch` as a user meets them: an address, a fresh site after a change, a plain end, a busy port."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import Project


def get(address: str) -> str:
    """A page as the server gives it."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.read().decode()


def seen_within(seconds: float, look) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if look():
            return True
        time.sleep(0.2)
    return False


def interruptible() -> None:
    """Let a program that a test starts hear Ctrl-C, also where the tests themselves were started in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def copy(pristine: Project, tmp_path: Path) -> Path:
    """A built copy that may be changed."""
    return shutil.copytree(pristine.folder, tmp_path / "copy")


def test_serve_shows_the_site_builds_after_a_change_and_ends_on_an_interrupt(copy):
    """The address works once it is printed; a changed sentence is on the page soon after; Ctrl-C is no error."""
    served = subprocess.Popen(
        [sys.executable, "-m", "phextpaper", "serve", "--port", "0"],
        cwd=copy,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=interruptible,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/", served.stdout.readline())[0]
        page = f"{address}texts/concept-mapping.html"
        assert "What answers to what" in get(page)
        template = copy / "templates" / "concept-mapping.md.j2"
        template.write_text(
            template.read_text(encoding="utf-8").replace("What answers to what", "What stands for what"),
            encoding="utf-8",
        )
        assert seen_within(60, lambda: "What stands for what" in get(page))
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{address}static/")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{address}../.state/stamp.json")
    finally:
        served.send_signal(signal.SIGINT)
        said = served.communicate(timeout=30)
    assert served.returncode == 0
    assert "templates/concept-mapping.md.j2 changed" in said[1]
    assert said[1].endswith("ended\n")
    assert "Traceback" not in said[1]


def test_a_busy_port_is_told_with_its_remedy(copy):
    """Nothing is built, and the message names another port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "phextpaper", "serve", "--port", str(port)],
            cwd=copy,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"error: --port: port {port} is in use\n  remedy: " in done.stderr
    assert "built" not in done.stderr


def test_watch_builds_and_ends_on_an_interrupt(copy):
    """Without a server the same: one build, then another for each change."""
    watching = subprocess.Popen(
        [sys.executable, "-m", "phextpaper", "watch"],
        cwd=copy,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=interruptible,
    )
    assert watching.stderr.readline().startswith("built: ")
    watching.terminate()
    assert watching.communicate(timeout=30) == ("", "ended\n")
    assert watching.returncode == 0
