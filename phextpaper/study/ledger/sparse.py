"""Verdicts on what the plan claims of sparse lookup, wave 5."""

from phextpaper.press.ledger import Rule, assumed, at_most, compared, unverifiable

RULES: dict[str, Rule] = {
    "C36": at_most(20, "sparse.lookup_lines", "the printed lookup, which the check of wave 5 runs"),
    "C37": compared(
        7,
        "lookup_times.one_hot_over_gather.all",
        lambda q: (
            "the range is TPU v4's for another comparison, embeddings by SparseCores against embeddings in CPU memory; "
            f"sparse against dense is {q.lookup_times.one_hot_over_gather['all']} in the model where every chip asks, and "
            f"{q.lookup_times.one_hot_over_gather.one} where all chips work for one batch"
        ),
    ),
    "C38": assumed(
        0.01,
        "machine.occupancy",
        lambda q: f"the plan's share of IDs that have a row; it makes {q.sparse.rows.with_unit}",
    ),
    "C39": compared(100, "sparse.needed_millions", "no two IDs share a coordinate, so there are as many as IDs"),
    "C40": compared(100, "sparse.capacity_millions", "the base to the power of five parts"),
    "C41": compared(
        0,
        "sparse.checked.plain.least",
        "phext counts from one, so each digit is raised by one; the rule is then a bijection, not a hash",
    ),
    "C42": compared(
        8,
        "sparse.plan_volume",
        lambda q: (
            f"each digit is raised by one, and a part has no leading zero; the volume of {q.sparse.example.l1} is {q.sparse.plan_volume}"
        ),
    ),
    "C43": compared(512, "sparse.dense_gb", "IDs x values x bytes of a value"),
    "C44": compared(
        512,
        "sparse.occupied_mb",
        lambda q: (
            f"the share that the plan states makes {q.sparse.rows.with_unit}; the {q.sparse.plan_rows} that it multiplies would be "
            f"{q.sparse.plan_occupancy.with_unit} of the vocabulary"
        ),
    ),
    "C45": compared(1000, "sparse.memory_ratio", "the inverse of the stated share of occupied IDs"),
    "C46": unverifiable(
        6.8,
        lambda q: (
            f"nobody measured it; on one computer the dense product of a smaller table takes {q.measured.lookups.one_hot_product_over_gather} times as long "
            "as the gather of the same rows, which says nothing of the machine"
        ),
    ),
}
