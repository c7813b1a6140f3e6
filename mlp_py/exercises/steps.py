"""What the exercises on backward have in common: a step of a small network, and the gradients that are right."""

from typing import Any

import numpy as np

from ..kernel import FloatArray
from .answer import Answer, is_close
from .exercise import WrongError

X = np.random.default_rng(5).random((3, 6))
Y = np.array([1, 3, 0])
LEARNING_RATE = 0.125

OUTPUT = ("d_output", "d_weights2", "d_biases2")
HIDDEN = ("d_hidden", "d_hidden_relu", "d_weights1", "d_biases1")
PARAMETERS = ("weights2", "biases2", "weights1", "biases1")

START = '''
def backward(self, X, y, learning_rate=0.01):
    """One step of gradient descent for the batch that forward() has just seen."""
    # Output layer gradients
'''
MIDDLE = """
    # Hidden layer gradients
"""
END = """
    # Update weights and biases
"""
OUTPUT_LINES = """
    self.d_output = self.output - self.one_hot(y, self.output.shape[1])  # (batch, outputs)
    self.d_weights2 = dot(self.layer1_output.T, self.d_output)  # (hidden, outputs)
    self.d_biases2 = np.sum(self.d_output, axis=0, keepdims=True)  # (1, outputs)
"""
HIDDEN_LINES = """
    self.d_hidden = dot(self.d_output, self.weights2.T)  # (batch, hidden)
    self.d_hidden_relu = self.d_hidden * (self.layer1_output > 0)  # (batch, hidden)
    self.d_weights1 = dot(X.T, self.d_hidden_relu)  # (inputs, hidden)
    self.d_biases1 = np.sum(self.d_hidden_relu, axis=0, keepdims=True)  # (1, hidden)
"""
UPDATE_LINES = """
    self.weights2 -= learning_rate * self.d_weights2
    self.biases2 -= learning_rate * self.d_biases2
    self.weights1 -= learning_rate * self.d_weights1
    self.biases1 -= learning_rate * self.d_biases1
"""


def method(output: str, hidden: str, update: str) -> str:
    """The text of backward() with these lines."""
    parts = (START, output, MIDDLE, hidden, END, update)
    return "\n" + "\n".join(part.strip("\n") + ("\n" if part in (output, hidden) else "") for part in parts) + "\n"


def step(answer: Answer) -> tuple[Any, dict[str, FloatArray]]:
    """A network after a step, and all arrays as they should be, with the parameters as they were."""
    model = answer.network()
    model.biases1 = np.linspace(-0.5, 0.5, 5).reshape(1, 5)
    model.forward(X)
    right = {name: getattr(model, name).copy() for name in PARAMETERS}
    right["d_output"] = model.output - np.eye(4)[Y]
    right["d_weights2"] = model.layer1_output.T @ right["d_output"]
    right["d_biases2"] = right["d_output"].sum(axis=0, keepdims=True)
    right["d_hidden"] = right["d_output"] @ right["weights2"].T
    right["d_hidden_relu"] = right["d_hidden"] * (model.layer1_output > 0)
    right["d_weights1"] = X.T @ right["d_hidden_relu"]
    right["d_biases1"] = right["d_hidden_relu"].sum(axis=0, keepdims=True)
    model.backward(X.copy(), Y.copy(), LEARNING_RATE)
    return model, right


def compare(model: Any, right: dict[str, FloatArray], name: str, rule: str, mistakes: dict[str, FloatArray]) -> None:
    """WrongError unless this array of a network after step() is right; one of the usual mistakes is called by its name.

    Parameters
    ----------
    rule : what the array is
    mistakes : what it would be after a mistake, by what is to be said of that
    """
    given = getattr(model, name, None)
    if given is None:
        raise WrongError(f"self.{name} is not made. {rule}")
    for said, other in mistakes.items():
        same = isinstance(given, np.ndarray) and given.shape == other.shape and np.allclose(given, other, atol=1e-12)
        if same and not (other.shape == right[name].shape and np.allclose(other, right[name])):
            raise WrongError(f"self.{name}: {said}")
    is_close(f"self.{name}", given, right[name], rule)
