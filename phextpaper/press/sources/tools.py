"""Programs that a build uses where they are installed and does without where they are not.

Found, and told apart by version.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from phextpaper.errors import InputError

TEX_FILES = (
    "IEEEtran.cls",
    "IEEEtran.bst",
    "booktabs.sty",
    "cite.sty",
    "listings.sty",
    "amsmath.sty",
    "hyperref.sty",
    "microtype.sty",
    "ptmr8t.tfm",
    "t1xtt.tfm",
)
"""What the paper's LaTeX asks for: the first thing that each package of a distribution brings along."""

NO_TEX = "no TeX here, run sudo make tex"


def tex() -> str:
    """Which TeX is installed, as a word that changes when it does.

    Empty where pdfTeX, BibTeX or a file of `TEX_FILES` is missing.
    """
    latex, bibtex, finder = (shutil.which(name) for name in ("pdflatex", "bibtex", "kpsewhich"))
    if latex is None or bibtex is None or finder is None:
        return ""
    version, found = _said([latex, "--version"]).partition("\n")[0], _said([finder, *TEX_FILES]).splitlines()
    if len(found) != len(TEX_FILES):
        return ""
    files = hashlib.sha256(b"".join(hashlib.sha256(Path(path).read_bytes()).digest() for path in found)).hexdigest()
    return f"{version} {files[:16]}"


TOOLS = {"tex": tex}


def installed(name: str) -> str:
    """Which version of a tool is installed, empty where it is not. Raises InputError for a tool that nobody uses."""
    if name not in TOOLS:
        raise InputError(f"there is no tool {name!r}", remedy=f"the tools are {', '.join(TOOLS)}")
    return TOOLS[name]()


def _said(command: list[str]) -> str:
    """What a program prints; nothing where it cannot run."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "LC_ALL": "C"}
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
