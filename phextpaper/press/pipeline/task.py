"""One wave's work, start to end, in whichever process: is it fresh, render, write, check, record."""

import time
from collections.abc import Sequence
from typing import Any

from phextpaper.errors import PageError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.paper import load_paper
from phextpaper.press.parameters import Machine
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.collect import Page, load
from phextpaper.press.pipeline.judging import judge
from phextpaper.press.pipeline.render import check_context, render
from phextpaper.press.pipeline.site import Site, sha, to_json, write_atomically
from phextpaper.press.quantity import Print, digest
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import Wave

WORKER = "phextpaper/press/pipeline/task.py"
_READ = {"quantity": "number", "keys": "names below", "printed": "what is printed in", "tool": "the installed"}


def quantities_at(site: Site, machine: Machine, code: CodeIndex, store: dict[str, Any]) -> Quantities:
    """The quantities of a machine at a site, with the store of earlier builds."""
    return Quantities(
        machine,
        root=site.root,
        built=site.built,
        code=code,
        store=store,
        scratch=site.state / "nodes",
        settings=site.settings,
        printed=lambda path: _printed(path, site),
    )


def _printed(path: str, site: Site) -> list[Any]:
    """Where an artefact prints which quantity, as the record of its wave has it."""
    maker = next((n for n, wave in load_waves(site.root).items() if path in wave.output), 0)
    return list(site.record(maker).get("lineage", {}).get(path, []))


def code_digest(page: Page, code: CodeIndex) -> str:
    """The digest of all code that can change a wave's artefact or verdicts.

    Page, worker, the paper's own, and what they import.
    """
    own = load_paper(code.root).code
    return digest([code.closure_digest(file) for file in (page.file, WORKER, *(code.files_of(own) if own else ()))])


def why_stale(page: Page, site: Site, quantities: Quantities, code: CodeIndex) -> str:
    """Empty if the wave is as the build left it, else the reason for which it has to run."""
    record = site.record(page.n)
    if not record:
        return "never built"
    if record.get("pending"):
        return "the last build was interrupted"
    if record["code"] != code_digest(page, code):
        return "its code changed"
    if key := quantities.unchanged(record["reads"]):
        kind, _, name = key.partition(":")
        return f"{_READ.get(kind, kind)} {name} changed"
    for path, output in record["outputs"].items():
        place = site.output(path)
        if not place.is_file():
            return f"{path} is missing"
        if sha(place.read_bytes()) != output["sha256"]:
            return f"{path} was edited by hand"
    return ""


def perform(page: Page, site: Site, machine: Machine, code: CodeIndex, store: dict[str, Any]) -> dict[str, Any]:
    """Build and check one wave unless it is fresh; return its record, with what was computed anew under ``fresh``.

    Raises PageError for a mistake in the page, its template or its context; then nothing is written.
    """
    started = time.perf_counter()
    quantities = quantities_at(site, machine, code, store)
    reason = why_stale(page, site, quantities, code)
    if not reason:
        return {**site.record(page.n), "ran": False, "reason": "", "fresh": quantities.fresh}
    wave = load(page, site.root)
    with quantities.noting() as reads:
        outputs, lineage = produce(wave, site, quantities)
    before = site.record(page.n)
    kept = keep_edited(site, before)
    record: dict[str, Any] = {
        "n": page.n,
        "settings": site.settings,
        "code": code_digest(page, code),
        "reads": reads,
        "lineage": lineage,
        "outputs": {path: {"sha256": sha(data), "bytes": len(data)} for path, data in outputs.items()},
    }
    on_disk = {path: {"sha256": sha(site.output(path).read_bytes())} for path in outputs if site.output(path).is_file()}
    write_atomically(site.record_path(page.n), to_json({**record, "pending": True, "before": on_disk}))
    for path, data in outputs.items():
        write_atomically(site.output(path), data)
    with quantities.noting() as also:
        record |= judge(wave, site, quantities, lineage)
    record["reads"] = {**reads, **also}
    own = {f"file:build:{site.folder}/{path}" for path in outputs}
    record["reads"] = {key: seen for key, seen in record["reads"].items() if key not in own}
    write_atomically(site.record_path(page.n), to_json(record))
    return {
        **record,
        "ran": True,
        "reason": reason,
        "edited": kept,
        "seconds": time.perf_counter() - started,
        "fresh": quantities.fresh,
    }


def produce(wave: Wave, site: Site, quantities: Quantities) -> tuple[dict[str, bytes], dict[str, list[Any]]]:
    """Every file of a wave as bytes, and for the texts where each quantity was printed.

    Raises PageError for a mistake in a template or context, and for a writer that does not make what its wave declares.
    """
    templates = [f"{path}.j2" for path in wave.output if path not in wave.writers]
    outputs: dict[str, bytes] = {}
    lineage: dict[str, list[Any]] = {}
    context = wave.fill(quantities) if templates else None
    if templates:
        check_context(templates, context, site.root, quantities)
    for path in wave.output:
        if path in wave.writers:
            outputs[path], prints, also = _made(wave, path, quantities)
            outputs |= also
        else:
            text, prints = render(f"{path}.j2", context, site.root, quantities)
            outputs[path] = text.encode("utf-8")
        if prints is not None:
            lineage[path] = [[item.line, item.column, item.id, item.text] for item in prints]
    if missing := sorted(set(wave.also) - set(outputs)):
        raise PageError(
            f"wave {wave.n} declares {missing[0]}, and no writer makes it",
            remedy="return it in `also`, or drop it from the declaration",
        )
    return outputs, lineage


def _made(wave: Wave, path: str, quantities: Quantities) -> tuple[bytes, Sequence[Print] | None, dict[str, bytes]]:
    """What a writer makes: its output, the quantities that it prints (None where it does not say), further files."""
    made = wave.writers[path](quantities)
    if isinstance(made, bytes):
        return made, None, {}
    try:
        data, prints, also = made.data, made.prints, dict(made.also)
    except AttributeError:
        raise PageError(
            f"the writer of {path} returns a {type(made).__name__}",
            remedy="return bytes, or an object with data, prints and also",
        ) from None
    if stray := sorted(set(also) - set(wave.also)):
        raise PageError(
            f"the writer of {path} makes {stray[0]} too, which wave {wave.n} does not declare",
            remedy="name it in the wave's `also`",
        )
    return data, prints, also


def keep_edited(site: Site, before: dict[str, Any]) -> list[str]:
    """Put a hand-edited artefact aside before it is built anew; return where each one went."""
    expected = {**before.get("outputs", {})}
    kept = []
    for path, output in expected.items():
        place = site.output(path)
        if not place.is_file():
            continue
        data = place.read_bytes()
        known = {output["sha256"], before.get("before", {}).get(path, {}).get("sha256")}
        if sha(data) not in known:
            kept.append(
                f"{path}{_edited_line(data, before, path)}: your version is kept in {site.put_aside(path, data)}"
            )
    return kept


def _edited_line(data: bytes, before: dict[str, Any], path: str) -> str:
    lines = data.decode("utf-8", "replace").split("\n")
    for line, column, id, text in before.get("lineage", {}).get(path, []):
        seen = lines[line - 1][column - 1 : column - 1 + len(text)] if line <= len(lines) else ""
        if seen != text:
            return f":{line} was edited by hand: {id} = {text} stood there, now {seen!r}"
    return " was edited by hand"
