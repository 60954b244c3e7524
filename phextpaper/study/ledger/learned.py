"""Verdicts on what the plan claims of learned coordinates, wave 10, and on the sizes of its artefacts."""

from phextpaper.press.ledger import Rule, assumed, compared, unverifiable

RULES: dict[str, Rule] = {
    "C07": assumed(
        3,
        "ledger.smallest_size",
        "sizes are limits that a criterion holds each page to; that they suffice is the plan's judgement",
    ),
    "C87": compared(
        4096,
        "embedding.chips.torus",
        lambda q: (
            f"each chip has a vector of {q.machine.embedding_width.with_unit}, computed from the graph; nothing was trained"
        ),
    ),
    "C88": compared(
        "len(path) * bytes / bandwidth",
        "search.latency_model",
        "packets follow each other on the links of a route, so bytes take their time once and hops add latency",
    ),
    "C89": compared(
        1000,
        "search.found_at.n256",
        "the loss counts links of paths, which small changes of vectors leave as they are, so it has no gradient to follow; "
        "the search here evaluates lattices",
    ),
    "C90": unverifiable(None, "the plan's loop never ran, and prints no number"),
    "C91": compared(
        1,
        "search.rediscovered.n128",
        lambda q: (
            f"the search starts from the plain torus and ends at {q.search.wrap.n128} after {q.search.found_at.n128.with_unit}"
        ),
    ),
    "C92": compared(
        1.3,
        "search.training_gain.n512",
        lambda q: (
            f"the best lattice of blocks beats the regular torus by so much at {q.search.chips.n512.with_unit}; where a twist is published, "
            f"at {q.search.chips.n128} and {q.search.chips.n256}, the best is {q.search.training_gain.n128} and "
            f"{q.search.training_gain.n256} times as fast"
        ),
    ),
}
