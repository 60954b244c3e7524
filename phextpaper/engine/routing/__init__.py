"""Routing: tables of next hops and the proof that they work, freedom from deadlock, and traffic split over paths."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "tables": ["Route", "RoutingTable", "Verification"],
        "next_hops": ["ARRIVED", "DIMENSION_ORDER", "MINIMAL", "UP_DOWN"],
        "deadlock": [
            "SCHEMES",
            "DeadlockReport",
            "DependencyGraph",
            "climbing_ranks",
            "dependencies",
            "virtual_channels",
        ],
        "tie_breaking": ["chance_table", "worst_load"],
        "weighted_split": ["WeightedSplit", "level_split", "split_loads"],
        "throughput_bounds": ["Throughput", "best_throughput", "lattice_throughput"],
        "address_tables": ["AddressTable", "Trace"],
    },
)
