"""Criteria that the paper's sections share.

Headings, citations, references, numbers of other waves, printed code, whose result it is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.printed_code import PrintedCode
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Print
from phextpaper.press.sources.bibliography import PATH as BIBLIOGRAPHY
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.wave import Verdict, all_of

COMPUTED = re.compile(
    r"\b(?:comput\w+|calculat\w+|modelled|our (?:model|count)s?|we (?:find|found|count|counted|model|derive))\b",
    re.IGNORECASE,
)


def subsections(built: Artefacts, titles: Sequence[str], path: str = "") -> Verdict:
    """The headings of the second level are exactly these, in this order; capitals do not matter."""
    text = built.markdown(path)
    seen = [heading.text for heading in text.headings if heading.level == 2]
    same = [title.casefold() for title in seen] == [title.casefold() for title in titles]
    return Verdict(same, "; ".join(titles), "; ".join(seen) or "none", text.name)


def cites(built: Artefacts, q: Quantities, at_least: int, path: str = "") -> Verdict:
    """So many different works of the bibliography are cited."""
    text = built.markdown(path)
    q.file_if_there(BIBLIOGRAPHY)
    known = [key for key in text.citations if key in load_bibliography(q.root)]
    return Verdict(
        len(known) >= at_least,
        f"at least {at_least} works of the bibliography",
        f"{len(known)}: {', '.join(known)}",
        text.name,
    )


def refers(built: Artefacts, *wanted: str, path: str = "") -> Verdict:
    """Each of these (``Figure 1``, ``Table 2``, ``Section 3.4``) is referred to.

    It stands alone or in a list such as ``Sections 3 to 5``.
    """
    prose = built.prose(path)
    places = {str(reference): reference.line for reference in reversed(prose.references)}
    missing = [name for name in wanted if name not in places]
    return Verdict(
        not missing,
        f"a reference to {' and '.join(wanted)}",
        f"none to {', '.join(missing)}" if missing else "all there",
        prose.name if missing else f"{prose.name}:{places[wanted[0]]}",
    )


def numbers_equal_elsewhere(built: Artefacts, path: str, *ids: str, here: str = "") -> Verdict:
    """Each of these quantities is printed here and in the artefact of another wave, as the same text."""
    mine, theirs = _texts(_on_disk(built, here)), _texts(_on_disk(built, path))
    wrong = [
        f"{id}: {mine.get(id, 'not printed')} here, {theirs.get(id, 'not printed')} there"
        for id in ids
        if id not in mine or mine[id] != theirs.get(id)
    ]
    return Verdict(
        bool(ids) and not wrong, f"{len(ids)} quantities printed as in {path}", "; ".join(wrong) or "all equal"
    )


def numbers_from(built: Artefacts, paths: Sequence[str], here: str = "") -> Verdict:
    """Every quantity that is printed here is printed in one of these artefacts too, as the same text."""
    earlier = [place for path in paths for place in _on_disk(built, path)]
    ids, texts = {place.id for place in earlier}, {place.text for place in earlier}
    printed = _on_disk(built, here)
    new = [place for place in printed if place.id not in ids or place.text not in texts]
    saw = f"new: {', '.join(dict.fromkeys(place.id for place in new))}" if new else f"{len(printed)} printed, none new"
    return Verdict(
        not new,
        f"every number printed in {len(paths)} earlier artefacts too",
        saw,
        f"{built.markdown(here).name}:{new[0].line}" if new else "",
    )


def same_listing(
    built: Artefacts,
    q: Quantities,
    functions: Sequence[Callable[..., Any]],
    proof: Callable[[PrintedCode], bool],
    *,
    elsewhere: str = "",
    path: str = "",
) -> Verdict:
    """The Python that is printed, here and in `elsewhere`, is the source of these functions to the letter, and it runs.

    `proof` is given the printed code as functions to call, ``code("name", …)``, and says whether they did what they
    should.
    """
    verdicts = []
    for text in [built.markdown(path), *([built.markdown(elsewhere)] if elsewhere else [])]:
        printed = [fence.text for fence in text.fences if fence.language == "python"]
        other = [
            function.__name__
            for function in functions
            if not any(q.listing(function).strip() in fence for fence in printed)
        ]
        verdicts.append(
            Verdict(
                not other,
                f"{text.name} prints {', '.join(function.__name__ for function in functions)} as they run",
                f"other code for {', '.join(other)}" if other else "letter by letter",
                text.name,
            )
        )
    ran = bool(proof(PrintedCode(built.markdown(path))))
    return all_of(*verdicts, Verdict(ran, "printed code that does what it should", "it does" if ran else "it does not"))


def reported(built: Artefacts, ids: Sequence[str], cite: str, path: str = "") -> Verdict:
    """Each of these quantities is printed, in prose only in sentences with this citation.

    It is somebody else's result.
    """
    prose, wrong = built.prose(path), []
    for id in ids:
        places = [place for place in built.printed(path) if place.id == id]
        wrong += [] if places else [f"{id} is not printed"]
        sentences = [prose.sentence_at(place.line, place.text) for place in places]
        wrong += [
            f"{id} without [@{cite}] in line {sentence.line}"
            for sentence in sentences
            if sentence and cite not in sentence.cites
        ]
    return Verdict(
        bool(ids) and not wrong,
        f"{len(ids)} results reported with [@{cite}]",
        "; ".join(wrong) or "all of them",
        prose.name,
    )


def own_results(built: Artefacts, q: Quantities, at_least: int, path: str = "") -> Verdict:
    """So many different computed quantities stand in sentences that say so (computed, modelled, we count)."""
    prose, found = built.prose(path), set()
    for place in built.printed(path):
        sentence = prose.sentence_at(place.line, place.text)
        if sentence and COMPUTED.search(sentence.masked) and q[place.id].kind == "computed":
            found.add(place.id)
    return Verdict(
        len(found) >= at_least,
        f"at least {at_least} results marked as computed",
        f"{len(found)}: {', '.join(sorted(found))}",
        prose.name,
    )


def _on_disk(built: Artefacts, path: str) -> list[Print]:
    """What is printed in an artefact, each with the text that stands at its place now."""
    lines = built.markdown(path).text.split("\n")
    return [
        replace(
            place,
            text=lines[place.line - 1][place.column - 1 : place.column - 1 + len(place.text)]
            if place.line <= len(lines)
            else "",
        )
        for place in built.printed(path)
    ]


def _texts(prints: list[Print]) -> dict[str, str]:
    """What stands for each quantity; several texts of one quantity side by side."""
    found: dict[str, set[str]] = {}
    for place in prints:
        found.setdefault(place.id, set()).add(place.text)
    return {id: " or ".join(sorted(texts)) for id, texts in found.items()}
