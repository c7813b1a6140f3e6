"""Ways to write a digit that MNIST hardly has, as images to learn from.

MNIST's writers were Americans: staff of the Census Bureau and high-school students. Elsewhere a
one has a flag and often a base, a seven has a bar, a zero may have a slash, a nine a hook; and
whoever has only seen American ones takes a flagged one for a seven. Such digits are drawn here,
each a little differently, with the pen that draws a visitor's strokes again (drawing.py).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .dataset import Split, concatenate
from .drawing import to_mnist

SHARE = 1 / 40  # of the images to learn from

Stroke = NDArray[np.float64]
Shape = Callable[[np.random.Generator], list[Stroke]]


def how_many(n: int) -> int:
    """Of n images to learn from, this many are to be allographs."""
    return min(N_ALLOGRAPHS, int(SHARE * n))


def mixed(allographs: Split, train: Split, n: int) -> Split:
    """So many images to learn from: a share of the allographs, then the first ones of the training set."""
    return concatenate([allographs[: how_many(n)], train[: n - how_many(n)]])


def draw() -> Split:
    """The allographs, always the same 1,500, in random order."""
    rng = np.random.default_rng(0)
    kinds = [(digit, shape) for digit, shape, count in KINDS for _ in range(count)]
    pictures = [to_mnist(vary(shape(rng), rng)) for _, shape in kinds]
    images = np.array([picture.ravel() for picture in pictures if picture is not None])
    return Split(images, np.array([digit for digit, _ in kinds], np.uint8))[rng.permutation(len(kinds))]


# ── The shapes, about one unit high, y down ────────────────────────────────────────────────────


def flagged_one(rng: np.random.Generator) -> list[Stroke]:
    """An upstroke of any length, then the stem."""
    return [line((-rng.uniform(0.15, 0.5), rng.uniform(0.2, 0.65)), (0, 0), (0, 1))]


def one_with_base(rng: np.random.Generator) -> list[Stroke]:
    """The same on a base, as in print."""
    return [*flagged_one(rng), line((-rng.uniform(0.15, 0.4), 1), (rng.uniform(0.15, 0.4), 1))]


def slashed_zero(rng: np.random.Generator) -> list[Stroke]:
    """A slash that ends within the oval or beyond."""
    width, beyond = rng.uniform(0.25, 0.5), rng.uniform(0.8, 1.2)
    start, turn = rng.uniform(-0.5, 0.5), rng.uniform(0.97, 1.05)
    end = np.array([width * beyond, 0.5 * beyond])
    return [arc((0, 0), (width, 0.5), start, start + turn * 2 * np.pi), line(end * (-1, 1), end * (1, -1))]


def barred_seven(rng: np.random.Generator) -> list[Stroke]:
    """A seven with a bar through its stem."""
    height, foot = rng.uniform(0.35, 0.65), rng.uniform(-0.45, -0.1)
    middle = foot * height
    bar = line((middle - 0.25, height), (middle + 0.25, height + rng.uniform(-0.08, 0.03)))
    return [line((-0.6, rng.uniform(0, 0.1)), (0, 0), (foot, 1)), bar]


def hooked_nine(rng: np.random.Generator) -> list[Stroke]:
    """A nine whose stem ends in a hook to the left."""
    height = rng.uniform(0.2, 0.27)
    loop = arc((0, height), (0.25, height), np.pi / 3, -1.5 * np.pi)
    hook = arc((-0.03, 0.7), (0.28, 0.3), np.pi / 2, rng.uniform(1.2, 1.6) * np.pi)
    return [np.concatenate([loop, hook])]


KINDS: tuple[tuple[int, Shape, int], ...] = (
    (1, flagged_one, 450),
    (1, one_with_base, 375),
    (0, slashed_zero, 225),
    (7, barred_seven, 225),
    (9, hooked_nine, 225),
)
"""The digit, its shape, and how many are drawn: most ones, which are misread most."""

N_ALLOGRAPHS = sum(count for _, _, count in KINDS)


def line(*corners: tuple[float, float] | Stroke) -> Stroke:
    """From corner to corner, in pieces that can be bent."""
    ends = np.array(corners)
    pieces = np.linspace(ends[:-1], ends[1:], 4, endpoint=False, axis=1)
    return np.concatenate([pieces.reshape(-1, 2), ends[-1:]])


def arc(centre: tuple[float, float], radii: tuple[float, float], start: float, end: float) -> Stroke:
    """A part of an ellipse, clockwise from angle to angle, where 0 is at the top."""
    angle = np.linspace(start, end, 14)
    return np.stack([centre[0] + radii[0] * np.sin(angle), centre[1] - radii[1] * np.cos(angle)], axis=1)


def vary(strokes: list[Stroke], rng: np.random.Generator) -> list[Stroke]:
    """As a hand would: bent, not quite in place, slanted, turned, narrow or wide."""
    turn, slant, width = rng.uniform(-0.15, 0.15), rng.uniform(-0.15, 0.45), np.exp(rng.uniform(-0.25, 0.25))
    cos, sin = np.cos(turn), np.sin(turn)
    turned = np.array([[width, 0], [-slant, 1]]) @ np.array([[cos, sin], [-sin, cos]])
    size, phase = rng.normal(0, 0.035, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    varied = []
    for stroke in strokes:
        waves = np.sin(np.stack([4 * stroke[:, ::-1], 5 * stroke]) + phase[:, np.newaxis])  # (2, points, 2)
        bent = stroke + np.einsum("wpc,wc->pc", waves, size) + rng.normal(0, 0.02, 2)
        varied.append(bent @ turned)
    return varied
