"""The matrix product under every layer."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]

BACKEND = "numpy"


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Matrix product of two 2-D arrays.

    Parameters
    ----------
    a : array of float, shape (m, k)
    b : array of float, shape (k, n)

    Returns
    -------
    array of float, shape (m, n)
    """
    product: FloatArray = np.dot(a, b)
    return product
