"""The ways to write a digit that MNIST hardly has: always the same ones, in a fair share of the images."""

import numpy as np
import pytest

from mlp_py.allographs import COPIES, KINDS, N_ALLOGRAPHS, N_DISTINCT, draw, mixed
from mlp_py.dataset import Split, concatenate
from mlp_py.drawing import BOX


@pytest.fixture(scope="module")
def drawn() -> Split:
    return draw()


def test_they_are_always_the_same(drawn: Split) -> None:
    again = draw()
    assert np.array_equal(drawn.images, again.images)
    assert np.array_equal(drawn.labels, again.labels)
    assert drawn.images.shape == (N_ALLOGRAPHS, 784)
    assert drawn.images.dtype == drawn.labels.dtype == np.uint8


def test_no_two_of_the_distinct_ones_are_alike(drawn: Split) -> None:
    assert len({image.tobytes() for image in drawn.images}) == N_DISTINCT


def test_there_are_as_many_of_each_digit_as_the_table_says(drawn: Split) -> None:
    for digit in (0, 1, 7, 9):
        wanted = sum(count for label, _, count in KINDS if label == digit)
        assert np.count_nonzero(drawn.labels == digit) == COPIES * wanted
    labels = drawn.labels[:N_DISTINCT]
    assert 0.4 < np.mean(labels[: N_DISTINCT // 5] == 1) < 0.7  # shuffled: every beginning has some of all


def test_they_fill_the_box_as_drawings_do(drawn: Split) -> None:
    inked = drawn.images.reshape(-1, 28, 28) > 0
    heights, widths = inked.any(axis=2).sum(axis=1), inked.any(axis=1).sum(axis=1)
    assert np.all(abs(np.maximum(heights, widths) - BOX) <= 1)


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (39, 0), (40, 1), (1_000, 25)])
def test_one_in_forty_is_an_allograph(drawn: Split, n: int, expected: int) -> None:
    blank = Split(np.zeros((1_000, 784), np.uint8), np.full(1_000, 5, np.uint8))
    learn = mixed(concatenate([drawn, blank]), n)
    assert len(learn) == n
    assert np.count_nonzero(learn.labels != 5) == expected


def test_there_are_no_more_than_were_drawn_and_nothing_is_copied(drawn: Split) -> None:
    n = 50 * N_ALLOGRAPHS
    images = np.zeros((N_ALLOGRAPHS + 1, 784), np.uint8)[np.minimum(np.arange(N_ALLOGRAPHS + n), N_ALLOGRAPHS)]
    whole = Split(images, np.zeros(len(images), np.uint8))
    learn = mixed(whole, n)
    assert len(learn) == n
    assert np.shares_memory(learn.images, whole.images)
