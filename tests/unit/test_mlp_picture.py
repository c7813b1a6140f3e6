"""Digits on pictures: what is ink is found on any paper, and becomes what a drawing of it would become."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py.drawing import PEN_WIDTH, centre_of_mass
from mlp_py.ink import UnreadableError, find_ink, resize, stroke_width
from mlp_py.picture import THINNEST, WIDEST, find_digits

Grey = NDArray[np.float64]
SIZE = (240, 320)
RNG_SEED = 0


def seven(x: float = 0.3, size: float = 0.6, pen: float = 0.03) -> Grey:
    """How much ink is on each pixel of a picture with a 7 on it, 0 to 1; lengths in shares of its height."""
    height, width = SIZE
    points = np.array([[x, 0.2], [x + 0.5 * size, 0.2], [x + 0.2 * size, 0.2 + size]]) * height
    at = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1) + 0.5
    distance = np.full(SIZE, np.inf)
    for start, end in pairwise(points):
        along = end - start
        share = np.clip(((at - start) @ along) / (along @ along), 0, 1)
        distance = np.minimum(distance, np.hypot(*np.moveaxis(at - start - share[..., np.newaxis] * along, -1, 0)))
    return np.clip(pen * height / 2 + 0.5 - distance, 0, 1)


def shown(grey: Grey, opacity: Grey | float = 1.0) -> NDArray[np.uint8]:
    """A picture of this brightness, 0 to 1, as red, green, blue and opacity."""
    channels = [grey, grey, grey, np.broadcast_to(opacity, grey.shape)]
    return np.rint(255 * np.stack(channels, axis=-1).clip(0, 1)).astype(np.uint8)


def ways() -> dict[str, Callable[[Grey], NDArray[np.uint8]]]:
    """How the same ink can look on a picture."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]] / SIZE[1]
    noise = np.random.default_rng(RNG_SEED).normal(0, 0.015, SIZE)
    shadow = 1 - 0.5 / (1 + np.exp(-60 * (x + 0.2 * y - 0.5)))
    vignette = 1 - 1.2 * ((x - 0.5) ** 2 + (y - 0.4) ** 2)
    rows, columns = np.arange(SIZE[0]) % 24 < 2, np.arange(SIZE[1]) % 24 < 2
    ruled = np.where(rows[:, np.newaxis], 0.6, 1) * np.ones(SIZE)
    squared = np.where(columns, 0.6, ruled)
    frame = np.ones(SIZE)
    frame[6:-6, 6:9] = frame[6:-6, -9:-6] = frame[6:9, 6:-6] = frame[-9:-6, 6:-6] = 0.2
    stamp = np.ones(SIZE)
    stamp[-12:-8, -60:-8:5] = 0.3
    edge = np.ones(SIZE)
    edge[:, -6:] = 0.1
    return {
        "black on white": lambda ink: shown(1 - ink),
        "white on black": lambda ink: shown(ink),
        "faint": lambda ink: shown(0.8 - 0.2 * ink),
        "chalk": lambda ink: shown(0.2 + 0.5 * ink + noise),
        "noisy": lambda ink: shown(0.7 - 0.5 * ink + 2 * noise),
        "a gradient": lambda ink: shown((0.9 - 0.7 * ink) * (0.4 + 0.6 * x)),
        "a shadow": lambda ink: shown((0.9 - 0.7 * ink) * shadow + noise),
        "a vignette": lambda ink: shown((0.9 - 0.7 * ink) * vignette + noise),
        "ruled": lambda ink: shown(np.minimum(ruled, 1 - 0.9 * ink) * 0.9),
        "squared": lambda ink: shown(np.minimum(squared, 1 - 0.9 * ink) * 0.9),
        "framed": lambda ink: shown(np.minimum(frame, 1 - ink)),
        "stamped": lambda ink: shown(np.minimum(stamp, 1 - ink)),
        "the table's edge": lambda ink: shown(np.minimum(edge, 1 - ink)),
        "black ink on nothing": lambda ink: shown(np.zeros(SIZE), ink),
        "white ink on nothing": lambda ink: shown(np.ones(SIZE), ink),
        "an opaque sheet with clear corners": lambda ink: shown(1 - ink, np.hypot(x - 0.5, y - 0.4) < 0.55),
    }


WAYS = ways()


