"""What the page's worker talks to: one network in use, the images, and the run that trains it.

Plain values and bytes come in, dicts of plain values and flat arrays go out. Nothing here knows
of JavaScript, so it can be tested, and used, anywhere.
"""

import gc
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple, TypedDict

import numpy as np

from . import checks, kernel, model_file, network_code, random_numbers
from .calibration import TEMPERATURE
from .checks import Labels
from .deadline import EndlessError, Watchdog, watch
from .failure import failure_of
from .fast import FastMLP
from .image_pool import ImagePool
from .kernel import FloatArray
from .mlp import MLP
from .printing import Printed
from .reading import Reading
from .run import Done, Run, Settings, Slice
from .snapshots import Snapshots
from .trace import readable_copy
from .view import View
from .workbench import Workbench

DTYPE = np.float32
MOST_HIDDEN_UNITS = 1_024  # of a network that the page's settings allow
LARGEST = 32_000_000  # bytes of a loaded network's arrays; of so many units they have 6.5 million in float64


class NetworkSettings(TypedDict):
    """What a network of random weights is made with."""

    hidden_size: int
    seed: int


class AllSettings(NetworkSettings, Settings):
    """The page's settings."""


@dataclass
class Network:
    """The network in use.

    origin : "random" or "file"
    seed : of its weights, or of the random numbers that it is trained with
    n_epochs : how many it has been trained for since it was made
    is_touched : whether a run has begun to train it
    snapshots : its weights as they were made, or came, and when each epoch ended
    """

    model: MLP
    origin: str
    seed: int
    n_epochs: int = 0
    is_touched: bool = False
    snapshots: Snapshots = field(init=False)

    def __post_init__(self) -> None:
        self.snapshots = Snapshots(self.n_epochs, model_file.parameters(self.model))

    def keep(self) -> None:
        """Keep the weights as they are now, to go back to."""
        self.snapshots.keep(self.n_epochs, model_file.parameters(self.model))

    @property
    def hidden_size(self) -> int:
        """The number of hidden units."""
        return int(self.model.weights1.shape[1])


class SingleBatch(NamedTuple):
    """One that has been learned from alone: the network as it was before, the batch, and the learning rate."""

    model: MLP
    X: FloatArray
    y: Labels
    learning_rate: float


