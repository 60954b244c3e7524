"""The engine: numpy and SciPy, no paper. Names are imported on first use, so that one part never pays for another."""

from importlib import import_module

_HOME = {
    "Coordinate": "naming.coordinates",
    "Layout": "naming.layout",
    "Torus": "networks.topologies",
    "TwistedTorus": "networks.topologies",
    "Hypercube": "networks.topologies",
    "Lattice": "networks.topologies",
    "Graph": "networks.topologies",
    "parse_spec": "networks.topologies",
    "RoutingTable": "routing.tables",
}

__all__ = [
    "Coordinate",
    "Graph",
    "Hypercube",
    "Lattice",
    "Layout",
    "RoutingTable",
    "Torus",
    "TwistedTorus",
    "parse_spec",
]


def __getattr__(name: str):
    """Import the module that holds `name` when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"phextpaper.engine has no {name!r}")
    return getattr(import_module(f"phextpaper.engine.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
