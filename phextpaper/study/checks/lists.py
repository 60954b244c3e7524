"""Lists as a sentence has them."""

from collections.abc import Iterable


def listed(items: Iterable[str]) -> str:
    """Items with commas between them, and a word before the last.

    >>> listed(["128", "256", "512"]), listed(["128"])
    ('128, 256 and 512', '128')
    """
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last
