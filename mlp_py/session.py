"""What the page's worker talks to: one network, its data, and the run that trains it.

Plain values and bytes come in, dicts of plain values and flat arrays go out. Nothing here knows
of JavaScript, so it can be tested, and used, anywhere.
"""

import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import drawing, kernel, model_file
from .allographs import N_ALLOGRAPHS, how_many
from .dataset import N_PIXELS, NO_IMAGES, Mnist, Split, concatenate, divide, read_split
from .kernel import normalize_rows
from .mlp import MLP, Batch
from .training import DivergedError, Epoch, LearningRate, Stopwatch, train

DTYPE = np.float32

CORRECTION_COPIES = 20  # of each corrected drawing among the training images, or thousands would drown it
MOST_CORRECTIONS = 4_000  # images, copies included
FRONT = MOST_CORRECTIONS + N_ALLOGRAPHS
"""Places before MNIST's images, for what is mixed in: so that nothing as large as those is ever copied."""


class Session:
    """A network in use. `n_epochs` counts what it has been trained for since it was made."""

    def __init__(self, hidden_size: int = 128, seed: int = 0) -> None:
        self.training_images = Split(np.zeros((FRONT, N_PIXELS), np.uint8), np.zeros(FRONT, np.uint8))
        self.allographs = NO_IMAGES
        self.held_out: Split | None = None
        self.corrections = NO_IMAGES
        self.stopwatch = Stopwatch()
        self.reset(hidden_size, seed)

    # ── The network ────────────────────────────────────────────────────────────────────────

    def reset(self, hidden_size: int, seed: int) -> None:
        """Begin again with fresh random weights."""
        self._use(MLP(hidden_size=hidden_size, rng=seed, dtype=DTYPE))

    def save(self) -> bytes:
        """The network as the content of a model file."""
        file = io.BytesIO()
        self.model.save(file)
        return file.getvalue()

    def load(self, content: bytes, n_epochs: int = 0) -> int:
        """Take the network of a model file, trained for so many epochs; returns its number of hidden units.

        ValueError says what is wrong with the file, and the network in use stays as it was.
        """
        parameters = model_file.load(io.BytesIO(content))
        inputs, hidden_size = map(int, parameters["weights1"].shape)
        outputs = int(parameters["weights2"].shape[1])
        if (inputs, outputs) != (784, 10):
            raise ValueError(
                f"this network reads {inputs} numbers and knows {outputs} classes; "
                "the page's digits are 784 pixels and 10 classes"
            )
        model = MLP(hidden_size=hidden_size, rng=n_epochs, dtype=DTYPE)
        with np.errstate(over="ignore"):
            model.set_parameters(parameters)
        model_file.check(model.parameters())  # again, as float32
        self._use(model, n_epochs)
        return hidden_size

    def _use(self, model: MLP, n_epochs: int = 0) -> None:
        self.model = model
        self.run: Iterator[Batch | Epoch | None] | None = None
        self.n_epochs = n_epochs
        self.checkpoint = {name: array.copy() for name, array in model.parameters().items()}

    # ── The data ───────────────────────────────────────────────────────────────────────────

    def set_allographs(self, images: bytes, labels: bytes) -> None:
        """Take the images to mix in when augmenting, as two IDX files."""
        self.allographs = read_split(images, labels, "the allographs")

    def add_training_images(self, images: bytes, labels: bytes) -> int:
        """Take the next part of the training set, as two IDX files; returns how many images there are now."""
        self.training_images = read_split(images, labels, "the training set", self.training_images)
        return len(self.training_images) - FRONT

    def set_held_out(self, images: bytes, labels: bytes) -> None:
        """Take the images for validation and test, as two IDX files."""
        self.held_out = read_split(images, labels, "the test set")

    def _mnist(self, n: int, augment: bool) -> Mnist:
        if self.held_out is None or len(self.training_images) - FRONT < n:
            raise ValueError("the images are not all here yet")
        allographs = self.allographs[: how_many(n) if augment else 0]
        mixed_in = concatenate([self.corrections, allographs])
        first = FRONT - len(mixed_in)
        self.training_images.images[first:FRONT] = mixed_in.images
        self.training_images.labels[first:FRONT] = mixed_in.labels
        return divide(self.training_images[first : FRONT + n - len(allographs)], self.held_out)

    # ── Training ───────────────────────────────────────────────────────────────────────────

    def start(
        self,
        epochs: int,
        batch_size: int,
        learning_rate: float,
        training_images: int,
        *,
        decay: bool = False,
        augment: bool = False,
    ) -> None:
        """Begin a run of this many epochs, from the weights as they are."""
        mnist = self._mnist(training_images, augment)
        self.epochs = epochs
        self.learning_rate = LearningRate(learning_rate, decay)
        self.first_epoch = self.n_epochs
        self.evaluating = False
        self.position = Batch(epoch=0, batch=-1, n_batches=len(mnist.train) // batch_size, loss=0.0)
        self.stopwatch.stop()
        self.run = train(
            self.model,
            mnist,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=self.learning_rate,
            augment=augment,
            clock=self.stopwatch,
        )

    def set_learning_rate(self, learning_rate: float) -> None:
        """Use this rate, or what decay leaves of it, from the next batch on."""
        self.learning_rate.start = learning_rate

    def pause(self) -> None:
        """Stop the time."""
        self.stopwatch.stop()

    def run_slice(self, seconds: float, max_batches: int | None = None) -> dict[str, Any]:
        """Train for about this long, or until an epoch, the run or max_batches ends.

        Returns
        -------
        dict
            losses : array of float32, one a batch of this slice
            epoch, batch, n_batches : where the last of them stands, counted from 1
            evaluating : whether an epoch's evaluation is still under way
            epoch_record : what is known of the epoch that has ended in this slice, or None
            finished : whether the run is over
            diverged : why training cannot go on, or None; then the weights are back to what
                they were when the last epoch ended
        """
        if self.run is None:
            raise ValueError("there is no run under way")
        self.stopwatch.start()
        deadline = time.perf_counter() + seconds
        losses: list[float] = []
        epoch_record = diverged = None
        try:
            # One clear error comes of numbers out of bounds, not a trail of NumPy's warnings.
            with np.errstate(all="ignore"):
                while epoch_record is None and (self.evaluating or max_batches is None or len(losses) < max_batches):
                    record = next(self.run)
                    if isinstance(record, Batch):
                        losses.append(record.loss)
                        self.position = record
                        self.evaluating = record.batch + 1 == record.n_batches
                    elif isinstance(record, Epoch):
                        epoch_record = self._end_epoch(record)
                    if time.perf_counter() >= deadline:
                        break
        except DivergedError as error:
            diverged = str(error)
            self.model.set_parameters(self.checkpoint)
        finished = diverged is not None or (
            epoch_record is not None and self.n_epochs - self.first_epoch == self.epochs
        )
        if finished:
            self.run = None
            self.stopwatch.stop()
        return {
            "losses": np.array(losses, np.float32),
            "epoch": self.first_epoch + self.position.epoch + 1,
            "batch": self.position.batch + 1,
            "n_batches": self.position.n_batches,
            "evaluating": self.evaluating,
            "epoch_record": epoch_record,
            "finished": finished,
            "diverged": diverged,
        }

    def _end_epoch(self, record: Epoch) -> dict[str, float]:
        self.evaluating = False
        self.n_epochs += 1
        self.checkpoint = {name: array.copy() for name, array in self.model.parameters().items()}
        return {
            "epoch": self.n_epochs,
            "training_loss": record.training_loss,
            "validation_loss": record.validation.loss,
            "validation_accuracy": record.validation.accuracy,
            "test_accuracy": record.test.accuracy,
            "seconds": record.seconds,
        }

    # ── Reading ────────────────────────────────────────────────────────────────────────────

    def read(self, points: NDArray[np.float32], lengths: NDArray[np.int32]) -> dict[str, Any] | None:
        """Read a drawing.

        Parameters
        ----------
        points : array of float32, shape (2 * number of points,): x, y, x, y, ... as shares of the pad's side
        lengths : array of int32, shape (strokes,): how many points each stroke has

        Returns
        -------
        None when there is no ink, or a dict with
            wrong : "dot" or "scribble" where this can hardly be a digit, else None
            box : array of float32, shape (4,): left, top, right, bottom as shares of the pad's side
            scaled : array of uint8, shape (784,): that box scaled to 20x20
            shift : array of float32, shape (2,): pixels that centre it by its mass
            pixels : array of uint8, shape (784,), what the network reads
            probabilities : array of float32, shape (10,)
        """
        strokes = split_strokes(points, lengths)
        made = drawing.prepare(strokes)
        if made is None:
            return None
        pixels = made.pixels.reshape(1, -1)
        probabilities = self.model.forward(normalize_rows(pixels, slice(None), self.model.dtype))
        return {
            "wrong": drawing.what_is_wrong(strokes),
            "box": made.box.astype(np.float32).ravel(),
            "scaled": made.scaled.ravel(),
            "shift": made.shift.astype(np.float32),
            "pixels": pixels[0],
            "probabilities": probabilities[0],
        }

    # ── Corrections ────────────────────────────────────────────────────────────────────────

    def set_corrections(
        self,
        points: NDArray[np.float32],
        lengths: NDArray[np.int32],
        strokes: NDArray[np.int32],
        labels: NDArray[np.uint8],
    ) -> int:
        """Mix these drawings into the training images of the next run; returns how many images they come to.

        Parameters
        ----------
        points, lengths : as for read(), those of all drawings one after the other
        strokes : array of int32, shape (drawings,): how many strokes each has
        labels : array of uint8, shape (drawings,): the digits that they are
        """
        all_strokes = split_strokes(points, lengths)
        ends = np.cumsum(strokes)
        pictures = [drawing.to_mnist(all_strokes[end - n : end]) for end, n in zip(ends, strokes, strict=True)]
        kept = [(picture, label) for picture, label in zip(pictures, labels, strict=True) if picture is not None]
        kept = kept[-MOST_CORRECTIONS:]
        n_copies = min(CORRECTION_COPIES, MOST_CORRECTIONS // max(len(kept), 1))
        images = np.array([picture for picture, _ in kept], np.uint8).reshape(-1, N_PIXELS)
        one_each = Split(images, np.array([label for _, label in kept], np.uint8))
        self.corrections = concatenate([one_each] * n_copies)
        return len(self.corrections)

    # ── About itself ───────────────────────────────────────────────────────────────────────

    def about(self) -> dict[str, str]:
        """Which matrix product runs, and which NumPy."""
        return {"backend": kernel.backend(), "numpy": np.__version__}


def split_strokes(points: NDArray[np.float32], lengths: NDArray[np.int32]) -> list[NDArray[np.float32]]:
    """Flat x, y, x, y, ... as one array of shape (points, 2) for each stroke."""
    return np.split(np.asarray(points).reshape(-1, 2), np.cumsum(lengths)[:-1])
