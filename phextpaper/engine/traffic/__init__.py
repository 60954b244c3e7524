"""Traffic: patterns and the loads that they put on links, collectives as schedules, and the bytes of training."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "patterns": [
            "DemandMatrix",
            "GroupPerDimension",
            "MessageTraffic",
            "NearestNeighbour",
            "RandomPermutation",
            "Traffic",
            "Transpose",
            "Uniform",
        ],
        "loads": ["dimension_order_loads", "link_loads", "throughput"],
        "schedules": ["Cost", "Phase", "Schedule", "cost", "side_by_side"],
        "collectives": [
            "all_dimensions",
            "all_to_all",
            "all_to_all_time",
            "gather",
            "halving_doubling",
            "per_dimension",
            "recursive_doubling",
            "ring",
            "scatter",
            "snake_order",
            "tree",
        ],
        "mixes": ["Exchange", "Mix", "all_to_all_mix", "link_bytes", "neighbour_exchange", "objective", "times"],
        "training_steps": [
            "ParallelSplit",
            "StepBytes",
            "Transformer",
            "step_bytes",
            "training",
            "training_on",
            "training_placement",
        ],
        "transfer_times": ["CUT_THROUGH", "STORE_AND_FORWARD", "route_bandwidth", "transfer_time"],
    },
)
