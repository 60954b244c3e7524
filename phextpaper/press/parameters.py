"""The machine's description: what we choose, each value with unit and reason, validated before anything is built."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from phextpaper.errors import InputError
from phextpaper.press.quantity import Quantity

PART_MAX = 999
CHIPS_MAX = 65_536


class Given(BaseModel):
    """One chosen value. `cite` names a bibliography key where the value was read; without it, the value is an assumption."""

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


def _given(unit: str, least: float, most: float, *, whole: bool = False):
    return Annotated[Given, Bounds(unit=unit, whole=whole, least=least, most=most)]


def _count(unit: str, least: int, most: int):
    return _given(unit, least, most, whole=True)


class Section(BaseModel):
    """A table of the file; each of its values is held against the bounds of its field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, given: Given, info: ValidationInfo) -> Given:
        bounds = next(entry for entry in cls.model_fields[info.field_name].metadata if isinstance(entry, Bounds))
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


class LayoutSection(Section):
    """How many volumes, books and chapters; what a host and a block hold."""

    volumes: _count("volumes", 1, PART_MAX)
    books: _count("books", 1, PART_MAX)
    chapters: _count("chapters", 1, PART_MAX)
    spare_volumes: _count("volumes", 0, PART_MAX)
    chips_per_host: _count("chips", 1, 64)
    block_edge: _count("chips", 1, 64)


class NetworkSection(Section):
    """Links, tables, mirrors: bandwidths and times."""

    links_per_chip: _count("links", 1, 64)
    link_bandwidth: _given("GB/s", 1e-3, 1e5)
    hop_latency: _given("ns", 1e-2, 1e9)
    table_entry_update: _given("ns", 1e-3, 1e9)
    table_budget: _given("ms", 1e-6, 1e6)
    mirror_switching: _given("ms", 1e-6, 1e6)
    slice_reconfiguration: _given("s", 1e-6, 1e6)
    collective_buffer: _given("MB", 1e-6, 1e9)
    message_header: _count("bytes", 0, 4096)
    switch_ports: _count("ports", 2, 10_000)
    switch_spare_ports: _count("ports", 0, 10_000)


class FaultSection(Section):
    """How often chips fail, how long repair, checks and checkpoints take."""

    failure_rate: _given("% a day", 1e-9, 100)
    repair_time: _given("h", 1e-3, 1e5)
    repair_crews: _count("crews", 1, 100_000)
    health_check_period: _given("s", 1e-6, 1e6)
    checkpoint_write: _given("s", 1e-3, 1e6)
    restart_time: _given("s", 0, 1e6)


class ChipSection(Section):
    """What one chip computes and holds."""

    chip_peak: _given("TFLOPS", 1e-3, 1e6)
    chip_memory: _given("GiB", 1e-3, 1e6)
    chip_memory_bandwidth: _given("GB/s", 1e-3, 1e6)


class HostSection(Section):
    """The CPU host that some chips share."""

    host_sockets: _count("sockets", 1, 64)
    socket_bandwidth: _given("GB/s", 1e-3, 1e5)
    host_link_bandwidth: _given("GB/s", 1e-3, 1e5)


class VocabularySection(Section):
    """The embedding table of the sparse waves."""

    ids: _count("IDs", 1, 10**12)
    base: _count("values", 2, PART_MAX)
    occupancy: _given("%", 1e-9, 100)
    row_values: _count("values", 1, 65_536)
    value_bytes: _count("bytes", 1, 16)
    id_bytes: _count("bytes", 1, 64)
    batch: _count("IDs", 1, 10**7)
    skew: _given("exponent", 0, 10)
    pooling: _count("rows", 1, 10_000)


class SearchSection(Section):
    """Learned coordinates and the search for topologies."""

    embedding_width: _count("values", 1, 4096)
    search_evaluations: _count("evaluations", 1, 10**9)
    routing_rounds: _count("rounds", 1, 10**6)
    tensor_parallel: _count("chips", 1, CHIPS_MAX)
    pipeline_parallel: _count("stages", 1, CHIPS_MAX)
    training_value_bytes: _count("bytes", 1, 16)


