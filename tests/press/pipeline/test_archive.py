"""The bundle for arXiv: the same bytes on every day, all that the paper asks for, and it compiles by itself."""

import gzip
import io
import shutil
import subprocess
import tarfile

import pytest
from conftest import ABOUT, ROOT
from small_paper import FIGURE, PAPER, read

from phextpaper.press.documents.latex import Latex
from phextpaper.press.documents.printed_pdf import read_printed
from phextpaper.press.documents.tex_log import read_log
from phextpaper.press.pipeline import archive, stamp
from phextpaper.press.pipeline.site import Site
from phextpaper.press.publishing import latex
from phextpaper.press.publishing.bibtex import bibliography
from phextpaper.press.sources import tools
from phextpaper.press.sources.bibliography import load_bibliography

TEX = f"{ABOUT.name}.tex"


@pytest.fixture
def site(tmp_path) -> Site:
    """A build folder with the small paper as LaTeX."""
    made, text = Site(ROOT, tmp_path / "build", ROOT / "params" / "pbc-4096.toml"), latex.write(PAPER, read, ABOUT)
    for path, data in (
        (TEX, text.encode()),
        (archive.WORKS, bibliography(load_bibliography(ROOT), Latex(text).cited).encode()),
        ("figures/fig-1-chips.pdf", FIGURE),
    ):
        made.output(path).parent.mkdir(parents=True, exist_ok=True)
        made.output(path).write_bytes(data)
    return made


def names(data: bytes) -> list[str]:
    """What a bundle holds."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as bundle:
        return bundle.getnames()


def test_the_bundle_is_the_same_on_every_day_and_for_everyone():
    """No day, no owner, names in order."""
    data = archive.bundled({"b.tex": b"b", "a/c.pdf": b"c"})
    assert data == archive.bundled({"a/c.pdf": b"c", "b.tex": b"b"}) and names(data) == ["a/c.pdf", "b.tex"]
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as bundle:
        assert {(entry.mtime, entry.uid, entry.uname, entry.mode) for entry in bundle} == {(0, 0, "", 0o644)}


def test_it_follows_the_paper_and_goes_with_it(site, monkeypatch):
    """Written once, left alone while nothing changes, written anew for a change or when somebody spoilt it, gone when a part is."""
    place = site.built / archive.NAME
    archive.write_arxiv(site)
    good, wanted = place.read_bytes(), {TEX, archive.WORKS, "figures/fig-1-chips.pdf"}
    assert set(names(good)) - {"phext-based-compute.bbl"} == wanted
    before = stamp.fingerprint(site)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "bundled", lambda files: pytest.fail("nothing changed"))
        archive.write_arxiv(site)
    place.write_bytes(b"spoilt")
    assert stamp.fingerprint(site) != before
    archive.write_arxiv(site)
    assert place.read_bytes() == good and stamp.fingerprint(site) == before
    site.output("figures/fig-1-chips.pdf").unlink()
    archive.write_arxiv(site)
    assert not place.exists()


def test_without_tex_it_holds_the_bibliography_alone(site, monkeypatch):
    """The list of references comes with TeX, and when TeX comes."""
    place = site.built / archive.NAME
    monkeypatch.setattr(archive, "installed", lambda name: "")
    archive.write_arxiv(site)
    assert sorted(names(place.read_bytes())) == ["figures/fig-1-chips.pdf", TEX, archive.WORKS]


@pytest.mark.skipif(not tools.tex(), reason=tools.NO_TEX)
def test_unpacked_elsewhere_it_compiles_by_itself(site, tmp_path):
    """Three runs of pdfTeX alone, as arXiv does: references resolved, nothing missing, without BibTeX and without the project."""
    archive.write_arxiv(site)
    folder = tmp_path / "else where"
    with tarfile.open(site.built / archive.NAME) as bundle:
        bundle.extractall(folder, filter="data")
    shutil.rmtree(site.built)
    (folder / archive.WORKS).unlink()
    for _ in range(3):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", TEX],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
        )
    log = read_log(done.stdout)
    assert (
        not log.errors
        and not log.undefined
        and log.pages == read_printed((folder / "phext-based-compute.pdf").read_bytes(), "a.pdf").pages
    )
