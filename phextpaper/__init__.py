"""A paper in which every number is computed."""

__version__ = "0.1.0"
