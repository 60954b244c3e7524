"""The site as files: links that lead somewhere, pages that stand alone, the same bytes twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from website_samples import Parsed, material_of

from phextpaper.press.pipeline.site import read_json
from phextpaper.press.website.make import made, write_site

pytest_plugins = ["website_fixtures"]


def parsed_site(site: Path) -> dict[Path, Parsed]:
    """Every page of a site."""
    return {path: Parsed(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Parsed]:
    """The pages of a whole build."""
    return parsed_site(site)


@pytest.fixture(scope="module")
def paper_pages(paper_site) -> dict[Path, Parsed]:
    """The pages of a build with an assembled paper."""
    return parsed_site(paper_site)


@pytest.mark.parametrize("which", ["pages", "paper_pages"])
def test_every_link_leads_to_a_file_and_a_place_that_are_there(which, request):
    """No link of the site is broken, and none needs a server."""
    found = request.getfixturevalue(which)
    assert len(found) > 100
    for path, page in found.items():
        for href in [href for href, _ in page.links] + page.loaded:
            if href.startswith(("https://", "http://")):
                continue
            place, _, anchor = href.partition("#")
            assert not place.startswith("/"), f"{path}: {href}"
            target = (path.parent / unquote(place)).resolve() if place else path.resolve()
            assert target.is_file(), f"{path}: {href}"
            if anchor:
                assert unquote(anchor) in found[Path(target)].ids, f"{path}: {href}"


def test_pages_load_nothing_from_elsewhere(pages):
    """Style, script, icon and images are files of the site."""
    assert not [src for page in pages.values() for src in page.loaded if "//" in src or src.startswith("data:")]


@pytest.mark.parametrize("which", ["pages", "paper_pages"])
def test_pages_are_well_made(which, request):
    """Each page has a language, a main part, one first heading, no anchor twice, no link in a link, and images with words."""
    for path, page in request.getfixturevalue(which).items():
        assert page.attributes["html"]["lang"] == "en", path
        assert {"main", "nav", "title"} <= page.tags, path
        assert page.headings.count("h1") == 1, path
        assert len(page.ids) == len(set(page.ids)), path
        assert page.nested == 0, path
        assert all(page.alternatives), path


def test_every_wave_and_every_text_has_a_page(site, material):
    """Forty waves, built or not, and each Markdown artefact and drawing."""
    assert len(list((site / "waves").glob("w*.html"))) == len(material.waves) == 40
    for path in [*material.texts, *material.drawings]:
        assert (site / material.page_of(path)).is_file()
    for path in material.data:
        assert (site / "files" / path).read_bytes() == material.data[path]


def test_the_site_has_the_same_bytes_in_another_process_folder_zone_and_hash_seed(site, pristine, tmp_path):
    """Nothing of the machine that builds shows."""
    shutil.copytree(pristine.folder / "build", tmp_path / "elsewhere", ignore=shutil.ignore_patterns("site"))
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\nfrom website_samples import material_of, written\nfrom pathlib import Path\n"
        "written(material_of(Path.cwd(), sys.argv[2])[1], Path(sys.argv[2]) / 'site')"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "elsewhere")],
        cwd=pristine.folder,
        check=True,
        timeout=120,
        env={
            **os.environ,
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
            "PYTHONPATH": str(pristine.folder),
        },
    )
    again = tmp_path / "elsewhere" / "site"
    assert {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()} == {
        path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()
    }


def test_writing_again_writes_nothing_and_mends_what_was_changed(pristine, tmp_path):
    """Files that are as they should be are left alone; lost, edited and left-over ones are put right."""
    shutil.copytree(pristine.folder / "build", tmp_path / "copy")
    site, material = material_of(pristine.folder, tmp_path / "copy")
    machine = type("Named", (), {"name": material.machine})
    assert write_site(site, machine, material.code, material.pages) == []
    folder = site.built / "site"
    (folder / "claims.html").unlink()
    (folder / "gates.html").write_text("edited", encoding="utf-8")
    (folder / "mine.txt").write_text("not the site's", encoding="utf-8")
    state = site.state / "site.json"
    state.write_text(
        state.read_text(encoding="utf-8").replace('"claims.html"', '"claims.html", "waves/w41.html"'), encoding="utf-8"
    )
    (folder / "waves" / "w41.html").write_text("of a plan with one wave more", encoding="utf-8")
    assert sorted(write_site(site, machine, material.code, material.pages)) == ["claims.html", "gates.html"]
    assert not (folder / "waves" / "w41.html").exists()
    assert (folder / "mine.txt").is_file()
    assert sorted(read_json(state)["files"]) == sorted(made(material))


def test_a_lost_page_is_made_again_by_the_next_build(pristine, tmp_path):
    """A build with nothing else to do notices that the site is not whole."""
    shutil.copytree(pristine.folder / "build", tmp_path / "copy")
    lost = tmp_path / "copy" / "site" / "index.html"
    before = lost.read_bytes()
    lost.unlink()
    subprocess.run(
        [sys.executable, "-m", "phextpaper", "--build", str(tmp_path / "copy"), "build"],
        cwd=pristine.folder,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert lost.read_bytes() == before
