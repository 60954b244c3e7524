"""Facts from the literature and figures measured on request, as quantities: ``facts.<section>.<key>``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from phextpaper.errors import InputError
from phextpaper.press.paper import REFERENCE
from phextpaper.press.quantity import Quantity

_FIELDS = {"value", "unit", "cite", "where", "via", "note"}


def read_toml(path: Path, advice: str) -> dict[str, Any]:
    """The parsed file. Raises InputError naming the file and what to do."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"cannot be read: {problem}", where=f"{path.parent.name}/{path.name}", remedy=advice) from None


def read_reference(root: Path, name: str) -> dict[str, Any]:
    """A file of what others reported; nothing where the paper has none.

    Raises InputError for one that cannot be read.
    """
    path = root / REFERENCE / name
    return read_toml(path, "mend the line that it names") if path.exists() else {}


@cache
def load_facts(root: Path) -> dict[str, Quantity]:
    """Every fact under its id, ranges as ``.low`` and ``.high``, tables as one id a key.

    Raises InputError for a fact without a value, with an unknown field, or whose citation is not in the bibliography.
    """
    keys = {entry.get("key") for entry in read_reference(root, "bibliography.toml").get("bibliography", [])}
    found: dict[str, Quantity] = {}
    for section, facts in read_reference(root, "facts.toml").items():
        for key, fact in facts.items():
            name = f"{section}.{key}"
            unknown = set(fact) - _FIELDS
            if unknown or "value" not in fact:
                raise InputError(
                    f"{name}: {'unknown field ' + ', '.join(sorted(unknown)) if unknown else 'there is no value'}",
                    where="reference/facts.toml",
                    remedy=f"a fact has {', '.join(sorted(_FIELDS))}",
                )
            if fact.get("cite") not in keys:
                raise InputError(
                    f"{name}: {fact.get('cite')!r} is no key of the bibliography",
                    where="reference/facts.toml",
                    remedy="add the entry to reference/bibliography.toml, or mend the key",
                )
            for suffix, value in _parts(fact["value"]):
                found[f"facts.{name}{suffix}"] = _quantity(f"facts.{name}{suffix}", value, fact)
    return found


def _parts(value: object) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [(f".{_identifier(key)}{inner}", part) for key, entry in value.items() for inner, part in _parts(entry)]
    if isinstance(value, list):
        names = ("low", "high") if len(value) == 2 else tuple(f"item_{i}" for i in range(1, len(value) + 1))
        return [(f".{name}", part) for name, part in zip(names, value, strict=True)]
    return [("", value)]


def _identifier(key: str) -> str:
    name = key.replace("-", "_").replace(".", "_").lower()
    return f"n{name}" if name[0].isdigit() else name


def _quantity(name: str, value: Any, fact: dict[str, Any]) -> Quantity:
    place = f", {fact['where']}" if "where" in fact else ""
    via = " (as reported by a secondary source)" if fact.get("via") == "secondary" else ""
    unit = fact.get("unit", "")
    return Quantity(
        name,
        value,
        unit,
        ".12g" if isinstance(value, float) else 0,
        "cited",
        fact.get("note", "") or f"{name.split('.', 2)[2].replace('_', ' ')} as published",
        f"{fact['cite']}{place}{via}",
    )


@cache
def load_measured(root: Path) -> dict[str, Quantity]:
    """What the building machine measured when it was asked to, under ``measured.<section>.<key>``.

    Empty if it never was.
    """
    found = {}
    for section, entries in read_reference(root, "measured.toml").items():
        for key, entry in entries.items():
            value = entry["value"]
            found[f"measured.{section}.{key}"] = Quantity(
                f"measured.{section}.{key}",
                value,
                entry.get("unit", ""),
                entry.get("digits", ".3g" if isinstance(value, float) else 0),
                "measured",
                entry.get("doc", key.replace("_", " ")),
                "reference/measured.toml",
            )
    return found
