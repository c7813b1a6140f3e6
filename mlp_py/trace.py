"""The five phases on given images, every array of the notes by its name."""

import copy

import numpy as np

from .checks import Labels
from .kernel import FloatArray
from .mlp import MLP
from .model_file import NAMES

FORWARD = ("layer1_input", "layer1_output", "layer2_input", "output")
BACKWARD = ("d_output", "d_weights2", "d_biases2", "d_hidden", "d_hidden_relu", "d_weights1", "d_biases1")


def trace(model: MLP, X: FloatArray, y: Labels, learning_rate: float = 0.01) -> dict[str, np.ndarray]:
    """Run forward, loss, backward and update on a copy of a network; the network itself is not touched.

    Parameters
    ----------
    X : array of float, shape (batch, inputs), pixels from 0 to 1
    y : array of int, shape (batch,)
    learning_rate : float, of the update

    Returns
    -------
    dict of arrays by the notes' names: X, y; weights1, biases1, weights2, biases2 as they were;
    layer1_input, layer1_output, layer2_input, output; loss, shape (); d_output, d_weights2,
    d_biases2, d_hidden, d_hidden_relu, d_weights1, d_biases1; and updated_weights1, ... as they are
    after the update. What changed code doesn't keep under its name is left out.
    """
    own = copy.copy(model)
    for name in NAMES:
        setattr(own, name, getattr(model, name).copy())
    arrays = {"X": X, "y": y} | {name: getattr(model, name).copy() for name in NAMES}
    output = own.forward(X)
    arrays |= {name: getattr(own, name) for name in FORWARD if hasattr(own, name)}
    arrays["loss"] = np.array(own.calculate_loss(y, output))
    for name in BACKWARD:
        own.__dict__.pop(name, None)  # of a batch before
    own.backward(X, y, learning_rate)
    arrays |= {name: getattr(own, name) for name in BACKWARD if hasattr(own, name)}
    return arrays | {f"updated_{name}": getattr(own, name) for name in NAMES}
