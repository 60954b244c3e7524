"""pandoc, called for what it writes: the binary of its wheel, the project's own filters, nothing of the user's."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from phextpaper.errors import InputError

READER = (
    "markdown-auto_identifiers-definition_lists-example_lists-fancy_lists-footnotes-grid_tables-header_attributes-inline_notes-line_blocks"
    "-multiline_tables-native_divs-native_spans-raw_tex-simple_tables-strikeout-subscript-superscript-table_captions-task_lists-yaml_metadata_block"
)
"""What the project's Markdown is.

CommonMark with pipe tables, citations, formulas between dollars, figures alone in their paragraph.
"""

HOUSE = "phextpaper/press/publishing"
EPOCH = "315532800"
"""The day in what pandoc makes: the first that an archive can hold."""
Read = Callable[[str], bytes]
"""How a file of the project is read, so that whoever asks for a text notes what it was made with."""


def convert(
    text: str,
    to: str,
    *,
    read: Read,
    filters: Sequence[str],
    frame: str = "",
    variables: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> str:
    """Markdown as another format: through `filters` in order, into a `frame`, with `variables` as plain text of it.

    Raises InputError where pandoc is missing or refuses.
    """
    files = tuple((name, read(f"{HOUSE}/{name}")) for name in (*filters, *([frame] if frame else [])))
    words = [f"--lua-filter={name}" for name in filters if not name.endswith("columns.lua")]
    words += [f"--template={frame}"] if frame else []
    words += [f"--variable={key}={value}" for key, value in (variables or {}).items()]
    return _converted(text, to, files, (*words, *options))


@lru_cache(maxsize=8)
def _converted(text: str, to: str, files: tuple[tuple[str, bytes], ...], words: tuple[str, ...]) -> str:
    with TemporaryDirectory() as folder:
        for name, data in files:
            place = Path(folder, name)
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data)
        return called(text, to, words, folder=folder)


def called(text: str, to: str, words: Sequence[str] = (), *, folder: str, reader: str = READER) -> str:
    """What pandoc prints for a text, working in a folder with nothing of the user's and no day of today.

    Raises InputError where pandoc is missing or refuses.
    """
    import pypandoc

    command = [
        str(Path(pypandoc.__file__).parent / "files" / "pandoc"),
        "--from",
        reader,
        "--to",
        to,
        "--wrap=none",
        *words,
    ]
    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=180,
            cwd=folder,
            env={"PATH": "", "HOME": folder, "XDG_DATA_HOME": folder, "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": EPOCH},
        )
    except subprocess.CalledProcessError as problem:
        said = " ".join(problem.stderr.split())[:300]
        raise InputError(
            f"pandoc does not write {to}: {said}", remedy="mend the text or the filter that it names"
        ) from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise InputError(
            f"pandoc does not run: {problem}", remedy="remove .venv; make all installs pandoc anew"
        ) from None
    return done.stdout
