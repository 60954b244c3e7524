"""Types of arrays, by what they hold; shapes and units stand in the docstrings of what takes or returns them."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
NodeArray = NDArray[np.intp]
"""Numbers of nodes, as arrays are indexed with."""
