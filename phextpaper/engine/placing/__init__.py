"""Placing: one topology laid on the nodes of another, and coordinates learned from a graph."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "placement": ["Emulation", "block_placement", "emulate", "gray_placement", "placed"],
        "learned_coordinates": ["euclidean", "exact", "majorised", "spectral", "stress"],
        "coordinate_quality": [
            "GreedyRouting",
            "Quality",
            "TriangleCheck",
            "greedy_routing",
            "quality",
            "rank_correlation",
            "triangle_check",
            "vector_distances",
        ],
    },
)
