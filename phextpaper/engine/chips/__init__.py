"""Chips: what one reaches at most, what a model asks of it, how long a step takes, and what energy that costs."""

from phextpaper.engine.contents import contents

__all__, __getattr__, __dir__ = contents(
    __name__,
    {
        "roofline": ["Chip", "intensity_for", "mean_ratio", "ratio_range", "speed_ratio"],
        "model_sizes": ["Convolution", "ModelSize", "encoder", "resnet50", "resnet50_layers"],
        "step_time": [
            "Step",
            "compute_seconds",
            "counted_runs",
            "torus_all_reduce_seconds",
            "transformer_operations",
            "trimmed_mean",
        ],
        "energy": ["Site", "carbon_ratio", "energy_ratio", "factor_shares"],
    },
)
