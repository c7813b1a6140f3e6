"""A picture, a photograph or what a paint program made, on its way to the 28x28 pixels that the network reads.

ink.py finds the ink. Here it is decided which of it was written, and what belongs to which digit; then that is done
with each which drawing.py does with strokes: its box fills 20x20 pixels, with strokes as wide as MNIST's, and its
centre of mass goes to the middle.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .drawing import BOX, PEN_WIDTH, SIZE, Drawing, to_bytes
from .ink import Ink, Pixels, Shares, UnreadableError, find_ink, stroke_width
from .number import TooManyError, digits_of
from .parts import Mask, Parts, parts_of

SPECK = 0.12  # of the largest part's ink; what has less is no part of a digit
COMPARABLE = 0.25  # of the ink of a part that touches the picture's edge: where that is inside, the edge's is not meant
FRAME = 0.8  # of the picture's width and height: what goes round it
HOLLOW = 0.15  # of a frame's box is ink, at most
LINE = 0.012  # of the picture's height: how thick a ruled line is, at most
FULL = 0.5  # of the picture's width: how long a ruled line is, at least
FEWEST_LINES = 3  # that make ruled paper; fewer may be a digit's own
SLANTS = np.tan(np.deg2rad(np.arange(-6, 6.1, 0.5)))  # of ruled lines
THINNEST, WIDEST = 2.0, 3.6  # pixels of 28: a stroke in between is left as it is, as MNIST's are
FAR = 0.35  # of the picture: what is smaller is looked at again from nearer
MARGIN = 0.5  # of the ink's longer side, then left around it

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; the last two are just outside."""


class Found(NamedTuple):
    """A picture on its way to digits.

    frame : the part of the picture that was looked at, in its pixels
    ink : what was found there
    written : array of bool, shape (height, width): the ink that is part of a digit
    digits : each on its way to what the network reads, from left to right; boxes are shares of the frame's sides
    """

    frame: Box
    ink: Ink
    written: Mask
    digits: tuple[Drawing, ...]


def find_digits(pixels: Pixels, frame: Box | None = None) -> Found:
    """Find the digits on a picture, or in a frame of it.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 4): red, green, blue, opacity

    Raises UnreadableError, which says what to do.
    """
    height, width = pixels.shape[:2]
    frame = _within(frame or (0, 0, width, height), width, height)
    ink, written = _look(pixels, frame)
    nearer = _nearer(frame, _bounds(written), written.shape)
    if nearer:
        try:
            ink, written = _look(pixels, nearer)
            frame = nearer
        except UnreadableError:
            pass  # then what was seen from afar has to do
    parts = parts_of(written)
    outlines = _outlines(parts)
    try:
        digits = digits_of(outlines, stroke_width(written))
    except TooManyError:
        raise UnreadableError(
            "it is more like a page than a number: frame a part of it, or take it from nearer"
        ) from None
    members = (np.isin(np.arange(len(outlines)), digit) for digit in digits)
    return Found(frame, ink, written, tuple(_prepare(parts.only(each)) for each in members))


def _within(frame: Box, width: int, height: int) -> Box:
    """What of a frame lies on the picture."""
    left, top, right, bottom = max(frame[0], 0), max(frame[1], 0), min(frame[2], width), min(frame[3], height)
    if left >= right or top >= bottom:
        raise UnreadableError("the frame has nothing of the picture in it")
    return left, top, right, bottom


def _look(pixels: Pixels, frame: Box) -> tuple[Ink, Mask]:
    left, top, right, bottom = frame
    ink = find_ink(pixels[top:bottom, left:right])
    return ink, choose(ink)


