"""The class of the notes, as they have it, to measure and to test against.

`dtype` is the one addition, and float64 is the notes' own. Runs natively and inside Pyodide,
and knows nothing of mlp_py.
"""

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating]
Labels = NDArray[np.uint8]


class MLP:
    def __init__(
        self, input_size: int = 784, hidden_size: int = 128, output_size: int = 10, dtype: DTypeLike = np.float64
    ) -> None:
        self.dtype = dtype
        # He initialization for better gradient flow
        self.weights1: Array = (np.random.randn(input_size, hidden_size) * np.sqrt(2 / input_size)).astype(dtype)  # noqa: NPY002
        self.biases1: Array = np.zeros((1, hidden_size), dtype)
        self.weights2: Array = (np.random.randn(hidden_size, output_size) * np.sqrt(2 / hidden_size)).astype(dtype)  # noqa: NPY002
        self.biases2: Array = np.zeros((1, output_size), dtype)

    def forward(self, X: Array) -> Array:
        # First layer
        self.layer1_input = np.dot(X, self.weights1) + self.biases1
        self.layer1_output = self.relu(self.layer1_input)

        # Output layer
        self.layer2_input = np.dot(self.layer1_output, self.weights2) + self.biases2
        self.output = self.softmax(self.layer2_input)

        return self.output

    def relu(self, x: Array) -> Array:
        return np.maximum(0, x)

    def softmax(self, x: Array) -> Array:
        exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))
        probabilities: Array = exp_x / np.sum(exp_x, axis=1, keepdims=True)
        return probabilities

    def calculate_loss(self, y_true: Labels, y_pred: Array) -> float:
        # Convert labels to one-hot encoding
        batch_size = y_true.shape[0]
        y_one_hot = np.zeros((batch_size, 10), self.dtype)
        y_one_hot[np.arange(batch_size), y_true] = 1

        # Cross-entropy loss
        loss: float = -np.sum(y_one_hot * np.log(y_pred + 1e-7)) / batch_size
        return loss

    def backward(self, X: Array, y: Labels, learning_rate: float = 0.01) -> None:
        batch_size = X.shape[0]

        # Convert labels to one-hot
        y_one_hot = np.zeros((batch_size, 10), self.dtype)
        y_one_hot[np.arange(batch_size), y] = 1

        # Output layer gradients
        d_output = self.output - y_one_hot
        d_weights2 = np.dot(self.layer1_output.T, d_output)
        d_biases2 = np.sum(d_output, axis=0, keepdims=True)

        # Hidden layer gradients
        d_hidden = np.dot(d_output, self.weights2.T)
        d_hidden_relu = d_hidden * (self.layer1_output > 0)
        d_weights1 = np.dot(X.T, d_hidden_relu)
        d_biases1 = np.sum(d_hidden_relu, axis=0, keepdims=True)

        # Update weights and biases
        self.weights2 -= learning_rate * d_weights2
        self.biases2 -= learning_rate * d_biases2
        self.weights1 -= learning_rate * d_weights1
        self.biases1 -= learning_rate * d_biases1

    def train(
        self, X_train: Array, y_train: Labels, epochs: int = 10, batch_size: int = 32, learning_rate: float = 0.01
    ) -> None:
        n_samples = X_train.shape[0]
        n_batches = n_samples // batch_size

        for epoch in range(epochs):
            total_loss: float = 0

            # Shuffle training data
            indices = np.random.permutation(n_samples)  # noqa: NPY002
            X_train = X_train[indices]
            y_train = y_train[indices]

            for i in range(n_batches):
                start_idx = i * batch_size
                end_idx = start_idx + batch_size

                # Get batch
                X_batch = X_train[start_idx:end_idx]
                y_batch = y_train[start_idx:end_idx]

                # Forward pass
                output = self.forward(X_batch)

                # Calculate loss
                loss = self.calculate_loss(y_batch, output)
                total_loss += loss

                # Backward pass
                self.backward(X_batch, y_batch, learning_rate)

            # Print epoch statistics
            avg_loss = total_loss / n_batches
            print(f"Epoch {epoch + 1}/{epochs}, Average Loss: {avg_loss:.4f}")
