"""The paper's terms: one for each concept, with its definition, its section, and what must not be written instead."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from phextpaper.errors import InputError
from phextpaper.press.sources.facts import read_reference
from phextpaper.press.sources.plan import last_section

PATH = "reference/glossary.toml"
Text = Annotated[str, Field(min_length=1)]


class Term(BaseModel):
    """A term. `common` words need no definition in a section.

    The use of `ordinary` words before their section is not checked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    term: Text
    definition: Text
    section: Annotated[int, Field(ge=1)]
    acronym: str = ""
    forms: tuple[Text, ...] = ()
    avoid: tuple[Text, ...] = ()
    common: bool = False
    ordinary: bool = False

    @field_validator("forms", "avoid", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("definition")
    @classmethod
    def _one_sentence_without_numbers(cls, text: str) -> str:
        if not text[0].isupper() or not text.endswith(".") or re.search(r"[.!?]\s", text):
            raise ValueError("a definition is one sentence, from a capital to a full stop")
        if re.search(r"\d", text):
            raise ValueError("a definition holds no number: it must be true of every machine")
        return text

    @property
    def spellings(self) -> tuple[str, ...]:
        """The term as it may be written: the term, its other forms, its acronym."""
        return tuple(filter(None, (self.term, *self.forms, self.acronym)))

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term in its spellings, singular or plural."""
        return _finds(self.spellings)

    @property
    def avoided(self) -> re.Pattern[str] | None:
        """Finds what must not be written instead; None where nothing is listed."""
        return _finds(self.avoid) if self.avoid else None

    @property
    def content(self) -> frozenset[str]:
        """The stems of the definition's telling words, without those of the term itself."""
        return stems(self.definition) - stems(" ".join(self.spellings))


class _Glossary(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    term: tuple[Term, ...]

    @field_validator("term", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_word_one_concept(self) -> "_Glossary":
        owners: dict[str, str] = {}
        for term in self.term:
            for spelling in term.spellings:
                if owners.setdefault(spelling.lower(), term.term) != term.term or term.spellings.count(spelling) > 1:
                    raise ValueError(f"{spelling!r} stands twice")
        if len({term.term for term in self.term}) < len(self.term):
            raise ValueError("a term stands twice")
        for term in self.term:
            for word in term.avoid:
                if word.lower() in owners:
                    raise ValueError(f"{term.term!r} says to avoid {word!r}, which is a term or a form of one")
            for place in misused(self.term, term.definition):
                raise ValueError(
                    f"the definition of {term.term!r} says {place[1]!r}, which is to be avoided for {place[0].term!r}"
                )
        return self


@cache
def load_glossary(root: Path) -> tuple[Term, ...]:
    """The terms in their order; none where the paper has no glossary.

    Raises InputError that lists every wrong entry.
    """
    written = read_reference(root, Path(PATH).name)
    if not written:
        return ()
    try:
        terms = _Glossary.model_validate(written).term
    except ValidationError as problem:
        wrong = [
            f"{'.'.join(map(str, error['loc'])) or 'glossary'}: {error['msg'].removeprefix('Value error, ')}"
            for error in problem.errors()
        ]
        raise _refused(wrong) from None
    last = last_section(root)
    late = [
        f"term.{place}.section: {term.section} is no section; the last is {last}"
        for place, term in enumerate(terms)
        if term.section > last
    ]
    if late:
        raise _refused(late)
    return terms


def _refused(wrong: list[str]) -> InputError:
    return InputError(
        "\n".join(wrong), where=PATH, remedy="mend these entries; the file's head says what each field means"
    )


def uses(terms: tuple[Term, ...], text: str) -> Iterator[tuple[Term, int, int]]:
    """Where a text uses which term: the longest term at each place, with the first and the last character."""
    found = sorted(
        (match.start(), -match.end(), place)
        for place, term in enumerate(terms)
        for match in term.pattern.finditer(text)
    )
    end = 0
    for start, minus_end, place in found:
        if -minus_end > end:
            yield terms[place], start, -minus_end
            end = -minus_end


def misused(terms: tuple[Term, ...], text: str) -> Iterator[tuple[Term, str]]:
    """Words that the glossary says to avoid, with the term to write instead.

    Those that lie inside a term do not count.
    """
    inside = [(start, end) for _, start, end in uses(terms, text)]
    for term in terms:
        for match in term.avoided.finditer(text) if term.avoided else ():
            if not any(start <= match.start() and match.end() <= end for start, end in inside):
                yield term, " ".join(match[0].split())


_SILENT = re.compile(
    r"\b(?:a|an|and|are|as|at|be|been|but|by|each|every|for|from|has|have|in|into|is|it|its|more|most|much|no|not|of|on|one|only|or|others?|own"
    r"|same|so|some|such|than|that|the|their|them|then|there|they|this|those|to|two|under|what|when|where|which|who|whose|will|with)\b"
)


def stems(text: str) -> frozenset[str]:
    """The first five letters of each telling word, so that endings do not matter."""
    words = re.findall(r"[a-z]{3,}", _SILENT.sub(" ", text.lower().replace("'s", "")))
    return frozenset(word.removesuffix("s")[:5] if len(word) > 3 else word for word in words)


@cache
def _finds(spellings: tuple[str, ...]) -> re.Pattern[str]:
    """Words with a capital are found as they are written, others in any case; blanks are any white space."""
    parts = []
    for spelling in sorted(spellings, key=len, reverse=True):
        text = r"\s+".join(re.escape(word) for word in spelling.split()) + (
            "(?:es)?" if re.search("(?:[sxz]|[cs]h)$", spelling.lower()) else "s?"
        )
        parts.append(f"(?-i:{text})" if spelling != spelling.lower() else text)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
