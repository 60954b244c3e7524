"""The source paper's outline and concepts as they ship, and what answers to each concept in phext."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from phextpaper.errors import InputError
from phextpaper.press.sources.facts import read_toml

Topic = Literal[
    "introduction",
    "OCS and network",
    "SparseCore",
    "workload scaling",
    "benchmarks against other systems",
    "energy and carbon",
    "discussion",
    "related work",
    "conclusion",
]
TOPICS: tuple[str, ...] = get_args(Topic)
Text = Annotated[str, Field(min_length=1)]
Model = TypeVar("Model", bound=BaseModel)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Section(_Row):
    """A section of the source paper; `heading` is its own wording where `title` shortens it."""

    number: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]
    title: Text
    heading: str = ""
    topic: Topic
    seen: Literal["text", "contents", "facts"]


class Exhibit(_Row):
    """A figure or table of the source paper, its caption in our words."""

    number: Annotated[str, Field(pattern=r"^\d+$")]
    caption: Text
    seen: Literal["text", "contents", "facts"]


class Outline(_Row):
    """The outline that ships."""

    cite: Text
    section: list[Section]
    figure: list[Exhibit]
    table: list[Exhibit]


class Concept(_Row):
    """A concept of the source paper and its equivalent; `deep` names our section that explains it in depth.

    `said` is what the section that treats it calls it, where that is neither its name nor one of its terms.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    kind: Literal["network", "sparse", "reliability", "scaling", "metric", "energy"]
    terms: Annotated[list[Text], Field(min_length=1)]
    where: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]
    equivalent: Text
    type: Literal["Direct", "Analogy", "Extension", "N/A"]
    note: Text
    section: Annotated[str, Field(pattern=r"^\d+$")]
    deep: str = ""
    said: str = ""


class Concepts(_Row):
    """The file of concepts."""

    concept: list[Concept]


def _load(root: Path, file: str, model: type[Model]) -> Model:
    try:
        return model.model_validate(read_toml(root / file, "mend the line that it names"))
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{place}: {first['msg']}; the file has {first['input']!r}", where=file, remedy="mend that entry"
        ) from None


@cache
def load_outline(root: Path) -> Outline:
    """The outline. Raises InputError naming the entry that is wrong."""
    return _load(root, "reference/outline.toml", Outline)


@cache
def load_concepts(root: Path) -> tuple[Concept, ...]:
    """The concepts in their order. Raises InputError for a wrong entry, or an id or name given twice."""
    concepts = _load(root, "reference/concepts.toml", Concepts).concept
    for field in ("id", "name"):
        seen: set[str] = set()
        for concept in concepts:
            value = getattr(concept, field)
            if value in seen:
                raise InputError(f"{field} {value!r} stands twice", where="reference/concepts.toml", remedy="keep one")
            seen.add(value)
    return tuple(concepts)
