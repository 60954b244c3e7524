"""Words that specs begin with, each registered where its topology is defined: `torus` of `torus:16x16x16`.

@spec_word("star", "5")
@dataclass(frozen=True)
class Star(Topology): ...

makes `parse_spec("star:5")` give `Star.from_spec("5", "star:5")`. A file of this room is found by its words; a file
elsewhere has to be imported first.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

from phextpaper.errors import InputError

Kind = TypeVar("Kind", bound=type[Any])
_KINDS: dict[str, type[Any]] = {}
_EXAMPLES: dict[str, tuple[str, ...]] = {}


def spec_word(word: str, *examples: str) -> Callable[[Kind], Kind]:
    """Decorate a topology with the word of its specs; errors show `examples` of what follows the word and a colon.

    The class reads the rest of a spec by its `from_spec`. A word names one class only. Raises `InputError` for a word
    that another class has.
    """

    def register(kind: Kind) -> Kind:
        known = _KINDS.setdefault(word, kind)
        if (known.__module__, known.__qualname__) != (kind.__module__, kind.__qualname__):
            raise InputError(f"the spec word {word!r} is taken", where=kind.__name__, remedy="give another word")
        _KINDS[word] = kind
        _EXAMPLES[word] = tuple(f"{word}:{example}" for example in examples or ("…",))
        return kind

    return register


def read_spec(spec: str) -> object:
    """The topology that a spec names, by the words registered so far and those of all files of this room."""
    word, _, rest = spec.strip().partition(":")
    if word not in _KINDS:
        for file in iter_modules(sys.modules[__package__].__path__, f"{__package__}."):
            import_module(file.name)
    if word not in _KINDS or not rest:
        known = ", ".join(example for examples in _EXAMPLES.values() for example in examples)
        raise InputError(f"{spec!r} names no topology", remedy=f"write one of {known}")
    topology: object = _KINDS[word].from_spec(rest, spec)
    return topology


def spec_numbers(text: str, separator: str, spec: str, *, count: int | None = None) -> tuple[int, ...]:
    """The whole numbers of a piece of a spec, `count` of them if given; raises `InputError` for anything else.

    >>> spec_numbers("4x4x8", "x", "torus:4x4x8")
    (4, 4, 8)
    """
    try:
        numbers = tuple(int(part) for part in text.split(separator))
    except ValueError:
        numbers = ()
    if not numbers or (count is not None and len(numbers) != count):
        example = separator.join(["4", "4", "8"][: count or 3])
        raise InputError(f"{text!r} is not of whole numbers", where=spec, remedy=f"write it like {example}")
    return numbers
