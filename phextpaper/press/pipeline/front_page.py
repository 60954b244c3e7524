"""What a build leaves for whoever opens its folder: a page that says what each output is, and the same for machines.

The latter is a Research Object Crate.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from phextpaper import __version__
from phextpaper.press.evaluation import Quantities
from phextpaper.press.paper import Paper
from phextpaper.press.parameters import Machine
from phextpaper.press.pipeline.render import render, words
from phextpaper.press.pipeline.site import Site, read_json, write_atomically
from phextpaper.press.quantity import strip_marks

README, CRATE = "README.md", "ro-crate-metadata.json"
KINDS = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".md": "text/markdown",
    ".tex": "application/x-tex",
    ".gz": "application/gzip",
    ".json": "application/json",
}
"""Media types by ending; other files are plain text."""


@dataclass(frozen=True)
class Shown:
    """A file that the page names, what it is, and its media type."""

    path: str
    about: str
    media: str


@dataclass(frozen=True)
class Opened:
    """A phase with its gate and the first reason for that."""

    phase: str
    name: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Context:
    """What the page prints."""

    title: str
    kind: str
    note: str
    version: str
    folder: str
    files: tuple[Shown, ...]
    gates: tuple[Opened, ...]


def write_front(site: Site, machine: Machine, gates: list[dict[str, Any]]) -> None:
    """Write both, if they changed; only what is there is named."""
    q = Quantities(machine, root=site.root)
    there = [
        Shown(path, about, KINDS.get(Path(path).suffix, "text/plain"))
        for path, about in site.paper.shown.items()
        if (site.built / path).is_file()
    ]
    for name, data in ((README, page(site.paper, q, there, gates)), (CRATE, crate(site, q, there))):
        place = site.built / name
        if not place.is_file() or place.read_text(encoding="utf-8") != data:
            write_atomically(place, data.encode("utf-8"))


def page(paper: Paper, q: Quantities, there: list[Shown], gates: list[dict[str, Any]]) -> str:
    """The page in Markdown."""
    opened = (
        Opened(str(gate["phase"]), gate["name"], gate["verdict"], ", ".join(gate["reasons"][:1])) for gate in gates
    )
    context = Context(
        paper.title, paper.kind, paper.note, __version__, paper.output, files=tuple(there), gates=tuple(opened)
    )
    return render("front-page.md.j2", context, q.root, q)[0]


def crate(site: Site, q: Quantities, there: list[Shown]) -> str:
    """The folder as a Research Object Crate 1.1: the same bytes on every day, so it names no date of its own."""
    manifest = read_json(site.built / "reports" / "manifest.json")
    artefacts: Mapping[str, dict[str, Any]] = {entry["path"]: entry for entry in manifest.get("artefacts", [])}
    shown = {one.path: one for one in there}
    files = [
        {
            "@id": path,
            "@type": "File",
            "name": path.rpartition("/")[2],
            **({"description": shown[path].about, "encodingFormat": shown[path].media} if path in shown else {}),
            **(
                {"contentSize": str(artefacts[path]["bytes"]), "sha256": artefacts[path]["sha256"]}
                if path in artefacts
                else {}
            ),
        }
        for path in sorted({*shown, *artefacts})
    ]
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": site.paper.title,
            "description": strip_marks(words(q, "crate.j2", "description", kind=site.paper.kind.capitalize()))[0],
            "creator": {"@id": "#phextpaper"},
            "hasPart": [{"@id": entry["@id"]} for entry in files],
        },
        {"@id": "#phextpaper", "@type": "SoftwareApplication", "name": "phextpaper", "version": __version__},
        *files,
    ]
    return (
        json.dumps({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}, indent=1, ensure_ascii=False)
        + "\n"
    )
