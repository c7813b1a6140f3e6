"""The ways to write a digit that MNIST hardly has: always the same ones, in a fair share of the images."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py.allographs import KINDS, MORE_KINDS, Kind, draw, how_many, mixed
from mlp_py.dataset import Split
from mlp_py.drawing import BOX

TABLES = {"the page's": KINDS, "the starter's": MORE_KINDS}


@pytest.fixture(scope="module", params=list(TABLES.values()), ids=list(TABLES))
def kinds(request: pytest.FixtureRequest) -> Sequence[Kind]:
    kinds: Sequence[Kind] = request.param
    return kinds


@pytest.fixture(scope="module")
def drawn(kinds: Sequence[Kind]) -> Split:
    return draw(kinds=kinds)


def test_they_are_always_the_same(drawn: Split, kinds: Sequence[Kind]) -> None:
    again = draw(kinds=kinds)
    assert np.array_equal(drawn.images, again.images)
    assert np.array_equal(drawn.labels, again.labels)
    assert drawn.images.shape == (1_500, 784)
    assert drawn.images.dtype == drawn.labels.dtype == np.uint8


def test_no_two_are_alike(drawn: Split) -> None:
    assert len({image.tobytes() for image in drawn.images}) == len(drawn)


def test_there_are_as_many_of_each_digit_as_the_table_says(drawn: Split, kinds: Sequence[Kind]) -> None:
    total = sum(share for _, _, share in kinds)
    for digit in range(10):
        wanted = sum(share for label, _, share in kinds if label == digit) / total * len(drawn)
        assert abs(np.count_nonzero(drawn.labels == digit) - wanted) <= 2
    ones = np.mean(drawn.labels == 1)
    assert abs(np.mean(drawn.labels[-250:] == 1) - ones) < 0.1  # shuffled: every part has some of all


@pytest.mark.parametrize("n", [7, 100, 1_501])
def test_there_are_as_many_as_asked_for(n: int) -> None:
    assert len(draw(n)) == n


def test_they_fill_the_box_as_drawings_do(drawn: Split) -> None:
    inked = drawn.images.reshape(-1, 28, 28) > 0
    heights, widths = (extents(inked.any(axis=axis)) for axis in (2, 1))
    assert np.all(abs(np.maximum(heights, widths) - BOX) <= 1)


def extents(has_ink: NDArray[np.bool_]) -> NDArray[np.intp]:
    """From the first to the last that has some, of each row."""
    last = has_ink.shape[1] - has_ink[:, ::-1].argmax(axis=1)
    return np.asarray(last - has_ink.argmax(axis=1))


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (39, 0), (40, 1), (1_000, 25)])
def test_one_in_forty_is_an_allograph(drawn: Split, n: int, expected: int) -> None:
    blank = Split(np.zeros((1_000, 784), np.uint8), np.full(1_000, 5, np.uint8))
    learn = mixed(drawn, blank, n)
    assert len(learn) == n
    assert np.count_nonzero(learn.images.any(axis=1)) == expected


def test_there_are_no_more_than_were_drawn() -> None:
    assert how_many(60_000) == how_many(100_000) == 1_500
