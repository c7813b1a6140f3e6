"""A training run as a generator of records: it can be watched, and paused between any two."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .dataset import Mnist
from .evaluation import Evaluation, evaluate_in_steps
from .mlp import MLP, Batch


@dataclass(frozen=True)
class Epoch:
    """What is known when an epoch ends; `epoch` counts from 0, losses are in nats.

    training_loss is the mean of the batches' losses as they were seen, the notes' "average
    loss"; seconds is the time of the batches alone, without the evaluation after them.
    """

    epoch: int
    training_loss: float
    validation: Evaluation
    test: Evaluation
    seconds: float


class Stopwatch:
    """A clock, in seconds, that can be stopped and goes on where it stood."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._started: float | None = None

    def start(self) -> None:
        """Go on, if it stands still."""
        if self._started is None:
            self._started = time.perf_counter()

    def stop(self) -> None:
        """Stand still."""
        self._elapsed, self._started = self(), None

    def __call__(self) -> float:
        """Return the seconds that it has gone."""
        return self._elapsed + (0.0 if self._started is None else time.perf_counter() - self._started)


class NotFiniteError(ArithmeticError):
    """The loss is no longer a number, which no further training mends."""


def train(
    model: MLP,
    mnist: Mnist,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Batch | Epoch | None]:
    """Train and evaluate: a Batch after each batch, None during evaluation, an Epoch after it.

    Parameters
    ----------
    clock : function returning seconds
        Whoever pauses between records gives one that stands still meanwhile.

    Raises
    ------
    NotFiniteError
        As soon as a batch's loss is not finite.
    """
    images = mnist.train.normalized(model.dtype)
    total_loss = 0.0
    started = clock()
    for step in model.train_batches(images, mnist.train.labels, epochs, batch_size, learning_rate):
        if not np.isfinite(step.loss):
            raise NotFiniteError(f"the loss is {step.loss} after batch {step.batch + 1} of epoch {step.epoch + 1}")
        total_loss += step.loss
        yield step
        if step.batch + 1 == step.n_batches:
            seconds = clock() - started
            validation = yield from evaluate_in_steps(model, mnist.validation)
            test = yield from evaluate_in_steps(model, mnist.test)
            yield Epoch(step.epoch, total_loss / step.n_batches, validation, test, seconds)
            total_loss, started = 0.0, clock()
