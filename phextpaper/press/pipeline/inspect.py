"""Judging artefacts as they stand on disk, without building.

Criteria, and whether each file is what the build wrote.
"""

from dataclasses import replace
from typing import Any

from phextpaper.errors import InputError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.collect import Page, collect, load
from phextpaper.press.pipeline.difference import first_difference
from phextpaper.press.pipeline.judging import judge
from phextpaper.press.pipeline.site import Site, read_json, sha
from phextpaper.press.pipeline.task import produce, quantities_at
from phextpaper.press.wave import Verdict


def inspect(site: Site, numbers: list[int]) -> list[dict[str, Any]]:
    """Fresh verdicts of the given waves, or of all that were built.

    Raises InputError for a wave that was never built: checking nothing is not a pass.
    """
    known = read_json(site.state / "code.json")
    pages, code = collect(site.root, known.get("pages")), CodeIndex(site.root, known.get("files"))
    machine = site.machine()
    chosen = sorted(set(numbers)) or [n for n in pages if site.record(n)]
    if not chosen:
        raise InputError(
            "nothing was built here yet, so there is nothing to check", where=str(site.built), remedy="make all"
        )
    for n in chosen:
        if n not in pages:
            raise InputError(f"wave {n} has no page yet", remedy="phextpaper status lists the waves that have one")
        if not site.record(n):
            raise InputError(f"wave {n} was not built here", where=str(site.built), remedy=f"make wave N={n}")
    store = read_json(site.state / "store.json")
    return [
        _inspect(pages[n], place, quantities_at(place, machine, code, store))
        for n in chosen
        for place in [_as_given(site, n)]
    ]


def _as_given(site: Site, n: int) -> Site:
    """The site with the words that were given when the wave was built, so that it is judged by them."""
    return replace(site, settings={**site.record(n).get("settings", {}), **site.settings})


def _inspect(page: Page, site: Site, quantities: Quantities) -> dict[str, Any]:
    wave, record = load(page, site.root), site.record(page.n)
    verdicts = judge(wave, site, quantities, record.get("lineage", {}))
    for path in page.files:
        verdict = _as_built(path, page, site, quantities, record)
        suffix = f":{path}" if len(page.files) > 1 else ""
        verdicts["integrity"].append(
            {"id": f"as-built{suffix}", "passed": verdict.passed, "evidence": verdict.evidence}
        )
    return {"n": page.n, **verdicts}


def _as_built(path: str, page: Page, site: Site, quantities: Quantities, record: dict[str, Any]) -> Verdict:
    """Whether an artefact is byte for byte what the build wrote.

    If not, the first line that differs and what belongs there.
    """
    wanted = record.get("outputs", {}).get(path, {}).get("sha256", "")
    place = site.output(path)
    if not place.is_file():
        return Verdict(False, f"{path} as the build wrote it", "no such file", path)
    data = place.read_bytes()
    if sha(data) == wanted:
        return Verdict(True, f"{path} as the build wrote it", f"{len(data)} equal bytes")
    fresh, lineage = produce(load(page, site.root), site, quantities)
    if not _is_text(fresh[path]):
        return _differing_byte(path, data, fresh[path])
    if data == fresh[path]:
        return Verdict(
            False,
            f"{path} as the build wrote it",
            "the build is out of date; this file is what it would write now",
            path,
        )
    line, expected, seen = first_difference(fresh[path], data)
    now = data.decode("utf-8", "replace").split("\n")
    numbers = [
        f"{id} = {text}"
        for row, column, id, text in lineage.get(path, [])
        if row == line and (line > len(now) or now[line - 1][column - 1 : column - 1 + len(text)] != text)
    ]
    return Verdict(False, f"{', '.join(numbers[:3]) + ' in ' if numbers else ''}{expected}", seen, f"{path}:{line}")


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _differing_byte(path: str, data: bytes, fresh: bytes) -> Verdict:
    """The same for a file that has no lines."""
    wanted = f"{path} as the build wrote it"
    if data == fresh:
        return Verdict(False, wanted, "the build is out of date; this file is what it would write now", path)
    place = next(
        (number for number, (a, b) in enumerate(zip(data, fresh, strict=False), 1) if a != b),
        min(len(data), len(fresh)) + 1,
    )
    return Verdict(False, wanted, f"{len(data)} bytes that differ from byte {place} on", path)
