"""Networks as arrays: families of topologies, their distances, the loads of their links, and the cuts through them."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "topology": ["Topology"],
        "lattice_topology": ["LatticeTopology"],
        "topologies": ["Graph", "Hypercube", "Lattice", "Torus", "TwistedTorus", "parse_spec"],
        "spec_words": ["spec_numbers", "spec_word"],
        "twists": ["published_twists"],
        "distances": ["distance_matrix", "hop_counts", "hop_histogram", "hops_from", "ring_hops"],
        "even_split": ["even_split_loads", "loads_from_one"],
        "cuts": [
            "Bisection",
            "best_cut_found",
            "bisection",
            "congestion_bound",
            "lattice_cut",
            "spectral_bound",
            "torus_bisection",
        ],
        "lattices": ["characters", "hermite_normal_form"],
        "edge_files": ["read_edges"],
    },
)
