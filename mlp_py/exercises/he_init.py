"""He initialization."""

import numpy as np

from ..kernel import FloatArray
from .answer import Answer, as_array
from .exercise import Check, Exercise, WrongError


def _weights(answer: Answer, inputs: int, outputs: int) -> FloatArray:
    """Of a network that is only being made, and has nothing but random numbers to draw."""
    model = object.__new__(answer.network_class)
    model.rng = np.random.default_rng(0)
    weights = model.he_init(inputs, outputs)
    if weights is None:
        raise WrongError("he_init gives nothing back (None): it needs a return.")
    return as_array("he_init", weights, (inputs, outputs))


def _shape(answer: Answer) -> None:
    _weights(answer, 6, 5)


def _different(answer: Answer) -> None:
    weights = _weights(answer, 60, 50)
    if not weights.any():
        raise WrongError("All weights are zero: then every hidden unit learns the same. They have to be random.")
    if np.unique(weights).size < weights.size / 2:
        raise WrongError("Many weights are equal: each has to be drawn by itself.")


def _both_signs(answer: Answer) -> None:
    weights = _weights(answer, 300, 200)
    mean, spread = float(weights.mean()), float(weights.std())
    if abs(mean) > spread / 4:
        raise WrongError(
            f"Their mean is {mean:.3g}, where 0 is right: standard_normal() is symmetric, random() is not."
        )


def _spread(answer: Answer) -> None:
    for inputs, outputs in ((400, 100), (100, 400)):
        spread, wanted = float(_weights(answer, inputs, outputs).std()), np.sqrt(2 / inputs)
        if abs(spread / wanted - 1) < 0.1:
            continue
        cause = ""
        for other, why in (
            (1.0, "The factor sqrt(2 / inputs) is missing."),
            (2 / inputs, "The square root is missing."),
            (np.sqrt(1 / inputs), "It is 2 / inputs, since ReLU zeroes half of what comes."),
            (np.sqrt(2 / outputs), "It is the number of inputs that counts, not of outputs."),
        ):
            if abs(spread / other - 1) < 0.1:
                cause = why
        raise WrongError(
            f"With {inputs} inputs the weights spread by {spread:.3g}, where sqrt(2 / {inputs}) = {wanted:.3g} is "
            f"right. {cause}".strip()
        )


EXERCISE = Exercise(
    name="he_init",
    title="Random weights of the right size",
    phase="initialization",
    notes="1. Initialization Phase",
    method="he_init",
    task="Give back random weights for a layer, shape (inputs, outputs): normal numbers times sqrt(2 / inputs). "
    "self.rng.standard_normal((rows, columns)) draws numbers that spread by 1.",
    blank='''
def he_init(self, inputs, outputs):
    """Random weights, shape (inputs, outputs)."""
    return ...
''',
    solution='''
def he_init(self, inputs, outputs):
    """Random weights, shape (inputs, outputs)."""
    return self.rng.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)
''',
    hints=(
        "A weight for each pair of an input and an output: the shape is (inputs, outputs).",
        "A sum of n numbers that spread by s spreads by s times sqrt(n). So the more inputs, the smaller the weights.",
        "Draw with self.rng.standard_normal((inputs, outputs)), and multiply by np.sqrt(2 / inputs).",
    ),
    checks=(
        Check("the shape is (inputs, outputs)", _shape),
        Check("the weights differ", _different),
        Check("as many are negative as positive", _both_signs),
        Check("they spread by sqrt(2 / inputs)", _spread),
    ),
)
