"""Verdicts on a wave's artefacts as they stand on disk.

Its own criteria, and the rules that hold for every artefact.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from phextpaper.errors import InputError
from phextpaper.press.checks.figure_checks import drawn_numbers
from phextpaper.press.checks.section_rules import plain_prose, references_resolve, section_of, section_paths, terms
from phextpaper.press.checks.shared_checks import citations_resolve, no_bare_numerals
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.printed_code import noting_calls
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.pipeline.site import Site
from phextpaper.press.quantity import marked_ids, strip_marks
from phextpaper.press.sources.bibliography import PATH as BIBLIOGRAPHY
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.sources.glossary import PATH as GLOSSARY
from phextpaper.press.sources.glossary import load_glossary
from phextpaper.press.sources.plan import declared_in, load_waves
from phextpaper.press.wave import Answer, Verdict, Wave, sentence

Check = Callable[[Artefacts, Quantities], Verdict]


def judge(wave: Wave, site: Site, quantities: Quantities, lineage: dict[str, list[Any]]) -> dict[str, Any]:
    """Verdicts of all criteria, the outputs' integrity, the review's answers, which printed code the criteria ran."""
    built = Artefacts(quantities, (*wave.output, *wave.also), needed(wave.needs, site), lineage)
    noting: AbstractContextManager[set[str]] = noting_calls() if _prints_code(built, wave) else nullcontext(set())
    with noting as ran:
        criteria = [
            {"id": id, "text": sentence(check), **_verdict(check, built, quantities)}
            for id, check in wave.criteria.items()
        ]
    integrity = []
    sections = quantities.paper.plan.sections if quantities.paper.plan else 0
    for path in wave.output:
        suffix = f":{path}" if len(wave.output) > 1 else ""
        integrity += [
            {"id": f"{id}{suffix}", **_verdict(check, built, quantities)}
            for id, check in rules(path, wave.phase, sections)
        ]
    review = [answered(wave, question, quantities) for question in wave.questions]
    return {"criteria": criteria, "review": review, "integrity": integrity, "ran": sorted(ran)}


def answered(wave: Wave, question: str, quantities: Quantities) -> dict[str, Any]:
    """The answer to a review question as the reports give it.

    Its text, whether it settles the question, what it prints.
    """
    respond = wave.questions[question]
    answer: Answer = respond(quantities)
    marked = words(quantities, f"reviews/w{wave.n:02d}.j2", respond.__name__, **answer.rows)
    return {
        "question": question,
        "answer": strip_marks(marked)[0],
        "settled": answer.settled,
        "evidence": list(marked_ids(marked)),
    }


def _verdict(check: Check, built: Artefacts, quantities: Quantities) -> dict[str, Any]:
    """A verdict as the reports give it; an artefact that cannot be read fails the check and stops nothing."""
    try:
        verdict = check(built, quantities)
    except (
        InputError,
        FileNotFoundError,
        UnicodeDecodeError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        AttributeError,
    ) as problem:
        verdict = Verdict(False, "an artefact that can be read", f"{type(problem).__name__}: {problem}")
    return {"passed": None if verdict.passed is None else bool(verdict.passed), "evidence": verdict.evidence}


def rules(path: str, phase: int, sections: int = 0) -> Iterator[tuple[str, Check]]:
    """What holds for an output whatever its wave demands: named numbers, and more for texts, most of all for sections.

    `sections` is the phase of the paper's sections.
    """
    if path.endswith(".svg"):
        yield "numbers-named", lambda built, q: drawn_numbers(built.svg(path), built.printed(path), q.paper)
    if not path.endswith(".md"):
        return
    yield "numbers-named", lambda built, q: no_bare_numerals(built.markdown(path), built.printed(path), q.paper)
    yield "citations-resolve", lambda built, q: _cited(path, built, q)
    if phase == sections:
        section = section_of(path) or 0
        yield "plain-prose", lambda built, q: plain_prose(built.prose(path), q.paper.study)
        yield "terms", lambda built, q: _termed(path, section, built, q)
        yield "references-resolve", lambda built, q: _referred(path, section, built, q)


def _cited(path: str, built: Artefacts, quantities: Quantities) -> Verdict:
    quantities.file_if_there(BIBLIOGRAPHY)
    return citations_resolve(built.markdown(path), set(load_bibliography(quantities.root)))


def _termed(path: str, section: int, built: Artefacts, quantities: Quantities) -> Verdict:
    quantities.file_if_there(GLOSSARY)
    return terms(built.prose(path), section, load_glossary(quantities.root))


def _referred(path: str, section: int, built: Artefacts, quantities: Quantities) -> Verdict:
    for name in declared_in(quantities.root):
        quantities.file(name)
    outputs = [output for planned in load_waves(quantities.root).values() for output in planned.output]
    sections = section_paths(outputs)

    def headings_of(number: int) -> list[str]:
        try:
            template = quantities.file(f"templates/{sections[number]}.j2").decode("utf-8")
        except OSError:
            return []
        return [heading.text for heading in Markdown(template).headings]

    return references_resolve(built.prose(path), section, outputs, headings_of)


def _prints_code(built: Artefacts, wave: Wave) -> bool:
    """Whether an output shows Python; noting calls would slow down the checks of all others."""
    try:
        return any(b"```python" in built.data(path) for path in wave.output if path.endswith(".md"))
    except FileNotFoundError:
        return False


def needed(needs: tuple[int, ...], site: Site) -> tuple[str, ...]:
    """The outputs of the waves that a wave needs, directly or through others that were built.

    What is not there yet is among them: a check that asks for it fails, and is run again when it comes.
    """
    planned, waiting, found = load_waves(site.root), list(needs), set()
    while waiting:
        n = waiting.pop()
        if n not in found:
            found.add(n)
            waiting += planned[n].needs if site.record(n) else ()
    return tuple(path for n in sorted(found) for path in planned[n].output)
