"""The paper in the formats that offices, readers and archives ask for.

DOCX, EPUB and JATS, by pandoc, the same bytes on every day.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from phextpaper.errors import InputError
from phextpaper.press.pipeline.site import Site, sha, write_atomically
from phextpaper.press.publishing.pandoc import READER, called

FOLDER = "formats"
KINDS = {"docx": ("docx",), "epub": ("epub3", "--mathml", "--split-level=2"), "xml": ("jats_archiving", "--mathml")}
_TITLE = re.compile(r"^# (.*)$", re.MULTILINE)


def write_formats(site: Site) -> list[Path]:
    """Write the paper in every format into ``formats``; return where.

    Raises InputError where it is not built or pandoc refuses.
    """
    paper = next((path for path in site.paper.texts if site.output(path).is_file()), "")
    try:
        text = site.output(paper).read_text(encoding="utf-8")
    except OSError:
        raise InputError(
            f"{' or '.join(site.paper.texts) or 'the assembled paper'} is not there",
            where=str(site.built),
            remedy="build it first: make all",
        ) from None
    found = []
    for ending, (kind, *options) in KINDS.items():
        place = site.built / FOLDER / f"{site.paper.name}.{ending}"
        write_atomically(place, _made(site, text, kind, ending, options))
        found.append(place)
    return found


def _made(site: Site, text: str, kind: str, ending: str, options: list[str]) -> bytes:
    """One format: figures from the build, an identifier that follows from the text."""
    named = _TITLE.search(text)
    title = named[1] if named else site.paper.title
    body = text.replace(f"# {title}\n", "", 1)
    if ending == "docx":
        body = body.replace(".svg)", ".png)")
    with TemporaryDirectory() as folder:
        out = Path(folder, f"paper.{ending}")
        about = {"title": title, "lang": "en-GB", "identifier": f"urn:sha256:{sha(text.encode())}"}
        called(
            body,
            kind,
            [
                "--standalone",
                *(f"--metadata={key}:{value}" for key, value in about.items()),
                f"--resource-path={site.output('')}",
                *options,
                "--output",
                str(out),
            ],
            folder=folder,
            reader=f"{READER}+smart",
        )
        return out.read_bytes()
