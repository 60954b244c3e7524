"""The reviews of the phases on disk: written with the reports, guarded like every artefact."""

from pathlib import Path
from typing import Any

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.difference import first_difference
from phextpaper.press.pipeline.gates import Gate, Records
from phextpaper.press.pipeline.phase_review import path_of, review
from phextpaper.press.pipeline.site import Site, read_json, sha, to_json, write_atomically
from phextpaper.press.wave import Verdict


def write_reviews(
    site: Site, gates: list[Gate], records: Records, quantities: Quantities, *, whole: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    """Write all reviews after a `whole` build; after another one bring those up to date that are there.

    Returns their entries in the manifest, and what is to be said of reviews that were edited by hand: each was put
    aside.
    """
    written = _written(site)
    phases = {path_of(gate.phase): gate for gate in gates if whole or site.output(path_of(gate.phase)).is_file()}
    texts = {path: review(gate, records, quantities) for path, gate in phases.items()}
    found = {path: site.output(path).read_bytes() for path in texts if site.output(path).is_file()}
    edited = []
    for path, data in found.items():
        expected = {sha(texts[path].encode()), written.get(path, {}).get("sha256"), written.get(path, {}).get("before")}
        if sha(data) not in expected:
            edited.append(f"{path} was edited by hand: your version is kept in {site.put_aside(path, data)}")
    # What was there before is noted too: a build that is killed between the two writes blames nobody.
    state = {
        path: {
            "phase": gate.phase,
            "text": texts[path],
            "sha256": sha(texts[path].encode()),
            "before": sha(found.get(path, b"")),
        }
        for path, gate in phases.items()
    }
    if state != written:
        write_atomically(_state(site), to_json(state))
    entries = []
    for path, text in texts.items():
        data = text.encode()
        if found.get(path) != data:
            write_atomically(site.output(path), data)
        entries.append(
            {
                "path": f"{site.folder}/{path}",
                "wave": None,
                "phase": phases[path].phase,
                "sha256": sha(data),
                "bytes": len(data),
            }
        )
    return entries, edited


def inspect_reviews(site: Site) -> list[dict[str, Any]]:
    """Whether each review is on disk as the build wrote it; if not, the first line that differs."""
    found = []
    for path, entry in _written(site).items():
        verdict = _as_built(path, site, entry["text"])
        found.append(
            {
                "phase": entry["phase"],
                "path": path,
                "integrity": [{"id": "as-built", "passed": verdict.passed, "evidence": verdict.evidence}],
            }
        )
    return found


def _as_built(path: str, site: Site, text: str) -> Verdict:
    place, wanted = site.output(path), f"{path} as the build wrote it"
    if not place.is_file():
        return Verdict(False, wanted, "no such file", path)
    data = place.read_bytes()
    if data == text.encode():
        return Verdict(True, wanted, f"{len(data)} equal bytes")
    line, expected, seen = first_difference(text.encode(), data)
    return Verdict(False, expected, seen, f"{path}:{line}")


def _state(site: Site) -> Path:
    return site.state / "reviews.json"


def _written(site: Site) -> dict[str, dict[str, Any]]:
    return read_json(_state(site))
