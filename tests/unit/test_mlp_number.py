"""Several digits beside one another are parted; a digit in pieces is one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py.drawing import digits
from mlp_py.number import MOST_DIGITS, MOST_PIECES, TooManyError, digits_of

Stroke = NDArray[np.float64]


def line(*points: tuple[float, float]) -> Stroke:
    ends = np.array(points, float)
    pieces = np.linspace(ends[:-1], ends[1:], 30, axis=1)
    return pieces.reshape(-1, 2)


def oval(x: float = 0.0, width: float = 0.5) -> Stroke:
    angle = np.linspace(0, 2 * np.pi, 60)
    return np.stack([x + width / 2 * (1 + np.sin(angle)), 0.5 - 0.5 * np.cos(angle)], axis=1)


def one(x: float = 0.0) -> Stroke:
    return line((x, 0), (x, 1))


ONE_DIGIT = {
    "a stroke": [oval()],
    "a five and its hat": [line((0, 0.1), (0, 0.5), (0.4, 0.7), (0, 1)), line((0.06, 0), (0.45, 0))],
    "a four whose stem stands apart": [line((0, 0), (-0.1, 0.5), (0.3, 0.5)), line((0.37, 0.3), (0.37, 1))],
    "a broken eight": [oval() * (1, 0.45), oval() * (1, 0.45) + (0, 0.55)],
    "a barred seven": [line((0, 0), (0.5, 0), (0.2, 1)), line((0.1, 0.5), (0.5, 0.5))],
    "two flat strokes": [line((0, 0), (0.5, 0)), line((0, 0.2), (0.5, 0.2))],
    "a flag that does not touch": [line((0, 0.2), (0.12, 0.02)), one(0.2)],
    "a dot beside it": [oval(), line((0.9, 0.5), (0.91, 0.5))],
}


@pytest.mark.parametrize("strokes", ONE_DIGIT.values(), ids=ONE_DIGIT.keys())
def test_one_digit_stays_one(strokes: list[Stroke]) -> None:
    assert digits_of(strokes) == [sorted(range(len(strokes)))] or len(digits_of(strokes)) == 1


SEVERAL = {
    "two ones": ([one(), one(0.3)], [[0], [1]]),
    "a hundred and seven, drawn from the right": (
        [line((0.95, 0), (1.4, 0), (1.1, 1)), oval(0.3), one()],
        [[2], [1], [0]],
    ),
    "a seven that hangs over a one": ([line((0, 0), (0.6, 0), (0.25, 1)), line((0.74, 0), (0.5, 1))], [[0], [1]]),
    "two zeros, one of two strokes": (
        [oval(0.7), line((0.5, 0), (0, 0.5), (0.5, 1)), line((0.5, 0), (0.55, 0.5), (0.5, 1))],
        [[1, 2], [0]],
    ),
    "a wide flat zero": ([oval(0, 1) * (1, 0.5), oval(1.2)], [[0], [1]]),
}


@pytest.mark.parametrize(("strokes", "expected"), SEVERAL.values(), ids=SEVERAL.keys())
@pytest.mark.parametrize(("size", "place"), [(1.0, 0.0), (0.2, 0.5)])
def test_several_digits_are_parted_from_left_to_right(
    strokes: list[Stroke], expected: list[list[int]], size: float, place: float
) -> None:
    found = digits_of([size * stroke + place for stroke in strokes])
    assert [sorted(digit) for digit in found] == expected


def test_more_than_a_number_has_is_refused_and_of_a_drawing_taken_for_one() -> None:
    strokes = [one(0.3 * i) for i in range(MOST_DIGITS + 1)]
    with pytest.raises(TooManyError):
        digits_of(strokes)
    assert digits(strokes) == [list(range(MOST_DIGITS + 1))]
    assert len(digits(strokes[1:])) == MOST_DIGITS


def test_two_rows_are_no_number() -> None:
    rows = [one(), one(0.5), line((0, 1.5), (0, 2.5)), line((0.5, 1.5), (0.5, 2.5))]
    with pytest.raises(TooManyError):
        digits_of(rows)
    assert digits(rows) == [[0, 1, 2, 3]]


def test_very_many_strokes_are_no_number() -> None:
    with pytest.raises(TooManyError):
        digits_of([one()] * (MOST_PIECES + 1))
    assert len(digits_of([one()] * MOST_PIECES)) == 1


def test_points_far_apart_are_no_gap() -> None:
    """A mouse that moves fast leaves few points; what lies between is ink all the same."""
    cross = [np.array([[0, 0.5], [1, 0.5]]), np.array([[0.5, 0], [0.5, 1]])]
    assert digits(cross) == [[0, 1]]
    assert digits([np.zeros((0, 2)), cross[0]]) == [[1]]
    assert digits([np.zeros((0, 2))]) == []
