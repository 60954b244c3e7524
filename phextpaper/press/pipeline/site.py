"""Where a build happens, and how files are written there: whole or not at all. Imports nothing heavy."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phextpaper.press.paper import Paper, load_paper

if TYPE_CHECKING:
    from phextpaper.press.parameters import Machine


@dataclass(frozen=True, slots=True)
class Site:
    """The project, the output folder, the machine's description, the words given for this run."""

    root: Path
    built: Path
    params: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def paper(self) -> Paper:
        """What is particular to the paper."""
        return load_paper(self.root)

    @property
    def folder(self) -> str:
        """Where the artefacts stand below the output folder."""
        return self.paper.output

    @property
    def state(self) -> Path:
        """Where the builder keeps what it knows."""
        return self.built / ".state"

    def output(self, path: str) -> Path:
        """An artefact's place."""
        return self.built / self.folder / path

    def machine(self) -> "Machine":
        """The machine, read and validated. Raises InputError that lists every mistake of the file."""
        from phextpaper.press.parameters import Description, Machine

        return Machine.load(self.params, self.paper.study.description or Description)

    def put_aside(self, path: str, data: bytes) -> str:
        """Keep a hand-edited artefact where no build writes; return its place below the output folder."""
        place = self.built / "edited" / f"{path}.{sha(data)[:8]}"
        write_atomically(place, data)
        return place.relative_to(self.built).as_posix()

    def record_path(self, n: int) -> Path:
        """A wave's record."""
        return self.state / "waves" / f"{n:02d}.json"

    def record(self, n: int) -> dict[str, Any]:
        """What the last build wrote down about a wave; empty if it never was built or its record is unreadable."""
        return read_json(self.record_path(n))


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object, or an empty one where the file is missing or damaged."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, whenever the writer dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.write_bytes(data)
    partial.replace(path)


def to_json(data: object) -> bytes:
    """JSON with sorted keys, for machines and for diffs."""
    return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def sha(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
