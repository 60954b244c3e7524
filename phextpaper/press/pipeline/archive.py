"""The bundle for arXiv: the paper's LaTeX with all that it asks for, in an archive that is the same on every day."""

import gzip
import io
import tarfile

from phextpaper.press.documents.latex import Latex
from phextpaper.press.pipeline.site import Site, read_json, sha, to_json, write_atomically
from phextpaper.press.publishing.tex_run import compiled
from phextpaper.press.sources.tools import installed

NAME = "arxiv.tar.gz"
WORKS = "references.bib"


def write_arxiv(site: Site) -> None:
    """Write the bundle, if anything in it changed; take away one whose paper is gone.

    With TeX here it holds the list of references as BibTeX made it, so that nobody has to run BibTeX.
    """
    place, state, paper = site.built / NAME, site.state / "arxiv.json", f"{site.paper.name}.tex"
    files = sources(site)
    if not files:
        place.unlink(missing_ok=True)
        return
    tex = installed("tex")
    made_of = {"tex": tex, **{path: sha(data) for path, data in files.items()}}
    known = read_json(state)
    if place.is_file() and known == {"made_of": made_of, "sha256": sha(place.read_bytes())}:
        return
    if tex and (
        references := compiled(
            files[paper].decode("utf-8"), {path: data for path, data in files.items() if path != paper}
        ).references
    ):
        files[paper.replace(".tex", ".bbl")] = references
    data = bundled(files)
    write_atomically(place, data)
    write_atomically(state, to_json({"made_of": made_of, "sha256": sha(data)}))


def sources(site: Site) -> dict[str, bytes]:
    """The paper, its bibliography and its drawings by path; nothing where one of them is missing."""
    try:
        paper = f"{site.paper.name}.tex"
        text = site.output(paper).read_bytes()
        drawings = [path for one in Latex(text.decode("utf-8")).floats for path in one.graphics]
        return {paper: text} | {path: site.output(path).read_bytes() for path in (WORKS, *dict.fromkeys(drawings))}
    except (OSError, UnicodeDecodeError):
        return {}


def bundled(files: dict[str, bytes]) -> bytes:
    """A compressed archive of files by path, in the order of their names, without days and owners."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(files[path]), 0o644
            archive.addfile(entry, io.BytesIO(files[path]))
    return gzip.compress(packed.getvalue(), compresslevel=9, mtime=0)
