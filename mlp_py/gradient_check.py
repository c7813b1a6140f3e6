"""The gradient that backward() takes, against the one that forward() has: central differences, and what went wrong."""

import copy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import checks
from .checks import Labels
from .gradient_mistakes import (
    LEARNING_RATE,
    TOLERANCE,
    UPDATES,
    ArrayCheck,
    StepTaken,
    diagnose,
    relative_errors,
)
from .kernel import FloatArray
from .mlp import MLP
from .model_file import NAMES
from .trace import BACKWARD, FORWARD, readable_copy

H = 1e-5


@dataclass(frozen=True)
class GradientCheck:
    """What came of it.

    error : the largest of all arrays' relative errors; `ok` when less than 1e-6
    arrays : of d_weights2, d_biases2, d_weights1, d_biases1
    culprit : the first array that is made wrong, by its name in the notes; a parameter's, such as weights2, when its
        gradient is right and its update is not; None when nothing is wrong, or it cannot be told
    cause : the likely mistake, a sentence
    """

    error: float
    ok: bool
    arrays: tuple[ArrayCheck, ...]
    culprit: str | None
    cause: str | None

    def plain(self) -> dict[str, Any]:
        """All of it as dicts, numbers and arrays, for a page; with each array's n_checked and worst entry."""
        arrays = []
        for array in self.arrays:
            found = asdict(array) | {"n_checked": array.n_checked, "worst": array.worst and array.worst._asdict()}
            del found["by_image"]
            arrays.append(found)
        return asdict(self) | {"arrays": arrays}


def gradient_check(model: MLP, X: FloatArray, y: Labels, *, n_samples: int = 40, seed: int = 0) -> GradientCheck:
    """Compare the gradient that backward() goes down with central differences, in float64, on copies.

    Parameters
    ----------
    X : array of float, shape (batch, inputs), pixels from 0 to 1; few images, such as 3
    y : array of int, shape (batch,)
    n_samples : int, how many entries of each parameter
    seed : int, of the choice of entries

    Raises
    ------
    TypeError, ValueError
        When X or y is anything else. What the network's own code raises is told in the result.
    """
    checks.images(X, model.weights1)
    checks.labels(y, np.empty((len(X), model.biases2.shape[1])), "y")
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):  # what is not finite is told in the result
        run = _run(model, X.astype(np.float64), y)
        can_be_compared = run.error is None and all(run.before[name].shape == run.after[name].shape for name in UPDATES)
        n_compared = n_samples if can_be_compared else 0
        arrays = {name: _check(name, run, _float64_copy(model), rng, n_compared) for name in UPDATES}
        error = max(array.error for array in arrays.values())
        ok = error < TOLERANCE
        culprit, cause = (None, None) if ok else diagnose(run, arrays)
    return GradientCheck(error, ok, tuple(arrays.values()), culprit, cause)


def _float64_copy(model: MLP) -> MLP:
    own = readable_copy(model)
    # What changed code keeps besides, such as a velocity, is not to be touched either.
    for name, value in copy.deepcopy(own.__dict__).items():
        is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        setattr(own, name, value.astype(np.float64) if is_float else value)
    return own


def _run(model: MLP, X: FloatArray, y: Labels) -> StepTaken:
    own = _float64_copy(model)
    run = StepTaken(type(own), X, y, _arrays(own, NAMES))
    X_of_code, y_of_code = X.copy(), y.copy()  # which changed code may write to
    try:
        output = own.forward(X_of_code)
        run.before |= _arrays(own, FORWARD) | {"output": output.copy()}
        own.backward(X_of_code, y_of_code, LEARNING_RATE)
    except Exception as error:  # noqa: BLE001 - of changed code, any
        run.error = error
    run.after = _arrays(own, (*BACKWARD, *NAMES))
    return run


def _arrays(model: MLP, names: tuple[str, ...]) -> dict[str, FloatArray]:
    values = {name: getattr(model, name, None) for name in names}
    return {name: np.array(value) for name, value in values.items() if isinstance(value, np.ndarray | np.floating)}


def _check(name: str, run: StepTaken, own: MLP, rng: np.random.Generator, n_samples: int) -> ArrayCheck:
    """Compare some entries of one parameter's gradient; of none, the error is infinite."""
    none = np.empty(0)
    if not n_samples:
        indices = np.empty(0, np.intp)
        return ArrayCheck(f"d_{name}", indices, indices, none, none, np.empty((len(run.X), 0)), 0, np.inf)
    rows, columns = _sample(name, run, rng, n_samples)
    derivatives = [_derivative(own, name, entry, run) for entry in zip(rows, columns, strict=True)]
    is_kept = np.array([derivative is not None for derivative in derivatives], bool)
    kept = [derivative for derivative in derivatives if derivative is not None]
    by_image = np.stack(kept, axis=1) if kept else np.empty((len(run.X), 0))
    rows, columns, expected = rows[is_kept], columns[is_kept], by_image.sum(axis=0)
    computed = run.applied(name)[rows, columns]
    error = float(relative_errors(computed, expected).max(initial=0))
    return ArrayCheck(f"d_{name}", rows, columns, computed, expected, by_image, int((~is_kept).sum()), error)


def _sample(
    name: str, run: StepTaken, rng: np.random.Generator, n_samples: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of entries, mostly such as change the loss; some that should not, and do when a mask is missing.

    Of weights1 most entries belong to blank pixels, and would be zeros compared with zeros.
    """
    shape, n = run.before[name].shape, len(run.X)
    hidden = run.before.get("layer1_output", np.ones((n, run.before["biases1"].shape[1])))
    inputs = {"weights1": run.X, "weights2": hidden}.get(name, np.ones((n, 1)))
    units = hidden if name.endswith("1") else np.ones((n, shape[1]))
    probability = np.full(shape, 1e-9)
    if (inputs.shape[1], units.shape[1]) == shape:  # not so where changed code has other layers
        is_reached = (inputs != 0).T.astype(float) @ (units > 0) > 0
        has_input = (inputs != 0).any(axis=0)[:, np.newaxis] & np.ones(shape, bool)
        for share, group in ((0.75, is_reached), (0.15, has_input & ~is_reached), (0.1, ~has_input)):
            probability += share * group / max(1, group.sum())
    weights = probability.ravel() / probability.sum()
    chosen = np.sort(rng.choice(weights.size, min(n_samples, weights.size), replace=False, p=weights))
    rows, columns = np.divmod(chosen, shape[1])
    return rows, columns


def _derivative(own: MLP, name: str, entry: tuple[int, int], run: StepTaken) -> FloatArray | None:
    """Each image's derivative by one entry, shape (batch,); None where a ReLU switches in between."""
    array, rng = getattr(own, name), own.rng
    value = array[entry]
    losses, signs = [], []
    for shifted in (value + H, value - H):
        array[entry] = shifted
        own.rng = copy.deepcopy(rng)  # should forward() draw from it, the same each time
        probabilities = own.forward(run.X.copy())[np.arange(len(run.y)), run.y]
        # Of log p, and not of the code's log(p + 1e-7): it is the former's gradient that is p - y.
        losses.append(-np.log(probabilities))
        signs.append(np.sign(getattr(own, "layer1_input", np.zeros(1))))
    array[entry], own.rng = value, rng
    if (signs[0] != signs[1]).any():
        return None
    slope: FloatArray = (losses[0] - losses[1]) / ((value + H) - (value - H))
    return slope
