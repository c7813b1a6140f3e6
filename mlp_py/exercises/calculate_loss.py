"""The loss."""

import numpy as np

from .answer import Answer
from .exercise import Check, Exercise, WrongError

Y = np.array([2, 0, 3])
P = np.array([[0.1, 0.2, 0.6, 0.1], [0.7, 0.1, 0.1, 0.1], [0.3, 0.3, 0.3, 0.1]])
RIGHT = float(-np.log(P[np.arange(3), Y]).mean())


def _loss(answer: Answer, y: object, p: object) -> float:
    loss = answer.call(y, p)
    if np.ndim(loss) or isinstance(loss, complex | str):
        raise WrongError(f"The loss is one number for the whole batch, and this has shape {np.shape(loss)}: sum it up.")
    return float(loss)


def _number(answer: Answer) -> None:
    with np.errstate(all="ignore"):
        loss = _loss(answer, Y.copy(), P.copy())
    if np.isclose(loss, RIGHT, rtol=1e-4):
        return
    for other, why in (
        (-RIGHT, "The sign: a logarithm of a probability is negative, and a loss is not."),
        (3 * RIGHT, "It is a sum over the batch, where the mean is asked: divide by the batch size."),
        (RIGHT / 4, "It is divided by the number of all entries: only the batch size counts."),
        (RIGHT / np.log(2), "This is the logarithm to base 2; np.log is to base e."),
        (RIGHT / np.log(10), "This is the logarithm to base 10; np.log is to base e."),
        (-float(np.log(P).sum()) / 3, "All probabilities count here: one-hot labels leave only that of the label."),
        (float(((P - np.eye(4)[Y]) ** 2).sum()) / 3, "This is the squared error; cross-entropy takes the logarithm."),
    ):
        if np.isclose(loss, other, rtol=1e-4):
            raise WrongError(f"The loss is {loss:.4g}, where {RIGHT:.4g} is right. {why}")
    raise WrongError(f"The loss is {loss:.4g}, where {RIGHT:.4g} is right: minus the mean of log(p of the label).")


def _zero(answer: Answer) -> None:
    with np.errstate(all="ignore"):
        loss = _loss(answer, np.array([0]), np.array([[0.0, 1.0, 0.0, 0.0]]))
    if not np.isfinite(loss):
        raise WrongError(
            f"Where the label's probability is 0 the loss is {loss}: add 1e-7 before taking the logarithm."
        )


EXERCISE = Exercise(
    name="calculate_loss",
    title="The loss",
    phase="loss",
    notes="3. Loss Calculation Phase",
    method="calculate_loss",
    task="Cross-entropy: minus the logarithm of the probability that the label was given, on average over "
    "the batch. It "
    "stays finite where that probability is 0.",
    blank='''
def calculate_loss(self, y_true, y_pred):
    """Mean cross-entropy of labels, shape (batch,), and probabilities, shape (batch, classes)."""
    y_one_hot = self.one_hot(y_true, y_pred.shape[1])
    loss = ...
    return loss
''',
    solution='''
def calculate_loss(self, y_true, y_pred):
    """Mean cross-entropy of labels, shape (batch,), and probabilities, shape (batch, classes)."""
    y_one_hot = self.one_hot(y_true, y_pred.shape[1])
    loss = -np.sum(y_one_hot * np.log(y_pred + 1e-7)) / y_true.shape[0]
    return float(loss)
''',
    hints=(
        "Sure and right, p = 1, costs nothing: log(1) = 0. Sure and wrong costs much. That is minus the logarithm.",
        "y_one_hot * np.log(y_pred) is 0 everywhere but at the labels. Sum that up.",
        "log(0) is minus infinity: np.log(y_pred + 1e-7). Divide the sum by the batch size.",
    ),
    checks=(Check("the number is right", _number), Check("it is finite where a probability is 0", _zero)),
)
