"""A paper in which every number is computed."""

__version__ = "0.1.0"

# Where the artefacts stand below the output folder: the plan's own path.
FOLDER = "rally/R23"
