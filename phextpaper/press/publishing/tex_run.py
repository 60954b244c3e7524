"""LaTeX run as often as it needs, in a folder of its own, with nothing of the user's and no day in what it makes."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from phextpaper.errors import InputError

MOST_RUNS = 5
_AGAIN = re.compile(r"Rerun to get|There were undefined references|Label\(s\) may have changed")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came out: the PDF (or nothing), what LaTeX said last, what BibTeX said, its list of references."""

    pdf: bytes
    log: str
    bibtex_log: str
    references: bytes


def compiled(tex: str, files: Mapping[str, bytes], name: str = "paper") -> Compiled:
    """Set a LaTeX text with the files that it asks for, by path. Raises InputError where TeX cannot be started."""
    return _compiled(tex, tuple(sorted(files.items())), name)


@lru_cache(maxsize=8)
def _compiled(tex: str, files: tuple[tuple[str, bytes], ...], name: str) -> Compiled:
    with TemporaryDirectory() as folder:
        for path, data in ((f"{name}.tex", tex.encode("utf-8")), *files):
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        latex = [
            "pdflatex",
            "-interaction=nonstopmode",
            "-halt-on-error",
            "-no-shell-escape",
            "-file-line-error",
            f"{name}.tex",
        ]
        bibtex_log, before = "", None
        for run in range(MOST_RUNS):
            good, log = _run(latex, folder)
            if not good:
                return Compiled(b"", log, bibtex_log, b"")
            if run == 0 and "\\bibliography{" in tex:
                bibtex_log = _run(["bibtex", name], folder)[1]
                continue
            settled = [
                Path(folder, f"{name}.{kind}").read_bytes()
                for kind in ("aux", "out")
                if Path(folder, f"{name}.{kind}").is_file()
            ]
            if settled == before and not (run < 3 and _AGAIN.search(log)):
                break
            before = settled
        references = Path(folder, f"{name}.bbl")
        return Compiled(
            Path(folder, f"{name}.pdf").read_bytes(),
            log,
            bibtex_log,
            references.read_bytes() if references.is_file() else b"",
        )


def _run(command: list[str], folder: str) -> tuple[bool, str]:
    """Whether a program ended well, and what it said."""
    own = {name: str(Path(folder, name.lower())) for name in ("TEXMFHOME", "TEXMFVAR", "TEXMFCONFIG", "HOME")}
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C",
        "max_print_line": "10000",
        "openout_any": "p",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        **own,
    }
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise InputError(f"{command[0]} does not run: {problem}", remedy="sudo make tex installs TeX anew") from None
    return done.returncode == 0, done.stdout.decode("utf-8", "replace")