def read(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    [digit] = find_digits(pixels).digits
    return digit.pixels.astype(float)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("pen", [0.012, 0.05, 0.09])
def test_the_same_ink_is_the_same_digit_on_any_paper(way: Callable[[Grey], NDArray[np.uint8]], pen: float) -> None:
    ink = seven(pen=pen)
    expected, got = read(shown(1 - ink)), read(way(ink))
    assert np.sum(expected * got) / np.sqrt(np.sum(expected**2) * np.sum(got**2)) > 0.9


def test_the_ink_fills_20x20_pixels_about_its_centre_of_mass() -> None:
    [digit] = find_digits(shown(1 - seven())).digits
    rows, columns = np.flatnonzero(digit.scaled.any(axis=1)), np.flatnonzero(digit.scaled.any(axis=0))
    assert (rows[0], rows[-1]) == (4, 23)
    assert abs(columns[0] + columns[-1] - 27) <= 1
    np.testing.assert_allclose(centre_of_mass(digit.pixels.astype(float)), 13.5, atol=0.1)
    np.testing.assert_allclose(digit.shift, 13.5 - centre_of_mass(digit.scaled.astype(float)), atol=0.1)
    height, width = SIZE
    box = digit.box * [width / height, 1]  # in shares of the height
    np.testing.assert_allclose(box, [[0.285, 0.185], [0.615, 0.815]], atol=0.02)


@pytest.mark.parametrize("pen", [0.008, 0.03, 0.12])
def test_strokes_are_as_wide_as_mnists(pen: float) -> None:
    [digit] = find_digits(shown(1 - seven(pen=pen))).digits
    ink = resize(digit.pixels.astype(np.float32), (280, 280)) > 127
    assert 0.8 * min(THINNEST, PEN_WIDTH) < stroke_width(ink) / 10 < 1.2 * WIDEST


@pytest.mark.parametrize("size", [(400, 400), (28, 28), (60, 45), (1, 400), (300, 7), (1_200, 900)])
def test_any_size_is_taken(size: tuple[int, int]) -> None:
    grey = np.ones(size)
    grey[size[0] // 4 : size[0] // 2 + 1, size[1] // 3 : size[1] // 3 + max(1, size[1] // 9)] = 0
    try:
        assert len(find_digits(shown(grey)).digits) in ((1, 2) if min(size) < 10 else (1,))
    except UnreadableError:
        assert min(size) < 10


def test_a_small_digit_is_looked_at_from_nearer() -> None:
    large = np.ones((900, 1_200))
    large[300:540:1, 500:820] = 1 - seven()
    found = find_digits(shown(large))
    left, top, right, bottom = found.frame
    assert right - left < 500
    assert bottom - top < 500
    expected, got = read(shown(1 - seven())), found.digits[0].pixels.astype(float)
    assert np.sum(expected * got) / np.sqrt(np.sum(expected**2) * np.sum(got**2)) > 0.95


def test_several_digits_are_read_and_a_frame_chooses_among_them() -> None:
    ink = np.maximum(seven(0.1, 0.5), seven(0.7, 0.5))
    found = find_digits(shown(1 - ink))
    assert len(found.digits) == 2
    assert found.digits[0].box[0, 0] < found.digits[1].box[0, 0]
    framed = find_digits(shown(1 - ink), (130, 10, 310, 230))
    assert len(framed.digits) == 1
    np.testing.assert_allclose(framed.digits[0].pixels, found.digits[1].pixels, atol=140)


NO_INK = {
    "white": np.ones(SIZE),
    "black": np.zeros(SIZE),
    "noise": 0.6 + np.random.default_rng(1).normal(0, 0.04, SIZE),
    "a gradient": 0.3 + 0.7 * np.mgrid[: SIZE[0], : SIZE[1]][1] / SIZE[1],
}


@pytest.mark.parametrize("grey", NO_INK.values(), ids=NO_INK.keys())
def test_a_sheet_without_ink_is_refused(grey: Grey) -> None:
    with pytest.raises(UnreadableError, match="no ink"):
        find_digits(shown(grey))


def test_what_is_transparent_all_over_is_refused() -> None:
    with pytest.raises(UnreadableError, match="transparent"):
        find_ink(shown(np.ones(SIZE), 0.0))


def test_a_page_of_writing_is_refused() -> None:
    page = np.ones(SIZE)
    for row in range(20, 220, 30):
        for column in range(15, 300, 18):
            page[row : row + 16, column : column + 3] = page[row + 13 : row + 16, column : column + 10] = 0
    with pytest.raises(UnreadableError, match="more like a page"):
        find_digits(shown(page))


@pytest.mark.parametrize(("old", "new"), [((5, 7), (3, 2)), ((5, 7), (11, 20)), ((4, 4), (4, 4)), ((1, 1), (3, 3))])
def test_resizing_keeps_the_mean(old: tuple[int, int], new: tuple[int, int]) -> None:
    flat = np.full((*old, 3), 7, np.float32)
    assert resize(flat, new).shape == (*new, 3)
    np.testing.assert_allclose(resize(flat, new), 7, rtol=1e-6)


def test_cells_that_are_filled_in_on_squared_paper_are_one_digit() -> None:
    filled = resize(seven(pen=0.06).astype(np.float32), (15, 20)) > 0.3
    cells: Grey = np.kron(filled, np.ones((16, 16))).astype(np.float64)
    cells[::16] = cells[:, ::16] = cells[1::16] = cells[:, 1::16] = 0.5  # the lines, as light as they are dark
    [digit] = find_digits(shown(cells)).digits
    expected = read(shown(1 - seven(pen=0.06)))
    got = digit.pixels.astype(float)
    assert np.sum(expected * got) / np.sqrt(np.sum(expected**2) * np.sum(got**2)) > 0.8


def test_two_rows_of_digits_are_refused() -> None:
    row = np.maximum(seven(0.2, 0.25), seven(0.7, 0.25))
    with pytest.raises(UnreadableError, match="more like a page"):
        find_digits(shown(1 - np.maximum(row, np.roll(row, 110, axis=0))))
