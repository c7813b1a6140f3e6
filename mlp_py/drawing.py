"""A drawing, as pen strokes, made into a 28x28 picture the way MNIST's were.

"The original black and white images were size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio. […] the images were centered in a 28x28 image by computing the
center of mass of the pixels, and translating the image so as to position this point at the
center" (LeCun, Cortes, Burges: "The MNIST database of handwritten digits").

A stroke is an array of float, shape (points, 2): x and y as shares of the pad's side, 0 to 1,
y down. Drawing the strokes again at the network's own scale, with a pen of one width, makes
the picture independent of where and how large and on what screen they were drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .number import TooManyError, digits_of

SIZE = 28  # pixels a side
BOX = 20  # the ink's longer side, pixels
PEN_WIDTH = 2.4  # pixels; gives the share of ink that MNIST's digits have, 13 % (tests/benchmarks/drawings.py)
SPACING = 0.5  # pixels between a stroke's points, at least

SMALLEST = 0.05  # a digit's longer side, as a share of the pad's; less is a slip of the pen
NO_EXTENT = 1e-6  # of the same: no pen moves so little, and what is divided by less becomes infinite
LONGEST = 9.0  # a digit's strokes in all, in longer sides; of 600 real ones 594 have less than 4.5

CLOSE, MOST_CLOSE = 0.02, 200  # of the drawing's longer side; points of a stroke

Stroke = NDArray[np.floating]
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Drawing:
    """A drawing on its way to the 28x28 pixels that the network reads.

    box : array of float, shape (2, 2): the ink's smallest x and y, and its largest
    scaled : array of uint8, shape (28, 28): the box scaled to 20x20, in the middle
    shift : array of float, shape (2,): pixels by which the centre of mass goes to the middle
    pixels : array of uint8, shape (28, 28): what the network reads, 0 for paper, 255 for ink
    """

    box: Stroke
    scaled: Picture
    shift: Stroke
    pixels: Picture


def from_file(strokes: Sequence[Sequence[Sequence[float]]]) -> list[Stroke]:
    """The strokes of a drawing in a file, as the page exports them: coordinates from 0 to 255."""
    return [np.array(stroke, float).reshape(-1, 2) / 255 for stroke in strokes]


def digits(strokes: Sequence[Stroke]) -> list[list[int]]:
    """Which strokes make up each digit, from left to right, where several stand beside one another.

    As number.digits_of() parts them; what it cannot is taken for one. None where there is no ink.
    """
    drawn = [i for i, stroke in enumerate(strokes) if len(stroke)]
    if not drawn:
        return []
    try:
        low, high = bounds([strokes[i] for i in drawn])
        spacing = CLOSE * float((high - low).max())
        groups = digits_of([_close_points(strokes[i], spacing) for i in drawn])
    except TooManyError:
        return [drawn]
    return [[drawn[i] for i in sorted(group)] for group in groups]


def _close_points(stroke: Stroke, spacing: float) -> Stroke:
    """Points so close to one another that the distance of two strokes is that of their nearest points."""
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0], np.cumsum(lengths)])
    n = min(MOST_CLOSE, int(along[-1] / spacing) + 2) if along[-1] > 0 else 1
    at = np.linspace(0, along[-1], n)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def prepare(strokes: Sequence[Stroke]) -> Drawing | None:
    """Make strokes into the picture that the network reads; None when there is no ink."""
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        return None
    box = bounds(strokes)
    starts, ends = segments([thin_out(stroke) for stroke in fit_box(strokes, box)])
    ink = render(starts, ends)
    shift = (SIZE - 1) / 2 - centre_of_mass(ink)
    return Drawing(box, to_bytes(ink), shift, to_bytes(render(starts + shift, ends + shift)))


def to_mnist(strokes: Sequence[Stroke]) -> Picture | None:
    """The picture that the network reads, shape (28, 28); None when there is no ink."""
    drawing = prepare(strokes)
    return drawing.pixels if drawing else None


def what_is_wrong(strokes: Sequence[Stroke]) -> str | None:
    """Why this can hardly be a digit: "empty", "dot" or "scribble"; None when it may be one."""
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        return "empty"
    low, high = bounds(strokes)
    extent = (high - low).max()
    if extent < SMALLEST:
        return "dot"
    length = sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes)
    return "scribble" if length > LONGEST * extent else None


def bounds(strokes: Sequence[Stroke]) -> Stroke:
    """The smallest and the largest x and y, shape (2, 2)."""
    points = np.concatenate(strokes)
    return np.array([points.min(axis=0), points.max(axis=0)])


def fit_box(strokes: Sequence[Stroke], box: Stroke) -> list[Stroke]:
    """The strokes scaled so that their ink fills a 20x20 box in the middle of the picture.

    In pixels, where (0, 0) is the middle of the first pixel.
    """
    low, high = box
    extent = (high - low).max()
    # A single dot has no extent, or none to speak of, and stays the dot that it is.
    scale = (BOX - PEN_WIDTH) / extent if extent > NO_EXTENT else 1.0
    return [(stroke - (low + high) / 2) * scale + (SIZE - 1) / 2 for stroke in strokes]


def thin_out(stroke: Stroke) -> Stroke:
    """Leave out points that follow within half a pixel: a mouse gives hundreds, and rendering takes each its time."""
    length = np.cumsum(np.hypot(*np.diff(stroke, axis=0, prepend=stroke[:1]).T))
    is_kept = np.diff(np.floor(length / SPACING), prepend=-1) > 0
    is_kept[-1] = True
    return stroke[is_kept]


def segments(strokes: Sequence[Stroke]) -> tuple[Stroke, Stroke]:
    """Start and end points, each of shape (segments, 2), of the straight pieces of all strokes."""
    # A stroke of one point is a piece that ends where it starts.
    strokes = [np.repeat(stroke, 2, axis=0) if len(stroke) == 1 else stroke for stroke in strokes]
    starts = np.concatenate([stroke[:-1] for stroke in strokes])
    ends = np.concatenate([stroke[1:] for stroke in strokes])
    return starts, ends


def render(starts: Stroke, ends: Stroke) -> NDArray[np.float32]:
    """Draw straight pieces with a round pen.

    Returns
    -------
    array of float32, shape (28, 28): how much of each pixel the ink covers, 0 to 1, taking the
    pen's edge for straight within a pixel
    """
    y, x = np.divmod(np.arange(SIZE * SIZE, dtype=np.float32)[:, np.newaxis], SIZE)  # (784, 1)
    start_x, start_y = starts.astype(np.float32).T
    along_x, along_y = (ends - starts).astype(np.float32).T
    length_squared = np.maximum(along_x**2 + along_y**2, 1e-12)
    from_x, from_y = x - start_x, y - start_y  # (784, segments)
    # The nearest point of a piece: the pixel's projection on it, kept between its ends.
    share = np.clip((from_x * along_x + from_y * along_y) / length_squared, 0, 1)
    distance_squared = (from_x - share * along_x) ** 2 + (from_y - share * along_y) ** 2
    distance = np.sqrt(distance_squared.min(axis=1))
    coverage: NDArray[np.float32] = np.clip(PEN_WIDTH / 2 + 0.5 - distance, 0, 1)
    return coverage.reshape(SIZE, SIZE)


def to_bytes(ink: NDArray[np.floating]) -> Picture:
    """Ink from 0 to 1 as bytes."""
    return np.rint(ink * 255).astype(np.uint8)


def centre_of_mass(ink: NDArray[np.floating]) -> NDArray[np.float64]:
    """(x, y) of the mean of the ink, in pixels."""
    pixels = np.arange(SIZE)
    centre: NDArray[np.float64] = np.array([ink.sum(axis=0) @ pixels, ink.sum(axis=1) @ pixels]) / ink.sum()
    return centre
