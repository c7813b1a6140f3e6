"""One training run of the page, done in short slices, so that between two of them anything can be asked."""

import time
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from .checks import Labels
from .dataset import Mnist, NormalizedImages
from .failure import Failure, failure_of
from .kernel import FloatArray
from .mlp import MLP
from .training import Batch, Epoch, LearningRate, Stopwatch, images_of, train

Order = NDArray[np.int32]

OVER = object()
"""Comes after the last record."""


class Settings(TypedDict):
    """What a run is made with; augment and decay are 1 or 0."""

    epochs: int
    batch_size: int
    learning_rate: float
    training_images: int
    augment: int
    decay: int


class EpochRecord(TypedDict):
    """What is known when an epoch has ended; losses in nats, accuracies 0 to 1, `epoch` counted from 1."""

    epoch: int
    training_loss: float
    validation_loss: float
    validation_accuracy: float
    test_accuracy: float
    seconds: float


class Slice(TypedDict):
    """What a slice came to.

    losses : array of float32, one a batch
    epoch, batch, n_batches : where the last of them stands, counted from 1
    evaluating : whether an epoch's evaluation is still under way
    epoch_record : of the epoch that has ended in this slice, or None
    finished : whether the run is over
    failure : why it cannot go on, or None
    """

    losses: NDArray[np.float32]
    epoch: int
    batch: int
    n_batches: int
    evaluating: bool
    epoch_record: EpochRecord | None
    finished: bool
    failure: Failure | None


class WatchedImages(NormalizedImages):
    """Images in an order, that remember which were taken last.

    rows, X : their row numbers, array of int32, and the images as they were taken; None before any
    """

    def __init__(self, images: NormalizedImages, order: Order) -> None:
        super().__init__(images.images, images.dtype)
        self.source = images
        self.order = order
        self.rows: Order | None = None
        self.X: FloatArray | None = None

    def __getitem__(self, rows: slice | NDArray[np.integer]) -> FloatArray:
        self.rows = self.order[rows]
        self.X = self.source[self.rows]
        return self.X


class ShufflingGenerator(np.random.Generator):
    """Random numbers that remember in which order the permutations drawn of all images' numbers have put them.

    order : array of int32, shape (n,)
    """

    def __init__(self, bit_generator: np.random.BitGenerator, order: Order) -> None:
        super().__init__(bit_generator)
        self.order = order

    def permutation(self, x: Any, axis: int = 0) -> Any:
        """As NumPy's."""
        drawn = super().permutation(x, axis)
        if np.ndim(x) == 0 and x == len(self.order):
            self.order = self.order[drawn]
        return drawn


class Done(TypedDict):
    """What was done of a run before, by another session.

    epochs : how many
    order : array of int32, shape (training images,): the images' as the last of them left it
    """

    epochs: int
    order: Order


