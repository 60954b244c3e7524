"""For each criterion the artefact to spoil and the smallest edit that spoils it: one file a group of waves, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from spoilers.edits import Spoiler

SPOILERS: dict[str, Spoiler] = {}
for _module in iter_modules(__path__):
    _found = getattr(import_module(f"spoilers.{_module.name}"), "SPOILERS", {})
    assert not SPOILERS.keys() & _found.keys(), f"{_module.name} repeats {sorted(SPOILERS.keys() & _found.keys())}"
    SPOILERS |= _found
