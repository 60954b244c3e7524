"""The site as a whole: made in memory, written where something changed, rid of what it no longer holds."""

from phextpaper.press.parameters import Machine
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.collect import Page
from phextpaper.press.pipeline.site import Site, read_json, sha, to_json, write_atomically
from phextpaper.press.website import lineage, records, texts
from phextpaper.press.website.material import Material
from phextpaper.press.website.shell import Shell, shipped

PLACE = "site"
"""The site's folder below the output folder."""


def made(material: Material) -> dict[str, bytes]:
    """Every file of the site by its place."""
    offered = {f"files/{name}": data for name, data in material.bundles.items()}
    offered |= {f"files/reports/{name}": data for name, data in material.reports.items()}
    read, downloads = texts.Texts(material), [(place, place.rpartition("/")[2]) for place in offered]
    shell = Shell(material.paper, material.machine, downloads, material.parts)
    return {
        **shipped(),
        **texts.pages(read, shell),
        **records.pages(read, shell),
        **lineage.pages(read, shell),
        **texts.works_page(read, shell),
        **{f"files/{path}": data for path, data in material.data.items()},
        **offered,
    }


def write_site(site: Site, machine: Machine, code: CodeIndex, pages: dict[int, Page]) -> list[str]:
    """Bring the site up to date with the reports, records and artefacts on disk.

    Return the places that were written.
    """
    files = made(Material.read(site, machine.name, code, pages))
    folder, state = site.built / PLACE, site.state / "site.json"
    for path in folder.rglob(".*.part"):  # what a killed build left half-written
        path.unlink(missing_ok=True)
    written = []
    for place, data in files.items():
        path = folder / place
        if not path.is_file() or path.read_bytes() != data:
            write_atomically(path, data)
            written.append(place)
    for place in sorted(set(read_json(state).get("files", [])) - set(files)):
        (folder / place).unlink(missing_ok=True)
    listed = to_json({"files": sorted(files)})
    if not state.is_file() or sha(state.read_bytes()) != sha(listed):
        write_atomically(state, listed)
    return written