class Run:
    """A run of so many epochs, from the weights as they are.

    Parameters
    ----------
    n_epochs : how many the network has been trained for before
    done : what was done of it before; from the same weights and random numbers it goes on as if it had never stopped
    """

    def __init__(
        self, run_id: int, model: MLP, mnist: Mnist, settings: Settings, n_epochs: int, done: Done | None = None
    ) -> None:
        self.id = run_id
        self.mnist, self.settings = mnist, settings
        self.n_epochs = n_epochs
        n_done = done["epochs"] if done else 0
        order = checked_order(done["order"], len(mnist.train)) if done else np.arange(len(mnist.train), dtype=np.int32)
        if not 0 <= n_done < settings["epochs"]:
            raise ValueError(f"of {settings['epochs']} epochs, {n_done} cannot have been done before")
        self.first_epoch = n_epochs - n_done
        self.last_epoch = self.first_epoch + settings["epochs"]
        self.learning_rate = LearningRate(settings["learning_rate"], bool(settings["decay"]))
        self.stopwatch = Stopwatch()
        self.evaluating = False
        n_batches = len(mnist.train) // settings["batch_size"]
        self.position = Batch(epoch=n_done, batch=-1, n_batches=n_batches, loss=0.0)
        self.random = shuffling(model, order)
        self.images = WatchedImages(images_of(mnist.train, model, bool(settings["augment"])), order)
        self.records = train(
            model,
            mnist,
            images=self.images,
            labels=mnist.train.labels[order],
            done=n_done,
            epochs=settings["epochs"],
            batch_size=settings["batch_size"],
            learning_rate=self.learning_rate,
            clock=self.stopwatch,
        )

    def slice(self, seconds: float, max_batches: int | None = None) -> Slice:
        """Train for about this long, or until an epoch, the run or max_batches ends."""
        self.stopwatch.start()
        began = time.perf_counter()
        losses: list[float] = []
        epoch_record = failure = record = None
        try:
            # One clear error comes of numbers out of bounds, not a trail of NumPy's warnings.
            with np.errstate(all="ignore"):
                while epoch_record is None and (self.evaluating or max_batches is None or len(losses) < max_batches):
                    record = next(self.records, OVER)
                    if isinstance(record, Batch):
                        losses.append(record.loss)
                        self.position = record
                        self.evaluating = record.batch + 1 == record.n_batches
                    elif isinstance(record, Epoch):
                        epoch_record = self._end_epoch(record)
                    elif record is OVER:
                        break
                    if not 0 <= time.perf_counter() - began < seconds:  # negative where the clock was put
                        break
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - of changed code, any; of ours, a divergence
            failure = failure_of(error)
        is_last = epoch_record is not None and self.n_epochs == self.last_epoch
        finished = failure is not None or record is OVER or is_last
        if finished:
            self.stopwatch.stop()
        return {
            "losses": np.array(losses, np.float32),
            "epoch": self.first_epoch + self.position.epoch + 1,
            "batch": self.position.batch + 1,
            "n_batches": self.position.n_batches,
            "evaluating": self.evaluating,
            "epoch_record": epoch_record,
            "finished": finished,
            "failure": failure,
        }

    def rate(self) -> float:
        """The learning rate of the next batch; of the last one, where there is none."""
        done = self.position.epoch * self.position.n_batches + self.position.batch + 1
        n_in_all = self.settings["epochs"] * max(self.position.n_batches, 1)
        return self.learning_rate.at(min(done, n_in_all - 1) / n_in_all)

    def last_batch(self) -> tuple[FloatArray, Labels] | None:
        """The images that it has learned from last, and their labels; None before any."""
        if self.images.X is None or self.images.rows is None:
            return None
        return self.images.X, self.mnist.train.labels[self.images.rows]

    def order(self) -> Order | None:
        """The order that the images are in now; None where changed code draws it otherwise than rng.permutation(n)."""
        if not self.random:
            return None
        order, taken = self.random.order, self.images.rows
        start = self.position.batch * self.settings["batch_size"]
        # What was taken last tells: there are more ways to shuffle than could be watched.
        is_known = taken is None or np.array_equal(taken, order[start : start + self.settings["batch_size"]])
        return order if is_known else None

    def _end_epoch(self, record: Epoch) -> EpochRecord:
        self.evaluating = False
        self.n_epochs += 1
        return {
            "epoch": self.n_epochs,
            "training_loss": record.training_loss,
            "validation_loss": record.validation.loss,
            "validation_accuracy": record.validation.accuracy,
            "test_accuracy": record.test.accuracy,
            "seconds": record.seconds,
        }


def shuffling(model: MLP, order: Order) -> ShufflingGenerator | None:
    """Let a network's random numbers remember the order; None where changed code has others."""
    random = getattr(model, "rng", None)
    if not isinstance(random, np.random.Generator):
        return None
    model.rng = watched = ShufflingGenerator(random.bit_generator, order)
    return watched


def checked_order(order: Any, n: int) -> Order:
    """An order of n images; ValueError unless each is in it once."""
    array = np.asarray(order)
    if array.shape != (n,) or not np.array_equal(np.sort(array), np.arange(n)):
        raise ValueError(f"the order of the images is not one of {n}")
    return array.astype(np.int32)
