"""What the page's worker talks to: one network in use, the images, and the run that trains it.

Plain values and bytes come in, dicts of plain values and flat arrays go out. Nothing here knows
of JavaScript, so it can be tested, and used, anywhere.
"""

import copy
import io
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from . import drawing, kernel, model_file, network_code
from .dataset import N_PIXELS
from .evaluation import evaluate
from .failure import failure_of
from .fast import FastMLP
from .image_pool import ImagePool, split_strokes
from .kernel import FloatArray, normalize_rows
from .mlp import MLP
from .run import Run, Settings, Slice
from .trace import trace

DTYPE = np.float32
MOST_HIDDEN_UNITS = 1_024  # of a network that the page's settings allow


class NetworkSettings(TypedDict):
    """What a network of random weights is made with."""

    hidden_size: int
    seed: int


class AllSettings(NetworkSettings, Settings):
    """The page's settings."""


@dataclass
class Network:
    """The network in use.

    origin : "random", "starter" (the model that comes with the page) or "file" (the visitor's)
    seed : of its weights, or of the random numbers that it is trained with
    n_epochs : how many it has been trained for since it was made
    is_touched : whether a run has begun to train it
    """

    model: MLP
    origin: str
    seed: int
    n_epochs: int = 0
    is_touched: bool = False
    checkpoint: dict[str, FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        self.keep()

    def keep(self) -> None:
        """Keep the weights as they are now, to go back to."""
        self.checkpoint = {name: array.copy() for name, array in model_file.parameters(self.model).items()}

    @property
    def hidden_size(self) -> int:
        """The number of hidden units."""
        return int(self.model.weights1.shape[1])


class Session:
    """A network in use, what it learns from, and the run under way.

    Parameters
    ----------
    hidden_size, seed : of the network to begin with
    source : the text of another mlp.py; None for the package's own
    """

    def __init__(self, hidden_size: int = 128, seed: int = 0, source: str | None = None) -> None:
        self.images = ImagePool()
        self.network_class: type[MLP] = FastMLP if source is None else network_code.network_class(source)
        self.run: Run | None = None
        self.reset(hidden_size, seed)

    def answer(self, request: str, *arguments: Any) -> dict[str, Any]:
        """Call a method of this name, such as "read" or "images.set_held_out"; what goes wrong is data, too.

        Returns {"result": …} or {"failure": …}, the latter as failure.Failure has it.
        """
        try:
            with np.errstate(all="ignore"):
                return {"result": attrgetter(request)(self)(*arguments)}
        except Exception as error:  # noqa: BLE001 - this is where exceptions end
            return {"failure": failure_of(error)}

    # ── The network ────────────────────────────────────────────────────────────────────────

    def in_use(self) -> dict[str, Any]:
        """What is in use now: the one truth, of which the page keeps a copy."""
        network = self.network
        return {
            "origin": network.origin,
            "hidden_size": network.hidden_size,
            "seed": network.seed,
            "epochs": network.n_epochs,
            "touched": network.is_touched,
            "code": "shipped" if self.network_class is FastMLP else "mine",
        }

    def reset(self, hidden_size: int, seed: int) -> dict[str, Any]:
        """Begin again with fresh random weights."""
        model = self.network_class(hidden_size=hidden_size, rng=seed, dtype=DTYPE)
        return self._use(Network(model, "random", seed))

    def load(self, content: bytes, origin: str, seed: int, n_epochs: int = 0) -> dict[str, Any]:
        """Take the network of a model file, trained for so many epochs.

        ValueError says what is wrong with the file, and the network in use stays as it was.
        """
        parameters, notes = model_file.read(io.BytesIO(content))
        model_file.check_is_for_digits(parameters)
        hidden_size = parameters["weights1"].shape[1]
        if hidden_size > MOST_HIDDEN_UNITS:
            raise ValueError(
                f"this network has {hidden_size:,} hidden units; the page takes up to {MOST_HIDDEN_UNITS:,}"
            )
        model = self.network_class(hidden_size=hidden_size, rng=0, dtype=DTYPE)
        with np.errstate(over="ignore"):
            model_file.set_parameters(model, parameters)
        model_file.check(model_file.parameters(model))  # again, as float32
        # Of the same seed, but not the numbers that the epochs before were trained with.
        model.rng = np.random.default_rng([seed, n_epochs] if n_epochs else seed)
        return self._use(Network(model, origin, seed, n_epochs, is_touched=n_epochs > 0)) | {"notes": notes}

    def use_source(self, text: str) -> dict[str, Any]:
        """From now on make networks by the text of another mlp.py, and begin again with one.

        Raises whatever is wrong with the text; then all stays as it was.
        """
        network_class = network_code.network_class(text)
        network = self.network
        model = network_class(hidden_size=network.hidden_size, rng=network.seed, dtype=DTYPE)
        self.network_class = network_class
        return self._use(Network(model, "random", network.seed))

    def save(self) -> bytes:
        """The network as the content of a model file."""
        file = io.BytesIO()
        self.network.model.save(file)
        return file.getvalue()

    def _use(self, network: Network) -> dict[str, Any]:
        self.network = network
        self.run = None
        return self.in_use()

    # ── Training ───────────────────────────────────────────────────────────────────────────

    def begin(self, run_id: int, settings: AllSettings, corrections: dict[str, Any] | None) -> dict[str, Any]:
        """Begin a run from the weights as they are, or from fresh ones where nobody has trained them.

        Parameters
        ----------
        corrections : drawings to mix in, as ImagePool.set_corrections() takes them
        """
        self._take_corrections(corrections)
        mnist = self.images.mnist(settings["training_images"], bool(settings["augment"]))
        network = self.network
        differs = (network.hidden_size, network.seed) != (settings["hidden_size"], settings["seed"])
        if network.origin == "starter" or (network.origin == "random" and not network.is_touched and differs):
            self.reset(settings["hidden_size"], settings["seed"])
        elif network.origin == "file" and not network.is_touched and not network.n_epochs:
            network.seed = settings["seed"]
            network.model.rng = np.random.default_rng(network.seed)
        self.run = Run(run_id, self.network.model, mnist, settings, self.network.n_epochs)
        self.network.is_touched = True
        return self.in_use() | {"corrections": len(self.images.corrections)}

    def _take_corrections(self, corrections: dict[str, Any] | None) -> None:
        if corrections is None:
            self.images.forget_corrections()
        else:
            self.images.set_corrections(**corrections)

    def is_under_way(self, run_id: int) -> bool:
        """Whether this run is the one that can go on."""
        return self.run is not None and self.run.id == run_id

    def pause(self, run_id: int) -> bool:
        """Stop the run's time; returns whether it is under way."""
        if self.run is not None and self.run.id == run_id:
            self.run.stopwatch.stop()
        return self.is_under_way(run_id)

    def set_learning_rate(self, run_id: int, learning_rate: float) -> bool:
        """Use this rate, or what decay leaves of it, from the next batch on; returns whether the run is under way."""
        if self.run is not None and self.run.id == run_id:
            self.run.learning_rate.start = learning_rate
        return self.is_under_way(run_id)

    def run_slice(self, run_id: int, seconds: float, max_batches: int | None = None) -> Slice | None:
        """Train for about this long; None where this run is not, or no longer, under way.

        Where training cannot go on, the weights are back to what they were when the last epoch
        ended.
        """
        if self.run is None or self.run.id != run_id:
            return None
        result = self.run.slice(seconds, max_batches)
        self.network.n_epochs = self.run.n_epochs
        if result["failure"]:
            self._go_back()
        elif result["epoch_record"]:
            self.network.keep()
        if result["finished"]:
            self.run = None
        return result

    def _go_back(self) -> None:
        network = self.network
        if network.n_epochs == 0 and network.origin == "random":
            # Made anew, so that its random numbers, too, are those of its seed.
            self.reset(network.hidden_size, network.seed)
        else:
            model_file.set_parameters(network.model, network.checkpoint)
            network.is_touched = network.n_epochs > 0

    # ── Looking at it, without touching what is being trained ──────────────────────────────

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
        reader = copy.copy(self.network.model)  # the same weights; what forward() leaves behind is left here
        probabilities = reader.forward(normalize_rows(pixels, slice(None), reader.weights1.dtype))
        return {
            "wrong": drawing.what_is_wrong(strokes),
            "box": made.box.astype(np.float32).ravel(),
            "scaled": made.scaled.ravel(),
            "shift": made.shift.astype(np.float32),
            "pixels": pixels[0],
            "probabilities": probabilities[0],
        }

    def confusion(self) -> NDArray[np.int32]:
        """How the test images are read now: array of int32, shape (100,), rows of true digits, columns of read ones."""
        return evaluate(self.network.model, self.images.test()).confusion.astype(np.int32).ravel()

    def trace(
        self, pixels: NDArray[np.uint8], labels: NDArray[np.uint8], learning_rate: float = 0.01
    ) -> dict[str, NDArray[Any]]:
        """Run the phases on these images, 784 pixels each, and their labels; every array by its name."""
        images = normalize_rows(
            np.asarray(pixels).reshape(-1, N_PIXELS), slice(None), self.network.model.weights1.dtype
        )
        return trace(self.network.model, images, np.asarray(labels), learning_rate)

    # ── About itself ───────────────────────────────────────────────────────────────────────

    def about(self) -> dict[str, str]:
        """Which matrix product runs, and which NumPy."""
        return {"backend": kernel.backend(), "numpy": np.__version__}
