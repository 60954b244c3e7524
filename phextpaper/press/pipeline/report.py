"""The reports: what was checked, every number with its origin, what was made, and the gates of the phases."""

from typing import Any

from phextpaper.press.evaluation import Quantities
from phextpaper.press.kept import keep_fresh
from phextpaper.press.paper import load_paper
from phextpaper.press.parameters import Machine
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.collect import Page
from phextpaper.press.pipeline.gates import gates, summaries
from phextpaper.press.pipeline.review_files import write_reviews
from phextpaper.press.pipeline.site import Site, sha, to_json, write_atomically
from phextpaper.press.pipeline.task import quantities_at, why_stale
from phextpaper.press.quantity import Quantity
from phextpaper.press.sources.claims import load_claims


def write_reports(
    site: Site, machine: Machine, code: CodeIndex, store: dict[str, Any], pages: dict[int, Page], built: set[int]
) -> list[str]:
    """Write every report whose content changed, and the reviews of the phases.

    Returns what is to be said of reviews edited by hand. The reports speak of the waves just `built` and of others that
    are not stale.
    """
    quantities = quantities_at(site, machine, code, store)
    records = {
        n: site.record(n) for n, page in pages.items() if n in built or not why_stale(page, site, quantities, code)
    }
    listed, ledger = (
        numbers(records, quantities, code),
        quantities.node("claims.ledger") if load_claims(site.root) else [],
    )
    opened = gates(site, records, ledger, listed)
    reviews, edited = write_reviews(site, opened, records, quantities, whole=built == set(pages))
    reports = {
        "criteria.json": {
            "waves": [_wave(pages[n], record) for n, record in records.items()],
            "gates": summaries(site, opened),
        },
        "quantities.json": listed,
        "claims.json": ledger,
        "manifest.json": {
            "params_sha256": sha(site.params.read_bytes()),
            "artefacts": [*manifest(records, site.folder), *reviews],
        },
    }
    keep_fresh(store, quantities.fresh)
    for name, report in reports.items():
        path, data = site.built / "reports" / name, to_json(report)
        if not path.is_file() or path.read_bytes() != data:
            write_atomically(path, data)
    return edited


def _wave(page: Page, record: dict[str, Any]) -> dict[str, Any]:
    """A wave's part of criteria.json. Its seconds are null: times differ from run to run, and reports do not.

    `phextpaper status` shows them.
    """
    review = [
        {key: answer[key] for key in ("question", "answer", "evidence", "settled")} for answer in record["review"]
    ]
    return {
        "n": page.n,
        "name": page.name,
        "phase": page.phase,
        "seconds": None,
        "criteria": record["criteria"],
        "integrity": record["integrity"],
        "review": review,
    }


def manifest(records: dict[int, dict[str, Any]], folder: str) -> list[dict[str, Any]]:
    """Every artefact with its wave, size and SHA-256."""
    return [
        {"path": f"{folder}/{path}", "wave": n, **output}
        for n, record in records.items()
        for path, output in record["outputs"].items()
    ]


def numbers(records: dict[int, dict[str, Any]], quantities: Quantities, code: CodeIndex) -> list[dict[str, Any]]:
    """Every quantity that a wave read, and all that they were computed from, by id."""
    printed = printed_places(records, load_paper(quantities.root).output)
    waiting = [
        key.removeprefix("quantity:")
        for record in records.values()
        for key in record["reads"]
        if key.startswith("quantity:")
    ]
    found: dict[str, Quantity] = {}
    while waiting:
        id = waiting.pop()
        if id not in found:
            found[id] = quantities[id]
            waiting += found[id].uses
    return [entry(found[id], printed.get(id, []), code) for id in sorted(found)]


def entry(quantity: Quantity, printed_in: list[dict[str, Any]], code: CodeIndex) -> dict[str, Any]:
    """One quantity as the reports give it."""
    return {
        "id": quantity.id,
        "value": quantity.value,
        "unit": quantity.unit,
        "kind": quantity.kind,
        "doc": quantity.doc,
        "formula": quantity.formula,
        "text": quantity.text,
        "source": source(quantity, code),
        "uses": list(quantity.uses),
        "printed_in": printed_in,
    }


def source(quantity: Quantity, code: CodeIndex) -> str:
    """``path:line`` of the function that computed it, or where it was read."""
    file, _, name = quantity.origin.partition(":")
    return f"{file}:{code.line(file, name)}" if file.endswith(".py") else quantity.origin


def printed_places(records: dict[int, dict[str, Any]], folder: str) -> dict[str, list[dict[str, Any]]]:
    """Where each quantity is printed: file and line, in the order of the waves."""
    places: dict[str, list[dict[str, Any]]] = {}
    for record in records.values():
        for path, prints in record["lineage"].items():
            for line, _, id, _ in prints:
                place = {"file": f"{folder}/{path}", "line": line}
                if place not in places.setdefault(id, []):
                    places[id].append(place)
    return places
