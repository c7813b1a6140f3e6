"""Small random distortions of the training images, so that the network meets more hands than MNIST has."""

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .checks import Rng
from .dataset import NormalizedImages
from .kernel import FloatArray, distort_rows

ROTATION = np.deg2rad(10)  # radians
SCALE = 0.1  # natural logarithm of the factor, of width and height each
SHEAR = 0.1  # pixels a pixel
SHIFT = 1.0  # pixels
# Each is the largest; what is used is uniform between it and its negative. Stronger ones, and
# elastic distortions, read no more drawings right: see tests/benchmarks/drawings.py.

MIDDLE = 13.5  # of an image 28 pixels wide


class DistortedImages(NormalizedImages):
    """Images that come out of indexing a little different each time.

    Parameters
    ----------
    images : array of uint8, shape (n, 784)
    dtype : the floats' dtype
    rng : where the distortions are drawn from
    strength : of the distortions, 1 for those of training
    """

    def __init__(self, images: NDArray[np.uint8], dtype: DTypeLike, rng: Rng, strength: float = 1.0) -> None:
        super().__init__(images, dtype)
        self.rng = rng
        self.strength = strength

    def __getitem__(self, rows: slice | NDArray[np.integer]) -> FloatArray:
        if isinstance(rows, slice):
            rows = np.arange(len(self))[rows]
        return distort_rows(self.images, rows, random_maps(len(rows), self.rng, self.strength), self.dtype)


def random_maps(n: int, rng: Rng, strength: float = 1.0) -> NDArray[np.float32]:
    """Affine maps, shape (n, 6), as distort_rows() takes them."""
    rotation, scale_x, scale_y, shear, shift_x, shift_y = strength * rng.uniform(-1, 1, (6, n))
    cos, sin = np.cos(ROTATION * rotation), np.sin(ROTATION * rotation)
    scale_x, scale_y, shear = np.exp(SCALE * scale_x), np.exp(SCALE * scale_y), SHEAR * shear
    # Rotation times (1 shear; 0 1) times scale, about the image's middle.
    maps = np.empty((n, 6), np.float32)
    maps[:, 0] = cos * scale_x
    maps[:, 1] = (cos * shear - sin) * scale_y
    maps[:, 3] = sin * scale_x
    maps[:, 4] = (sin * shear + cos) * scale_y
    maps[:, 2] = MIDDLE + SHIFT * shift_x - MIDDLE * (maps[:, 0] + maps[:, 1])
    maps[:, 5] = MIDDLE + SHIFT * shift_y - MIDDLE * (maps[:, 3] + maps[:, 4])
    return maps
