"""The update."""

import numpy as np

from . import steps
from .answer import Answer, is_close
from .exercise import Check, Exercise, WrongError
from .steps import LEARNING_RATE, PARAMETERS, step


def _moved(answer: Answer) -> None:
    model, right = step(answer)
    for name in PARAMETERS:
        before, gradient, after = right[name], right[f"d_{name}"], getattr(model, name)
        if not isinstance(after, np.ndarray) or after.shape != before.shape:
            raise WrongError(
                f"self.{name} has become {getattr(after, 'shape', type(after).__name__)}: it keeps its shape."
            )
        wanted = before - LEARNING_RATE * gradient
        for other, said in (
            (before, "it is not changed. Is it a new name only? self.… -= … changes the network."),
            (before + LEARNING_RATE * gradient, "it goes uphill: the gradient has to be taken off, not added."),
            (before - gradient, "the learning rate is forgotten."),
            (-LEARNING_RATE * gradient, "it is replaced, and forgets what it was: take the step off it, with -=."),
            (wanted - LEARNING_RATE * gradient, "it is updated twice."),
        ):
            if np.allclose(after, other, atol=1e-12) and not np.allclose(other, wanted):
                raise WrongError(f"self.{name}: {said}")
        is_close(f"self.{name}", after, wanted, f"It goes down by learning_rate times self.d_{name}.")


def _lower(answer: Answer) -> None:
    model = answer.network()
    model.forward(steps.X)
    before = model.calculate_loss(steps.Y, model.output)
    model.backward(steps.X, steps.Y, 0.05)
    after = model.calculate_loss(steps.Y, model.forward(steps.X))
    if not after < before:
        raise WrongError(
            f"After the step the loss of these images is {after:.4g}, and was {before:.4g}: it has to fall."
        )


BLANK = """
    self.weights2 -= ...
    self.biases2 -= ...
    self.weights1 -= ...
    self.biases1 -= ...
"""

EXERCISE = Exercise(
    name="update",
    title="The update",
    phase="backward",
    notes="4. Backward Propagation Phase: Update weights and biases",
    method="backward",
    task="Move each of the four arrays a little against its gradient: by learning_rate times that gradient.",
    blank=steps.method(steps.OUTPUT_LINES, steps.HIDDEN_LINES, BLANK),
    solution=steps.method(steps.OUTPUT_LINES, steps.HIDDEN_LINES, steps.UPDATE_LINES),
    hints=(
        "The gradient points to where the loss rises. Down is the other way.",
        "a -= b changes the array itself. It is learning_rate * self.d_weights2 that is taken off self.weights2.",
    ),
    checks=(Check("all four have moved by the right amount", _moved), Check("the loss of the batch falls", _lower)),
)
