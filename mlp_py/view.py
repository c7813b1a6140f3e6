"""What can be looked at in a session, without touching what is being trained."""

import copy
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from .alteration import Alteration
from .dataset import N_PIXELS, Split
from .evaluation import STEP
from .kernel import FloatArray
from .listing import methods
from .mlp import MLP
from .network_code import shipped, source_of
from .reading import floats
from .run import Run
from .trace import trace

if TYPE_CHECKING:
    from .session import AllSettings, Session

N_CHECKED = 3  # images; the differences of each weight need two readings of all of them
N_BY_HEART = 20
N_STRONGEST = 12  # test images that a hidden unit is shown with
N_BINS = 40


class Array(TypedDict):
    """An array, flat, as the page gets it."""

    shape: list[int]
    data: NDArray[Any]


class View:
    """Looks at a session's networks and images.

    `reader` says which network is looked at, as Reading has it.
    """

    def __init__(self, session: "Session") -> None:
        self.session = session

    # ── A network ──────────────────────────────────────────────────────────────────────────

    def weights(self, reader: str) -> dict[str, Any]:
        """The weights as pictures.

        Returns
        -------
        dict with
            hidden_size
            tiles : array of int8, shape (hidden_size * 784,): each unit's weights, its largest being 127 or -127
            outgoing : array of float32, shape (hidden_size * 10,)
        """
        model = self.session.reading.network(reader)
        largest = np.maximum(np.abs(model.weights1).max(axis=0, keepdims=True), 1e-12)
        return {
            "hidden_size": int(model.weights1.shape[1]),
            "tiles": np.rint(model.weights1 * (127 / largest)).astype(np.int8).T.ravel(),
            "outgoing": model.weights2.astype(np.float32).ravel(),
        }

    def unit(self, index: int, pixels: NDArray[np.uint8] | None, reader: str) -> dict[str, Any]:
        """One hidden unit: what it makes of an image, or of none, and which test images excite it most.

        Returns
        -------
        dict with
            weights, products : arrays of float32, shape (784,): its weights, and each times its pixel
            bias, sum, output : sum is that of the products and the bias; output is what ReLU leaves of it
            outgoing, given : arrays of float32, shape (10,): its weights to the answers, and each times the output
            strongest : array of uint8, shape (k * 784,), the test images that excite it most, the first most of all
            labels, activations : arrays of shape (k,)
        """
        model = self.session.reading.network(reader)
        if not 0 <= index < model.weights1.shape[1]:
            raise ValueError(f"there is no hidden unit {index}; they go from 0 to {model.weights1.shape[1] - 1}")
        weights = model.weights1[:, index]
        image = floats(np.zeros(N_PIXELS, np.uint8) if pixels is None else pixels, model)[0]
        products, bias = weights * image, model.biases1[0, index]
        total = products.sum() + bias
        output = model.relu(np.array([[total]], model.weights1.dtype))[0, 0]
        return {
            "weights": weights.astype(np.float32),
            "products": products.astype(np.float32),
            "bias": float(bias),
            "sum": float(total),
            "output": float(output),
            "outgoing": model.weights2[index].astype(np.float32),
            "given": (output * model.weights2[index]).astype(np.float32),
        } | self._strongest(model, index)

    def _strongest(self, model: MLP, index: int) -> dict[str, NDArray[Any]]:
        if not self.session.images.are_held_out_here and self.session.last_run is None:
            return {"strongest": np.zeros(0, np.uint8), "labels": np.zeros(0, np.uint8), "activations": np.zeros(0)}
        test = self._test()
        images, column = test.normalized(model.weights1.dtype), model.weights1[:, [index]]
        sums = np.concatenate([images[rows] @ column for rows in _pieces(len(test))])[:, 0] + model.biases1[0, index]
        best = np.argsort(-sums, kind="stable")[:N_STRONGEST]
        best = best[sums[best] > 0]
        return {
            "strongest": test.images[best].ravel(),
            "labels": test.labels[best],
            "activations": sums[best].astype(np.float32),
        }

    # ── The test images ────────────────────────────────────────────────────────────────────

    def _test(self) -> Split:
        """What the last run's network is judged by; MNIST's where there was none."""
        run = self.session.last_run
        return run.mnist.test if run is not None else self.session.images.test()

    def results(self, reader: str) -> dict[str, Any]:
        """How each of the n test images is read.

        Returns
        -------
        dict with
            labels : array of uint8, shape (n,)
            probabilities : array of float32, shape (10 n,)
            losses : array of float32, shape (n,), nats
            active : array of float32, shape (hidden units,): the share of the images that each fires for
            weights1, weights2, layer1_output : histograms, arrays of float32, shape (N_BINS + 2,): lowest and highest
                value, then how many lie in each of as many equal parts
            is_broken : bool, whether the network was altered when it read them
        """
        model = self.session.reading.network(reader)
        test = self._test()
        images = test.normalized(model.weights1.dtype)
        probabilities, hidden = [], []
        for rows in _pieces(len(test)):
            probabilities.append(model.forward(images[rows]).copy())
            hidden.append(getattr(model, "layer1_output", probabilities[-1]).copy())
        output, outputs = np.concatenate(probabilities), np.concatenate(hidden)
        own = output[np.arange(len(test)), test.labels]
        return {
            "labels": test.labels,
            "probabilities": output.astype(np.float32).ravel(),
            "losses": -np.log(own + 1e-7).astype(np.float32),
            "active": (outputs > 0).mean(axis=0, dtype=np.float32),
            "weights1": _histogram(model.weights1),
            "weights2": _histogram(model.weights2),
            "layer1_output": _histogram(outputs[outputs > 0]),
            "is_broken": self.session.reading.alteration != Alteration(),
        }

    def test_images(self, indices: NDArray[np.int32]) -> NDArray[np.uint8]:
        """The pixels of these test images, shape (784 n,)."""
        return self._test().images[indices].ravel()

    def test_digit(self, digit: int | None, share: float) -> dict[str, Any]:
        """One of MNIST's test images, of this digit, or of any.

        Parameters
        ----------
        digit : 0 to 9, or None for any
        share : 0 to below 1: how far behind the first of them it is, of all

        Returns
        -------
        dict with label, int, and pixels, array of uint8, shape (784,)
        """
        test = self.session.images.test()
        rows = np.arange(len(test)) if digit is None else np.flatnonzero(test.labels == digit)
        row = rows[int(share * len(rows))]
        return {"label": int(test.labels[row]), "pixels": test.images[row]}

    # ── The phases ─────────────────────────────────────────────────────────────────────────

    def code(self) -> dict[str, Any]:
        """The code that runs, text and methods as listing.methods() cuts them, and the text of the shipped one."""
        text = source_of(self.session.network_class) or ""
        return {
            "text": text,
            "shipped": shipped(),
            "methods": [
                {
                    "name": method.name,
                    "phase": method.phase,
                    "lines": [line._asdict() | {"words": [list(word) for word in line.words]} for line in method.lines],
                }
                for method in methods(text)
            ],
        }

    def trace(
        self,
        kind: str,
        settings: "AllSettings",
        corrections: dict[str, Any] | None = None,
        pixels: NDArray[np.uint8] | None = None,
        label: int | None = None,
    ) -> dict[str, Any]:
        """Run the phases on the batch in hand, on its first image, or on an image, 784 pixels, and its label.

        Parameters
        ----------
        kind : "batch", "first" or "image"
        settings, corrections : those that training would begin with, which say what its first batch is

        Returns
        -------
        dict with
            arrays : by name, as trace.Trace has them, each as Array
            steps : of each line that made any its number, its phase and their names
            when : "first" (the batch that training begins with), "last" (the one it has just learned from), "again"
                (that one, read by the network as it is now), or "image"
            learning_rate
        """
        if kind == "image":
            model = self.session.network.model
            X, y, when = floats(np.asarray(pixels), model), np.array([label]), "image"
        else:
            model, X, y, when = self._batch(settings, corrections)
            if kind == "first":
                X, y, when = X[:1], y[:1], "image"
        learning_rate = self.session.learning_rate(settings)
        traced = trace(model, X, np.asarray(y, np.int64), learning_rate)
        return {
            "arrays": {name: _array(array) for name, array in traced.arrays.items()},
            "steps": [[line, phase, list(arrays)] for line, phase, arrays in traced.steps],
            "when": when,
            "learning_rate": learning_rate,
        }

    def _batch(
        self, settings: "AllSettings", corrections: dict[str, Any] | None
    ) -> tuple[MLP, FloatArray, NDArray[Any], str]:
        session = self.session
        if session.step is not None:
            return session.step.model, session.step.X, session.step.y, "last"
        run = session.run or session.last_run
        if run is not None and (batch := run.last_batch()) is not None:
            return session.network.model, *batch, "again"
        # Training itself says which comes first, and how it is distorted: that of a copy, which is then thrown away.
        model = copy.deepcopy(session.network.model)
        if session.run is not None:  # begun, and waiting for its first slice: its images are mixed already
            trial = Run(0, model, session.run.mnist, session.run.settings, 0)
        else:
            session.take_corrections(corrections)
            session.seed_run(model, settings["seed"])
            mnist = session.images.mnist(settings["training_images"], bool(settings["augment"]))
            trial = Run(0, model, mnist, settings, 0)
        failure = trial.slice(0, 1)["failure"]
        batch = trial.last_batch()
        if batch is None:
            raise ValueError(failure["message"] if failure else "training took no batch")
        return session.network.model, *batch, "first"

    # ── Is it right? ───────────────────────────────────────────────────────────────────────

    def gradient_check(self, settings: "AllSettings", corrections: dict[str, Any] | None = None) -> dict[str, Any]:
        """Compare backward() with differences of the loss, on a few images of the batch in hand."""
        from .gradient_check import gradient_check  # not before somebody wants it: it would delay the start

        model, X, y, _ = self._batch(settings, corrections)
        return gradient_check(model, X[:N_CHECKED], np.asarray(y[:N_CHECKED], np.int64)).plain()

    def sanity(self, settings: "AllSettings", corrections: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """What ought to be so for any network that learns: three checks, each a name, a number and a verdict."""
        from .sanity import first_loss, learns_by_heart, update_size  # nor these

        model, X, y, _ = self._batch(settings, corrections)
        images = self.session.images.first(N_BY_HEART)
        few = floats(images.images, model), np.asarray(images.labels, np.int64)
        network_class, network = self.session.network_class, self.session.network
        return [
            first_loss(network_class, *few, network.hidden_size, network.seed).plain(),
            learns_by_heart(network_class, *few, network.hidden_size, network.seed).plain(),
            update_size(model, X, np.asarray(y, np.int64), self.session.learning_rate(settings)).plain(),
        ]


def _pieces(n: int) -> list[slice]:
    return [slice(start, start + STEP) for start in range(0, n, STEP)]


def _histogram(values: FloatArray) -> NDArray[np.float32]:
    counts, edges = np.histogram(values, N_BINS)
    return np.concatenate([edges[[0, -1]], counts]).astype(np.float32)


def _array(array: NDArray[Any]) -> Array:
    dtype = np.float32 if array.dtype.kind == "f" else np.int32
    return {"shape": list(array.shape), "data": np.ascontiguousarray(array, dtype).reshape(-1)}
