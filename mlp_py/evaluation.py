"""How good a network is on images it has not learned from."""

import copy
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .dataset import N_CLASSES, Split
from .mlp import MLP

# A fixed size, so that sums are rounded alike wherever and in whatever pieces they are done;
# small, so that whoever runs evaluate_in_steps() can stop within milliseconds.
STEP = 250


@dataclass(frozen=True)
class Evaluation:
    """What a network does with a split.

    loss : mean cross-entropy, nats
    confusion : array of int, shape (10, 10); row: the true digit, column: the digit read
    """

    loss: float
    confusion: NDArray[np.int64]

    @property
    def accuracy(self) -> float:
        """The share of images read right, 0 to 1."""
        return float(np.trace(self.confusion) / self.confusion.sum())


def evaluate(model: MLP, split: Split) -> Evaluation:
    """Loss, accuracy and confusion matrix of a network on a split."""
    steps = evaluate_in_steps(model, split)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            evaluation: Evaluation = done.value
            return evaluation


def evaluate_in_steps(model: MLP, split: Split) -> Generator[None, None, Evaluation]:
    """The same, handing over after each of many short steps; returns the Evaluation.

    What a training batch has left behind in the network stays as it is.
    """
    if not len(split):
        raise ValueError("there are no images to evaluate on")
    model = copy.copy(model)  # the same weights, but forward() leaves its arrays behind here
    images = split.normalized(model.weights1.dtype)
    total_loss = 0.0
    confusion = np.zeros((N_CLASSES, N_CLASSES), np.int64)
    for start in range(0, len(split), STEP):
        rows = slice(start, start + STEP)
        labels = split.labels[rows]
        probabilities = model.forward(images[rows])
        total_loss += model.calculate_loss(labels, probabilities) * len(labels)
        np.add.at(confusion, (labels, np.argmax(probabilities, axis=1)), 1)
        yield
    return Evaluation(total_loss / len(split), confusion)
