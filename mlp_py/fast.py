"""The same network, its update in one pass over the weights: faster, and equal to the last bit."""

import numpy as np

from . import checks
from .checks import Labels
from .kernel import FloatArray, dot, subtract_dot
from .mlp import MLP


class FastMLP(MLP):
    """MLP with `weights -= learning_rate * gradient` done without an array for the gradient.

    In float32 the kernel subtracts each number of the product where it belongs as it comes out of
    the sum; tests/unit/test_mlp_fast.py holds the result equal to MLP's, bit by bit. The gradients
    of the weights are made when somebody looks at them.
    """

    def backward(self, X: FloatArray, y: Labels, learning_rate: float = 0.01) -> None:
        """One step of gradient descent, as MLP.backward()."""
        checks.step(self, X, y, learning_rate)
        self.X = X

        y_one_hot = np.zeros(self.output.shape, self.output.dtype)
        y_one_hot[np.arange(X.shape[0]), y] = 1

        # Output layer
        self.d_output = self.output - y_one_hot
        self.d_biases2 = np.sum(self.d_output, axis=0, keepdims=True)

        # Hidden layer
        self.d_hidden = dot(self.d_output, self.weights2.T)
        self.d_hidden_relu = self.d_hidden * (self.layer1_output > 0)
        self.d_biases1 = np.sum(self.d_hidden_relu, axis=0, keepdims=True)

        # Gradients of the weights, and the update, in one
        subtract_dot(self.weights2, learning_rate, self.layer1_output.T, self.d_output)
        self.biases2 -= learning_rate * self.d_biases2
        subtract_dot(self.weights1, learning_rate, X.T, self.d_hidden_relu)
        self.biases1 -= learning_rate * self.d_biases1

    @property
    def d_weights2(self) -> FloatArray:  # type: ignore[override] # made when asked for, not kept
        """The gradient of weights2, shape (hidden, classes)."""
        return dot(self.layer1_output.T, self.d_output)

    @property
    def d_weights1(self) -> FloatArray:  # type: ignore[override]
        """The gradient of weights1, shape (inputs, hidden)."""
        return dot(self.X.T, self.d_hidden_relu)
