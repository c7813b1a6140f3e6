"""Ways to write a digit that MNIST hardly has, as images to learn from.

MNIST's writers were Americans: staff of the Census Bureau and high-school students. Elsewhere a
one has a flag and often a base, a seven has a bar, a zero may have a slash, a nine a hook; and
whoever has only seen American ones takes a flagged one for a seven. Such digits are drawn here,
each a little differently, with the pen that draws a visitor's strokes again (drawing.py).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .dataset import Split, concatenate
from .drawing import to_mnist

SHARE = 1 / 40  # of the images to learn from
N_ALLOGRAPHS = 1_500  # about, that the page has

Stroke = NDArray[np.float64]
Shape = Callable[[np.random.Generator], list[Stroke]]
Kind = tuple[int, Shape, int]
"""The digit, its shape, and its share of all."""


def how_many(n: int) -> int:
    """Of n images to learn from, this many are to be allographs."""
    return min(N_ALLOGRAPHS, int(SHARE * n))


def mixed(allographs: Split, train: Split, n: int) -> Split:
    """So many images to learn from: a share of the allographs, then the first ones of the training set."""
    return concatenate([allographs[: how_many(n)], train[: n - how_many(n)]])


def draw(n: int = N_ALLOGRAPHS, kinds: Sequence[Kind] | None = None) -> Split:
    """So many allographs, always the same, in random order; of the page's kinds, if no others are given."""
    rng = np.random.default_rng(0)
    kinds = KINDS if kinds is None else kinds
    ends = np.cumsum([share for _, _, share in kinds])
    counts = np.diff(np.rint(n * ends / ends[-1]).astype(int), prepend=0)
    drawn = [(digit, shape) for (digit, shape, _), count in zip(kinds, counts, strict=True) for _ in range(count)]
    pictures = [to_mnist(vary(shape(rng), rng)) for _, shape in drawn]
    images = np.array([picture.ravel() for picture in pictures if picture is not None])
    return Split(images, np.array([digit for digit, _ in drawn], np.uint8))[rng.permutation(len(drawn))]


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


def slim_zero(rng: np.random.Generator) -> list[Stroke]:
    """A narrow zero with a slash."""
    width, beyond = rng.uniform(0.15, 0.35), rng.uniform(0.8, 1.2)
    end = np.array([width * beyond, 0.5 * beyond])
    return [oval(rng, width), line(end * (-1, 1), end * (1, -1))]


def tailed_zero(rng: np.random.Generator) -> list[Stroke]:
    """An oval whose end crosses its beginning at the top, and goes on."""
    width, tail, reach = rng.uniform(0.25, 0.6), rng.uniform(-0.2, 0.4), rng.uniform(0.7, 1.2)
    end = line((rng.uniform(-0.05, 0.05), -0.5), (width * 0.6, -0.5 + tail), (width * reach, -0.6 + tail))
    return [np.concatenate([arc((0, 0), (width, 0.5), rng.uniform(0, 0.8), -2 * np.pi), end])]


def looped_two(rng: np.random.Generator) -> list[Stroke]:
    """A two with a loop at its foot, or a corner as of a Z."""
    top = arc((0, 0.27), (rng.uniform(0.2, 0.35), 0.27), rng.uniform(-1.6, -0.8), 0.65 * np.pi)
    if rng.random() < 0.5:
        return [np.concatenate([top, line((-0.35, 1), (0.4, rng.uniform(0.9, 1.05)))])]
    loop = arc((-0.22, 0.9), (0.13, 0.1), np.pi, 2.8 * np.pi)
    return [np.concatenate([top, loop, line((0.4, rng.uniform(0.9, 1.05)))])]


def flat_three(rng: np.random.Generator) -> list[Stroke]:
    """A three with a flat top and a corner, as of a Z."""
    width, waist = rng.uniform(0.3, 0.5), rng.uniform(0.3, 0.5)
    bow = arc((0, (1 + waist) / 2), (rng.uniform(0.25, 0.45), (1 - waist) / 2), 0, rng.uniform(1.2, 1.6) * np.pi)
    return [np.concatenate([line((-width, rng.uniform(-0.05, 0.1)), (width, 0), (-0.1, waist)), bow])]


def lightning_four(rng: np.random.Generator) -> list[Stroke]:
    """A four that is open at the top: a stroke like lightning, and a stem across it, which may be short."""
    top, height, reach = rng.uniform(-0.25, 0.15), rng.uniform(0.5, 0.75), rng.uniform(0.35, 0.6)
    stem, start = rng.uniform(0.05, 0.3), rng.uniform(0, 0.55)
    angle = line((top, 0), (-rng.uniform(0.3, 0.5), height), (reach, height + rng.uniform(-0.08, 0.08)))
    return [angle, line((stem + rng.uniform(-0.05, 0.15), start), (stem, 1))]


def closed_four(rng: np.random.Generator) -> list[Stroke]:
    """A four in one stroke, or two, that is closed at the top."""
    height, reach = rng.uniform(0.55, 0.75), rng.uniform(0.1, 0.3)
    angle = line((0, 0), (-rng.uniform(0.4, 0.6), height), (reach, height))
    return [angle, line((0, 0), (rng.uniform(-0.05, 0.05), 1))]


def hatted_five(rng: np.random.Generator) -> list[Stroke]:
    """A five whose top is a stroke of its own, which may not touch the rest."""
    waist, gap = rng.uniform(0.35, 0.5), rng.uniform(-0.02, 0.12)
    bow = arc((-0.05, (1 + waist) / 2), (rng.uniform(0.25, 0.4), (1 - waist) / 2), -0.3, rng.uniform(1.2, 1.5) * np.pi)
    body = np.concatenate([line((-0.2, rng.uniform(0, waist)), (-0.25, waist + 0.05)), bow])
    return [body, line((-0.2 + gap, -gap), (0.3, -gap + rng.uniform(-0.1, 0.05)))]