def _nearer(frame: Box, box: Box, size: tuple[int, ...]) -> Box | None:
    """A smaller frame about the ink in a box; None where that is not small, or has no more pixels to show."""
    left, top, right, bottom = box
    extent = max(right - left, bottom - top)
    scale = max(frame[2] - frame[0], frame[3] - frame[1]) / max(size)
    if extent > FAR * max(size) or scale <= 1:
        return None
    margin = MARGIN * extent
    near = np.rint(np.array([left - margin, top - margin, right + margin, bottom + margin]) * scale).astype(int)
    x = np.clip(near[[0, 2]] + frame[0], frame[0], frame[2]).tolist()
    y = np.clip(near[[1, 3]] + frame[1], frame[1], frame[3]).tolist()
    return x[0], y[0], x[1], y[1]


# ── What was written ───────────────────────────────────────────────────────────────────────────


def choose(ink: Ink) -> Mask:
    """The ink that belongs to what was written: no ruled lines, frames, edges or specks."""
    mask = without_lines(ink.mask, ink.darkness)
    parts = parts_of(mask)
    if not len(parts.areas):
        raise UnreadableError("there is no ink on it")
    amount = np.bincount(parts.labels.ravel(), ink.darkness.ravel())[1:]
    is_kept = ~_are_frames(parts, mask.shape)
    height, width = mask.shape
    left, top, right, bottom = parts.boxes.T
    touches = (left < 2) | (top < 2) | (right > width - 2) | (bottom > height - 2)
    inside = amount[~touches & is_kept].max(initial=0)
    is_kept &= ~touches | (inside < COMPARABLE * amount)
    return parts.only(is_kept & (amount >= SPECK * amount[is_kept].max(initial=0)))


def _are_frames(parts: Parts, size: tuple[int, ...]) -> Mask:
    """Whether each part goes round the picture."""
    height, width = size
    left, top, right, bottom = parts.boxes.T
    is_large = (right - left > FRAME * width) & (bottom - top > FRAME * height)
    is_hollow = parts.areas < HOLLOW * (right - left) * (bottom - top)
    are_frames: Mask = is_large & is_hollow
    return are_frames if not are_frames.all() else ~are_frames


def without_lines(mask: Mask, darkness: Shares) -> Mask:
    """The mask without the lines of ruled or squared paper; what crosses them stays."""
    return _without_level_lines(_without_level_lines(mask, darkness).T, darkness.T).T


