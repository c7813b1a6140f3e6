"""The gradients of the output layer."""

import numpy as np

from . import steps
from .answer import Answer
from .exercise import Check, Exercise
from .steps import X, compare, step


def _d_output(answer: Answer) -> None:
    model, right = step(answer)
    rule = "Through softmax and cross-entropy the gradient is simply p - y: self.output minus the one-hot labels."
    mistakes = {
        "it is y - p, and has the wrong sign. It is p - y.": -right["d_output"],
        "the one-hot labels are not taken off: it is p - y.": model.output,
        "it is a mean over the batch. The notes sum: no division.": right["d_output"] / len(X),
    }
    compare(model, right, "d_output", rule, mistakes)


def _d_weights2(answer: Answer) -> None:
    model, right = step(answer)
    rule = "It is layer1_output, transposed, times d_output: (hidden, batch) times (batch, outputs)."
    mistakes = {
        "layer1_input is used: weights2 has seen layer1_output, after ReLU.": model.layer1_input.T @ right["d_output"],
        "it is a mean over the batch. The notes sum: no division.": right["d_weights2"] / len(X),
        "the factors are the wrong way round, and so is its shape.": right["d_weights2"].T,
    }
    compare(model, right, "d_weights2", rule, mistakes)


def _d_biases2(answer: Answer) -> None:
    model, right = step(answer)
    rule = "A bias is added to each image: its gradient is the sum over the batch, axis=0, with keepdims=True."
    mistakes = {
        "it is summed over the outputs (axis=1), and not over the batch (axis=0).": right["d_output"].sum(
            axis=1, keepdims=True
        ),
        "keepdims=True is missing: its shape is not that of biases2.": right["d_output"].sum(axis=0),
        "it is a mean over the batch. The notes sum.": right["d_output"].mean(axis=0, keepdims=True),
        "it is summed over everything: axis=0 is missing.": np.array(right["d_output"].sum()),
    }
    compare(model, right, "d_biases2", rule, mistakes)


BLANK = """
    self.d_output = ...  # (batch, outputs)
    self.d_weights2 = ...  # (hidden, outputs)
    self.d_biases2 = ...  # (1, outputs)
"""

EXERCISE = Exercise(
    name="backward_output",
    title="Backward: the output layer",
    phase="backward",
    notes="4. Backward Propagation Phase, 1. Output layer",
    method="backward",
    task="Which way would each number of the output layer have to go for the loss to fall? Write the three "
    "gradients: of the "
    "sums, of weights2, and of biases2, summed over the batch.",
    blank=steps.method(BLANK, steps.HIDDEN_LINES, steps.UPDATE_LINES),
    solution=steps.method(steps.OUTPUT_LINES, steps.HIDDEN_LINES, steps.UPDATE_LINES),
    hints=(
        "For softmax with cross-entropy all the calculus comes to this: the gradient of layer2_input is p - y.",
        "weights2 has multiplied layer1_output. Its gradient has its shape, (hidden, outputs): which product of "
        "layer1_output, (batch, hidden), and d_output, (batch, outputs), has it?",
        "A bias was added to each image's sum, so its gradient is the sum of d_output over the images: axis=0.",
    ),
    checks=(
        Check("d_output is right", _d_output),
        Check("d_weights2 is right", _d_weights2),
        Check("d_biases2 is right", _d_biases2),
    ),
)
