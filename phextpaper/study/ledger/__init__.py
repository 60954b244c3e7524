"""The claims ledger: what the plan says in numbers, what is computed, and the verdict."""

from phextpaper.press.ledger import Rule


def parts() -> dict[str, dict[str, Rule]]:
    """The rules by claim id, in parts; the reasons of a part are macros of ``templates/ledger/<part>.j2``."""
    from phextpaper.study.ledger import batching, faults, foundation, learned, sparse

    modules = {"foundation": foundation, "sparse": sparse, "faults": faults, "batching": batching, "learned": learned}
    return {name: module.RULES for name, module in modules.items()}
