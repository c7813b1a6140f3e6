"""A training run as a generator of records: it can be watched, and paused between any two."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .dataset import Mnist
from .evaluation import Evaluation, evaluate_in_steps
from .mlp import MLP, Batch

HOPELESS_LOSS = 2 * np.log(10)  # twice a blind guess's: nats that only large, wrong certainty costs
PATIENCE = 50  # batches; a single one may well be as bad


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


class DivergedError(ArithmeticError):
    """The loss has become hopeless, or no number at all, which no further training mends."""


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
    DivergedError
        As soon as the loss of a batch, or of the validation images, is not finite, or that of
        the last 50 batches, or of an epoch, is on average twice that of a blind guess.
    """
    images = mnist.train.normalized(model.dtype)
    total_loss = 0.0
    recent: deque[float] = deque(maxlen=PATIENCE)
    started = clock()
    for step in model.train_batches(images, mnist.train.labels, epochs, batch_size, learning_rate):
        total_loss += step.loss
        recent.append(step.loss)
        ends_epoch = step.batch + 1 == step.n_batches
        if not np.isfinite(step.loss) or ((ends_epoch or len(recent) == PATIENCE) and np.mean(recent) > HOPELESS_LOSS):
            raise DivergedError(
                f"the loss is {np.mean(recent):.3g} at batch {step.batch + 1} of epoch {step.epoch + 1}"
            )
        yield step
        if ends_epoch:
            seconds = clock() - started
            validation = yield from evaluate_in_steps(model, mnist.validation)
            if not np.isfinite(validation.loss):
                raise DivergedError(f"the validation loss is {validation.loss:.3g} after epoch {step.epoch + 1}")
            test = yield from evaluate_in_steps(model, mnist.test)
            yield Epoch(step.epoch, total_loss / step.n_batches, validation, test, seconds)
            total_loss, started = 0.0, clock()
