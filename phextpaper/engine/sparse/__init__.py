"""Sparse lookups: which chip owns which row, how a batch of requests travels, and what a lookup costs."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "lookup": ["Batch", "SparseTable"],
        "sharding": ["Balance", "balance", "owner_places", "owners", "rows_owned"],
        "zipf": ["harmonic", "zipf_ids", "zipf_share"],
        "request_groups": ["Groups", "group_sizes", "grouped", "grouped_ids"],
        "occupancy": ["Occupancy", "expected_occupancy", "uniform_occupancy", "zipf_occupancy"],
        "request_messages": [
            "LEADERS",
            "MessageCost",
            "Messages",
            "RequestedRows",
            "Sizes",
            "message_cost",
            "message_loads",
            "torus_hops",
        ],
        "batch_experiments": ["Experiment", "Interval", "Run", "drawn_batch", "mean_interval", "route_batches"],
        "lookup_costs": [
            "NetworkGather",
            "Store",
            "TableMemory",
            "chips_to_hold",
            "gather_by_all",
            "gather_by_one",
            "gather_bytes",
            "gather_seconds",
            "occupied_rows",
            "one_hot_seconds",
            "scan_seconds",
            "split_gather_seconds",
            "table_memory",
        ],
        "measuring": ["MeasuredSizes", "measure"],
    },
)
