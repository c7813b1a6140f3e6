"""The network: a multilayer perceptron with one hidden layer, in five phases.

The phases and the names follow the notes "Understanding MLP Implementation from Scratch":
initialization, forward propagation, loss, backward propagation, training loop. In float64 the
numbers are those of the notes to the last bit.
"""

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import model_file
from .dataset import NormalizedImages
from .kernel import FloatArray, dot, subtract_dot

Rng = np.random.Generator | np.random.RandomState
Labels = NDArray[np.integer]


class Batch(NamedTuple):
    """What the training loop says after each batch; epoch and batch count from 0."""

    epoch: int
    batch: int
    n_batches: int
    loss: float


class MLP:
    """A 784-128-10 network: ReLU, then softmax; cross-entropy; stochastic gradient descent.

    Parameters
    ----------
    input_size, hidden_size, output_size : int
        Number of pixels, hidden units and classes.
    rng : None, int, numpy.random.Generator or numpy.random.RandomState
        Where the weights and the order of the training images are drawn from.
        An int is a seed: the same seed gives the same network.
    dtype : float64 (as in the notes) or float32 (half the memory, and faster)
    """

    # ── 1. Initialization: once, at the start ──────────────────────────────────────────────

    def __init__(
        self,
        input_size: int = 784,
        hidden_size: int = 128,
        output_size: int = 10,
        *,
        rng: int | Rng | None = None,
        dtype: DTypeLike = np.float64,
    ) -> None:
        for name, size in (("input", input_size), ("hidden", hidden_size), ("output", output_size)):
            if size < 1:
                raise ValueError(f"{name}_size is {size}: a layer needs at least one unit")
        self.dtype = np.dtype(dtype)
        self.rng: Rng = np.random.default_rng(rng) if rng is None or isinstance(rng, int | np.integer) else rng
        self.weights1 = self.he_init(input_size, hidden_size)
        self.biases1 = np.zeros((1, hidden_size), self.dtype)
        self.weights2 = self.he_init(hidden_size, output_size)
        self.biases2 = np.zeros((1, output_size), self.dtype)

    def he_init(self, n_inputs: int, n_units: int) -> FloatArray:
        """Random weights, shape (n_inputs, n_units), with variance 2 / n_inputs.

        That variance keeps the signal's size through ReLU, which zeroes half of it
        (He et al. 2015, "Delving Deep into Rectifiers", eq. 10).
        """
        weights: FloatArray = self.rng.standard_normal((n_inputs, n_units)) * np.sqrt(2 / n_inputs)
        return weights.astype(self.dtype, copy=False)

    # ── 2. Forward propagation: every batch ────────────────────────────────────────────────

    def forward(self, X: FloatArray) -> FloatArray:
        """Probabilities of the classes for a batch of images.

        Parameters
        ----------
        X : array of float, shape (batch, input_size)
            Pixels from 0 (paper) to 1 (ink).

        Returns
        -------
        array of float, shape (batch, output_size), each row summing to 1. Left behind for
        backward(): layer1_input, layer1_output, layer2_input, output.
        """
        # Input layer -> hidden layer
        self.layer1_input = dot(X, self.weights1) + self.biases1  # (batch, hidden)
        self.layer1_output = self.relu(self.layer1_input)  # (batch, hidden)
        # Hidden layer -> output layer
        self.layer2_input = dot(self.layer1_output, self.weights2) + self.biases2  # (batch, 10)
        self.output = self.softmax(self.layer2_input)  # (batch, 10)
        return self.output

    def relu(self, x: FloatArray) -> FloatArray:
        """Zero for what is negative, x itself for the rest; the same shape as x."""
        return np.maximum(0, x)

    def softmax(self, x: FloatArray) -> FloatArray:
        """Turn each row of logits, shape (batch, classes), into probabilities."""
        # Less the row's maximum: the result is the same, and exp() cannot overflow.
        exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))
        probabilities: FloatArray = exp_x / np.sum(exp_x, axis=1, keepdims=True)
        return probabilities

    # ── 3. Loss: every batch ───────────────────────────────────────────────────────────────

    def calculate_loss(self, y_true: Labels, y_pred: FloatArray) -> float:
        """Mean cross-entropy in nats: 0 when sure and right, ln 10 = 2.30 for a blind guess.

        Parameters
        ----------
        y_true : array of int, shape (batch,)
        y_pred : array of float, shape (batch, classes)
        """
        batch_size = y_true.shape[0]
        # 1e-7 keeps log() finite where a probability is 0.
        return float(-np.sum(self.one_hot(y_true) * np.log(y_pred + 1e-7)) / batch_size)

    def one_hot(self, y: Labels) -> FloatArray:
        """Labels, shape (batch,), as rows of zeros with a 1 at the label, shape (batch, classes)."""
        y_one_hot = np.zeros((y.shape[0], self.biases2.shape[1]), self.dtype)
        y_one_hot[np.arange(y.shape[0]), y] = 1
        return y_one_hot

    # ── 4. Backward propagation: every batch ───────────────────────────────────────────────

    def backward(self, X: FloatArray, y: Labels, learning_rate: float = 0.01) -> None:
        """One step of gradient descent for the batch that forward() has just seen.

        The gradients are summed over the batch, as in the notes (not averaged), so a larger
        batch takes larger steps at the same learning rate.

        Parameters
        ----------
        X : array of float, shape (batch, input_size)
        y : array of int, shape (batch,)
        learning_rate : float
        """
        # Output layer: for softmax with cross-entropy the derivative is simply p - y.
        d_output = self.output - self.one_hot(y)  # (batch, 10)
        d_biases2 = np.sum(d_output, axis=0, keepdims=True)  # (1, 10)

        # Hidden layer: the chain rule back through weights2, then through ReLU.
        d_hidden = dot(d_output, self.weights2.T)  # (batch, hidden)
        d_hidden_relu = d_hidden * (self.layer1_output > 0)  # (batch, hidden)
        d_biases1 = np.sum(d_hidden_relu, axis=0, keepdims=True)  # (1, hidden)

        # Update: weights -= learning_rate * gradient, the gradient being a layer's input,
        # transposed, times the derivative by its output. subtract_dot needs no array for it.
        subtract_dot(self.weights2, learning_rate, self.layer1_output.T, d_output)  # (hidden, 10)
        self.biases2 -= learning_rate * d_biases2
        subtract_dot(self.weights1, learning_rate, X.T, d_hidden_relu)  # (784, hidden)
        self.biases1 -= learning_rate * d_biases1

    # ── 5. Training loop: many epochs ──────────────────────────────────────────────────────

    def train_batches(
        self,
        X_train: FloatArray | NormalizedImages,
        y_train: Labels,
        epochs: int = 10,
        batch_size: int = 32,
        learning_rate: float = 0.01,
    ) -> Iterator[Batch]:
        """The training loop, handing over after each batch so that the caller can look or stop.

        `self.learning_rate` holds the rate and may be changed between batches. X_train is
        indexed by arrays of row numbers, never copied whole: an array, or NormalizedImages.
        """
        n_samples = X_train.shape[0]
        if not 1 <= batch_size <= n_samples:
            raise ValueError(f"batch_size is {batch_size}; with {n_samples} images it can be 1 to {n_samples}")
        n_batches = n_samples // batch_size  # the last, incomplete batch is dropped
        self.learning_rate = learning_rate
        order = np.arange(n_samples)

        for epoch in range(epochs):
            order = order[self.rng.permutation(n_samples)]  # shuffle the training data

            for i in range(n_batches):
                batch = order[i * batch_size : (i + 1) * batch_size]
                X_batch, y_batch = X_train[batch], y_train[batch]

                output = self.forward(X_batch)
                loss = self.calculate_loss(y_batch, output)
                self.backward(X_batch, y_batch, self.learning_rate)
                yield Batch(epoch, i, n_batches, loss)

    def train(
        self,
        X_train: FloatArray | NormalizedImages,
        y_train: Labels,
        epochs: int = 10,
        batch_size: int = 32,
        learning_rate: float = 0.01,
    ) -> None:
        """Train, printing the average loss after each epoch.

        Parameters
        ----------
        X_train : array of float, shape (n, input_size), pixels from 0 to 1
        y_train : array of int, shape (n,), labels from 0 to output_size - 1
        """
        total_loss = 0.0
        for step in self.train_batches(X_train, y_train, epochs, batch_size, learning_rate):
            total_loss += step.loss
            if step.batch + 1 == step.n_batches:
                print(f"Epoch {step.epoch + 1}/{epochs}, Average Loss: {total_loss / step.n_batches:.4f}")
                total_loss = 0.0

    # ── Using it ───────────────────────────────────────────────────────────────────────────

    def predict(self, X: FloatArray) -> NDArray[np.intp]:
        """The most probable class of each image: shape (n, input_size) -> (n,)."""
        return np.argmax(self.forward(X), axis=1)

    def save(self, path: str | PathLike[str] | BinaryIO) -> None:
        """Write weights and biases to a .npz file."""
        model_file.save(self.parameters(), path)

    @classmethod
    def load(cls, path: str | PathLike[str] | BinaryIO) -> "MLP":
        """A network with the weights and biases of a .npz file.

        Raises ValueError, saying what is wrong, for anything but such a file.
        """
        parameters = model_file.load(path)
        (input_size, hidden_size), (_, output_size) = parameters["weights1"].shape, parameters["weights2"].shape
        model = cls(input_size, hidden_size, output_size, dtype=parameters["weights1"].dtype)
        model.set_parameters(parameters)
        return model

    def parameters(self) -> dict[str, FloatArray]:
        """The arrays that training changes, by name."""
        return {name: getattr(self, name) for name in model_file.NAMES}

    def set_parameters(self, parameters: Mapping[str, FloatArray]) -> None:
        """Take copies of these arrays, named and shaped as parameters() gives them."""
        for name, value in parameters.items():
            setattr(self, name, value.astype(self.dtype))
