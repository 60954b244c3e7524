"""Verdicts on what the plan claims of hierarchical batching, wave 9."""

from phextpaper.press.ledger import Rule, compared

RULES: dict[str, Rule] = {
    "C78": compared(
        10, "batching.volumes_hit", "the first digit takes as many values, and a batch meets them all", tolerance=0.005
    ),
    "C79": compared(
        10,
        "batching.books_hit",
        lambda q: (
            f"a volume has {q.batching.books_per_volume.with_unit}; so many of them hold an ID of the batch in the mean"
        ),
    ),
    "C80": compared(
        100,
        "batching.observed.mean",
        lambda q: f"there are {q.batching.bins} groups by volume and book; the closed form gives {q.batching.expected}",
    ),
    "C81": compared(10, "batching.request_hops", "requests on their own, routed from random chips"),
    "C82": compared(
        10_000,
        "batching.cost.plain.unbatched.hops",
        lambda q: f"{q.machine.batch} requests of {q.batching.request_hops.with_unit} each in the mean",
    ),
    "C83": compared(3, "batching.setup_hops", "the way to the groups' leaders, shared as far as volumes are shared"),
    "C84": compared(
        1,
        "batching.inside_hops",
        "the rows of a book lie on all chips of a unit, which are a ring, and not on one chip",
    ),
    "C85": compared(
        1300,
        "batching.cost.plain.tree2.hops",
        lambda q: (
            f"{q.batching.observed.mean} groups of {q.batching.setup_hops.with_unit} and {q.machine.batch} rows of {q.batching.inside_hops} in the mean"
        ),
    ),
    "C86": compared(
        7.7,
        "batching.reduction.plain.tree2.mean",
        lambda q: (
            f"with digits fitted to the machine it would be {q.batching.reduction.fitted.tree3.mean}, no batching on "
            f"these routes passes {q.batching.merged_reduction}, and bytes x hops change by a factor of {q.batching.byte_reduction.plain.tree2}"
        ),
    ),
}