def _without_level_lines(mask: Mask, darkness: Shares) -> Mask:
    height, width = mask.shape
    rows, columns = np.nonzero(mask)
    reach = max(3, round(LINE * height))
    lines, n_lines = np.zeros_like(mask), 0
    for slant in SLANTS:
        row = rows + np.rint(slant * (columns - width / 2)).astype(int) + height  # if a line of this slant were level
        counts = np.bincount(row, minlength=3 * height)
        sides = np.roll(counts, reach), np.roll(counts, -reach)
        is_line = counts - np.maximum(*sides) > FULL * width
        if not is_line.any():
            continue
        n_lines = max(n_lines, int(np.count_nonzero(np.diff(is_line.astype(int)) == 1)))
        is_line |= (counts > FULL * width) & (counts - np.minimum(*sides) > FULL / 2 * width)  # with ink on one side
        is_on = (np.convolve(is_line, np.ones(2 * (reach // 2) + 1), "same") > 0)[row]
        lines[rows[is_on], columns[is_on]] = True
    if n_lines < FEWEST_LINES:
        return mask
    # What is thicker or darker than most of the lines is ink that crosses them.
    thickness = _run_lengths(mask.T).T
    is_thin = thickness <= 1.5 * np.median(thickness[lines]) + 1
    is_faint = darkness <= 1.5 * np.median(darkness[lines])
    kept: Mask = mask & ~(lines & is_thin & is_faint)
    # What a line has cut through hangs together again.
    cut = reach // 2 + 1
    return _grow(_grow(np.pad(kept, cut), cut), -cut)[cut:-cut, cut:-cut]


def _run_lengths(mask: Mask) -> NDArray[np.intp]:
    """For each pixel of a mask how long the run along its row is."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    lengths = np.nonzero(edges == -1)[1] - np.nonzero(edges == 1)[1]
    runs = np.zeros(mask.shape, np.intp)
    runs[mask] = np.repeat(lengths, lengths)
    return runs


def _outlines(parts: Parts) -> list[NDArray[np.float64]]:
    """The pixels at the edge of each part, as (x, y), shape (pixels, 2)."""
    padded = np.pad(parts.labels > 0, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    y, x = np.nonzero(padded[1:-1, 1:-1] & ~inside)
    part = parts.labels[y, x]
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part, minlength=len(parts.areas) + 1))[1:-1]
    return np.split(np.stack([x, y], axis=1)[order].astype(np.float64), ends)


# ── One digit ──────────────────────────────────────────────────────────────────────────────────


def _prepare(mask: Mask) -> Drawing:
    """Make the ink of one digit into the picture that the network reads."""
    box = _bounds(mask)
    digit = with_mnist_pen(_crop(mask, box))
    scale = BOX / max(digit.shape)
    middle = np.array(digit.shape[::-1]) / 2
    y, x = np.nonzero(digit)
    centre = np.array([x.mean(), y.mean()]) + 0.5
    return Drawing(
        np.array(box).reshape(2, 2) / mask.shape[::-1],
        to_bytes(_place(digit, middle, scale)),
        (middle - centre) * scale,
        to_bytes(_place(digit, centre, scale)),
    )


def with_mnist_pen(digit: Mask) -> Mask:
    """A digit with strokes as wide, for its size, as MNIST's are; cut to its ink."""
    extent, width = max(digit.shape), stroke_width(digit)
    share = width * BOX / extent
    if THINNEST <= share <= WIDEST:
        return digit
    wanted = PEN_WIDTH if share < THINNEST else WIDEST
    # What grows on both sides grows as a whole, too: (width + 2 growth) / (extent + 2 growth) is to be wanted / BOX.
    growth = (wanted / BOX * extent - width) / (1 - wanted / BOX) / 2
    grown = _grow(np.pad(digit, int(np.ceil(max(growth, 0)))), growth)
    return _crop(grown, _bounds(grown)) if grown.any() else digit


def _grow(mask: Mask, radius: float) -> Mask:
    """Every stroke wider by so many pixels on each side, or narrower, with a round pen."""
    if radius < 0:
        grown: Mask = ~_grow(np.pad(~mask, 1, constant_values=True), -radius)[1:-1, 1:-1]
        return grown
    grown = np.zeros_like(mask)
    height, width = mask.shape
    for down in range(-int(radius), int(radius) + 1):
        half = int(np.sqrt(radius**2 - down**2))
        counts = np.cumsum(np.pad(mask, ((0, 0), (half + 1, half))), axis=1, dtype=np.int32)
        is_near = counts[:, 2 * half + 1 :] > counts[:, :width]
        grown[max(down, 0) : height + down] |= is_near[max(-down, 0) : height - down]
    return grown


def _place(digit: Mask, centre: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """How much of each of 28x28 pixels the ink covers, scaled, with `centre` (x, y) in the middle."""
    across, down = (_cover(n, at, scale) for n, at in zip(digit.shape[::-1], centre, strict=True))
    placed: NDArray[np.float64] = np.clip(down @ digit.astype(np.float64) @ across.T, 0, 1)
    return placed


def _cover(n: int, centre: float, scale: float) -> NDArray[np.float64]:
    """How much of each of 28 pixels each of n old ones covers, shape (28, n)."""
    edges = (np.arange(n + 1) - centre) * scale + SIZE / 2
    pixels = np.arange(SIZE)[:, np.newaxis]
    cover: NDArray[np.float64] = np.clip(np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels), 0, None)
    return cover


def _bounds(mask: Mask) -> Box:
    """The box of what is in a mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)).tolist(), np.flatnonzero(mask.any(axis=0)).tolist()
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def _crop(mask: Mask, box: Box) -> Mask:
    left, top, right, bottom = box
    return mask[top:bottom, left:right]
