"""What the site is made of: reports, records, artefacts, plan and bibliography, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from phextpaper.press.paper import Paper
from phextpaper.press.pipeline.archive import NAME as ARXIV
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.collect import Page
from phextpaper.press.pipeline.site import Site
from phextpaper.press.quantity import Print
from phextpaper.press.sources.bibliography import Entry, load_bibliography
from phextpaper.press.sources.plan import PlannedWave, load_waves
from phextpaper.press.wave import state_of
from phextpaper.press.website.marks import prints_of
from phextpaper.press.website.places import text_page
from phextpaper.press.website.shell import PARTS


@dataclass(frozen=True)
class Material:
    """A build as it stands on disk. `prints` says where an artefact prints which number.

    `pages` are the waves' own files.
    """

    paper: Paper
    machine: str
    criteria: dict[str, Any]
    numbers: dict[str, dict[str, Any]]
    claims: list[dict[str, Any]]
    artefacts: dict[str, dict[str, Any]]
    data: dict[str, bytes]
    reports: dict[str, bytes]
    bundles: dict[str, bytes]
    prints: Mapping[str, list[Print]]
    waves: dict[int, PlannedWave]
    bibliography: dict[str, Entry]
    pages: dict[int, Page]
    code: CodeIndex
    _texts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, site: Site, machine: str, code: CodeIndex, pages: dict[int, Page]) -> "Material":
        """Read a build's reports, records and artefacts."""
        reports = {
            path.name: path.read_bytes()
            for path in sorted((site.built / "reports").glob("*.json"))
            if path.name in ("claims.json", "criteria.json", "manifest.json", "quantities.json")
        }
        loaded = {name: json.loads(data) for name, data in reports.items()}
        artefacts = {
            entry["path"].removeprefix(f"{site.folder}/"): entry for entry in loaded["manifest.json"]["artefacts"]
        }
        data = {path: site.output(path).read_bytes() for path in artefacts if site.output(path).is_file()}
        bundles = {
            name: (site.built / name).read_bytes()
            for name in (ARXIV, *site.paper.study.bundles)
            if (site.built / name).is_file()
        }
        prints: dict[str, list[Print]] = {}
        for n in sorted({entry["wave"] for entry in artefacts.values() if entry["wave"] is not None}):
            prints |= {path: prints_of(entries) for path, entries in site.record(n).get("lineage", {}).items()}
        return cls(
            site.paper,
            machine,
            loaded["criteria.json"],
            {entry["id"]: entry for entry in loaded["quantities.json"]},
            loaded["claims.json"],
            artefacts,
            data,
            reports,
            bundles,
            prints,
            load_waves(site.root),
            load_bibliography(site.root),
            pages,
            code,
        )

    @cached_property
    def front(self) -> str:
        """The assembled paper, or nothing while there is none."""
        return next((path for path in self.paper.texts if path in self.data), "")

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts that the site has: those that every paper has, and claims, gates and works where there are any."""
        more = {"Claims": self.claims, "Gates": self.criteria["gates"], "Works": self.bibliography}
        return tuple(part for part in PARTS if more.get(part, True))

    @cached_property
    def phases(self) -> Mapping[int, str]:
        """The names of the plan's phases."""
        return self.paper.plan.names if self.paper.plan else {}

    @cached_property
    def texts(self) -> list[str]:
        """The Markdown artefacts, in the order of their waves."""
        return [path for path in self.data if path.endswith(".md")]

    @cached_property
    def drawings(self) -> list[str]:
        """The SVG artefacts, in the order of their waves."""
        return [path for path in self.data if path.endswith(".svg")]

    @cached_property
    def sections(self) -> list[str]:
        """The sections of the paper, in their order."""
        return sorted(path for path in self.texts if path.startswith("sections/"))

    @cached_property
    def built(self) -> dict[int, dict[str, Any]]:
        """What criteria.json says of each wave that is built."""
        return {wave["n"]: wave for wave in self.criteria["waves"]}

    def text(self, path: str) -> str:
        """An artefact as text."""
        if path not in self._texts:
            self._texts[path] = self.data[path].decode("utf-8", "replace")
        return self._texts[path]

    def page_of(self, path: str) -> str:
        """Where an artefact is shown.

        A page for texts and drawings, the file itself for others, nothing where there is none.
        """
        if path not in self.data:
            return ""
        return text_page(path, self.front) if path.endswith((".md", ".svg")) else f"files/{path}"

    def state(self, n: int) -> str:
        """Whether a wave passes, fails, is not or not fully checked, or is not built."""
        if n not in self.built:
            return "not built"
        return state_of(self.built[n]["criteria"], self.built[n]["integrity"])
