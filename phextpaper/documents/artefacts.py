"""The artefacts of a build as a criterion reads them: from disk, parsed once, each reading noted."""

from phextpaper import FOLDER
from phextpaper.documents.markdown import Markdown
from phextpaper.errors import PageError
from phextpaper.quantities.evaluation import Quantities


class Artefacts:
    """What a wave may read: its own outputs and those of the waves it needs."""

    def __init__(self, quantities: Quantities, own: tuple[str, ...], needed: tuple[str, ...] = ()) -> None:
        self._quantities, self._own, self._allowed = quantities, own, {*own, *needed}
        self._parsed: dict[str, Markdown] = {}

    def data(self, path: str = "") -> bytes:
        """The bytes of an output; the wave's first where none is named."""
        path = path or self._own[0]
        if path not in self._allowed:
            raise PageError(f"{path} is no output of this wave or of a wave that it needs", remedy="add the wave to needs")
        return self._quantities.file(f"build:{FOLDER}/{path}")

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
