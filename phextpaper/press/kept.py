"""Results of earlier builds: quantities as entries of a store, dear intermediate results as files beside it.

What lies on disk is not trusted: each entry and each file carries a digest, and what does not agree with it is computed
anew.
"""

import pickle
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from phextpaper.press.quantity import Quantity, digest

Entry = dict[str, Any]
FIELDS = ("value", "unit", "digits", "kind", "doc", "origin", "formula", "uses")


class Damaged(Exception):
    """What was kept is not what was written, or cannot be read any more."""


def entry(quantity: Quantity, reads: Mapping[str, str], code: str) -> Entry:
    """A quantity for the store: its fields, what it read, the digest of the code that computed it."""
    fields = {name: getattr(quantity, name) for name in FIELDS}
    return {"fields": fields, "reads": dict(reads), "code": code, "digest": digest([fields, reads, code])}


def sound(found: Entry) -> bool:
    """Whether an entry is as it was written."""
    try:
        return bool(found["digest"] == digest([found["fields"], found["reads"], found["code"]]))
    except (KeyError, TypeError, ValueError):
        return False


def quantity(id: str, found: Entry) -> Quantity:
    """The quantity that an entry holds."""
    return Quantity(id, **{**found["fields"], "uses": tuple(found["fields"]["uses"])})


def keep(value: object, folder: Path, path: str, reads: Mapping[str, str], code: str) -> Entry:
    """Write an intermediate result to a file of its own, whole or not at all, and return its entry."""
    name, data = digest([path, code, reads]) + ".pickle", pickle.dumps(value, protocol=5)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{name}.{id(value):x}.part"
    partial.write_bytes(data)
    partial.replace(folder / name)
    return {"reads": dict(reads), "code": code, "file": name, "sha256": sha256(data).hexdigest()}


def load(found: Entry, folder: Path) -> object:
    """The intermediate result of an entry.

    Raises Damaged where its file is gone, changed, or of classes that are gone.
    """
    try:
        data = (folder / found["file"]).read_bytes()
        if sha256(data).hexdigest() != found["sha256"]:
            raise Damaged(found["file"])
        return pickle.loads(data)
    except (OSError, KeyError, TypeError, AttributeError, ImportError, pickle.UnpicklingError) as problem:
        raise Damaged(str(problem)) from problem


def keep_fresh(store: dict[str, Any], fresh: Mapping[str, Any]) -> None:
    """Put what was computed anew into the store, that of the plan's machine into its part."""
    for kind, entries in fresh.items():
        if kind == "planned":
            keep_fresh(store.setdefault(kind, {}), entries)
        else:
            store.setdefault(kind, {}).update(entries)
