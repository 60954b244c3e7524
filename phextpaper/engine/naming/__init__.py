"""Naming: phext coordinates of chips and of vocabulary IDs, and documents of scrolls at coordinates."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "coordinates": [
            "DIMENSIONS",
            "ORIGIN",
            "PART_MAXIMUM",
            "Coordinate",
            "delimiters_between",
            "format_short",
            "parse_short",
        ],
        "layout": ["Blocks", "Layout", "Place", "balanced_shape"],
        "vocabulary": ["Vocabulary"],
        "scrambling": ["Scrambler"],
        "scrolls": ["delimiter_counts", "write_scrolls"],
    },
)