def slim_six(rng: np.random.Generator) -> list[Stroke]:
    """A six with a straight stem and a small bowl, that may be left open."""
    width, bowl = rng.uniform(0.12, 0.3), rng.uniform(0.2, 0.32)
    stem = line((rng.uniform(-0.05, 0.3), 0), (-width, 1 - bowl))
    return [np.concatenate([stem, arc((0, 1 - bowl), (width, bowl), -0.5 * np.pi, -rng.uniform(1.9, 2.7) * np.pi)])]


def serif_seven(rng: np.random.Generator) -> list[Stroke]:
    """A seven that begins with a short stroke down."""
    foot = rng.uniform(-0.5, 0)
    return [line((-0.55, rng.uniform(0.1, 0.3)), (-0.55, rng.uniform(-0.05, 0.05)), (0, 0), (foot, 1))]


def barred_seven(rng: np.random.Generator) -> list[Stroke]:
    """A seven with a bar through its stem."""
    height, foot = rng.uniform(0.35, 0.65), rng.uniform(-0.45, -0.1)
    middle = foot * height
    bar = line((middle - 0.25, height), (middle + 0.25, height + rng.uniform(-0.08, 0.03)))
    return [line((-0.6, rng.uniform(0, 0.1)), (0, 0), (foot, 1)), bar]


def two_ring_eight(rng: np.random.Generator) -> list[Stroke]:
    """An eight of two rings, one on the other."""
    waist, upper, lower = rng.uniform(0.35, 0.5), *rng.uniform(0.15, 0.35, 2)
    rings = ((waist / 2, upper, waist / 2), ((1 + waist) / 2, lower, (1 - waist) / 2))
    starts = rng.uniform(0, 2 * np.pi, 2)
    return [arc((0, y), (x, h), start, start - 2 * np.pi) for (y, x, h), start in zip(rings, starts, strict=True)]


def open_eight(rng: np.random.Generator) -> list[Stroke]:
    """An eight in one stroke that does not come back quite to where it began."""
    waist, upper, lower = rng.uniform(0.38, 0.5), *rng.uniform(0.18, 0.35, 2)
    start = rng.uniform(0.1, 0.4) * np.pi
    top = arc((0, waist / 2), (upper, waist / 2), start, -np.pi)
    bottom = arc((0, (1 + waist) / 2), (lower, (1 - waist) / 2), 0, 1.75 * np.pi)
    inside = rng.uniform(0, 0.15), waist * rng.uniform(0.6, 1)
    return [
        np.concatenate([top, bottom, line(inside, (upper * rng.uniform(0.6, 1.3), rng.uniform(-0.1, 0.25) * waist))])
    ]


def hooked_nine(rng: np.random.Generator) -> list[Stroke]:
    """A nine whose stem ends in a hook to the left."""
    height = rng.uniform(0.2, 0.27)
    loop = arc((0, height), (0.25, height), np.pi / 3, -1.5 * np.pi)
    hook = arc((-0.03, 0.7), (0.28, 0.3), np.pi / 2, rng.uniform(1.2, 1.6) * np.pi)
    return [np.concatenate([loop, hook])]


def small_looped_nine(rng: np.random.Generator) -> list[Stroke]:
    """A hooked nine whose loop may be small, and whose hook may be a corner."""
    height, width, x = rng.uniform(0.12, 0.27), rng.uniform(0.14, 0.3), rng.uniform(-0.06, 0.02)
    loop = arc((x, height), (width, height), rng.uniform(0.2, 0.4) * np.pi, -1.5 * np.pi)
    if rng.random() < 0.4:
        corner = (x + width - rng.uniform(0, 0.1), rng.uniform(0.9, 1))
        end = (corner[0] - rng.uniform(0.25, 0.5), 1 + rng.uniform(-0.05, 0.05))
        return [np.concatenate([loop, line(corner, end)])]
    hook = arc((x + width - 0.28, 0.7), (0.28, 0.3), np.pi / 2, rng.uniform(1.1, 1.6) * np.pi)
    return [np.concatenate([loop, hook])]


def oval(rng: np.random.Generator, width: float) -> Stroke:
    """An oval that closes, almost or with a little more."""
    start = rng.uniform(-0.5, 0.5)
    return arc((0, 0), (width, 0.5), start, start + rng.uniform(0.97, 1.05) * 2 * np.pi)


KINDS: tuple[Kind, ...] = (
    (1, flagged_one, 450),
    (1, one_with_base, 375),
    (0, slashed_zero, 225),
    (7, barred_seven, 225),
    (9, hooked_nine, 225),
)
"""What the page trains on, in these shares: most ones, which are misread most.

Whoever changes them changes the losses of every address that somebody has shared.
"""

MORE_KINDS: tuple[Kind, ...] = (
    (1, flagged_one, 24),
    (1, one_with_base, 14),
    (0, slashed_zero, 5),
    (0, slim_zero, 5),
    (0, tailed_zero, 6),
    (2, looped_two, 4),
    (3, flat_three, 4),
    (4, lightning_four, 8),
    (4, closed_four, 3),
    (5, hatted_five, 5),
    (6, slim_six, 6),
    (7, barred_seven, 9),
    (7, serif_seven, 4),
    (8, two_ring_eight, 5),
    (8, open_eight, 6),
    (9, hooked_nine, 3),
    (9, small_looped_nine, 7),
)
"""What the starter model is trained on besides."""


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
