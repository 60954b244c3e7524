"""Verdicts on what the plan claims of its own budget, and for waves 1 to 4, 6 and 8."""

from phextpaper.press.ledger import Rule, assumed, at_least, at_most, compared, unverifiable

RULES: dict[str, Rule] = {
    "C01": at_most(
        30, "ledger.longest_wave", "the waves of the later phases are longer than the plan's rule for every wave allows"
    ),
    "C02": at_least(20, "outline.concepts", lambda q: f"a minimum was asked for, and {q.outline.concepts} are listed"),
    "C03": compared(40, "plan.count", "plan/waves.toml spells out every one of them"),
    "C04": compared(2, "ledger.mapping_columns", "the plan's own example has four columns, and so has the table"),
    "C05": at_least(
        30,
        "outline.concepts",
        lambda q: f"minima were asked for; {q.outline.concepts} concepts are mapped, {q.outline.deep} flagged",
    ),
    "C06": compared(
        2,
        "ledger.naming_dimensions",
        "two dimensions name too few chips; a 2D torus of all chips uses volume, book and chapter together",
    ),
    "C08": compared(
        9,
        "ledger.phext_dimensions",
        lambda q: (
            f"of phext's nine dimensions the layout uses {q.ledger.named_dimensions}; the others stay at their first value"
        ),
    ),
    "C09": compared(
        5,
        "ledger.named_dimensions",
        "the format names volume, book, chapter, section and scroll, with their places among phext's nine",
    ),
    "C10": compared(4096, "layout.active_chips", "the product of the three sizes"),
    "C11": at_least(100, "layout.spare_chips", "a minimum was asked for"),
    "C12": assumed(
        16,
        "machine.volumes",
        lambda q: (
            f"one rack a volume is this design's packaging; TPU v4 has {q.facts.tpu_v4_system.racks} racks of "
            f"{q.facts.tpu_v4_system.chips_per_block} chips"
        ),
    ),
    "C13": compared(
        4,
        "ledger.chips_per_book",
        lambda q: f"a book holds one chip for each chapter; {q.machine.chips_per_host} chips share a host",
    ),
    "C14": unverifiable(
        None,
        "chapters name chips; a second chip is a second worker, and redundancy would need a chip that does the same work",
    ),
    "C15": compared(
        4,
        "topologies.torus_3d.links_per_chip",
        "a 3D torus has a link up and one down in each of three dimensions; four are enough for a 2D torus",
    ),
    "C16": assumed(
        1,
        "layout.example.first.chip",
        "the chapter names the chip here, the section its link, and the first scroll the record of that link",
    ),
    "C17": compared(4096, "layout.active_chips", "volumes x books x chapters"),
    "C18": compared(256, "layout.spare_chips", "books x chapters of the one spare volume"),
    "C19": compared(
        8, "layout.example.middle.rack", "volume, book, chapter and section decode to rack, unit, chip and link"
    ),
    "C20": compared(
        5,
        "layout.example.spare.rack",
        lambda q: (
            f"in 17.5.3 the rack is {q.layout.example.spare.rack}; {q.layout.example.spare.unit} is the unit in it and {q.layout.example.spare.chip} the chip in the unit"
        ),
    ),
    "C21": assumed(
        1,
        "routing.chip_update_ms",
        lambda q: (
            f"below the target only if every chip writes its own share at once and no link has to move; mirrors take "
            f"{q.machine.mirror_switching} ms, a slice about {q.machine.slice_reconfiguration} s"
        ),
    ),
    "C22": at_least(3, "ledger.patterns", "all-reduce, all-to-all and sparse lookup"),
    "C23": compared(1, "routing.row.near.hops", "neighbouring chapters share a link"),
    "C24": compared(
        100,
        "machine.link_bandwidth",
        lambda q: (
            f"an ICI link of TPU v4 carries {q.facts.tpu_v4_system.ici_bandwidth_per_link} GB/s in each direction"
        ),
    ),
    "C25": compared(
        3, "routing.row.plan_middle.hops", "seven steps in each of three dimensions; a name shortens no path"
    ),
    "C26": compared(1, "ledger.claimed_hop.c26", "1.4.4 is no neighbour of 1.1.1: a link changes one part by one"),
    "C27": compared(
        33,
        "routing.row.plan_middle.bandwidth",
        "on a pipelined network the bandwidth of a route is that of its slowest link, however many hops it has",
    ),
    "C28": compared(
        4, "routing.row.plan_far.hops", "every dimension wraps, so the far corner is one step away in each"
    ),
    "C29": compared(1, "ledger.claimed_hop.c29", "1.8.8 is no neighbour of 1.1.1: a link changes one part by one"),
    "C30": compared(
        25,
        "routing.row.plan_far.bandwidth",
        "the bandwidth of a route does not fall with its hops; the time of its first byte grows",
    ),
    "C31": compared(1, "routing.row.near.hops", "neighbouring chapters share a link"),
    "C32": compared(
        2, "ledger.double_step_hops", lambda q: f"the next chapter but one is {q.ledger.double_step_hops} links away"
    ),
    "C33": compared(
        4,
        "ledger.third_distance",
        lambda q: f"distances double from one, so the third round spans {q.ledger.third_distance} chapters",
    ),
    "C34": compared(4, "ledger.doubling_rounds", "distance doubling over the chapters of one unit"),
    "C35": compared(
        4,
        "routing.ring_rounds",
        lambda q: (
            f"those rounds aggregate one unit only; an all-reduce over it must also give the sum back, and a ring of "
            f"{q.routing.ring_chips} needs {q.routing.ring_rounds} rounds"
        ),
    ),
    "C47": at_least(4, "ledger.kinds", "2D torus, 3D torus, twisted torus and hypercube"),
    "C48": assumed(
        12,
        "topologies.hypercube.links_per_chip",
        lambda q: f"it is laid on the names, but needs more links than the {q.machine.links_per_chip} of a chip",
    ),
    "C49": assumed(
        1,
        "routing.chip_update_ms",
        lambda q: f"holds for one chip's share at an assumed {q.machine.table_entry_update} ns an entry",
    ),
    "C50": compared(
        4096,
        "ledger.plane_chips",
        "volumes and books alone name too few chips; the 2D torus of all chips needs the chapters too",
    ),
    "C51": compared(16, "machine.volumes", "1.1.1 and 16.16.1 are opposite corners of that plane"),
    "C52": compared(4, "ledger.plane_degree", "east, west, north and south, each with wraparound"),
    "C53": compared(
        4, "topologies.torus_3d.links_per_chip", "two more neighbours need two more links, which a table cannot add"
    ),
    "C54": compared(
        0.82,
        "routing.chip_update_ms",
        lambda q: f"{q.routing.entries_per_chip} entries, as no chip needs one for itself; only one chip's share",
        tolerance=0.002,
    ),
    "C55": assumed(200, "machine.table_entry_update", "the plan's figure for writing one entry; nobody measured it"),
    "C56": compared(
        4096,
        "routing.entries",
        lambda q: (
            f"a chip's share has {q.routing.entries_per_chip} entries; the table has one for each ordered pair of chips"
        ),
    ),
    "C69": compared(1, "routing.row.near.hops", "neighbouring chapters share a link"),
    "C70": compared(
        2, "ledger.double_step_hops", lambda q: f"the next chapter but one is {q.ledger.double_step_hops} links away"
    ),
    "C71": compared(4, "ledger.doubling_rounds", "distance doubling over the chapters of one unit"),
    "C72": compared(1, "routing.row.near.hops", "a neighbour is one hop away"),
    "C73": compared(
        2.1,
        "topologies.torus_3d.mean_hops",
        "the mean over all ordered pairs of different chips; naming chips changes no distance",
    ),
    "C74": compared(4, "topologies.torus_3d.diameter", "half of each dimension, summed over all of them"),
    "C75": compared(
        8,
        "topologies.torus_2d.mean_hops",
        lambda q: (
            f"a quarter of a side in the mean for each direction of a {q.topologies.torus_2d.rows} x {q.topologies.torus_2d.columns} torus, so half of it for both"
        ),
    ),
    "C76": compared(
        2.1, "topologies.torus_3d.mean_hops", "phext names the chips of a 3D torus, which has the hops that it has"
    ),
    "C77": compared(
        3.8, "ledger.hop_ratio", "the ratio of the true means, owed to the third dimension, not to the names"
    ),
    "C93": compared(27, "plan.phase_1.mean", "the mean over the ten waves as the plan lists them"),
    "C94": compared(4.5, "plan.phase_1.hours", "the sum over the ten waves"),
    "C95": compared(6.25, "plan.phase_2.hours", "the sum over the waves as the extended plan lists them"),
    "C96": compared(5, "plan.phase_3.hours", "the sum over the waves as the extended plan lists them"),
    "C97": compared(3.75, "plan.phase_4.hours", "the sum over the waves as the extended plan lists them"),
    "C98": compared(19.5, "plan.total_hours", "the phases differ from the plan's, and their differences cancel"),
}
