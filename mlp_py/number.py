"""Which strokes, or parts of ink, make up which digit, where several digits stand beside one another.

How often they are parted rightly, and single digits wrongly: `python -m tests.benchmarks.numbers`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating]

# All lengths are shares of the height of all the ink.
GAP = 0.05  # between two digits, at least, where nothing of one stands over the other
NEAR = 0.12  # ink this near belongs together where one stands over the other
WIDE = 0.1  # so much has to stand over so much, or it may just lean over
SMALL = 0.7  # a digit's longer side, at least; what is smaller is a piece of one
ROW, ROW_GAP = 0.2, 0.45  # a row's height, at least; what is free below it, in heights of the lower of the two
WIDE_GAP, SMALLER = 0.22, 0.5  # over a wide gap also smaller ones stand by themselves
MOST_DIGITS, MOST_PIECES = 8, 200
SAMPLE, FEWEST = 1_000, 6  # points by which distances are measured: of all, of a piece at least


class TooManyError(ValueError):
    """There is more than a number has digits, or there is something in more than one row."""


def digits_of(pieces: Sequence[Points], pen: float = 0.0) -> list[list[int]]:
    """The pieces of each digit, from left to right, by their indices.

    Parameters
    ----------
    pieces : arrays of shape (points, 2), x and y, y down: strokes, or the outlines of ink
    pen : how wide a stroke is, where the points lie on its outline

    Raises TooManyError.
    """
    if len(pieces) > MOST_PIECES:
        raise TooManyError
    boxes = np.array([[*piece.min(axis=0), *piece.max(axis=0)] for piece in pieces])
    height = max(boxes[:, 3].max() - boxes[:, 1].min(), 1e-9)
    if _are_rows(boxes, height):
        raise TooManyError
    gaps = (_gaps(boxes) + pen) / height
    near = (_distances(pieces) + pen) / height
    groups = _joined((gaps < GAP) & (near < NEAR) | _stands_over(boxes, WIDE * height))
    while len(groups) > 1:
        group_boxes = np.array([_box(boxes[group]) for group in groups])
        extents = (group_boxes[:, 2:] - group_boxes[:, :2]).max(axis=1) / height
        between = (_gaps(group_boxes) + pen) / height
        smallest = int(extents.argmin())
        nearest = int(between[smallest].argmin())
        if extents[smallest] >= (SMALLER if between[smallest, nearest] > WIDE_GAP else SMALL):
            break
        groups[nearest] = groups[nearest] + groups[smallest]
        del groups[smallest]
    if len(groups) > MOST_DIGITS:
        raise TooManyError
    return sorted(groups, key=lambda group: float(_box(boxes[group])[[0, 2]].sum()))


def _are_rows(boxes: Points, height: float) -> bool:
    """Whether there is something in one row and something in another, with nothing between."""
    order = np.argsort(boxes[:, 1])
    tops, bottoms = boxes[order, 1], np.maximum.accumulate(boxes[order, 3])
    above, below = bottoms[:-1] - tops[0], bottoms[-1] - tops[1:]
    is_free = tops[1:] - bottoms[:-1] > ROW_GAP * np.minimum(above, below)
    return bool((is_free & (above > ROW * height) & (below > ROW * height)).any())


def _box(boxes: Points) -> Points:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _gaps(boxes: Points) -> NDArray[np.float64]:
    """How far each is beside each other one, negative where one stands over the other; infinite of itself."""
    left, right = boxes[:, 0], boxes[:, 2]
    gaps = np.maximum(left[:, np.newaxis] - right, left - right[:, np.newaxis])
    np.fill_diagonal(gaps, np.inf)
    return gaps


def _stands_over(boxes: Points, wide: float) -> NDArray[np.bool_]:
    """Whether one covers more than half of the other's width, or the other way round, where that is not narrow."""
    left, right = boxes[:, 0], boxes[:, 2]
    overlap = np.minimum(right[:, np.newaxis], right) - np.maximum(left[:, np.newaxis], left)
    narrower = np.minimum((right - left)[:, np.newaxis], right - left)
    return (overlap >= 0.5 * narrower) & (overlap >= wide)


def _distances(pieces: Sequence[Points]) -> NDArray[np.float64]:
    """How far the ink of each is from that of each other; infinite of itself."""
    each = max(SAMPLE // len(pieces), FEWEST)
    samples = [piece[:: -(-len(piece) // each)] for piece in pieces]
    points, starts = np.concatenate(samples), np.cumsum([0, *map(len, samples)])[:-1]
    squared = ((points[:, np.newaxis] - points) ** 2).sum(axis=-1)
    nearest = np.minimum.reduceat(np.minimum.reduceat(squared, starts, axis=0), starts, axis=1)
    np.fill_diagonal(nearest, np.inf)
    return np.sqrt(nearest)


def _joined(are_one: NDArray[np.bool_]) -> list[list[int]]:
    """Groups of pieces, joined wherever a piece of one and a piece of the other belong together."""
    group_of = np.arange(len(are_one))
    for i, j in zip(*np.nonzero(are_one), strict=True):
        group_of[group_of == group_of[j]] = group_of[i]
    return [np.flatnonzero(group_of == each).tolist() for each in sorted(set(group_of.tolist()))]
