"""Softmax."""

import numpy as np

from ..kernel import FloatArray
from .answer import Answer, is_close
from .exercise import Check, Exercise, WrongError

X = np.array([[0.5, 2.0, -1.0, 0.0], [1.0, 1.0, 1.0, 1.0], [-3.0, 0.2, 0.1, 4.0]])


def right(x: FloatArray) -> FloatArray:
    """Softmax of each row."""
    exp_x: FloatArray = np.exp(x - x.max(axis=1, keepdims=True))
    return exp_x / exp_x.sum(axis=1, keepdims=True)


def _shape(answer: Answer) -> None:
    answer.array(X.shape, X.copy())


def _sums(answer: Answer) -> None:
    result = answer.array(X.shape, X.copy())
    sums = result.sum(axis=1)
    if np.allclose(sums, 1):
        return
    if np.allclose(result.sum(axis=0), 1):
        raise WrongError(
            "The columns sum to 1, and the rows do not: it goes over the images. A row is one image: axis=1."
        )
    if np.isclose(result.sum(), 1):
        raise WrongError("All numbers together sum to 1: each row has to, by itself. Sum with axis=1.")
    row = int(np.argmax(~np.isclose(sums, 1)))
    raise WrongError(f"Row {row} sums to {sums[row]:.4g}, where 1 is right: divide by the sum of that row.")


def _numbers(answer: Answer) -> None:
    is_close("softmax", answer.call(X.copy()), right(X), "It is e to the power of x, divided by the sum of its row.")


def _large(answer: Answer) -> None:
    x = np.array([[1000.0, 999.0, 0.0, -1000.0], [0.0, 1.0, 2.0, 3.0]])
    with np.errstate(all="ignore"):
        result = answer.array(x.shape, x)
    if not np.isfinite(result[0]).all():
        raise WrongError(
            "At 1000 it gives NaN: e to the power of 1000 overflows. Subtract the row's maximum from x first."
        )
    if not np.isfinite(result).all():
        raise WrongError("Beside a row with a 1000 another gives NaN: subtract from each row its own maximum.")
    is_close("softmax of large numbers", result, right(x), "Subtract each row's own maximum.")


EXERCISE = Exercise(
    name="softmax",
    title="Softmax",
    phase="forward",
    notes="2. Forward Propagation Phase",
    method="softmax",
    task="Turn each row of x, shape (batch, classes), into probabilities: e to the power of each number, "
    "divided by the sum "
    "of its row. It has to work at 1000, too.",
    blank='''
def softmax(self, x):
    """Turn each row into probabilities."""
    exp_x = ...
    return ...
''',
    solution='''
def softmax(self, x):
    """Turn each row into probabilities."""
    exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=1, keepdims=True)
''',
    hints=(
        "np.exp makes every number positive. What do you divide by, so that a row sums to 1?",
        "A row is one image, so sum along it: axis=1. keepdims=True keeps the sums a column, which divides row by row.",
        "e to the power of 1000 is too large for any computer. Less the row's maximum, all are at most 0, "
        "and the result is "
        "the same: the factor cancels.",
    ),
    checks=(
        Check("the shape stays", _shape),
        Check("each row sums to 1", _sums),
        Check("the numbers are right", _numbers),
        Check("it works at 1000", _large),
    ),
)
