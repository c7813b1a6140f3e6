"""Which pixels of a picture are ink, and which are the paper that somebody wrote on.

A picture is an array of uint8, shape (height, width, 4): red, green, blue and opacity. Paper is whatever most of the
picture is, light or dark; it has a shade of its own at each place, since lamps, shadows and lenses do not light a sheet
evenly. Ink is what differs from it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .parts import Mask

Pixels = NDArray[np.uint8]
Shares = NDArray[np.float32]

LONGEST = 384  # pixels of a picture's longer side, in which ink is looked for
SHORTEST = 96  # smaller pictures are drawn larger, or a stroke would be but a pixel or two
NARROWEST = 8  # pixels of its shorter side
WINDOW = 1 / 6  # of the picture's side, in which the paper's shade is taken for even
PAPER = 80  # per cent: of a window so many pixels are darker than its paper
DARKEST = 0.4  # the paper's shade at its darkest, as a share of that at its lightest: a deep shadow
OPAQUE = 0.6  # of a picture: more is paper with ink on it, less is ink on nothing
BLACK = 8  # of 255: added to all, or the noise in what is black would be large beside it
FAINTEST = 0.07  # ink is at least this much darker than its paper, on average,
CLEAREST = 5.0  # and by so many standard deviations of the paper's own darkness
MOST_INK = 0.5  # of the picture
GREY = np.array([0.299, 0.587, 0.114], np.float32)  # how bright red, green and blue are (ITU-R BT.601)


class Ink(NamedTuple):
    """What was found on a picture.

    seen : array of uint8, shape (height, width, 3): the picture as it was looked at, on a ground where it had none
    darkness : array of float32, shape (height, width): how much darker than its paper each pixel is, 0 to 1
    mask : array of bool, shape (height, width)
    """

    seen: Pixels
    darkness: Shares
    mask: Mask


class UnreadableError(ValueError):
    """There is no digit to be read on a picture; the message says why, and what to do."""


def find_ink(pixels: Pixels) -> Ink:
    """Find the ink on a picture; UnreadableError where there is none."""
    seen = on_ground(resize(pixels.astype(np.float32), _size(pixels.shape[:2])))
    ways = [255 - seen, seen] if _is_light_on_dark(seen) else [seen, 255 - seen]
    darkness, mask = _dark_ink(ways[0])
    if mask.mean() > MOST_INK:
        # Where strokes are as wide as a window, paper and ink change places; but ink is never most of a picture.
        other_darkness, other_mask = _dark_ink(ways[1])
        if np.count_nonzero(other_mask) < np.count_nonzero(mask):
            darkness, mask = other_darkness, other_mask
    paper, ink = darkness[~mask], darkness[mask]
    if not len(ink) or float(ink.mean() - paper.mean()) < max(FAINTEST, CLEAREST * float(paper.std())):
        raise UnreadableError("there is no ink on it that stands out: write darker, or take it in better light")
    return Ink(np.rint(seen).astype(np.uint8), darkness, mask)


def _is_light_on_dark(seen: Shares) -> bool:
    """Whether what differs from its surroundings does so to the lighter side."""
    grey = seen @ GREY
    residual = (grey - local_percentile(grey, 50)).astype(np.float64)
    return bool((residual**3).sum() > 0)


def on_ground(pixels: Shares) -> Shares:
    """Red, green and blue, shape (height, width, 3); what is transparent gets a ground that ink stands out from."""
    colours, opacity = pixels[..., :3], pixels[..., 3:] / 255
    total = opacity.mean()
    if total == 0:
        raise UnreadableError("all of it is transparent")
    mean = (colours * opacity).sum(axis=(0, 1)) / opacity.sum()
    # Where most is opaque, that is the paper, with the ink on it; else it is the ink.
    ground = mean if total > OPAQUE else (255.0 if mean.mean() < 128 else 0.0)
    shown: Shares = (colours * opacity + ground * (1 - opacity)).astype(np.float32)
    return shown


def _size(size: tuple[int, ...]) -> tuple[int, int]:
    height, width = size
    longer = max(height, width)
    scale = np.clip(longer, SHORTEST, LONGEST) / longer
    return max(NARROWEST, round(height * scale)), max(NARROWEST, round(width * scale))


def resize(picture: Shares, size: tuple[int, int]) -> Shares:
    """Resize to (height, width): a new pixel is the mean of the old ones in its place, or lies between two."""
    for axis, new in enumerate(size):
        old = picture.shape[axis]
        if new < old:
            starts = np.arange(new) * old // new
            n_each = np.diff(starts, append=old).astype(np.float32)
            sums = np.add.reduceat(picture, starts, axis=axis)
            picture = sums / n_each.reshape(-1, *[1] * (picture.ndim - axis - 1))
        elif new > old:
            places = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
            first = np.minimum(places.astype(int), max(old - 2, 0))
            share = (places - first).astype(np.float32).reshape(-1, *[1] * (picture.ndim - axis - 1))
            picture = (
                picture.take(first, axis) * (1 - share) + picture.take(np.minimum(first + 1, old - 1), axis) * share
            )
    return picture


def local_percentile(values: Shares, percent: float) -> Shares:
    """The percentile of a window about each pixel, found on a grid and drawn out smoothly."""
    half = max(4, round(max(values.shape) * WINDOW / 2))
    rows, columns = (_middles(n, half / 3) for n in values.shape)
    around = np.pad(values, half, mode="edge")
    thin = max(1, half // 8)  # so few of a window's pixels are enough
    # Not by sliding_window_view(): all windows of all pixels are more than NumPy can count where it has 32 bits.
    inside = np.arange(0, 2 * half + 1, thin)
    chosen = around[
        (rows[:, np.newaxis] + inside)[:, np.newaxis, :, np.newaxis], (columns[:, np.newaxis] + inside)[:, np.newaxis]
    ]
    chosen = chosen.reshape(len(rows), len(columns), -1)
    return resize(np.percentile(chosen, percent, axis=-1).astype(np.float32), values.shape)


def _middles(n: int, length: float) -> NDArray[np.intp]:
    """The middles of pieces of about this length that n pixels are parted in."""
    n_pieces = max(1, round(n / length))
    return ((np.arange(n_pieces) + 0.5) * n / n_pieces).astype(np.intp)


def _dark_ink(seen: Shares) -> tuple[Shares, Mask]:
    """How much darker than its paper each pixel is, 0 to 1, in its darkest colour; and which are ink."""
    papers = [local_percentile(channel, PAPER) for channel in np.moveaxis(seen, 2, 0)]
    darkness = _darker(seen, [np.maximum(paper, DARKEST * np.percentile(paper, 95)) for paper in papers])
    mask = darkness > otsu(darkness)
    # Now that the strokes' width is known, what lies beside them tells the paper better: a percentile follows the
    # edge of a shadow, or a gradient, too late.
    reach = min(round(2 * stroke_width(mask)) + 2, max(seen.shape) // 2)
    darkness = _darker(seen, [closed(mean3(channel), reach) for channel in np.moveaxis(seen, 2, 0)])
    return darkness, darkness > otsu(darkness)


def _darker(seen: Shares, papers: list[Shares]) -> Shares:
    darkest = np.zeros(seen.shape[:2], np.float32)
    for channel, paper in zip(np.moveaxis(seen, 2, 0), papers, strict=True):
        darkest = np.maximum(darkest, 1 - (channel + BLACK) / (paper + BLACK))
    return darkest


def mean3(values: Shares) -> Shares:
    """The mean of each pixel and the eight about it, so that no single pixel counts."""
    padded = np.pad(values, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    mean: Shares = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return mean


def closed(values: Shares, reach: int) -> Shares:
    """What is left when all that is darker than its surroundings, and narrower than twice the reach, is filled.

    A morphological closing (J. Serra: "Image Analysis and Mathematical Morphology", 1982), by a square.
    """
    around = np.pad(values, 2 * reach, mode="edge")  # for both, so that the picture's edge is as good as its middle
    return -_spread(-_spread(around, 2 * reach + 1), 2 * reach + 1)


def _spread(values: Shares, length: int) -> Shares:
    """The largest value of each square of this side."""
    for _ in range(2):
        size = 1
        while size < length:  # so many pixels from each one on are taken together by now
            step = min(size, length - size)
            values = np.maximum(values[:, :-step], values[:, step:])
            size += step
        values = values.T
    return values


def stroke_width(mask: Mask) -> float:
    """How wide the strokes are, in pixels: twice the ink's area for the length of its outline."""
    padded = np.pad(mask, 1)
    edges = sum(np.count_nonzero(np.diff(padded, axis=axis)) for axis in (0, 1))
    return float(2 * mask.sum() / max(edges * np.pi / 4, 1))  # an outline of all directions alike has so many edges


def otsu(values: Shares) -> float:
    """The threshold that parts values best in two.

    N. Otsu: "A threshold selection method from gray-level histograms", 1979.
    """
    counts, edges = np.histogram(values, 128, (0, 1))
    share = np.cumsum(counts) / counts.sum()
    middles = (edges[:-1] + edges[1:]) / 2
    mean = np.cumsum(counts * middles) / counts.sum()
    with np.errstate(all="ignore"):
        between = np.nan_to_num((mean[-1] * share - mean) ** 2 / (share * (1 - share)))
    return float(edges[1 + int(between[:-1].argmax())])
