"""The paper as typst, and its PDF: what a machine without TeX sets, two columns, the same bytes on every day."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from phextpaper.errors import InputError
from phextpaper.press.paper import Paper
from phextpaper.press.publishing.latex import about
from phextpaper.press.publishing.pandoc import Read, convert

FILTERS = ("filters/columns.lua", "filters/structure.lua", "filters/typst.lua")
FRAME = "frames/ieee.typ"


def write(markdown: str, read: Read, paper: Paper) -> str:
    """The assembled paper as typst."""
    title = markdown.partition("\n")[0].removeprefix("# ").strip()
    return convert(
        markdown, "typst", read=read, filters=FILTERS, frame=FRAME, variables={**about(paper), "title-text": title}
    )


def pdf(source: str, files: Mapping[str, bytes], fonts: Path) -> bytes:
    """Set a typst text with the files that it asks for, by path, in the fonts of one folder.

    Raises InputError where typst refuses.
    """
    import typst

    with TemporaryDirectory() as folder:
        for path, data in (("paper.typ", source.encode("utf-8")), *files.items()):
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        try:
            return typst.compile(
                str(Path(folder, "paper.typ")),
                root=folder,
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
                timestamp=0,
            )
        except typst.TypstError as problem:
            raise InputError(
                f"typst does not set the paper: {problem}", remedy="mend the text or the frame that it names"
            ) from None
