"""Lists of contents: public names of a room or of the engine, each imported when it is first asked for."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def contents(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__all__`, `__getattr__` and `__dir__` of a package, whose `homes` say which module in it has which names.

    Where a name is that of its home, it is the module itself.
    """
    home = {name: module for module, names in homes.items() for name in names}

    def get(name: str) -> object:
        if name not in home:
            raise AttributeError(f"{package} has no {name!r}")
        module = import_module(f"{package}.{home[name]}")
        found: object = module if home[name].endswith(f".{name}") else getattr(module, name)
        setattr(sys.modules[package], name, found)
        return found

    return sorted(home), get, lambda: sorted(home)
