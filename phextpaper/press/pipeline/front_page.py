"""What a build leaves for whoever opens its folder: a page that says what each output is, and the same for machines (RO-Crate)."""

import json
from collections.abc import Mapping

from phextpaper import FOLDER, __version__
from phextpaper.press.pipeline.site import Site, read_json, write_atomically
from phextpaper.press.publishing.assembly import TITLE

README, CRATE = "README.md", "ro-crate-metadata.json"
FIRST = (
    (f"{FOLDER}/phext-based-compute.pdf", "the paper, ready to read or print", "application/pdf"),
    ("site/index.html", "the paper as a web site: each number leads to where it comes from", "text/html"),
    (f"{FOLDER}/phext-based-compute-v2.md", "the paper as Markdown, second version", "text/markdown"),
    (f"{FOLDER}/phext-based-compute.md", "its first version, as assembled", "text/markdown"),
    (f"{FOLDER}/phext-based-compute.tex", "its LaTeX", "application/x-tex"),
    (f"{FOLDER}/technical-review.md", "the review that the build ran over it, with the claims ledger", "text/markdown"),
    (f"{FOLDER}/clarity-report.md", "what the second version changes", "text/markdown"),
    (f"{FOLDER}/exec-summary.md", "the paper in a few minutes", "text/markdown"),
    ("arxiv.tar.gz", "LaTeX, figures and bibliography, ready to upload", "application/gzip"),
    ("r23.phext", "every text of the build as one phext document", "text/plain"),
    ("reports/criteria.json", "every criterion with verdict and evidence, review answers, gates", "application/json"),
    (
        "reports/quantities.json",
        "every number: value, unit, kind, source, inputs, where it is printed",
        "application/json",
    ),
    ("reports/claims.json", "what the plan claims, what is computed, the verdict and why", "application/json"),
    ("reports/manifest.json", "every artefact with its size and SHA-256", "application/json"),
)


def write_front(site: Site, machine: str, gates: list[dict]) -> None:
    """Write both, if they changed; only what is there is named."""
    there = [(path, words, kind) for path, words, kind in FIRST if (site.built / path).is_file()]
    for name, data in ((README, page(machine, there, gates)), (CRATE, crate(site, machine, there))):
        place = site.built / name
        if not place.is_file() or place.read_text(encoding="utf-8") != data:
            write_atomically(place, data.encode("utf-8"))


def page(machine: str, there: list[tuple[str, str, str]], gates: list[dict]) -> str:
    """The page in Markdown."""
    rows = "".join(f"| [{path}]({path}) | {words} |\n" for path, words, _ in there)
    phases = "".join(
        f"| {gate['phase']} | {gate['name']} | {gate['verdict']} | {', '.join(gate['reasons'][:1])} |\n"
        for gate in gates
    )
    return (
        f"# {TITLE}\n\nThis folder was made by phextpaper {__version__} for the machine {machine}. It is a design study; nothing in it was built "
        "as hardware.\n\n"
        f"| File | What it is |\n|---|---|\n{rows}\nAll artefacts, by the plan's waves, are in `{FOLDER}`.\n\n"
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
            "name": TITLE,
            "description": f"A design study for the machine {machine}: paper, figures, tables, reports, every number with its origin.",
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
