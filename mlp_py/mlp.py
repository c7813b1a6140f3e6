"""The network of the notes "Understanding MLP Implementation from Scratch", in running form.

A multilayer perceptron with one hidden layer, in five phases: initialization, forward propagation,
loss calculation, backward propagation, training loop. Names and order are those of the notes, and
in float64 so is every number, to the last bit. This is the file to read, and to change; its types
are in mlp.pyi.

What the notes do not have: `checks` refuses arguments that can only be a mistake; `dot` is np.dot,
with a faster kernel for float32 in the browser; random numbers come from `rng`, and a dtype can be
chosen; gradients are kept, to be looked at; the training loop hands over after each batch, so that
it can be watched and paused; and a network can be saved.
"""

import numpy as np

from . import checks, model_file
from .kernel import dot


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

    def __init__(self, input_size=784, hidden_size=128, output_size=10, *, rng=None, dtype=np.float64):
        checks.sizes(input_size, hidden_size, output_size)
        self.rng = checks.random_source(rng)

        # He initialization for better gradient flow: a variance of 2 / inputs keeps the signal's size through
        # ReLU, which zeroes half of it (He et al. 2015, "Delving Deep into Rectifiers", eq. 10).
        self.weights1 = (self.rng.standard_normal((input_size, hidden_size)) * np.sqrt(2 / input_size)).astype(dtype)
        self.biases1 = np.zeros((1, hidden_size), dtype)
        self.weights2 = (self.rng.standard_normal((hidden_size, output_size)) * np.sqrt(2 / hidden_size)).astype(dtype)
        self.biases2 = np.zeros((1, output_size), dtype)

    # ── 2. Forward propagation: every batch ────────────────────────────────────────────────

    def forward(self, X):
        """Probabilities of the classes for a batch of images.

        Parameters
        ----------
        X : array of float, shape (batch, input_size)
            Pixels from 0 (paper) to 1 (ink).

        Returns
        -------
        array of float, shape (batch, output_size), each row summing to 1. Left behind for
        backward(): layer1_input, layer1_output, layer2_input, output.

        Raises
        ------
        TypeError, ValueError
            When X is of another shape, has pixels of 0 to 255, or a number that is not finite.
        """
        checks.images(X, self.weights1)

        # First layer
        self.layer1_input = dot(X, self.weights1) + self.biases1  # (batch, hidden)
        self.layer1_output = self.relu(self.layer1_input)  # (batch, hidden)

        # Output layer
        self.layer2_input = dot(self.layer1_output, self.weights2) + self.biases2  # (batch, 10)
        self.output = self.softmax(self.layer2_input)  # (batch, 10)

        return self.output

    def relu(self, x):
        """Zero for what is negative, x itself for the rest; the same shape as x."""
        return np.maximum(0, x)

    def softmax(self, x):
        """Turn each row of logits, shape (batch, classes), into probabilities."""
        exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))  # less the maximum: the same, and cannot overflow
        return exp_x / np.sum(exp_x, axis=1, keepdims=True)

    # ── 3. Loss calculation: every batch ───────────────────────────────────────────────────

    def calculate_loss(self, y_true, y_pred):
        """Mean cross-entropy in nats: 0 when sure and right, ln 10 = 2.30 for a blind guess.

        Parameters
        ----------
        y_true : array of int, shape (batch,)
        y_pred : array of float, shape (batch, classes)

        Raises
        ------
        TypeError, ValueError
            When y_true is no such array, or has a label that is no class.
        """
        checks.labels(y_true, y_pred)

        # Convert labels to one-hot encoding
        batch_size = y_true.shape[0]
        y_one_hot = np.zeros(y_pred.shape, y_pred.dtype)  # (batch, 10)
        y_one_hot[np.arange(batch_size), y_true] = 1

        # Cross-entropy loss; 1e-7 keeps log() finite where a probability is 0
        loss = -np.sum(y_one_hot * np.log(y_pred + 1e-7)) / batch_size
        return float(loss)

    # ── 4. Backward propagation: every batch ───────────────────────────────────────────────

    def backward(self, X, y, learning_rate=0.01):
        """One step of gradient descent for the batch that forward() has just seen.

        The gradients are summed over the batch, as in the notes (not averaged), so a larger
        batch takes larger steps at the same learning rate. Left behind, to be looked at:
        d_output, d_weights2, d_biases2, d_hidden, d_hidden_relu, d_weights1, d_biases1.

        Parameters
        ----------
        X : array of float, shape (batch, input_size)
        y : array of int, shape (batch,)
        learning_rate : float, greater than 0

        Raises
        ------
        TypeError, ValueError
            When y or learning_rate is anything else, or forward() has not seen X.
        """
        checks.step(self, X, y, learning_rate)
        batch_size = X.shape[0]

        # Convert labels to one-hot
        y_one_hot = np.zeros(self.output.shape, self.output.dtype)  # (batch, 10)
        y_one_hot[np.arange(batch_size), y] = 1

        # Output layer gradients; for softmax with cross-entropy the derivative is simply p - y
        self.d_output = self.output - y_one_hot  # (batch, 10)
        self.d_weights2 = dot(self.layer1_output.T, self.d_output)  # (hidden, 10)
        self.d_biases2 = np.sum(self.d_output, axis=0, keepdims=True)  # (1, 10)

        # Hidden layer gradients; the chain rule back through weights2, then through ReLU
        self.d_hidden = dot(self.d_output, self.weights2.T)  # (batch, hidden)
        self.d_hidden_relu = self.d_hidden * (self.layer1_output > 0)  # (batch, hidden)
        self.d_weights1 = dot(X.T, self.d_hidden_relu)  # (784, hidden)
        self.d_biases1 = np.sum(self.d_hidden_relu, axis=0, keepdims=True)  # (1, hidden)

        # Update weights and biases
        self.weights2 -= learning_rate * self.d_weights2
        self.biases2 -= learning_rate * self.d_biases2
        self.weights1 -= learning_rate * self.d_weights1
        self.biases1 -= learning_rate * self.d_biases1

    # ── 5. Training loop: multiple epochs ──────────────────────────────────────────────────

    def train(self, X_train, y_train, epochs=10, batch_size=32, learning_rate=0.01):
        """Train, printing the average loss after each epoch.

        Parameters
        ----------
        X_train : array of float, shape (n, input_size), pixels from 0 (paper) to 1 (ink)
        y_train : array of int, shape (n,), labels from 0 to output_size - 1
        epochs, batch_size : int
            The images that do not fill a last batch are left out, others in each epoch.
        learning_rate : float, greater than 0

        Raises
        ------
        TypeError, ValueError
            When an argument can only be a mistake; before anything is changed.
        """
        for _ in self.training_loop(X_train, y_train, epochs, batch_size, learning_rate):
            pass

    def training_loop(self, X_train, y_train, epochs=10, batch_size=32, learning_rate=0.01):
        """The loop of train(), as a generator: whoever runs it can look on, stop, and go on.

        Yields ("batch", its loss) after each batch and ("epoch", the average) after each epoch.
        In between, `self.learning_rate` may be changed. X_train is indexed by arrays of row
        numbers, never copied whole: an array, or NormalizedImages.
        """
        checks.training(self, X_train, y_train, epochs, batch_size, learning_rate)
        n_samples = X_train.shape[0]
        n_batches = n_samples // batch_size
        indices = np.arange(n_samples)
        self.learning_rate = learning_rate

        for epoch in range(epochs):
            total_loss = 0

            # Shuffle training data
            indices = indices[self.rng.permutation(n_samples)]

            for i in range(n_batches):
                start_idx = i * batch_size
                end_idx = start_idx + batch_size

                # Get batch
                X_batch = X_train[indices[start_idx:end_idx]]
                y_batch = y_train[indices[start_idx:end_idx]]

                # Forward pass
                output = self.forward(X_batch)

                # Calculate loss
                loss = self.calculate_loss(y_batch, output)
                total_loss += loss

                # Backward pass
                self.backward(X_batch, y_batch, self.learning_rate)
                yield "batch", loss

            # Print epoch statistics
            avg_loss = total_loss / n_batches
            print(f"Epoch {epoch + 1}/{epochs}, Average Loss: {avg_loss:.4f}")
            yield "epoch", avg_loss

    # ── Using it ───────────────────────────────────────────────────────────────────────────

    def predict(self, X):
        """The most probable class of each image: shape (n, input_size) -> (n,)."""
        return np.argmax(self.forward(X), axis=1)

    def save(self, path):
        """Write weights and biases to a .npz file, a path or a file open for writing."""
        model_file.save(model_file.parameters(self), path)

    @classmethod
    def load(cls, path):
        """A network with the weights and biases of a .npz file.

        Raises ValueError, saying what is wrong, for anything but such a file.
        """
        return model_file.network(cls, model_file.load(path))
