"""A training run as a generator of records: it can be watched, and paused between any two."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite, log
from typing import NamedTuple

from .augment import DistortedImages
from .checks import Labels
from .dataset import Mnist, NormalizedImages, Split
from .evaluation import Evaluation, evaluate_in_steps
from .mlp import MLP

HOPELESS_LOSS = 2 * log(10)  # twice a blind guess's: nats that only large, wrong certainty costs
ASLEEP = 10.0  # seconds; no batch takes as long
PATIENCE = 50  # batches; a single one may well be as bad


class Batch(NamedTuple):
    """What is known after each batch; `epoch` and `batch` count from 0, `loss` is in nats."""

    epoch: int
    batch: int
    n_batches: int
    loss: float


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
    """A clock, in seconds, that can be stopped and goes on where it stood.

    It has to be looked at often: what is longer than ASLEEP between two looks is a laptop's sleep, or a clock that was
    put, and does not count.
    """

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._looked: float | None = None

    def start(self) -> None:
        """Go on, if it stands still; else look at it."""
        if self._looked is None:
            self._looked = time.perf_counter()
        self()

    def stop(self) -> None:
        """Stand still."""
        self()
        self._looked = None

    def __call__(self) -> float:
        """Return the seconds that it has gone."""
        if self._looked is not None:
            now = time.perf_counter()
            passed, self._looked = now - self._looked, now
            self._elapsed += passed if 0 <= passed < ASLEEP else 0.0
        return self._elapsed


class DivergedError(ArithmeticError):
    """The loss has become hopeless, or no number at all, which no further training mends.

    `advice` is a learning rate to try instead.
    """

    def __init__(self, what: str, learning_rate: LearningRate) -> None:
        self.advice = float(f"{learning_rate.start / 10:.1g}")
        super().__init__(f"{what}, with a learning rate of {learning_rate.start:g}")


def images_of(split: Split, model: MLP, augment: bool = False) -> NormalizedImages:
    """The images of a split as this network is trained on them; if augment, a little different each time."""
    dtype = model.weights1.dtype
    return DistortedImages(split.images, dtype, model.rng) if augment else split.normalized(dtype)


def train(
    model: MLP,
    mnist: Mnist,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: LearningRate,
    augment: bool = False,
    images: NormalizedImages | None = None,
    labels: Labels | None = None,
    done: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Batch | Epoch | None]:
    """Train and evaluate: a Batch after each batch, None during evaluation, an Epoch after it.

    Parameters
    ----------
    augment : distort the training images a little, differently in each epoch
    images : the training images, where whoever gives them watches which are taken; else images_of(mnist.train, …)
    labels : theirs, where they are in another order than those of mnist.train
    done : epochs of these that somebody has done before; the learning rate goes on from there
    clock : function returning seconds
        Whoever pauses between records gives one that stands still meanwhile.

    Raises
    ------
    DivergedError
        As soon as the loss of a batch, or of the validation images, is not finite, or that of
        the last 50 batches, or of an epoch, is on average twice that of a blind guess.
    """
    if images is None:
        images = images_of(mnist.train, model, augment)
    if labels is None:
        labels = mnist.train.labels
    n_batches = max(len(images) // batch_size, 1)
    recent: deque[float] = deque(maxlen=PATIENCE)
    n_done, epoch = done * n_batches, done
    started = clock()
    rate = learning_rate.at(n_done / (epochs * n_batches))
    for ended, loss in model.training_loop(images, labels, epochs - done, batch_size, rate):
        if ended == "batch":
            recent.append(loss)
            batch = n_done % n_batches
            n_done += 1
            mean = sum(recent) / len(recent)
            is_telling = batch + 1 == n_batches or len(recent) == PATIENCE
            if not isfinite(mean) or (is_telling and mean > HOPELESS_LOSS):
                raise DivergedError(f"the loss is {mean:.3g} at batch {batch + 1} of epoch {epoch + 1}", learning_rate)
            yield Batch(epoch, batch, n_batches, loss)
            model.learning_rate = learning_rate.at(n_done / (epochs * n_batches))
        else:
            seconds = clock() - started
            validation = yield from evaluate_in_steps(model, mnist.validation)
            if not isfinite(validation.loss):
                raise DivergedError(
                    f"the validation loss is {validation.loss:.3g} after epoch {epoch + 1}", learning_rate
                )
            test = yield from evaluate_in_steps(model, mnist.test)
            yield Epoch(epoch, loss, validation, test, seconds)
            epoch, started = epoch + 1, clock()
