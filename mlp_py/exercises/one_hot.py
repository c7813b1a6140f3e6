"""One-hot labels."""

import numpy as np

from .answer import Answer, is_close
from .exercise import Check, Exercise, WrongError

Y = np.array([2, 0, 3, 3, 1])


def _shape(answer: Answer) -> None:
    answer.array((5, 4), Y.copy(), 4)
    answer.array((5, 7), Y.copy(), 7)


def _ones(answer: Answer) -> None:
    result = answer.array((5, 4), Y.copy(), 4)
    counts = (result != 0).sum(axis=1)
    if (counts != 1).any():
        row = int(np.argmax(counts != 1))
        cause = " y_one_hot[:, y] = 1 sets whole columns: name the rows, too." if counts.min() > 1 else ""
        raise WrongError(f"Row {row} has {counts[row]} numbers that are not 0, where one is right.{cause}")
    is_close("one_hot", result, np.eye(4)[Y], "The 1 is in the column of the label.")


EXERCISE = Exercise(
    name="one_hot",
    title="One-hot labels",
    phase="loss",
    notes="3. Loss Calculation Phase",
    method="one_hot",
    task="Turn labels y, shape (batch,), into rows of zeros with a single 1, in the column of the label: shape (batch, "
    "n_classes).",
    blank='''
def one_hot(self, y, n_classes):
    """Rows of zeros with a 1 at the label, shape (batch, n_classes)."""
    y_one_hot = ...
    return y_one_hot
''',
    solution='''
def one_hot(self, y, n_classes):
    """Rows of zeros with a 1 at the label, shape (batch, n_classes)."""
    y_one_hot = np.zeros((y.shape[0], n_classes))
    y_one_hot[np.arange(y.shape[0]), y] = 1
    return y_one_hot
''',
    hints=(
        "Begin with zeros of the right shape: np.zeros((rows, columns)).",
        "NumPy sets many places at once when it is given a list of rows and a list of columns: a[rows, columns] = 1.",
        "The rows are 0, 1, 2, …: np.arange(batch). The columns are the labels themselves.",
    ),
    checks=(Check("the shape is (batch, n_classes)", _shape), Check("a single 1 in each row, at the label", _ones)),
)
