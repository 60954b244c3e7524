"""The claims ledger: what the plan says in numbers, what is computed, and the verdict."""

from phextpaper.ledger.decision import Rule


def all_rules() -> dict[str, Rule]:
    """The rules of every claim that can be decided so far, by claim id."""
    from phextpaper.ledger import batching, foundation, sparse

    return foundation.RULES | sparse.RULES | batching.RULES
