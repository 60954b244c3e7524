"""All forms of one address: a chip's index or a row's vocabulary ID, its coordinate short and full, and the place."""

from typing import Any

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.sharding import owners
from phextpaper.errors import InputError
from phextpaper.press.parameters import Machine
from phextpaper.study.quantities.layout import layout_of

ID = "id:"


def forms(value: str, machine: Machine) -> dict[str, object]:
    """Everything that an index, a vocabulary ID or a coordinate says on this machine.

    A number that is no chip's index is a vocabulary ID; `id:` before a number says that it is one. Raises InputError
    for what is none of these, or lies outside the machine and the vocabulary.
    """
    layout, text = layout_of(machine), value.strip()
    words = Vocabulary.of_base(machine.ids, machine.base)
    number = text.removeprefix(ID)
    if number.isascii() and number.isdigit():
        if text.startswith(ID) or int(number) >= layout.total:
            return _of_id(int(number), words, layout, chips=not text.startswith(ID))
        return _of_index(int(number), words, layout)
    if text.startswith(ID):
        raise InputError(
            f"{number!r} is no vocabulary ID", remedy=f"give a whole number, such as {ID}{machine.ids // 2}"
        )
    coordinate = Coordinate.parse(
        text + "/1.1" if text.count(".") == 2 and "/" not in text and ";" not in text else text
    )
    return _of_coordinate(coordinate, words, layout)


def _of_index(index: int, words: Vocabulary, layout: Layout) -> dict[str, object]:
    found = _of_chip(Coordinate.at(*(int(part) for part in layout.coordinate(index))), index, words, layout)
    if index < words.size:
        found["note"] = f"read as a chip's index; {ID}{index} is the row at {_coordinate(index, words).short()}"
    return found


def _of_chip(coordinate: Coordinate, index: int, words: Vocabulary, layout: Layout) -> dict[str, object]:
    link = coordinate.section if coordinate.section <= layout.links_per_chip else None
    role = "spare" if bool(layout.is_spare(index)) else "active"
    found = {"index": index, **_spelled(coordinate), **_placed(index, layout), "link": link, "role": role}
    id = _id(coordinate, words)
    return found if id is None else {**found, "vocabulary_id": id, **_owned(id, words, layout)}


def _of_id(id: int, words: Vocabulary, layout: Layout, *, chips: bool) -> dict[str, object]:
    if id >= words.size:
        what = f"neither a chip (there are {layout.total}) nor a vocabulary ID" if chips else "no vocabulary ID"
        raise InputError(
            f"{id} is {what}: IDs go from 0 to {words.size - 1}",
            remedy=f"give an index from 0 to {layout.total - 1}, an ID such as {ID}{words.size // 2}, "
            "or a coordinate such as 8.8.8/2.1",
        )
    owned = _owned(id, words, layout)
    return {"vocabulary_id": id, **_spelled(_coordinate(id, words)), **owned, **_placed(owned["owner_index"], layout)}


def _owned(id: int, words: Vocabulary, layout: Layout) -> dict[str, Any]:
    """The chip that owns a row."""
    owner = int(owners(words.coordinates([id]), layout.shape)[0])
    return {"owner": Coordinate.at(*(int(part) for part in layout.coordinate(owner))).short(), "owner_index": owner}


def _of_coordinate(coordinate: Coordinate, words: Vocabulary, layout: Layout) -> dict[str, object]:
    named = {
        "coordinate": coordinate.short() if _is_short(coordinate) else str(coordinate),
        "full": str(coordinate),
        "url": coordinate.url(),
    }
    if not _is_short(coordinate):
        return {**named, "note": "no chip and no row: library, shelf, series and collection of both are 1"}
    try:
        index = int(layout.index([coordinate.volume, coordinate.book, coordinate.chapter]))
    except InputError as problem:
        id = _id(coordinate, words)
        row = (
            {}
            if id is None
            else {key: value for key, value in _of_id(id, words, layout, chips=False).items() if key not in named}
        )
        return {**named, **row, "note": f"no chip of this machine: {problem.what}"}
    found = _of_chip(coordinate, index, words, layout)
    notes = (
        [f"a chip has {layout.links_per_chip} links, and section {coordinate.section} names none"]
        if found["link"] is None
        else []
    )
    if "vocabulary_id" in found:
        owned = f"{ID}{found['vocabulary_id']}, which lies on {found['owner']}"
        notes.append(f"names a chip, whose rack, unit, host and chip these are, and the row of {owned}")
    return {**found, "note": "; ".join(notes)} if notes else found


def _spelled(coordinate: Coordinate) -> dict[str, object]:
    return {"coordinate": coordinate.short(), "full": str(coordinate), "url": coordinate.url()}


def _placed(index: int, layout: Layout) -> dict[str, object]:
    place = layout.place(index)
    return {"rack": int(place.rack), "unit": int(place.unit), "host": int(place.host), "chip": int(place.chip)}


def _coordinate(id: int, words: Vocabulary) -> Coordinate:
    return Coordinate.at(*(int(part) for part in words.coordinates([id])[0]))


def _id(coordinate: Coordinate, words: Vocabulary) -> int | None:
    """The vocabulary ID at a coordinate, if there is one."""
    try:
        return int(words.ids([coordinate.parts[4:]])[0])
    except InputError:
        return None


def _is_short(coordinate: Coordinate) -> bool:
    return coordinate.parts[:4] == (1, 1, 1, 1)
