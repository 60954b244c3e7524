"""The artefacts of a build as a criterion reads them: from disk, parsed once, each reading noted."""

from typing import Any

from phextpaper.errors import PageError
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.documents.svg import Svg
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Print


class Artefacts:
    """What a wave may read: its own outputs and those of the waves it needs."""

    def __init__(
        self,
        quantities: Quantities,
        own: tuple[str, ...],
        needed: tuple[str, ...] = (),
        lineage: dict[str, list[Any]] | None = None,
    ) -> None:
        self._quantities, self._own, self._allowed = quantities, own, {*own, *needed}
        self._lineage = lineage or {}
        self._parsed: dict[str, Markdown] = {}
        self._prose: dict[str, Prose] = {}
        self._drawings: dict[str, Svg] = {}

    def data(self, path: str = "") -> bytes:
        """The bytes of an output; the wave's first where none is named.

        Raises FileNotFoundError, with the output's own path, if it is not there.
        """
        path = self._permitted(path)
        try:
            return self._quantities.artefact(path)
        except FileNotFoundError:
            raise FileNotFoundError(f"{path} is not there") from None

    def text(self, path: str = "") -> str:
        """An output as text."""
        return self.data(path).decode("utf-8")

    def markdown(self, path: str = "") -> Markdown:
        """A Markdown output, parsed."""
        path = path or self._own[0]
        if path not in self._parsed:
            self._parsed[path] = Markdown(self.text(path), path)
        else:
            self.data(path)
        return self._parsed[path]

    def prose(self, path: str = "") -> Prose:
        """The prose of a Markdown output, cut into sentences."""
        text = self.markdown(path)
        if text.name not in self._prose:
            self._prose[text.name] = Prose(text)
        return self._prose[text.name]

    def svg(self, path: str = "") -> Svg:
        """An SVG output, parsed."""
        path, text = path or self._own[0], self.text(path)
        if path not in self._drawings:
            self._drawings[path] = Svg(text, path)
        return self._drawings[path]

    def printed(self, path: str = "") -> list[Print]:
        """Where an output prints which quantity: what the build wrote down when it made it."""
        path = self._permitted(path)
        prints = self._lineage.get(path, []) if path in self._own else self._quantities.printed(path)
        return [Print(*place) for place in prints]

    def _permitted(self, path: str) -> str:
        path = path or self._own[0]
        if path not in self._allowed:
            raise PageError(
                f"{path} is no output of this wave or of a wave that it needs", remedy="add the wave to needs"
            )
        return path
