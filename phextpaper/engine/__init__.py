"""The engine: networks and machines of chips as arrays, with numpy and SciPy; a library for network people, useful by itself.

Here are the names that most work begins with; each room (`networks`, `routing`, `traffic`, …) lists all of its own. A name is
imported when it is first asked for, so that one part never pays for another.

>>> from phextpaper.engine import RoutingTable, Torus
>>> RoutingTable.minimal(Torus((4, 4))).verify().minimal
True
"""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "networks": [
            "Bisection",
            "Graph",
            "Hypercube",
            "Lattice",
            "LatticeTopology",
            "Topology",
            "Torus",
            "TwistedTorus",
            "bisection",
            "distance_matrix",
            "even_split_loads",
            "hop_counts",
            "hop_histogram",
            "parse_spec",
            "published_twists",
            "spec_word",
            "torus_bisection",
        ],
        "routing": [
            "DeadlockReport",
            "Route",
            "RoutingTable",
            "Throughput",
            "Verification",
            "WeightedSplit",
            "best_throughput",
            "chance_table",
            "lattice_throughput",
            "level_split",
            "virtual_channels",
        ],
        "traffic": [
            "DemandMatrix",
            "GroupPerDimension",
            "MessageTraffic",
            "NearestNeighbour",
            "RandomPermutation",
            "Schedule",
            "Traffic",
            "Transpose",
            "Uniform",
            "all_to_all_time",
            "cost",
            "dimension_order_loads",
            "link_loads",
            "route_bandwidth",
            "throughput",
            "transfer_time",
        ],
        "traffic.collectives": ["collectives"],
        "naming": ["Coordinate", "Layout", "Vocabulary", "balanced_shape"],
        "placing": ["Emulation", "emulate", "gray_placement", "placed"],
        "search": ["anneal", "exhaustive", "moore_mean_hops"],
        "faults": [
            "Availability",
            "BlockMachine",
            "GoodputReport",
            "RecoveryTime",
            "Repair",
            "SparePool",
            "SparedNetwork",
            "availability",
            "best_interval",
            "checkpoint_goodput",
            "compare_recoveries",
            "cover",
            "daly_interval",
            "remap",
            "shortage_probability",
            "slice_goodput",
            "steady_state",
            "with_reconfiguration",
            "without_reconfiguration",
            "young_interval",
        ],
        "wiring": [
            "PortBudget",
            "SwitchPlan",
            "block_switches",
            "chip_switches",
            "link_change",
            "link_kinds",
            "port_budget",
            "reconfiguration",
            "time_shared",
        ],
    },
)
