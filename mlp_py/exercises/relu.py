"""ReLU."""

import numpy as np

from .answer import Answer, is_close
from .exercise import Check, Exercise, WrongError

X = np.array([[-2.0, -0.5, 0.0, 0.5], [3.0, -1.0, 1e-3, -1e-3]])


def _shape(answer: Answer) -> None:
    answer.array(X.shape, X.copy())


def _positive(answer: Answer) -> None:
    result = answer.array(X.shape, X.copy())
    is_close("what was positive", result[X > 0], X[X > 0], "ReLU leaves it as it is.")


def _negative(answer: Answer) -> None:
    result = answer.array(X.shape, X.copy())
    is_close("what was negative", result[X < 0], np.zeros((X < 0).sum()), "ReLU makes it 0.")


def _untouched(answer: Answer) -> None:
    x = X.copy()
    answer.call(x)
    if (x != X).any():
        raise WrongError("The array that was handed over is changed: whoever has it still needs it. Make a new one.")


EXERCISE = Exercise(
    name="relu",
    title="ReLU",
    phase="forward",
    notes="2. Forward Propagation Phase",
    method="relu",
    task="Give back x with every negative number made 0, and the rest as it is; the same shape, whatever that is.",
    blank='''
def relu(self, x):
    """Zero for what is negative, x itself for the rest."""
    return ...
''',
    solution='''
def relu(self, x):
    """Zero for what is negative, x itself for the rest."""
    return np.maximum(0, x)
''',
    hints=(
        "No loop is needed: NumPy compares a whole array with a number at once.",
        "The larger of 0 and x is just what is asked. np.max finds the largest of an array; what finds the "
        "larger of two?",
    ),
    checks=(
        Check("the shape stays", _shape),
        Check("what is positive stays", _positive),
        Check("what is negative becomes 0", _negative),
        Check("x itself is not changed", _untouched),
    ),
)
