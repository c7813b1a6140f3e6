"""Three checks that find a mistake before hours of training do: first loss, learning by heart, size of the update."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from .checks import Labels
from .kernel import FloatArray
from .mlp import MLP
from .trace import readable_copy

N_BY_HEART = 20
MAX_STEPS = 500


@dataclass(frozen=True)
class SanityCheck:
    """What a check found: `value`, and in words what was expected of it."""

    name: str
    value: float
    expected: str
    ok: bool

    def plain(self) -> dict[str, str | float | bool]:
        """The same as a dict."""
        return asdict(self)


def first_loss(network_class: type[MLP], X: FloatArray, y: Labels, hidden_size: int, seed: int) -> SanityCheck:
    """Loss of a network that knows nothing: about that of a blind guess, ln 10.

    Parameters
    ----------
    X : array of float, shape (n, inputs), pixels from 0 to 1
    y : array of int, shape (n,)
    """
    model = _fresh(network_class, X, hidden_size, seed)
    with np.errstate(all="ignore"):
        loss = float(model.calculate_loss(y, model.forward(X)))
    blind = math.log(model.biases2.shape[1])
    # He initialization keeps the size of the signal, so the logits are not zero but of about unit size, and less with
    # images that are mostly paper. Logits drawn at random add half their variance to the loss: up to about 0.5.
    return SanityCheck("first loss", loss, f"{blind:.3f} ± 0.5", abs(loss - blind) <= 0.5)


def learns_by_heart(network_class: type[MLP], X: FloatArray, y: Labels, hidden_size: int, seed: int) -> SanityCheck:
    """Steps that a fresh network needs to learn twenty images by heart, all of them in each step; 500 at most.

    Parameters
    ----------
    X : array of float, shape (n, inputs), pixels from 0 to 1; the first twenty are used
    y : array of int, shape (n,)
    """
    X, y = X[:N_BY_HEART], y[:N_BY_HEART]
    model = _fresh(network_class, X, hidden_size, seed)
    n_steps, is_learned = 0, False
    with np.errstate(all="ignore"):  # a network that diverges does not learn them, and that is all there is to say
        while not (is_learned := _knows(model, X, y)) and n_steps < MAX_STEPS and _is_finite(model):
            model.backward(X, y, 0.01)
            n_steps += 1
    return SanityCheck(
        "learns by heart", n_steps, f"all {len(y)} right and a loss under 0.1 within {MAX_STEPS} steps", is_learned
    )


def update_size(model: MLP, X: FloatArray, y: Labels, learning_rate: float) -> SanityCheck:
    """How far a step moves weights1, relative to their size; on a copy.

    About a thousandth is the rule of thumb of A. Karpathy's notes for CS231n, "Ratio of weights:updates": much less
    learns slowly, much more may diverge. The notes' gradients are summed, not averaged, and so their steps are larger:
    with their settings, on MNIST, the first batches were seen to move the weights by 0.03 to 0.07, those of the third
    epoch by 0.004. Hence up to a tenth passes.

    Parameters
    ----------
    X : array of float, shape (batch, inputs), pixels from 0 to 1
    y : array of int, shape (batch,)
    learning_rate : float, greater than 0
    """
    own = readable_copy(model)
    own.rng = np.random.default_rng(0)  # should the code draw from it, the network's own is not to be moved on
    with np.errstate(all="ignore"):
        own.forward(X)
        own.backward(X, y, learning_rate)
        ratio = float(np.std(own.weights1 - model.weights1) / np.std(model.weights1))
    return SanityCheck(
        "size of the update", ratio, "about 0.001; up to 0.1 at first, as gradients are summed", 1e-4 <= ratio <= 1e-1
    )


def _fresh(network_class: Callable[..., MLP], X: FloatArray, hidden_size: int, seed: int) -> MLP:
    return network_class(X.shape[1], hidden_size, 10, rng=seed, dtype=X.dtype)


def _knows(model: MLP, X: FloatArray, y: Labels) -> bool:
    output = model.forward(X)
    return bool((output.argmax(axis=1) == y).all() and model.calculate_loss(y, output) < 0.1)


def _is_finite(model: MLP) -> bool:
    return bool(np.isfinite(model.weights1).all() and np.isfinite(model.weights2).all())
