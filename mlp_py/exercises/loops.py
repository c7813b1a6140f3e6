"""What the exercises on the training loop have in common: a loop that is watched, and its text."""

from typing import NamedTuple

import numpy as np

from ..kernel import FloatArray
from .answer import Answer
from .exercise import WrongError

N, BATCH, EPOCHS = 10, 3, 2
N_BATCHES = N // BATCH
X = np.random.default_rng(8).random((N, 6))
Y = np.arange(N) % 4

START = '''
def training_loop(self, X_train, y_train, epochs=10, batch_size=32, learning_rate=0.01):
    """Train, and hand over after each batch and each epoch, so that it can be watched and paused."""
    self.learning_rate = learning_rate
    n_samples = X_train.shape[0]
'''
SETUP_LINES = """
    n_batches = n_samples // batch_size

    for epoch in range(epochs):
        total_loss = 0
        indices = self.rng.permutation(n_samples)
"""
BATCH_START = """
        for i in range(n_batches):
"""
BATCH_LINES = """
            rows = indices[i * batch_size : (i + 1) * batch_size]
            X_batch, y_batch = X_train[rows], y_train[rows]
            output = self.forward(X_batch)
            loss = self.calculate_loss(y_batch, output)
            self.backward(X_batch, y_batch, self.learning_rate)
"""
BATCH_END = """
            total_loss += loss
            yield "batch", loss
"""
END = """
        avg_loss = total_loss / n_batches
        print(f"Epoch {epoch + 1}/{epochs}, Average Loss: {avg_loss:.4f}")
        yield "epoch", avg_loss
"""


class Step(NamedTuple):
    """What a step of the loop was given, and what forward() had seen before."""

    seen: FloatArray
    X: FloatArray
    y: FloatArray
    learning_rate: float

    @property
    def rows(self) -> list[int]:
        """Which of the images these are."""
        return [int(np.argmin(np.abs(X - image).sum(axis=1))) for image in self.X]


class Loop(NamedTuple):
    """How a loop went: its steps, and the losses that it handed over."""

    steps: list[Step]
    batches: list[float]
    epochs: list[float]


def method(setup: str = SETUP_LINES, batch: str = BATCH_LINES, end: str = END) -> str:
    """The text of training_loop() with these lines."""
    parts = (START, setup, BATCH_START, batch, BATCH_END, end)
    return "\n" + "\n".join(part.strip("\n") for part in parts) + "\n"


def watched(answer: Answer) -> Loop:
    """Run the loop, and look on."""
    steps: list[Step] = []

    class Watched(answer.network_class):  # type: ignore[misc, name-defined]
        def forward(self, X: FloatArray) -> FloatArray:
            self.seen = np.array(X)
            return np.asarray(super().forward(X))

        def backward(self, X: FloatArray, y: FloatArray, learning_rate: float = 0.01) -> None:
            steps.append(Step(getattr(self, "seen", np.empty(0)), np.array(X), np.array(y), learning_rate))
            super().backward(X, y, learning_rate)

    model = Watched(6, 5, 4, rng=0)
    loop = model.training_loop(X.copy(), Y.copy(), EPOCHS, BATCH, 0.25)
    if loop is None or not hasattr(loop, "__next__"):
        raise WrongError('The loop does not hand over: keep yield "batch", loss and yield "epoch", avg_loss.')
    told: list[tuple[str, float]] = []
    for record in loop:
        told.append(record)
        if len(told) > 10 * EPOCHS * N:
            raise WrongError(f"After {len(told)} batches it has not ended: it runs over more than {EPOCHS} epochs.")
    losses = {each: [loss for kind, loss in told if kind == each] for each in ("batch", "epoch")}
    return Loop(steps, losses["batch"], losses["epoch"])
