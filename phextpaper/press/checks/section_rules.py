"""The rules that every section of the paper obeys, whatever it says.

Plain prose, one term a concept, references that resolve.
"""

import re
from collections.abc import Callable, Sequence

from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import Prose, Sentence
from phextpaper.press.paper import Study
from phextpaper.press.sources.glossary import Term, misused, stems, uses
from phextpaper.press.sources.plan import SECTION
from phextpaper.press.wave import Verdict

MEAN_WORDS, MOST_WORDS = 20, 40
SHARED_WORDS = 2


def section_of(path: str) -> int | None:
    """The number of a section by its path, 0 for the abstract; None for another output.

    >>> [section_of(f"sections/{name}.md") for name in ("03-rows", "00-abstract")], section_of("figures/fig-1-rows.svg")
    ([3, 0], None)
    """
    match = SECTION.match(path)
    return int(match[1]) if match else None


def section_paths(outputs: Sequence[str]) -> dict[int, str]:
    """The paper's sections among outputs, number to path; the abstract is no section that a text may refer to."""
    return {number: path for path in outputs if (number := section_of(path))}


def plain_prose(prose: Prose, study: Study | None = None) -> Verdict:
    """At most 20 words a sentence in the mean and 40 in any; no hype.

    None of the claims that the paper forbids itself.
    """
    study = study or Study()
    mean, most = prose.mean_words, prose.longest.words if prose.longest else 0
    wrong = [f"{found.text!r} in line {found.line}" for found in prose.hype]
    if study.forbidden is not None:
        wrong += [f"{found.text!r} in line {found.line} is a {study.claim}" for found in prose.find(study.forbidden)]
    wrong += [
        f"{sentence.words} words in line {sentence.line}: {sentence.text[:50]!r}"
        for sentence in prose.sentences
        if sentence.words > MOST_WORDS
    ]
    if mean > MEAN_WORDS:
        wrong.append(f"{mean:.1f} words a sentence in the mean")
    if not prose.complete:
        wrong.append("no sentence")
    return Verdict(
        not wrong,
        f"at most {MEAN_WORDS} words a sentence in the mean and {MOST_WORDS} in any, no hype"
        + (f", no {study.claim}" if study.forbidden is not None else ""),
        "; ".join(wrong) or f"{mean:.1f} in the mean, {most} at most",
        prose.name,
    )


def terms(prose: Prose, section: int, glossary: tuple[Term, ...]) -> Verdict:
    """No word that the glossary says to avoid, no term before its section, and each of this section defined in italics.

    The section's first sentence announces, so a term may stand there before its definition. The abstract (section 0)
    defines nothing.
    """
    wrong = [
        f"write {term.term!r}, not {said!r}, in line {sentence.line}"
        for sentence in prose.sentences
        for term, said in misused(glossary, sentence.masked)
    ]
    seen: dict[str, list[int]] = {}
    for place, sentence in enumerate(prose.sentences):
        for term, _, _ in uses(glossary, sentence.masked):
            seen.setdefault(term.term, []).append(place)
    checked = [term for term in glossary if not term.common] if section else []
    wrong += [
        f"{term.term!r} in line {prose.sentences[seen[term.term][0]].line} is defined in Section {term.section} only"
        for term in checked
        if term.section > section and not term.ordinary and term.term in seen
    ]
    own = [term for term in checked if term.section == section]
    wrong += [problem for term in own if (problem := _undefined(term, prose.sentences, seen.get(term.term, [])))]
    return Verdict(
        not wrong,
        f"the glossary's words, and {len(own)} terms defined in italics",
        "; ".join(wrong) or f"{len(seen)} terms used, {len(own)} defined",
        prose.name,
    )


def _undefined(term: Term, sentences: list[Sentence], places: list[int]) -> str:
    """What is wrong with a term's definition in its section; empty if nothing."""
    places = [place for place in places if place or _stressed(term, sentences[0])]
    stressed = [place for place in places if _stressed(term, sentences[place])]
    if not places:
        return f"{term.term!r} is to be defined here"
    if not stressed or (stressed[0] != places[0] and not term.ordinary):
        return f"{term.term!r} stands in line {sentences[places[0]].line} before its definition in italics"
    place, line = stressed[0], sentences[stressed[0]].line
    shared = stems(" ".join(sentence.masked for sentence in sentences[place : place + 2])) & term.content
    if len(shared) < SHARED_WORDS:
        return f"{term.term!r} in line {line}: what stands there shares fewer than two words with {term.definition!r}"
    if term.acronym and f"({term.acronym})" not in sentences[place].masked:
        return f"{term.term!r} in line {line} is not followed by ({term.acronym})"
    return ""


def _stressed(term: Term, sentence: Sentence) -> bool:
    return any(term.pattern.fullmatch(run) for run in sentence.stressed)


def references_resolve(
    prose: Prose, section: int, outputs: Sequence[str], headings_of: Callable[[int], list[str]]
) -> Verdict:
    """Headings are numbered by the section; figures and tables referred to are planned; sections and subsections exist.

    `outputs` are all outputs of the plan; `headings_of` gives the headings of another section, none where it is not
    written yet.
    """
    wrong, sections = misnumbered(prose.markdown, section), section_paths(outputs)
    planned = {f"Section {number}" for number in sections}
    planned |= {
        f"{kind} {match[1]}"
        for kind, start in (("Figure", "figures/fig-"), ("Table", "tables/table-"))
        for path in outputs
        if (match := re.match(rf"{start}(\d+)-", path))
    }
    for reference in prose.references:
        whole, _, part = reference.number.partition(".")
        if f"{reference.kind} {whole}" not in planned or (part and reference.kind != "Section"):
            wrong.append(f"{reference} in line {reference.line} is not planned")
        elif part:
            own = int(whole) == section
            titles = [heading.text for heading in prose.markdown.headings] if own else headings_of(int(whole))
            if not any(title.startswith(f"{reference.number} ") for title in titles):
                wrong.append(f"{reference} in line {reference.line} has no heading")
    return Verdict(
        not wrong,
        "headings numbered by the section, and references that resolve",
        "; ".join(wrong) or f"{len(prose.references)} references, all resolve",
        prose.name,
    )


def misnumbered(text: Markdown, section: int) -> list[str]:
    """Headings that break the convention: ``# 3 Trees``, then ``## 3.1 Rows``, ``## 3.2 …``; below that, no numbers.

    The abstract has one heading, ``# Abstract``.
    """
    wrong, part = [], 0
    for place, heading in enumerate(text.headings):
        if (place == 0) != (heading.level == 1):
            wrong.append(f"line {heading.line}: one heading of the first level, at the start")
        elif heading.level == 1 and not heading.text.startswith(f"{section} " if section else "Abstract"):
            wrong.append(f"line {heading.line}: the title begins with {section or 'Abstract'}")
        elif heading.level == 2:
            part += 1
            if not section or not heading.text.startswith(f"{section}.{part} "):
                wrong.append(f"line {heading.line}: {heading.text!r} is not numbered {section}.{part}")
        elif heading.level > 2 and heading.text[:1].isdigit():
            wrong.append(f"line {heading.line}: headings below the second level have no number")
    return wrong if text.headings else ["there is no heading"]
