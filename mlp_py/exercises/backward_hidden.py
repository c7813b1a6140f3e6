"""The gradients of the hidden layer."""

from . import steps
from .answer import Answer
from .exercise import Check, Exercise
from .steps import LEARNING_RATE, X, compare, step


def _d_hidden(answer: Answer) -> None:
    model, right = step(answer)
    late = right["d_output"] @ (right["weights2"] - LEARNING_RATE * right["d_weights2"]).T
    rule = "It is d_output times weights2, transposed: (batch, outputs) times (outputs, hidden)."
    mistakes = {
        "weights2 is updated before it is used: take the gradient first, and update afterwards.": late,
        "output is used in place of d_output.": model.output @ right["weights2"].T,
        "ReLU's mask is in it already, and comes in the next line.": right["d_hidden_relu"],
    }
    compare(model, right, "d_hidden", rule, mistakes)


def _d_hidden_relu(answer: Answer) -> None:
    model, right = step(answer)
    d_hidden = right["d_hidden"]
    rule = "It is d_hidden where ReLU let something through (layer1_output > 0), and 0 elsewhere."
    mistakes = {
        "ReLU's mask is missing: what ReLU has made 0 passes nothing back.": d_hidden,
        "the mask is the wrong way round: it passes what ReLU has made 0.": d_hidden * (model.layer1_output <= 0),
        "the mask is of d_hidden's own sign. It is where layer1_output is above 0.": d_hidden * (d_hidden > 0),
        "layer1_output itself is multiplied in: only 1 or 0 is needed, layer1_output > 0.": d_hidden
        * model.layer1_output,
    }
    compare(model, right, "d_hidden_relu", rule, mistakes)


def _d_weights1(answer: Answer) -> None:
    model, right = step(answer)
    rule = "It is X, transposed, times d_hidden_relu: (inputs, batch) times (batch, hidden)."
    mistakes = {
        "d_hidden is used: take d_hidden_relu, after the mask.": X.T @ right["d_hidden"],
        "it is a mean over the batch. The notes sum: no division.": right["d_weights1"] / len(X),
        "the factors are the wrong way round, and so is its shape.": right["d_weights1"].T,
    }
    compare(model, right, "d_weights1", rule, mistakes)


def _d_biases1(answer: Answer) -> None:
    model, right = step(answer)
    rule = "It is the sum of d_hidden_relu over the batch, axis=0, with keepdims=True."
    mistakes = {
        "d_hidden is summed: take d_hidden_relu, after the mask.": right["d_hidden"].sum(axis=0, keepdims=True),
        "keepdims=True is missing: its shape is not that of biases1.": right["d_hidden_relu"].sum(axis=0),
        "it is summed over the units (axis=1), and not over the batch (axis=0).": right["d_hidden_relu"].sum(
            axis=1, keepdims=True
        ),
    }
    compare(model, right, "d_biases1", rule, mistakes)


BLANK = """
    self.d_hidden = ...  # (batch, hidden)
    self.d_hidden_relu = ...  # (batch, hidden)
    self.d_weights1 = ...  # (inputs, hidden)
    self.d_biases1 = ...  # (1, hidden)
"""

EXERCISE = Exercise(
    name="backward_hidden",
    title="Backward: the hidden layer",
    phase="backward",
    notes="4. Backward Propagation Phase, 2. Hidden layer",
    method="backward",
    task="Now back through weights2 and through ReLU: how does the loss change with each hidden unit, and so "
    "with weights1 "
    "and biases1?",
    blank=steps.method(steps.OUTPUT_LINES, BLANK, steps.UPDATE_LINES),
    solution=steps.method(steps.OUTPUT_LINES, steps.HIDDEN_LINES, steps.UPDATE_LINES),
    hints=(
        "Forward, a hidden unit reached the outputs through its row of weights2. Backward, the blame comes "
        "back the same "
        "way: through weights2, transposed.",
        "Where ReLU gave 0, a little more or less changes nothing: there the gradient is 0. (a > 0) is an "
        "array of 1 and 0.",
        "weights1 stands to X and d_hidden_relu as weights2 stood to layer1_output and d_output.",
    ),
    checks=(
        Check("d_hidden is right", _d_hidden),
        Check("d_hidden_relu is right", _d_hidden_relu),
        Check("d_weights1 is right", _d_weights1),
        Check("d_biases1 is right", _d_biases1),
    ),
)