class Session:
    """A network in use, what it learns from, and the run under way.

    Parameters
    ----------
    hidden_size, seed : of the network to begin with
    source : the text of another mlp.py; None for the package's own
    """

    def __init__(self, hidden_size: int = 128, seed: int = 0, source: str | None = None) -> None:
        self.images = ImagePool()
        self.printed = Printed()
        self.network_class: type[MLP] = FastMLP if source is None else network_code.network_class(source)
        self.run: Run | None = None
        self.last_run: Run | None = None
        self.step: SingleBatch | None = None
        self.starter: MLP | None = None
        self.watchdog: Watchdog | None = None
        self.temperature = TEMPERATURE
        self.reading = Reading(self)
        self.view = View(self)
        self.workbench = Workbench()
        self.reset(hidden_size, seed)

    def watch(self, alive: Callable[[], object], hung: Callable[[int], object]) -> None:
        """Stop changed code that does not come to an end, from now on, as deadline.watch() does."""
        self.watchdog = watch(alive, hung)

    def answer(self, request: str, *arguments: Any) -> dict[str, Any]:
        """Call a method of this name, such as "read" or "images.set_held_out"; what goes wrong is data, too.

        Returns {"result": …} or {"failure": …}, the latter as failure.Failure has it; and what was printed meanwhile,
        if anything was: "printed", text.
        """
        answer: dict[str, Any]
        may_be_full = False
        try:
            with np.errstate(all="ignore"), redirect_stdout(self.printed):
                answer = {"result": attrgetter(request)(self)(*arguments)}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # Arguments for which there was no room when they were copied leave that to the first call that is made.
            if isinstance(error, SystemError) and _is_of_this_function(error):
                raise MemoryError("there was no room for what was asked") from error
            answer = {"failure": failure_of(error)}
            may_be_full = isinstance(error, MemoryError | EndlessError)
        if self.watchdog:
            self.watchdog.rest()
        if may_be_full:
            gc.collect()  # what fills it may hang together in a ring, as a module and its functions do
        printed = self.printed.take()
        return answer | {"printed": printed} if printed else answer

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
            "code": "mine" if self.network_class_is_changed else "shipped",
        }

    @property
    def network_class_is_changed(self) -> bool:
        """Whether networks are made by another text than the package's own."""
        return self.network_class is not FastMLP

    def fresh_model(self, hidden_size: int, seed: int) -> MLP:
        """A network of random weights, made by the code in use."""
        return self.network_class(hidden_size=hidden_size, rng=seed, dtype=DTYPE)

    def reset(self, hidden_size: int, seed: int) -> dict[str, Any]:
        """Begin again with fresh random weights."""
        checks.network(hidden_size, seed, MOST_HIDDEN_UNITS)
        return self._use(Network(self.fresh_model(hidden_size, seed), "random", seed))

    def set_starter(self, content: bytes, temperature: float = TEMPERATURE) -> None:
        """Take the network that came with the page, as a model file: it reads, and is never trained.

        temperature : of its answers, as calibration.temperature() finds it
        """
        parameters, _ = model_file.read(io.BytesIO(content))
        model_file.check_is_for_digits(parameters)
        self.starter = FastMLP(hidden_size=parameters["weights1"].shape[1], rng=0, dtype=DTYPE)
        model_file.set_parameters(self.starter, parameters)
        self.temperature = temperature

    def load(self, content: bytes, seed: int) -> dict[str, Any]:
        """Take the network of a model file, which `seed` orders the training of.

        ValueError says what is wrong with the file, and the network in use stays as it was.
        """
        return self._load(content, seed, "file", 0)

    def take_up(
        self, content: bytes, seed: int, origin: str, n_epochs: int, random: str | None, source: str | None = None
    ) -> dict[str, Any]:
        """Go on with a network that this or another session had, as its checkpoint() kept it.

        Parameters
        ----------
        source : the text of the mlp.py that made it; None for the package's own

        Returns
        -------
        in_use(), and `exactly`: whether its random numbers go on as well. ValueError as in load(), or whatever is wrong
        with the text; then all stays as it was.
        """
        network_class = FastMLP if source is None else network_code.network_class(source)
        generator = None if random is None or network_class is not FastMLP else random_numbers.restored(random)
        before, self.network_class = self.network_class, network_class
        try:
            in_use = self._load(content, seed, origin, n_epochs)
        except BaseException:
            self.network_class = before
            raise
        if generator is not None:
            self.network.model.rng = generator
        return in_use | {"exactly": generator is not None}

    def checkpoint(self) -> dict[str, Any]:
        """All that another session needs to go on as this one would.

        bytes : the network as the content of a model file
        random : the state of its random numbers, as random_numbers.kept(); None where changed code has others
        order : array of int32, shape (training images,), that the run has them in; None where that is not known
        """
        order = self.last_run.order() if self.last_run else None
        return {"bytes": self.save(), "random": random_numbers.kept(self.network.model), "order": order}

    def _load(self, content: bytes, seed: int, origin: str, n_epochs: int) -> dict[str, Any]:
        parameters, notes = model_file.read(io.BytesIO(content), LARGEST)
        model_file.check_is_for_digits(parameters)
        hidden_size = parameters["weights1"].shape[1]
        if hidden_size > MOST_HIDDEN_UNITS:
            raise ValueError(
                f"this network has {hidden_size:,} hidden units; the page takes up to {MOST_HIDDEN_UNITS:,}"
            )
        model = self.fresh_model(hidden_size, 0)
        with np.errstate(over="ignore"):
            model_file.set_parameters(model, parameters)
        model_file.check(model_file.parameters(model))  # again, as float32
        # Of the same seed, but not the numbers that the epochs before were trained with.
        model.rng = np.random.default_rng([seed, n_epochs] if n_epochs else seed)
        return self._use(Network(model, origin, seed, n_epochs, is_touched=n_epochs > 0)) | {"notes": notes}

    def use_source(self, text: str) -> dict[str, Any]:
        """From now on make networks by the text of another mlp.py, and begin again with one.

        What works, but not as in the notes, comes along: `unlike`, an exercises.Unlike as a dict, or None. Raises
        whatever is wrong with the text; then all stays as it was.
        """
        from . import exercises  # not before somebody wants them: they would delay the start

        network_class = network_code.network_class(text)
        unlike = exercises.unlike(network_class) if network_class is not FastMLP else None
        network = self.network
        model = network_class(hidden_size=network.hidden_size, rng=network.seed, dtype=DTYPE)
        self.network_class = network_class
        return self._use(Network(model, "random", network.seed)) | {"unlike": unlike and unlike._asdict()}

    def save(self) -> bytes:
        """The network as the content of a model file."""
        return model_file.content(model_file.parameters(self.network.model))

    def _use(self, network: Network) -> dict[str, Any]:
        self.network = network
        self.run = self.last_run = self.step = None
        return self.in_use()

    # ── Training ───────────────────────────────────────────────────────────────────────────

    def begin(
        self, run_id: int, settings: AllSettings, corrections: dict[str, Any] | None, done: Done | None = None
    ) -> dict[str, Any]:
        """Begin a run from the weights as they are, or from fresh ones where nobody has trained them.

        Parameters
        ----------
        corrections : drawings to mix in, as ImagePool.set_corrections() takes them
        done : what was done of this run before, by another session; it goes on from there
        """
        checks.network(settings["hidden_size"], settings["seed"], MOST_HIDDEN_UNITS)
        checks.run(settings["training_images"], settings["epochs"], settings["batch_size"], settings["learning_rate"])
        self.take_corrections(corrections)
        mnist = self.images.mnist(settings["training_images"], bool(settings["augment"]))
        network = self.network
        differs = (network.hidden_size, network.seed) != (settings["hidden_size"], settings["seed"])
        if network.origin == "random" and not network.is_touched and differs:
            self.reset(settings["hidden_size"], settings["seed"])
        self.seed_run(self.network.model, settings["seed"])
        self.run = self.last_run = Run(run_id, self.network.model, mnist, settings, self.network.n_epochs, done)
        self.network.is_touched = True
        own = self.images.own
        return self.in_use() | {"corrections": len(self.images.corrections if own is None else own)}

    def seed_run(self, model: MLP, seed: int) -> None:
        """Let the seed order the first run of a network that came from a file."""
        network = self.network
        if network.origin == "file" and not network.is_touched and not network.n_epochs:
            if model is network.model:  # and not a copy of it, to be looked at
                network.seed = seed
            model.rng = np.random.default_rng(seed)

    def take_corrections(self, corrections: dict[str, Any] | None) -> None:
        """Mix these drawings into the next run, as ImagePool.set_corrections() takes them."""
        if corrections is None:
            self.images.forget_corrections()
        else:
            self.images.set_corrections(**corrections)

    def is_under_way(self, run_id: int) -> bool:
        """Whether this run is the one that can go on."""
        return self._going(run_id) is not None

    def _going(self, run_id: int) -> Run | None:
        return self.run if self.run is not None and self.run.id == run_id else None

    def pause(self, run_id: int) -> bool:
        """Stop the run's time; returns whether it is under way."""
        if run := self._going(run_id):
            run.stopwatch.stop()
        return run is not None

    def set_learning_rate(self, run_id: int, learning_rate: float) -> bool:
        """Use this rate, or what decay leaves of it, from the next batch on; returns whether the run is under way."""
        checks.rate(learning_rate)
        if run := self._going(run_id):
            run.learning_rate.start = learning_rate
        return run is not None

    def run_slice(self, run_id: int, seconds: float, max_batches: int | None = None) -> Slice | None:
        """Train for about this long; None where this run is not, or no longer, under way.

        Where training cannot go on, the weights are back to what they were when the last epoch
        ended.
        """
        if (run := self._going(run_id)) is None:
            return None
        before, rate = readable_copy(self.network.model) if max_batches == 1 else None, run.rate()
        result = run.slice(seconds, max_batches)
        if len(result["losses"]):
            batch = run.last_batch()
            self.step = SingleBatch(before, *batch, rate) if before is not None and batch is not None else None
        self.network.n_epochs = run.n_epochs
        if result["failure"]:
            self._go_back()
        elif result["epoch_record"]:
            self.network.keep()
        if result["finished"]:
            self.run = None
        return result

    def learning_rate(self, settings: AllSettings) -> float:
        """The learning rate of the batch to look at: that of the last step, of the run under way, or of the next."""
        if self.step is not None:
            return self.step.learning_rate
        return self.run.rate() if self.run else settings["learning_rate"]

    def _go_back(self) -> None:
        network = self.network
        if network.n_epochs == 0 and network.origin == "random":
            # Made anew, so that its random numbers, too, are those of its seed.
            self.reset(network.hidden_size, network.seed)
        else:
            model_file.set_parameters(network.model, network.snapshots.last)
            self.step = None
            network.is_touched = network.n_epochs > 0

    # ── About itself ───────────────────────────────────────────────────────────────────────

    def about(self) -> dict[str, str]:
        """Which matrix product runs, and which NumPy."""
        return {"backend": kernel.backend(), "numpy": np.__version__}


def _is_of_this_function(error: BaseException) -> bool:
    """Whether it was raised by the very function that catches it, and not by one that it has called."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None
