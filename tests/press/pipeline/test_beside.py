"""What stands beside the folders of a whole build: the phext document, the front page, the crate, other formats."""

import json
import shutil
import zipfile
from io import BytesIO

import pytest
from conftest import ROOT

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.errors import InputError
from phextpaper.press.pipeline.formats import write_formats
from phextpaper.press.pipeline.site import Site
from phextpaper.press.sources.plan import load_waves
from phextpaper.study import phext_document


def test_each_coordinate_returns_its_file(pristine):
    """The phext package reads the document back, byte for byte, wave N's first text at 1.1.1/1.1.1/1.1.N."""
    from phext.coordinate import Coordinate as Parsed
    from phext.phext import Phext

    site = Site(pristine.folder, pristine.folder / "build", pristine.folder / "params" / "pbc-4096.toml")
    text = (site.built / phext_document.NAME).read_text(encoding="utf-8")
    records = {
        int(path.stem): json.loads(path.read_text(encoding="utf-8")) for path in (site.state / "waves").glob("*.json")
    }
    places = phext_document.places(site, records)
    assert len(places) > 40
    for coordinate, path in places.items():
        assert Phext().fetch(text, Parsed.from_string(str(coordinate))) == site.output(path).read_text(
            encoding="utf-8"
        ), path
    for n, wave in load_waves(pristine.folder).items():
        assert places[Coordinate(scroll=n)] == next(path for path in wave.output if path.endswith(phext_document.TEXTS))


@pytest.mark.parametrize("byte", [0x01, 0x17, 0x1C, 0x1F])
def test_a_text_with_a_delimiter_is_refused(byte):
    """It would move every scroll after it."""
    with pytest.raises(InputError, match="delimiter"):
        phext_document.document({Coordinate(scroll=2): f"a{chr(byte)}b"})


def test_the_front_page_names_what_is_there(pristine):
    """Every link of the page leads to a file, and the crate describes these files."""
    import re

    built = pristine.folder / "build"
    page = (built / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+)\)", page)
    assert len(linked) > 10 and all((built / path).is_file() for path in linked)
    crate = json.loads((built / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    files = {entry["@id"] for entry in crate if entry["@type"] == "File"}
    assert set(linked) <= files and all((built / path).is_file() for path in files)
    assert {part["@id"] for part in crate[1]["hasPart"]} == files


def test_other_formats_hold_the_paper_and_are_the_same_anew(pristine, tmp_path):
    """DOCX and EPUB are archives with the text in them, JATS names the sections; a second call gives the same bytes."""
    shutil.copytree(pristine.folder / "build", tmp_path / "build")
    site = Site(pristine.folder, tmp_path / "build", pristine.folder / "params" / "pbc-4096.toml")
    found = {place.suffix: place.read_bytes() for place in write_formats(site)}
    assert found == {place.suffix: place.read_bytes() for place in write_formats(site)}
    assert b"Sparse lookup" in zipfile.ZipFile(BytesIO(found[".docx"])).read("word/document.xml")
    assert any(
        b"Sparse lookup" in zipfile.ZipFile(BytesIO(found[".epub"])).read(name)
        for name in zipfile.ZipFile(BytesIO(found[".epub"])).namelist()
    )
    assert found[".xml"].count(b"<sec") > 15


def test_formats_without_a_paper_say_what_to_do(tmp_path):
    """No paper, no format, and the remedy."""
    shutil.copyfile(ROOT / "paper.toml", tmp_path / "paper.toml")
    with pytest.raises(InputError, match="not there"):
        write_formats(Site(tmp_path, tmp_path / "build", tmp_path / "x.toml"))