class Description(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9 ._-]*$")]
    chips: Annotated[int, Field(strict=True, ge=2, le=CHIPS_MAX)]
    layout: LayoutSection
    network: NetworkSection
    faults: FaultSection
    chip: ChipSection
    host: HostSection
    vocabulary: VocabularySection
    search: SearchSection

    @model_validator(mode="after")
    def _consistent(self) -> "Description":
        sides = [self.layout.volumes.value, self.layout.books.value, self.layout.chapters.value]
        product = sides[0] * sides[1] * sides[2]
        if product != self.chips:
            raise ValueError(
                f"layout: {sides[0]} volumes x {sides[1]} books x {sides[2]} chapters are {product} chips, but chips = {self.chips}; "
                "change one of the four"
            )
        if self.layout.chapters.value % self.layout.chips_per_host.value:
            raise ValueError(
                f"layout: {sides[2]} chapters are no whole number of hosts of {self.layout.chips_per_host.value} chips; "
                "change chapters or chips_per_host"
            )
        if sides[0] + self.layout.spare_volumes.value > PART_MAX:
            raise ValueError(
                f"layout: a phext part ends at {PART_MAX}, but volumes + spare_volumes = "
                f"{sides[0] + self.layout.spare_volumes.value}; use fewer"
            )
        if self.network.switch_spare_ports.value >= self.network.switch_ports.value:
            raise ValueError("network: switch_spare_ports must be smaller than switch_ports")
        if self.vocabulary.base.value**5 < self.vocabulary.ids.value:
            raise ValueError(
                f"vocabulary: five digits of base {self.vocabulary.base.value} name fewer than {self.vocabulary.ids.value} IDs; "
                "raise base or lower ids"
            )
        return self


class Machine:
    """A validated machine. `Machine.load(path)` reads it; `quantities()` gives its values as named quantities.

    >>> machine = Machine.load("params/pbc-4096.toml")
    >>> machine.volumes, machine.link_bandwidth
    (16, 50)
    """

    def __init__(self, description: Description, text: str, origin: str) -> None:
        self.description, self.text, self.origin = description, text, origin
        self.name = description.name

    @classmethod
    def load(cls, path: str | Path) -> "Machine":
        """Read and validate a description.

        Raises InputError that lists every mistake of the file with its line, value and remedy.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise InputError(
                f"cannot read the machine description: {getattr(problem, 'strerror', None) or 'it is not UTF-8 text'}",
                where=str(path),
                remedy="give one with --params or PARAMS=, such as params/pbc-4096.toml",
            ) from None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise InputError(
                f"this is no TOML: {problem}", where=str(path), remedy="mend the line that it names"
            ) from None
        try:
            inside = path.parent.name == "params"
            return cls(Description.model_validate(data), text, f"params/{path.name}" if inside else path.name)
        except ValidationError as problem:
            lines = [_explain(error, text, str(path)) for error in problem.errors()]
            raise InputError("\n".join(lines), remedy="params/pbc-4096.toml shows every key with its unit") from None

    def __getattr__(self, name: str):
        if name.startswith("_") or "description" not in self.__dict__:
            raise AttributeError(name)  # while it is being unpickled, nothing is there yet
        for section in _sections(self.description).values():
            if name in type(section).model_fields:
                return getattr(section, name).value
        if name == "chips":
            return self.description.chips
        raise AttributeError(f"no machine parameter is called {name!r}")

    def quantities(self) -> dict[str, Quantity]:
        """Every parameter under the id ``machine.<key>``: kind cited where the file names a source, else assumed."""

        def origin(*keys: str) -> str:
            return f"{self.origin}:{line_of(self.text, keys)}"

        found = {
            "machine.name": Quantity(
                "machine.name", self.name, kind="assumed", doc="name of the machine", origin=origin("name")
            ),
            "machine.chips": Quantity(
                "machine.chips",
                self.description.chips,
                "chips",
                kind="assumed",
                doc="active chips of the machine",
                origin=origin("chips"),
            ),
        }
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


def _explain(error: dict, text: str, path: str) -> str:
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
