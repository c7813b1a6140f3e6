"""A training run as a generator of records: it can be watched, and paused between any two."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite, log

from .augment import DistortedImages
from .dataset import Mnist
from .evaluation import Evaluation, evaluate_in_steps
from .mlp import MLP, Batch

HOPELESS_LOSS = 2 * log(10)  # twice a blind guess's: nats that only large, wrong certainty costs
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


@dataclass
class LearningRate:
    """A run's learning rate, which may be changed at any time.

    With decay it falls evenly from `start` to zero over the run: large steps first, then ever
    finer ones, which end where steps of one size would go on jumping about.
    """

    start: float
    decay: bool = False

    def at(self, share: float) -> float:
        """The rate when this share of the run, 0 to 1, is done."""
        return self.start * (1 - share) if self.decay else self.start


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
    learning_rate: LearningRate,
    augment: bool = False,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Batch | Epoch | None]:
    """Train and evaluate: a Batch after each batch, None during evaluation, an Epoch after it.

    Parameters
    ----------
    augment : distort the training images a little, differently in each epoch
    clock : function returning seconds
        Whoever pauses between records gives one that stands still meanwhile.

    Raises
    ------
    DivergedError
        As soon as the loss of a batch, or of the validation images, is not finite, or that of
        the last 50 batches, or of an epoch, is on average twice that of a blind guess.
    """
    plain = mnist.train.normalized(model.dtype)
    images = DistortedImages(plain.images, model.dtype, model.rng) if augment else plain
    n_in_all = epochs * max(len(images) // batch_size, 1)
    total_loss = 0.0
    recent: deque[float] = deque(maxlen=PATIENCE)
    started = clock()
    steps = model.train_batches(images, mnist.train.labels, epochs, batch_size, learning_rate.at(0))
    for n_done, step in enumerate(steps, start=1):
        total_loss += step.loss
        recent.append(step.loss)
        ends_epoch = step.batch + 1 == step.n_batches
        loss = sum(recent) / len(recent)
        if not isfinite(loss) or ((ends_epoch or len(recent) == PATIENCE) and loss > HOPELESS_LOSS):
            raise DivergedError(f"the loss is {loss:.3g} at batch {step.batch + 1} of epoch {step.epoch + 1}")
        yield step
        if ends_epoch:
            seconds = clock() - started
            validation = yield from evaluate_in_steps(model, mnist.validation)
            if not isfinite(validation.loss):
                raise DivergedError(f"the validation loss is {validation.loss:.3g} after epoch {step.epoch + 1}")
            test = yield from evaluate_in_steps(model, mnist.test)
            yield Epoch(step.epoch, total_loss / step.n_batches, validation, test, seconds)
            total_loss, started = 0.0, clock()
        model.learning_rate = learning_rate.at(n_done / n_in_all)
