"""The connected parts of a mask: which pixels hang together, by an edge or a corner."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Parts(NamedTuple):
    """The connected parts of a mask, from the top down.

    labels : array of int32, shape (height, width): 0 where nothing is, else the number of the part, from 1
    areas : array of int, shape (parts,), in pixels
    boxes : array of int, shape (parts, 4): left, top, right, bottom; the last two are just outside
    """

    labels: NDArray[np.int32]
    areas: NDArray[np.intp]
    boxes: NDArray[np.intp]

    def only(self, is_kept: Mask) -> Mask:
        """The mask of those parts alone for which `is_kept`, shape (parts,), says so."""
        chosen: Mask = np.concatenate([[False], is_kept])[self.labels]
        return chosen


def parts_of(mask: Mask) -> Parts:
    """Find the parts of a mask of shape (height, width).

    Pixels side by side in a row are a run; runs of neighbouring rows that touch are one part (Rosenfeld and Pfaltz:
    "Sequential operations in digital picture processing", 1966; here with all rows at once).
    """
    height, width = mask.shape
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)  # (height, width + 1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    root = _roots(rows * (width + 2) + starts, rows * (width + 2) + ends, width + 2)
    _, part = np.unique(root, return_inverse=True)
    n = int(part.max()) + 1 if len(part) else 0
    labels = np.zeros((height, width), np.int32)
    labels[mask] = np.repeat(part + 1, ends - starts)
    boxes = np.empty((n, 4), np.intp)
    for column, values, reduce in (
        (0, starts, np.minimum),
        (1, rows, np.minimum),
        (2, ends, np.maximum),
        (3, rows + 1, np.maximum),
    ):
        boxes[:, column] = height * width if reduce is np.minimum else 0
        reduce.at(boxes[:, column], part, values)
    return Parts(labels, np.bincount(part, ends - starts, n).astype(np.intp), boxes)


def _roots(starts: NDArray[np.intp], ends: NDArray[np.intp], row: int) -> NDArray[np.intp]:
    """The first run of the part that each belongs to; places are counted through all rows, `row` is one's length."""
    first = np.searchsorted(ends, starts - row, "left")  # of the runs above, those that touch this one
    last = np.searchsorted(starts, ends - row, "right")
    n_above = np.maximum(last - first, 0)
    below = np.repeat(np.arange(len(starts)), n_above)
    above = np.arange(len(below)) - np.repeat(np.cumsum(n_above) - n_above, n_above) + np.repeat(first, n_above)
    root = np.arange(len(starts))
    while len(above):
        a, b = root[above], root[below]
        is_apart = a != b
        if not is_apart.any():
            break
        a, b, above, below = a[is_apart], b[is_apart], above[is_apart], below[is_apart]
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while (root[root] != root).any():
            root = root[root]
    return root
