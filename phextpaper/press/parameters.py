"""The machine's description: what we choose, each value with unit and reason, validated before anything is built."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from phextpaper.errors import InputError
from phextpaper.press.quantity import Quantity


class Given(BaseModel):
    """One chosen value. `cite` names a bibliography key where the value was read.

    Without it, the value is an assumption.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    value: Any
    unit: str
    reason: Annotated[str, Field(min_length=8)]
    cite: str = ""
    where: str = ""


@dataclass(frozen=True)
class Bounds:
    """What a value may be: its unit, whether it counts things, its smallest and largest value."""

    unit: str
    whole: bool = False
    least: float = 0
    most: float = 1e18


def given(unit: str, least: float, most: float, *, whole: bool = False) -> Any:
    """The type of a field: a value in this unit between these bounds, whole where it counts things.

    It is an annotation made at run time, which a type checker cannot read: write ``rows: count("rows", 1, 9)`` all the
    same.
    """
    return Annotated[Given, Bounds(unit=unit, whole=whole, least=least, most=most)]


def count(unit: str, least: int, most: int) -> Any:
    """The type of a field that counts things: a whole number of `unit` between these bounds."""
    return given(unit, least, most, whole=True)


class Section(BaseModel):
    """A table of the file; each of its values is held against the bounds of its field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, given: Given, info: ValidationInfo) -> Given:
        bounds = next(entry for entry in cls.model_fields[str(info.field_name)].metadata if isinstance(entry, Bounds))
        value = given.value
        if given.unit != bounds.unit:
            raise ValueError(f"the unit is {given.unit!r}; it must be {bounds.unit!r}, with the value in that unit")
        if isinstance(value, bool) or not isinstance(value, int if bounds.whole else int | float):
            raise ValueError(
                f"{value!r} is no {'whole number' if bounds.whole else 'number'}; write one, such as {bounds.least:g}"
            )
        if not bounds.least <= value <= bounds.most:
            raise ValueError(
                f"{value!r} is impossible; it must lie between {bounds.least:g} and {bounds.most:g} {bounds.unit}"
            )
        return given


@dataclass(frozen=True)
class Stated:
    """A value that stands at the top of the file without unit and reason.

    It is printed with this unit, and this is what it is.
    """

    unit: str
    doc: str


class Description(BaseModel):
    """A whole file: a name, and what a paper adds, its sections and values that are `Stated`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9 ._-]*$")]


class Machine:
    """A validated machine. `Machine.load(path, model)` reads it.

    `quantities()` gives its values as named quantities.
    """

    def __init__(self, description: Description, text: str, origin: str) -> None:
        self.description, self.text, self.origin = description, text, origin
        self.name = description.name

    @classmethod
    def load(cls, path: str | Path, model: type[Description]) -> "Machine":
        """Read a description and validate it by the paper's own model.

        Raises InputError that lists every mistake of the file with its line, value and remedy.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise InputError(
                f"cannot read the machine description: {getattr(problem, 'strerror', None) or 'it is not UTF-8 text'}",
                where=str(path),
                remedy="give one with --params or PARAMS=",
            ) from None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise InputError(
                f"this is no TOML: {problem}", where=str(path), remedy="mend the line that it names"
            ) from None
        try:
            inside = path.parent.name == "params"
            return cls(model.model_validate(data), text, f"params/{path.name}" if inside else path.name)
        except ValidationError as problem:
            lines = [_explain(dict(error), text, str(path)) for error in problem.errors()]
            raise InputError("\n".join(lines), remedy="the paper's own machine shows every key with its unit") from None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "description" not in self.__dict__:
            raise AttributeError(name)  # while it is being unpickled, nothing is there yet
        for section in _sections(self.description).values():
            if name in type(section).model_fields:
                return getattr(section, name).value
        if name in _stated(self.description):
            return getattr(self.description, name)
        raise AttributeError(f"no machine parameter is called {name!r}")

    def quantities(self) -> dict[str, Quantity]:
        """Every parameter under the id ``machine.<key>``: kind cited where the file names a source, else assumed."""

        def origin(*keys: str) -> str:
            return f"{self.origin}:{line_of(self.text, keys)}"

        found = {
            "machine.name": Quantity(
                "machine.name", self.name, kind="assumed", doc="name of the machine", origin=origin("name")
            )
        }
        for key, stated in _stated(self.description).items():
            value = getattr(self.description, key)
            found[f"machine.{key}"] = Quantity(
                f"machine.{key}", value, stated.unit, kind="assumed", doc=stated.doc, origin=origin(key)
            )
        for section, values in _sections(self.description).items():
            for key, given in values:
                source = f"{given.cite}, {given.where}".rstrip(", ") if given.cite else origin(section, key)
                found[f"machine.{key}"] = Quantity(
                    f"machine.{key}",
                    given.value,
                    given.unit,
                    ".6g" if isinstance(given.value, float) else 0,
                    "cited" if given.cite else "assumed",
                    given.reason,
                    source,
                )
        return found


def _sections(description: Description) -> dict[str, Section]:
    return {name: value for name, value in description if isinstance(value, Section)}


def _stated(description: Description) -> dict[str, Stated]:
    return {
        name: entry
        for name, one in type(description).model_fields.items()
        for entry in one.metadata
        if isinstance(entry, Stated)
    }


def line_of(text: str, location: tuple[str | int, ...]) -> int:
    """The line of a key in a TOML text: the key's own line inside its table, or the table's, or 1."""
    section, line = "", 1
    keys = [str(part) for part in location]
    for number, row in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[([^\]]+)\]", row):
            section = head[1].strip()
            if keys[:1] == [section]:
                line = number
        key = re.match(r"\s*([A-Za-z0-9_-]+)\s*=", row)
        if key and ([section, key[1]] == keys[:2] or (not section and [key[1]] == keys[:1])):
            return number
    return line


def _explain(error: Mapping[str, Any], text: str, path: str) -> str:
    location = tuple(part for part in error["loc"] if part != "Given")
    key = ".".join(str(part) for part in location)
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "unknown key; remove it or mend its spelling"
    elif error["type"] == "missing":
        message = "this key is missing; add it"
    elif not error["type"].startswith("value_error"):
        message = f"{message}; the file has {error['input']!r}"
    return f"{path}:{line_of(text, location)}: {key + ': ' if key else ''}{message}"
