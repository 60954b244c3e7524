"""All forms of one address: index, coordinate short and full, place."""

from phextpaper.engine.coordinates import Coordinate
from phextpaper.errors import InputError
from phextpaper.parameters import Machine
from phextpaper.quantities.layout import layout_of


def forms(value: str, machine: Machine) -> dict[str, object]:
    """Everything that an index or a coordinate says on this machine.

    Raises InputError for what is neither, or lies outside the machine.
    """
    layout, text = layout_of(machine), value.strip()
    if text.isascii() and text.isdigit():
        index = int(text)
        if index >= layout.total:
            raise InputError(f"chip {index} does not exist: the machine has {layout.total} chips, counted from 0",
                             remedy=f"give an index from 0 to {layout.total - 1}, or a coordinate such as 8.8.8/2.1")
        volume, book, chapter = (int(part) for part in layout.coordinate(index))
        coordinate = Coordinate.at(volume, book, chapter)
    else:
        coordinate = Coordinate.parse(text + "/1.1" if text.count(".") == 2 and "/" not in text and ";" not in text else text)
        named = {"coordinate": coordinate.short() if _is_short(coordinate) else str(coordinate), "full": str(coordinate), "url": coordinate.url()}
        if not _is_short(coordinate):
            return {**named, "note": "no chip: library, shelf, series and collection of a chip are 1"}
        try:
            index = int(layout.index([coordinate.volume, coordinate.book, coordinate.chapter]))
        except InputError as problem:
            return {**named, "note": f"no chip of this machine: {problem.what}"}
    place = layout.place(index)
    found = {"index": index, "coordinate": coordinate.short(), "full": str(coordinate), "url": coordinate.url(), "rack": int(place.rack),
             "unit": int(place.unit), "host": int(place.host), "chip": int(place.chip), "link": coordinate.section,
             "role": "spare" if bool(layout.is_spare(index)) else "active"}
    if coordinate.section > machine.links_per_chip:
        found["note"] = f"a chip has only {machine.links_per_chip} links; this section names none"
    return found


def _is_short(coordinate: Coordinate) -> bool:
    return coordinate.parts[:4] == (1, 1, 1, 1)
