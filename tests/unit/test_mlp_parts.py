"""Which pixels hang together: the same parts as by walking from pixel to pixel."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py.parts import Mask, parts_of


def walked(mask: Mask) -> NDArray[np.int32]:
    """Parts found by walking, the plain way."""
    labels = np.zeros(mask.shape, np.int32)
    n = 0
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        n += 1
        waiting = [start]
        while waiting:
            y, x = waiting.pop()
            if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and mask[y, x] and not labels[y, x]:
                labels[y, x] = n
                waiting += [(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return labels


@pytest.mark.parametrize("density", [0.1, 0.3, 0.45, 0.6, 0.9])
def test_parts_are_those_that_walking_finds(density: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        mask = rng.random(rng.integers(1, 25, 2)) < density
        parts, labels = parts_of(mask), walked(mask)
        pairs = set(zip(parts.labels[mask].tolist(), labels[mask].tolist(), strict=True))
        assert len(pairs) == len(parts.areas) == labels.max(initial=0)
        for part, (left, top, right, bottom) in enumerate(parts.boxes, start=1):
            y, x = np.nonzero(parts.labels == part)
            assert (x.min(), y.min(), x.max() + 1, y.max() + 1) == (left, top, right, bottom)
            assert parts.areas[part - 1] == len(x)


def test_a_spiral_is_one_part_and_nothing_is_none() -> None:
    spiral = np.zeros((41, 41), bool)
    for ring in range(0, 20, 2):
        spiral[ring, ring : 41 - ring] = spiral[ring : 41 - ring, 40 - ring] = True
        spiral[40 - ring, ring : 41 - ring] = spiral[ring + 2 : 41 - ring, ring] = True
        spiral[ring + 2, ring : ring + 3] = True
    assert len(parts_of(spiral).areas) == 1
    assert len(parts_of(np.zeros((3, 3), bool)).areas) == 0


def test_some_parts_alone_can_be_kept() -> None:
    mask = np.array([[1, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 1]], bool)
    parts = parts_of(mask)
    kept = parts.only(parts.areas >= 2)
    assert kept.tolist() == (mask & ~np.array([[0] * 4, [0] * 4, [1, 0, 0, 0]], bool)).tolist()
