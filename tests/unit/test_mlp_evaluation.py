"""Evaluation, on a network made by hand so that every answer and its probability is known."""

import numpy as np
import pytest
from numpy.typing import DTypeLike

from mlp_py import MLP, Evaluation, Split, evaluate
from mlp_py.evaluation import evaluate_in_steps

TRUE = [0, 0, 1, 2, 9]
READ = [0, 3, 1, 2, 4]


def reader(dtype: DTypeLike = np.float64) -> MLP:
    """A 10-10-10 network that reads digit d in an image whose pixel d is black, with probability 1/2.

    Its logits are ln 9 for that digit and 0 for the others: 9 / (9 + 9 * 1), and 1/18 for each other.
    """
    model = MLP(10, 10, 10, dtype=dtype)
    model.weights1 = np.eye(10, dtype=dtype)
    model.weights2 = (np.log(9) * np.eye(10)).astype(dtype)
    return model


def images_of(read: list[int], true: list[int]) -> Split:
    return Split(np.eye(10, dtype=np.uint8)[read] * np.uint8(255), np.array(true, np.uint8))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loss_accuracy_and_confusion_are_those_worked_out_by_hand(dtype: DTypeLike) -> None:
    result = evaluate(reader(dtype), images_of(READ, TRUE))
    # three of five are read right, at ln 2 each; two wrong, at ln 18 each
    assert result.loss == pytest.approx((3 * np.log(2) + 2 * np.log(18)) / 5, abs=2e-6)
    assert result.accuracy == 0.6
    expected = np.zeros((10, 10), int)
    expected[0, 0] = expected[0, 3] = expected[1, 1] = expected[2, 2] = expected[9, 4] = 1
    np.testing.assert_array_equal(result.confusion, expected)


def test_rows_are_true_digits_and_columns_those_read() -> None:
    confusion = evaluate(reader(), images_of([7, 7, 7], [1, 1, 2])).confusion
    assert confusion[1, 7] == 2
    assert confusion[2, 7] == 1
    assert confusion.sum() == 3


@pytest.mark.parametrize(("read", "accuracy"), [([4, 4], 1.0), ([5, 6], 0.0)])
def test_all_right_is_1_and_all_wrong_is_0(read: list[int], accuracy: float) -> None:
    result = evaluate(reader(), images_of(read, [4, 4]))
    assert result.accuracy == accuracy
    assert isinstance(result.accuracy, float)
    assert isinstance(result.loss, float)


@pytest.mark.parametrize("n", [1, 249, 250, 251, 777])
def test_the_whole_is_the_same_as_its_steps_and_as_one_forward_pass(n: int) -> None:
    rng = np.random.default_rng(n)
    split = Split(rng.integers(0, 256, (n, 12)).astype(np.uint8), rng.integers(0, 10, n).astype(np.uint8))
    model = MLP(12, 8, 10, rng=0)

    probabilities = model.forward(split.images / 255)
    result = evaluate(model, split)
    assert result.loss == pytest.approx(model.calculate_loss(split.labels, probabilities), rel=1e-12)
    assert result.accuracy == pytest.approx(np.mean(model.predict(split.images / 255) == split.labels))
    assert result.confusion.sum() == n
    np.testing.assert_array_equal(result.confusion.sum(axis=1), np.bincount(split.labels, minlength=10))

    stepwise = in_steps(model, split)
    assert stepwise.loss == result.loss
    np.testing.assert_array_equal(stepwise.confusion, result.confusion)


def in_steps(model: MLP, split: Split) -> Evaluation:
    steps = evaluate_in_steps(model, split)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            evaluation: Evaluation = done.value
            return evaluation
        model.forward(np.zeros((1, 12)))  # a drawing is read between two steps


def test_a_long_evaluation_hands_over_many_times() -> None:
    steps = evaluate_in_steps(reader(), images_of([0] * 3000, [0] * 3000))
    assert sum(1 for _ in steps) >= 10


def test_evaluation_changes_no_weights() -> None:
    model = reader()
    evaluate(model, images_of(READ, TRUE))
    np.testing.assert_array_equal(model.weights1, np.eye(10))
    np.testing.assert_array_equal(model.weights2, np.log(9) * np.eye(10))


def test_an_empty_split_is_refused() -> None:
    with pytest.raises(ValueError, match="no images"):
        evaluate(reader(), images_of([], []))
