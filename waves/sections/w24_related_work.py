"""Wave 24: Section 13, related work: what earlier results did, and where this study differs."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.wave import Verdict, Wave, all_of

page = Wave(
    n=24,
    name="Related work",
    phase=2,
    minutes=25,
    needs=(12,),
    output=("sections/13-related-work.md",),
    words=(600, 1000),
)

GROUPS = {
    "supercomputer networks": "13.1 Supercomputer networks",
    "ML accelerators": "13.2 Accelerators for machine learning",
    "optical networks": "13.3 Optical networks",
    "topology search": "13.4 Topology search and collectives",
    "embedding systems": "13.5 Embedding systems",
    "text formats": "13.6 Text formats",
}
WANTED = 20
_OURS = re.compile(r"\b(we|our|ours|us|here|this (?:design|paper|project|study))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """Nothing: `13-related-work.md` prints a named number alone."""


@page.context
def context(q: Quantities) -> Context:
    """Nothing to decide."""
    return Context()


def _without_difference(text: Markdown) -> list[str]:
    """Groups without citations, or without a sentence on how this study differs."""
    parts = {name: text.section(title) for name, title in GROUPS.items()}
    return [name for name, part in parts.items() if len(part.citations) < 2 or not _OURS.search(part.prose)]


@page.criterion
def groups(built: Artefacts, q: Quantities) -> Verdict:
    """supercomputer networks, ML accelerators, optical networks, topology search, embedding systems, text formats"""
    text = built.markdown()
    missing = [
        title
        for title in GROUPS.values()
        if title not in [heading.text for heading in text.headings if heading.level == 2]
    ]
    return Verdict(
        not missing,
        "a heading for each group",
        f"missing: {', '.join(missing)}" if missing else ", ".join(GROUPS),
        page.output[0],
    )


@page.criterion
def citations(built: Artefacts, q: Quantities) -> Verdict:
    """at least 20 different citations that resolve, each with a sentence that says what it did and how this differs"""
    text, known = built.markdown(), set(load_bibliography(q.root))
    q.file("reference/bibliography.toml")
    cited = [key for key in text.citations if key in known]
    bare = [
        sentence
        for _, paragraph in text.paragraphs
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", paragraph)
        if "[@" in sentence and len(re.sub(r"\[@[^\]]*\]", "", sentence).split()) < 5
    ]
    silent = _without_difference(text)
    return all_of(
        Verdict(len(cited) >= WANTED, f"at least {WANTED} works of the bibliography", f"{len(cited)} works"),
        Verdict(
            not bare,
            "a sentence with each citation",
            f"bare: {bare[0]!r}" if bare else "each stands in a sentence of its own words",
        ),
        Verdict(
            not silent,
            "in each group a sentence on how this study differs",
            f"none in {', '.join(silent)}" if silent else "one in each",
        ),
    )


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """600 to 1000 words"""
    return checks.length(built, page)
