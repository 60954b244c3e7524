"""What every topology offers: distances and loads, from its neighbours alone.

A topology says its `size`, `degree` and `spec`, and is its `neighbours()`: an array of shape (size, degree) whose
column is the port. The families are in `topologies`; a new one needs those four and, for specs, a word (see
`spec_words`). They are properties, so a dataclass calls its fields otherwise.
"""

from abc import ABC, abstractmethod
from functools import cached_property
from inspect import signature
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks import distances, even_split, graphs
from phextpaper.engine.networks.spec_words import spec_numbers
from phextpaper.errors import InputError


class Topology(ABC):
    """What follows from `size`, `degree`, `spec` and `neighbours()` alone.

    Links lead both ways, and the graph is connected.
    """

    vertex_transitive = False
    """True where the class proves it. False claims nothing."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of nodes."""

    @property
    @abstractmethod
    def degree(self) -> int:
        """Ports of each node, or of the node with most."""

    @property
    @abstractmethod
    def spec(self) -> str:
        """Canonical spelling: what `parse_spec` reads, where the class has a word."""

    @abstractmethod
    def neighbours(self) -> NDArray[np.intp]:
        """Node reached through each port: shape (size, degree), read-only; -1 where a node lacks the port."""

    @classmethod
    def from_spec(cls, text: str, spec: str) -> Self:
        """From what follows the word of a `spec`: whole numbers between commas, the arguments of the class.

        Raises `InputError` for what is no number, and for too many or too few.
        """
        numbers = spec_numbers(text, ",", spec)
        try:
            signature(cls).bind(*numbers)
        except TypeError as error:
            raise InputError(f"{text!r} does not fit ({error})", where=spec, remedy="give a number for each") from None
        return cls(*numbers)

    def reverse_ports(self) -> NDArray[np.intp]:
        """The port by which each link is left at its other end: shape (size, degree), -1 where there is no link."""
        return graphs.pair_ports(self.neighbours())

    def hop_counts(self, source: int = 0) -> NDArray[np.int32]:
        """Hops from `source` to every node: shape (size,). Raises `InputError` for a node that is not there."""
        return distances.hop_counts(self.neighbours(), self._node(source))

    def hop_histogram(self) -> NDArray[np.int64]:
        """Ordered pairs of nodes by distance, over all sources, shape (diameter + 1,).

        Entry 0 counts each node with itself: `size`.
        """
        return self._hop_histogram.copy()

    def distance_matrix(self, *, workers: int | None = None) -> NDArray[np.unsignedinteger]:
        """Hops from every node to every other, shape (size, size): see `distances.distance_matrix`.

        Raises `InputError` for more than `MATRIX_NODES` nodes.
        """
        return distances.distance_matrix(self.neighbours(), where=self.spec, workers=workers)

    def mean_hops(self) -> float:
        """Mean distance over ordered pairs of different nodes, in hops."""
        pairs = self._hop_histogram
        return sum(distance * int(count) for distance, count in enumerate(pairs)) / (self.size * (self.size - 1))

    def diameter(self) -> int:
        """Largest distance between two nodes, in hops."""
        return len(self._hop_histogram) - 1

    def link_loads(self) -> NDArray[np.float64]:
        """Load of each directed link under uniform all-to-all, (size, degree), in ordered pairs: see `even_split`."""
        return self._link_loads.copy()

    def max_link_load(self) -> float:
        """Ordered pairs over the busiest directed link under uniform all-to-all."""
        return float(self._link_loads.max())

    def all_to_all_throughput(self) -> float:
        """What a node can send under uniform all-to-all, in bandwidths of one link: (size - 1) / worst load."""
        return (self.size - 1) / self.max_link_load()

    @cached_property
    def _hop_histogram(self) -> NDArray[np.int64]:
        return distances.hop_histogram(self.neighbours())

    @cached_property
    def _link_loads(self) -> NDArray[np.float64]:
        return even_split.even_split_loads(self.neighbours(), where=self.spec)

    def _node(self, number: int) -> int:
        if not 0 <= number < self.size:
            raise InputError(
                f"there is no node {number}", where=self.spec, remedy=f"nodes run from 0 to {self.size - 1}"
            )
        return int(number)
