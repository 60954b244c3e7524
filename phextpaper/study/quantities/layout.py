"""The machine's chips on phext coordinates: how many, where they stand, what a rack takes with it."""

from phextpaper.engine.naming.coordinates import format_short, parse_short
from phextpaper.engine.naming.layout import Layout
from phextpaper.press.evaluation import Branch, Quantities
from phextpaper.press.parameters import Machine
from phextpaper.press.quantity import node, number

EXAMPLES = ("first", "middle", "last", "spare")


def layout_of(machine: Branch | Machine) -> Layout:
    """The layout of a machine, given its parameters as numbers or as quantities."""
    m, edge = machine, int(machine.block_edge)
    return Layout(
        int(m.volumes),
        int(m.books),
        int(m.chapters),
        int(m.spare_volumes),
        int(m.links_per_chip),
        chips_per_host=int(m.chips_per_host),
        block=(edge, edge, edge),
    )


@node("layout.machine")
def machine(q: Quantities) -> Layout:
    """The layout of this machine."""
    return layout_of(q.machine)


def chip_name(q: Quantities, index: int) -> str:
    """The coordinate of a chip's first link, short, as artefacts print it."""
    return format_short([[*q.node("layout.machine").coordinate(index), 1, 1]])[0]


def chip_index(q: Quantities, name: str) -> int:
    """The chip that a printed short coordinate names. Raises InputError for what is none."""
    return int(q.node("layout.machine").index(parse_short([name])[0][:3]))


@number("layout.active_chips", "chips", by=Layout.active, formula="volumes x books x chapters")
def active_chips(q: Quantities) -> int:
    """Chips that compute."""
    return q.node("layout.machine").active


@number("layout.spare_chips", "chips", by=Layout.spares, formula="spare volumes x books x chapters")
def spare_chips(q: Quantities) -> int:
    """Chips that wait in the spare volumes."""
    return q.node("layout.machine").spares


@number("layout.total_chips", "chips", by=Layout.total, formula="active + spare")
def total_chips(q: Quantities) -> int:
    """Chips that have a coordinate."""
    return q.node("layout.machine").total


@number("layout.chips_per_rack", "chips", formula="books x chapters")
def chips_per_rack(q: Quantities) -> int:
    """Chips that share a volume, and so a rack."""
    return len(q.node("layout.machine").chips_in_rack(1))


@number("layout.racks", "racks", by=Layout.racks, formula="volumes + spare volumes")
def racks(q: Quantities) -> int:
    """Racks, the spare ones included."""
    return q.node("layout.machine").racks


@number("layout.hosts_per_unit", "hosts", by=Layout.hosts_per_unit, formula="chapters / chips per host, rounded up")
def hosts_per_unit(q: Quantities) -> int:
    """Hosts that the chips of one book need."""
    return q.node("layout.machine").hosts_per_unit


@number("layout.hosts_per_rack", "hosts", formula="books x hosts per unit")
def hosts_per_rack(q: Quantities) -> int:
    """Hosts in one rack."""
    return q.machine.books * q.layout.hosts_per_unit


@number("layout.first_spare_volume", "", formula="volumes + 1")
def first_spare_volume(q: Quantities) -> int:
    """Number of the first volume that holds spares, or of the first free volume where there is no spare."""
    return q.machine.volumes + 1


@number("layout.last_volume", "", by=Layout.racks, formula="volumes + spare volumes")
def last_volume(q: Quantities) -> int:
    """Number of the last volume that holds chips."""
    return q.node("layout.machine").racks


@number("layout.link_addresses", "addresses", by=Layout.link_addresses, formula="total x links per chip")
def link_addresses(q: Quantities) -> int:
    """Link ports that have a coordinate of their own."""
    return q.node("layout.machine").link_addresses


@number("layout.rack_share", "%", 2, formula="chips of a rack / active chips")
def rack_share(q: Quantities) -> float:
    """Share of the active chips that stop when one rack does."""
    return q.layout.chips_per_rack / q.layout.active_chips


@number("layout.published_racks_per_volume", "racks", ".3g", formula="chips of a volume / chips of a TPU v4 rack")
def published_racks_per_volume(q: Quantities) -> float:
    """How many racks of TPU v4 hold the chips of one volume."""
    return q.layout.chips_per_rack / q.facts.tpu_v4_system.chips_per_block


@number("layout.volumes_per_block", "volumes", formula="smaller of block edge and volumes")
def volumes_per_block(q: Quantities) -> int:
    """Volumes, and so racks, that one optically switched block of chips touches."""
    return min(int(q.machine.block_edge), int(q.machine.volumes))


@number("layout.racks_covered", "racks", formula="spare chips / chips of a rack")
def racks_covered(q: Quantities) -> int:
    """Whole racks that the spare pool can replace."""
    return q.layout.spare_chips // q.layout.chips_per_rack


@number("layout.sections_used", "sections")
def sections_used(q: Quantities) -> int:
    """Sections below each chapter: one for each link of a chip."""
    return int(q.machine.links_per_chip)


@number("layout.scrolls_used", "scrolls")
def scrolls_used(q: Quantities) -> int:
    """Scrolls below each section: the record of the link alone."""
    layout = q.node("layout.machine")
    return len({int(scroll) for scroll in layout.link(0, list(range(1, layout.links_per_chip + 1)))[:, 4]})


def example_coordinate(q: Quantities, which: str) -> tuple[int, int, int, int]:
    """Volume, book, chapter and section of a worked example."""
    m, layout = q.machine, q.node("layout.machine")
    volumes, books, chapters = layout.shape
    links = int(m.links_per_chip)
    return {
        "first": (1, 1, 1, 1),
        "middle": (max(volumes // 2, 1), max(books // 2, 1), max(chapters // 2, 1), min(2, links)),
        "last": (volumes, books, chapters, min(4, links)),
        "spare": (layout.racks, min(5, books), min(3, chapters), 1),
    }[which]


@node("layout.place_of.{}", each=EXAMPLES)
def place_of(q: Quantities, which: str) -> dict[str, int]:
    """Place of an example's chip: rack, unit, host, chip, link, index."""
    layout = q.node("layout.machine")
    volume, book, chapter, section = example_coordinate(q, which)
    index = int(layout.index([volume, book, chapter]))
    place = layout.place(index)
    return {
        "index": index,
        "rack": int(place.rack),
        "unit": int(place.unit),
        "host": int(place.host),
        "chip": int(place.chip),
        "link": section,
    }


@number("layout.example.{}.{}", by=Layout.place, each=((EXAMPLES, ("index", "rack", "unit", "host", "chip", "link")),))
def example(q: Quantities, which: str, part: str) -> int:
    """Where the chip of a worked example stands."""
    return q.node(f"layout.place_of.{which}")[part]


@number(
    "layout.bijection_chips",
    "chips",
    by=Layout.index,
    formula="count of indices that return from coordinate and from place",
)
def bijection_chips(q: Quantities) -> int:
    """Chips whose index comes back through its coordinate and through its place, counted over all chips."""
    import numpy as np

    layout = q.node("layout.machine")
    indices = np.arange(layout.total)
    place = layout.place(indices)
    back = (layout.index(layout.coordinate(indices)) == indices) & (
        layout.at(place.rack, place.unit, place.chip) == indices
    )
    distinct = len(np.unique(layout.coordinate(indices), axis=0))
    return int(min(back.sum(), distinct))
