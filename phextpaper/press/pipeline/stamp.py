"""Whether anything at all changed since the last whole build: every input and every output is read and compared.

This is the quick way to 'nothing to do'. It trusts no time stamp: a file counts by its bytes.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from phextpaper.press.paper import FILE
from phextpaper.press.pipeline.site import Site, read_json, sha, to_json, write_atomically
from phextpaper.press.sources.tools import TOOLS, installed


def _files(top: str) -> Iterator[str]:
    """The files of a folder and of those in it, in the order of their names; a file is itself."""
    if os.path.isfile(top):  # noqa: PTH113  (as below: half the time over some hundred files)
        yield top
    for base, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (os.path.join(base, name) for name in sorted(names) if not name.endswith((".pyc", ".part")))  # noqa: PTH118


def _digest_of_files(places: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for place in places:
        above = len(str(place.parent))
        for name in _files(str(place)):
            with open(name, "rb") as handle:  # noqa: PTH123
                total.update(f"{name[above:]}\0{hashlib.sha256(handle.read()).hexdigest()}\n".encode())
    return total.hexdigest()


def _digest_of_archives(site: Site) -> str:
    """What lies beside the folders of a build, such as the bundle for arXiv."""
    files = (
        sorted(path for path in site.built.glob("*") if path.is_file() and path.suffix != ".part")
        if site.built.is_dir()
        else []
    )
    return sha("\n".join(f"{path.name} {sha(path.read_bytes())}" for path in files).encode())


def fingerprint(site: Site) -> dict[str, str]:
    """What a whole build depends on and what it left, as digests."""
    libraries = sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info"))  # noqa: PTH208
    extra = {name: sha(Path(path).read_bytes()) if Path(path).is_file() else "" for name, path in site.settings.items()}
    return {
        "inputs": _digest_of_files(site.paper.inputs),
        "commands": sha(
            b"\0".join((site.root / name).read_bytes() for name in (FILE, "Makefile") if (site.root / name).is_file())
        ),
        "machine": _digest_of_files([site.params, site.root / site.paper.planned_params]),
        "machine_name": site.params.name,
        "settings": sha(json.dumps([site.settings, extra], sort_keys=True).encode()),
        "libraries": sha("\n".join([sys.version, *libraries]).encode()),
        "tools": sha("\n".join(installed(name) for name in TOOLS).encode()),
        "outputs": _digest_of_files(site.built / name for name in (site.folder, "reports", "site")),
        "archives": _digest_of_archives(site),
        "records": _digest_of_files([site.state / "waves"]),
    }


def untouched(site: Site) -> bool:
    """Whether inputs, outputs and records are those that the last whole build left."""
    before = read_json(site.state / "stamp.json")
    return bool(before) and before == fingerprint(site)


def leave(site: Site) -> None:
    """Note what a whole build depended on and left."""
    write_atomically(site.state / "stamp.json", to_json(fingerprint(site)))
