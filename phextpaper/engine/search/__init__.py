"""Search: the best twisted torus of a size, the best graph that switches make of blocks, and bounds on both."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "lattice_forms": [
            "as_form",
            "canonical",
            "classes",
            "form_of",
            "forms",
            "normal_forms",
            "plain",
            "same_up_to_symmetry",
            "twisted",
            "wired_by_blocks",
        ],
        "lattice_search": ["Measured", "Ranking", "changed", "cheapest", "exhaustive", "measure"],
        "graph_search": ["Found", "Switched", "anneal", "hop_total", "moore_mean_hops", "realisable"],
        "graph_bounds": ["copies_within", "switched_mean_hops"],
        "restarts": ["Candidate", "Outcome", "search"],
    },
)
