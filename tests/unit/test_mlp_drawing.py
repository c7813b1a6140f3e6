"""Strokes made into pictures as MNIST's were: 20x20 pixels of ink, centre of mass in the middle of 28x28."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import drawing
from mlp_py.drawing import to_mnist

Stroke = NDArray[np.float64]
Picture = NDArray[np.uint8]


def circle(x: float = 0.5, y: float = 0.5, radius: float = 0.3, points: int = 60) -> Stroke:
    angle = np.linspace(0, 2 * np.pi, points)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def line(*points: tuple[float, float]) -> Stroke:
    return np.array(points, float)


TWO = np.concatenate([circle(0.5, 0.35, 0.15, 20)[10:], line((0.3, 0.8), (0.75, 0.8))])  # a 2, more or less
FOUR = [line((0.3, 0.2), (0.25, 0.5), (0.7, 0.5)), line((0.6, 0.2), (0.6, 0.9))]
SEVEN = line((0.2, 0.2), (0.8, 0.2), (0.4, 0.9))

DRAWINGS = {
    "0": [circle()],
    "1": [line((0.5, 0.2), (0.5, 0.8))],
    "2": [TWO],
    "4": FOUR,
    "7": [SEVEN],
    "minus": [line((0.2, 0.5), (0.9, 0.5))],
}
drawings = pytest.mark.parametrize("strokes", DRAWINGS.values(), ids=DRAWINGS.keys())


def picture_of(strokes: list[Stroke]) -> Picture:
    picture = to_mnist(strokes)
    assert picture is not None
    assert picture.shape == (28, 28)
    assert picture.dtype == np.uint8
    return picture


def centre_of_mass(picture: Picture) -> tuple[float, float]:
    """(x, y), where (0, 0) is the middle of the first pixel."""
    y, x = np.mgrid[:28, :28]
    return float((picture * x).sum() / picture.sum()), float((picture * y).sum() / picture.sum())


def ink_box(picture: Picture) -> tuple[int, int]:
    """Width and height of what is at least half covered by ink."""
    inked = picture > 127
    columns, rows = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


# ── No ink, little ink ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("strokes", [[], [np.zeros((0, 2))]], ids=["no strokes", "an empty stroke"])
def test_an_empty_pad_has_no_picture(strokes: list[Stroke]) -> None:
    assert to_mnist(strokes) is None


def test_an_empty_stroke_beside_others_is_nothing() -> None:
    np.testing.assert_array_equal(picture_of([np.zeros((0, 2)), circle()]), picture_of([circle()]))


@pytest.mark.parametrize(
    "strokes",
    [[line((0.1, 0.9))], [line((0.1, 0.9), (0.1, 0.9))], [line((0.3, 0.3))] * 2],
    ids=["a tap", "a press that did not move", "two taps at one place"],
)
def test_a_dot_is_a_dot_in_the_middle(strokes: list[Stroke]) -> None:
    picture = picture_of(strokes)
    assert max(ink_box(picture)) <= 8
    assert picture[13:15, 13:15].min() > 127
    assert centre_of_mass(picture) == pytest.approx((13.5, 13.5), abs=0.1)


# ── As MNIST's were made ───────────────────────────────────────────────────────────────────────


@drawings
def test_the_ink_is_20_pixels_long(strokes: list[Stroke]) -> None:
    assert 19 <= max(ink_box(picture_of(strokes))) <= 21


@drawings
def test_the_centre_of_mass_is_in_the_middle(strokes: list[Stroke]) -> None:
    assert centre_of_mass(picture_of(strokes)) == pytest.approx((13.5, 13.5), abs=0.3)


@drawings
def test_paper_is_0_and_ink_255(strokes: list[Stroke]) -> None:
    picture = picture_of(strokes)
    assert picture.min() == 0
    assert picture.max() == 255
    assert 0.02 < np.mean(picture > 127) < 0.4


@drawings
def test_place_and_size_on_the_pad_do_not_matter(strokes: list[Stroke]) -> None:
    smaller_elsewhere = [stroke * 0.25 + (0.6, 0.1) for stroke in strokes]
    np.testing.assert_allclose(picture_of(smaller_elsewhere), picture_of(strokes), atol=2)


@drawings
def test_float32_points_give_the_same_picture(strokes: list[Stroke]) -> None:
    from_float32 = picture_of([stroke.astype(np.float32) for stroke in strokes])
    np.testing.assert_allclose(from_float32, picture_of(strokes), atol=2)


def test_the_drawing_is_left_as_it_was() -> None:
    stroke = circle()
    picture_of([stroke])
    np.testing.assert_array_equal(stroke, circle())


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0])
def test_the_aspect_ratio_is_kept(share: float) -> None:
    rectangle = line((0.3, 0.1), (0.3 + 0.6 * share, 0.1), (0.3 + 0.6 * share, 0.7), (0.3, 0.7), (0.3, 0.1))
    width, height = ink_box(picture_of([rectangle]))
    # The pen's width is part of both sides, hence a box a little wider than share * 20.
    assert height == pytest.approx(20, abs=1)
    assert width == pytest.approx(share * 20 + (1 - share) * 2.5, abs=1.5)


def test_x_goes_right_and_y_goes_down() -> None:
    picture = picture_of([SEVEN])
    top, bottom = picture[:8].sum(axis=0, dtype=int), picture[-8:].sum(axis=0, dtype=int)
    assert np.count_nonzero(top) > 2 * np.count_nonzero(bottom)  # the bar is above the foot
    foot = np.average(np.arange(28), weights=bottom)
    assert foot < np.flatnonzero(top).mean()  # which is to the left of the bar's middle
    np.testing.assert_allclose(picture_of([SEVEN[:, ::-1]]), picture.T, atol=1)
    np.testing.assert_allclose(picture_of([SEVEN * (-1, 1)]), picture[:, ::-1], atol=1)


# ── Lines ──────────────────────────────────────────────────────────────────────────────────────


def test_a_horizontal_line_is_one_even_bar() -> None:
    picture = picture_of([line((0.1, 0.3), (0.6, 0.3))])
    width, height = ink_box(picture)
    assert 19 <= width <= 21
    assert 2 <= height <= 4
    np.testing.assert_array_equal(picture, picture[::-1])
    np.testing.assert_allclose(picture, picture[:, ::-1], atol=1)
    middle = picture[:, 8:20]
    np.testing.assert_array_equal(middle, np.repeat(middle[:, :1], 12, axis=1))


def test_two_strokes_are_not_joined() -> None:
    bars = [line((0.2, 0.1), (0.2, 0.9)), line((0.8, 0.1), (0.8, 0.9))]
    apart, joined = picture_of(bars), picture_of([np.concatenate(bars)])
    assert not apart[:, 11:17].any()
    assert joined[:, 11:17].any()
    np.testing.assert_allclose(apart, apart[:, ::-1], atol=1)


def test_neither_direction_nor_order_nor_speed_of_the_strokes_matters() -> None:
    expected = picture_of(FOUR)
    np.testing.assert_allclose(picture_of([FOUR[1][::-1], FOUR[0]]), expected, atol=1)
    slowly = np.linspace(FOUR[1][0], FOUR[1][1], 50)
    np.testing.assert_allclose(picture_of([FOUR[0], slowly]), expected, atol=2)


def test_going_over_a_line_again_adds_no_ink() -> None:
    np.testing.assert_array_equal(picture_of([SEVEN, SEVEN]), picture_of([SEVEN]))


def test_a_long_scribble_is_drawn() -> None:
    points = np.random.default_rng(0).random((1500, 2))
    assert picture_of([points]).max() == 255


# ── What is no digit ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("strokes", "wrong"),
    [
        ([], "empty"),
        ([np.empty((0, 2))], "empty"),
        ([np.array([[0.5, 0.5]])], "dot"),
        ([np.array([[0.5, 0.5], [0.52, 0.51]])], "dot"),
        ([np.array([[0.2 + 0.6 * (i % 2), 0.2 + 0.02 * i] for i in range(30)])], "scribble"),
        ([np.array([[0.5, 0.2], [0.5, 0.8]])], None),
        ([np.array([[0.5, 0.45], [0.5, 0.55]])], None),
    ],
    ids=["nothing", "an empty stroke", "a tap", "a tap that slips", "to and fro", "a one", "a small one"],
)
def test_what_can_hardly_be_a_digit_is_told(strokes: list[NDArray[np.float64]], wrong: str | None) -> None:
    assert drawing.what_is_wrong(strokes) == wrong


def test_the_stages_of_a_drawing_fit_together() -> None:
    made = drawing.prepare([np.array([[0.1, 0.2], [0.4, 0.2], [0.2, 0.8]])])
    assert made is not None
    np.testing.assert_allclose(made.box, [[0.1, 0.2], [0.4, 0.8]])
    before, after = (drawing.centre_of_mass(each.astype(float)) for each in (made.scaled, made.pixels))
    np.testing.assert_allclose(after - before, made.shift, atol=0.05)
    np.testing.assert_allclose(after, 13.5, atol=0.05)


def test_a_mouse_that_tells_every_tenth_of_a_pixel_draws_the_same_at_a_fraction_of_the_pieces() -> None:
    coarse, fine = circle(0.5, 0.5, 0.4, 60), circle(0.5, 0.5, 0.4, 6_000)
    assert len(drawing.thin_out(fine * 20)) < 200
    assert np.array_equal(drawing.thin_out(fine * 20)[[0, -1]], (fine * 20)[[0, -1]])
    assert np.max(np.abs(picture_of([fine]).astype(int) - picture_of([coarse]))) <= 3


def test_points_far_apart_all_stay() -> None:
    corners = np.array([[0.0, 0.0], [5.0, 0.0], [5.0, 5.0], [4.0, 5.0]])
    assert np.array_equal(drawing.thin_out(corners), corners)
    assert np.array_equal(drawing.thin_out(corners[:1]), corners[:1])
