"""Pages of what was checked: the waves with their graph, one page a wave, the gates, the claims."""

import re
from typing import Any

from phextpaper.press.sources import plan_graph
from phextpaper.press.website import graph
from phextpaper.press.website.material import Material
from phextpaper.press.website.places import code_page, link, wave_page
from phextpaper.press.website.shell import PARTS, Shell
from phextpaper.press.website.texts import Texts

VERDICTS = ("reproduced", "corrected", "assumption", "unverifiable")
_BOUNDS = {"size_kb": "kB", "words": "words", "pages": "pages", "canvas": "pixels"}


def pages(texts: Texts, shell: Shell) -> dict[str, bytes]:
    """Every page of a wave, a gate or a claim by its place."""
    material = texts.material
    found = {PARTS["Waves"]: _all_waves(material, shell)}
    found |= {PARTS["Claims"]: _claims(material, shell)} if "Claims" in material.parts else {}
    found |= {PARTS["Gates"]: _gates(texts, shell)} if "Gates" in material.parts else {}
    blocked = plan_graph.blocks(material.waves)
    for n in material.waves:
        found[wave_page(n)] = _wave(n, texts, shell, blocked[n])
    return found


def _all_waves(material: Material, shell: Shell) -> bytes:
    page = "waves/index.html"
    states = {n: material.state(n) for n in material.waves}
    svg = graph.drawn(material.waves, states, {n: link(page, wave_page(n)) for n in material.waves}, material.phases)
    path = plan_graph.critical_path(material.waves)
    rows = [
        {
            "wave": wave,
            "state": states[n],
            "passed": sum(bool(verdict["passed"]) for verdict in material.built.get(n, {}).get("criteria", [])),
            "criteria": len(wave.criteria),
        }
        for n, wave in material.waves.items()
    ]
    return shell.page(
        page,
        "waves.html",
        title="Waves",
        current="Waves",
        svg=svg,
        rows=rows,
        phases=material.phases,
        wave_page=wave_page,
        planned=material.paper.plan is not None,
        chain=path,
        minutes=sum(material.waves[n].minutes for n in path),
    )


def _wave(n: int, texts: Texts, shell: Shell, blocked: tuple[int, ...]) -> bytes:
    material, page, wave = texts.material, wave_page(n), texts.material.waves[n]
    built = material.built.get(n, {"criteria": [], "integrity": [], "review": []})
    verdicts = {verdict["id"]: verdict for verdict in built["criteria"]}
    file = material.pages[n].file if n in material.pages else ""
    lines = material.code.facts(file)["lines"] if file else {}
    criteria = [
        {
            "id": id,
            "text": text,
            "verdict": verdicts.get(id),
            "line": lines.get(id.replace("-", "_"), [0])[0],
            "evidence": texts.evidence(verdicts[id]["evidence"], page) if id in verdicts else "",
        }
        for id, text in wave.criteria.items()
    ]
    rules = [{**rule, "evidence": texts.evidence(rule["evidence"], page)} for rule in built["integrity"]]
    made = [path for path, entry in material.artefacts.items() if entry["wave"] == n and path in material.data]
    numbers = sorted({item.id for path in made for item in material.prints.get(path, [])})
    order = list(material.waves)
    place = order.index(n)
    return shell.page(
        page,
        "wave.html",
        title=f"Wave {n}: {wave.name}",
        current="Waves",
        wave=wave,
        state=material.state(n),
        phase=material.phases.get(wave.phase, ""),
        blocked=blocked,
        criteria=criteria,
        rules=rules,
        review=_review(built["review"], wave.review),
        made=made,
        page_of=material.page_of,
        planned=wave.output,
        numbers=len(numbers),
        source=code_page(file) if file else "",
        file=file,
        wave_page=wave_page,
        waves=material.waves,
        known=material.numbers,
        bounds=[
            f"{low} to {high} {_BOUNDS[key]}" if key != "canvas" else f"{low} x {high} {_BOUNDS[key]}"
            for key, (low, high) in wave.bounds.items()
        ],
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


def _review(answered: list[dict[str, Any]], planned: tuple[str, ...]) -> list[dict[str, Any]]:
    """The review as answered, then the questions that nobody answered yet."""
    asked = {answer["question"] for answer in answered}
    return [
        *answered,
        *(
            {"question": question, "answer": "", "evidence": [], "settled": False}
            for question in planned
            if question not in asked
        ),
    ]


def _claims(material: Material, shell: Shell) -> bytes:
    counts = {verdict: sum(claim["verdict"] == verdict for claim in material.claims) for verdict in VERDICTS}
    waves = {
        claim["id"]: [int(part) for part in re.findall(r"\d+", claim["wave"]) if int(part) in material.waves]
        for claim in material.claims
    }
    return shell.page(
        "claims.html",
        "claims.html",
        title="Claims",
        current="Claims",
        claims=material.claims,
        counts=counts,
        waves=waves,
        wave_page=wave_page,
        known=material.numbers,
    )


def _gates(texts: Texts, shell: Shell) -> bytes:
    material = texts.material
    reviews = {
        entry["phase"]: path
        for path, entry in material.artefacts.items()
        if entry["wave"] is None and path in material.data
    }
    gates = [
        {
            **gate,
            "waves": [n for n, wave in material.waves.items() if wave.phase == gate["phase"]],
            "review": material.page_of(reviews[gate["phase"]]) if gate["phase"] in reviews else "",
        }
        for gate in material.criteria["gates"]
    ]
    return shell.page(
        "gates.html",
        "gates.html",
        title="Gates",
        current="Gates",
        gates=gates,
        states={n: material.state(n) for n in material.waves},
        wave_page=wave_page,
    )
