"""What a build leaves for whoever opens its folder: a page that says what each output is, and the same for machines (RO-Crate)."""

import json
from collections.abc import Mapping
from pathlib import Path

from phextpaper import __version__
from phextpaper.press.paper import Paper
from phextpaper.press.pipeline.site import Site, read_json, write_atomically

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


def write_front(site: Site, machine: str, gates: list[dict]) -> None:
    """Write both, if they changed; only what is there is named."""
    there = [
        (path, words, KINDS.get(Path(path).suffix, "text/plain"))
        for path, words in site.paper.shown.items()
        if (site.built / path).is_file()
    ]
    for name, data in ((README, page(site.paper, machine, there, gates)), (CRATE, crate(site, machine, there))):
        place = site.built / name
        if not place.is_file() or place.read_text(encoding="utf-8") != data:
            write_atomically(place, data.encode("utf-8"))


def page(paper: Paper, machine: str, there: list[tuple[str, str, str]], gates: list[dict]) -> str:
    """The page in Markdown."""
    rows = "".join(f"| [{path}]({path}) | {words} |\n" for path, words, _ in there)
    phases = "".join(
        f"| {gate['phase']} | {gate['name']} | {gate['verdict']} | {', '.join(gate['reasons'][:1])} |\n"
        for gate in gates
    )
    return (
        f"# {paper.title}\n\nThis folder was made by phextpaper {__version__} for the machine {machine}. It is {paper.kind}; {paper.note}.\n\n"
        f"| File | What it is |\n|---|---|\n{rows}\nAll artefacts, by the plan's waves, are in `{paper.output}`.\n\n"
        f"| Phase | Name | Gate | Reason |\n|---|---|---|---|\n{phases}"
    )


def crate(site: Site, machine: str, there: list[tuple[str, str, str]]) -> str:
    """The folder as a Research Object Crate 1.1: the same bytes on every day, so it names no date of its own."""
    manifest = read_json(site.built / "reports" / "manifest.json")
    artefacts: Mapping[str, dict] = {entry["path"]: entry for entry in manifest.get("artefacts", [])}
    words = {path: (text, kind) for path, text, kind in there}
    files = [
        {
            "@id": path,
            "@type": "File",
            "name": path.rpartition("/")[2],
            **({"description": words[path][0], "encodingFormat": words[path][1]} if path in words else {}),
            **(
                {"contentSize": str(artefacts[path]["bytes"]), "sha256": artefacts[path]["sha256"]}
                if path in artefacts
                else {}
            ),
        }
        for path in sorted({*words, *artefacts})
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
            "description": f"{site.paper.kind.capitalize()} for the machine {machine}: paper, figures, tables, reports, every number with its origin.",
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
