"""The claims ledger: what the plan says in numbers, what is computed, and the verdict."""

from phextpaper.press.ledger import Rule


def all_rules() -> dict[str, Rule]:
    """The rules of every claim that can be decided so far, by claim id."""
    from phextpaper.study.ledger import batching, faults, foundation, learned, sparse

    return foundation.RULES | sparse.RULES | faults.RULES | batching.RULES | learned.RULES
