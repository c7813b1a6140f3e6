"""Which mistake makes a gradient wrong: the array where it is made, and the likely cause in words."""

import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .checks import Labels
from .kernel import FloatArray
from .listing import arrays_by_line
from .mlp import MLP
from .model_file import NAMES
from .network_code import FILE, source_of
from .trace import BACKWARD, FORWARD

UPDATES = ("weights2", "biases2", "weights1", "biases1")  # in the order of backward()
MADE_OF = {"d_output": "2", "d_hidden": "1", "d_hidden_relu": "1"}  # the layer whose gradients come of it

TOLERANCE = 1e-6
# The losses on both sides, of about 10, are known to 16 digits. Divided by 2 H, up to 1e-9 of the difference is noise,
# which must not count as an error of a gradient that is itself small, or zero.
FLOOR = 1e-3
# Not 1, with which a forgotten learning rate would not be seen. A power of 2, so that dividing by it is exact.
LEARNING_RATE = 2.0**-6


class Entry(NamedTuple):
    """One number of a gradient: backward()'s, `computed`, and the central difference, `expected`."""

    row: int
    column: int
    computed: float
    expected: float


@dataclass(frozen=True)
class ArrayCheck:
    """The checked entries of one gradient, such as d_weights1.

    rows, columns, computed, expected : shape (checked,)
    by_image : what `expected` is the sum of, shape (batch, checked)
    n_left_out : entries at which a ReLU switches between -h and +h, where there is no derivative to compare with
    error : the largest relative error, infinite where there was nothing to compare
    """

    name: str
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    computed: FloatArray
    expected: FloatArray
    by_image: FloatArray
    n_left_out: int
    error: float

    @property
    def n_checked(self) -> int:
        """How many entries were compared."""
        return len(self.rows)

    @property
    def worst(self) -> Entry | None:
        """The entry with the largest error."""
        if not self.n_checked:
            return None
        i = int(relative_errors(self.computed, self.expected).argmax())
        return Entry(int(self.rows[i]), int(self.columns[i]), float(self.computed[i]), float(self.expected[i]))


@dataclass
class StepTaken:
    """A step on a copy: the arrays before backward() and after it, by name, and the exception that stopped it."""

    network: type[MLP]
    X: FloatArray
    y: Labels
    before: dict[str, FloatArray]
    after: dict[str, FloatArray] = field(default_factory=dict)
    error: Exception | None = None

    def applied(self, name: str) -> FloatArray:
        """The gradient of a parameter that backward() went down."""
        taken: FloatArray = (self.before[name] - self.after[name]) / LEARNING_RATE
        return taken

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """What each array of backward() and each parameter has to fit."""
        n_units = (len(self.X), self.before["biases1"].shape[1])
        own = {name: self.before[name].shape for name in UPDATES}
        of_layers = {"d_output": self.before.get("output", self.X).shape, "d_hidden": n_units, "d_hidden_relu": n_units}
        return of_layers | {f"d_{name}": shape for name, shape in own.items()} | own


def relative_errors(computed: FloatArray, expected: FloatArray) -> FloatArray:
    """Of each entry, infinite where either is no number."""
    errors: FloatArray = np.abs(computed - expected) / np.maximum(np.abs(computed) + np.abs(expected), FLOOR)
    return np.where(np.isfinite(errors), errors, np.inf)


def diagnose(run: StepTaken, arrays: dict[str, ArrayCheck]) -> tuple[str | None, str | None]:
    """Find the culprit, by its name in the notes, and the cause, a sentence; None for what cannot be told."""
    made = run.before | run.after
    for name, shape in run.shapes().items():
        # A missing keepdims does no harm; so shapes are compared without the ones.
        if name in run.after and np.squeeze(made[name]).shape != tuple(size for size in shape if size != 1):
            return name, _about_shape(name, made[name].shape, shape) + (f" {_told(run.error)}" if run.error else "")
    if run.error:
        return _made_at(run.error, run.network), _told(run.error)
    if found := _no_probabilities(run):
        return found
    for name in BACKWARD:
        if (pair := _wrong(name, run, arrays)) is not None:
            return name, _cause(name, *pair, run)
    name = next(name for name in UPDATES if not arrays[name].error < TOLERANCE)
    return name, _cause_of_update(name, run)


def _no_probabilities(run: StepTaken) -> tuple[str, str] | None:
    """The first array with numbers that cannot be compared, and what is the matter with them."""
    for arrays_then, names in ((run.before, (*NAMES, *FORWARD)), (run.after, (*BACKWARD, *NAMES))):
        for name in names:
            if not np.isfinite(arrays_then.get(name, 0)).all():
                return name, f"{name} has numbers that are not finite (NaN or infinite): an overflow, or 0 / 0."
    output = run.before["output"]
    if (output[np.arange(len(run.y)), run.y] <= 0).any():
        return "output", "The probability of a label is 0 or less, and has no logarithm."
    if not np.allclose(output.sum(axis=1), 1):
        return "output", "The probabilities of an image do not sum to 1: softmax divides by another sum."
    return None


def _told(error: Exception | None) -> str:
    return f"The code stops with {type(error).__name__}: {error}"


def _made_at(error: Exception, network: type[MLP]) -> str | None:
    """The array that was being made when changed code stopped."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    names = arrays_by_line(source_of(network) or "").get(lines[-1] or 0) if lines else None
    return names[0] if names else None


def _about_shape(name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if "biases" in name:
        why = "it is a sum over the batch, axis 0, and this one runs over the wrong axis"
    elif shape == wanted[::-1]:
        why = "the factors of the product are in the wrong order, or the transpose (.T) is of the wrong one"
    else:
        why = "a transpose (.T) or a factor of the product is wrong"
    return f"{name} has shape {shape} in place of {wanted}: {why}."


def _wrong(name: str, run: StepTaken, arrays: dict[str, ArrayCheck]) -> tuple[FloatArray, FloatArray] | None:
    """Numbers of an array of backward() and what they should be, or None when they are right or cannot be judged."""
    got = run.after.get(name)
    if name not in MADE_OF:
        array = arrays[name.removeprefix("d_")]
        got = array.computed if got is None else got.reshape(run.shapes()[name])[array.rows, array.columns]
        is_right = array.error < TOLERANCE or _agree(got, array.expected)
        return None if is_right else (got, array.expected)
    gradients = [arrays[f"{kind}{MADE_OF[name]}"] for kind in ("weights", "biases")]
    if got is None or any(array.error < TOLERANCE for array in gradients):
        return None  # a gradient that is right is not made of something wrong
    # A layer's biases are added to each image's sums: the derivative by a bias, image by image, is that by the sum.
    biases, shape = gradients[1], run.shapes()[name]
    if shape[1] != run.before[f"biases{MADE_OF[name]}"].shape[1]:
        return None  # changed code with other layers
    got = got.reshape(shape)
    picked, expected = got[:, biases.columns], biases.by_image
    if name == "d_hidden" and not _agree(picked, expected):  # else the mask is already in it, which is as good
        with suppress(ValueError):  # of changed code with other layers
            picked, expected = got, run.after["d_output"] @ run.before["weights2"].T
    return None if _agree(picked, expected) else (picked, expected)


def _agree(computed: FloatArray, expected: FloatArray) -> bool:
    return bool((relative_errors(computed, expected) < TOLERANCE).all())


def _close(a: FloatArray, b: FloatArray) -> bool:
    """Whether two arrays are the same but for the noise of central differences."""
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-6 * np.abs(b).max(initial=0) + 1e-12)


def _ratio(got: FloatArray, wanted: FloatArray) -> float | None:
    """The factor by which all numbers are wrong, if there is one."""
    size = float(np.vdot(wanted, wanted))
    ratio = float(np.vdot(wanted, got)) / size if size else 0.0
    return ratio if ratio and _close(got, ratio * wanted) else None


def _cause(name: str, got: FloatArray, wanted: FloatArray, run: StepTaken) -> str | None:
    """The mistake that would make an array of backward() what it is."""
    if not got.any():
        return f"{name} is zero everywhere: it is never made, or never used in the update."
    whole = run.after.get(name)
    whole = run.applied(name.removeprefix("d_")) if whole is None else whole.reshape(run.shapes()[name])
    with suppress(ValueError, KeyError):  # of changed code with other layers
        for candidate, cause in _mistakes(name, run):
            if whole.shape == candidate.shape and np.allclose(whole, candidate, rtol=1e-6, atol=1e-12):
                return cause
    if (ratio := _ratio(got, wanted)) is not None:
        return _about_factor(name, ratio, len(run.X))
    largest = np.abs(got).max()
    if np.abs(wanted).max() > largest and _close(got, np.clip(wanted, -largest, largest)):
        return f"{name} is clipped to ±{largest:.3g}: what is larger is cut off."
    return None


def _about_factor(name: str, ratio: float, n: int) -> str:
    def is_about(factor: float) -> bool:
        return bool(np.isclose(ratio, factor, rtol=1e-4))

    if is_about(-1):
        return f"Every entry of {name} has the opposite sign."
    if is_about(1 / n):
        return f"{name} is a mean over the batch, where the notes take the sum."
    if is_about(n):
        return f"{name} is multiplied by the batch size: the sum over the batch is taken once, without a factor."
    if is_about(1 / LEARNING_RATE):
        return f"The learning rate is forgotten in the update with {name}."
    if name == "d_weights1" and (is_about(255) or is_about(1 / 255)):
        return "X is scaled by 255 in d_weights1, and was not so in forward()."
    return f"Every entry of {name} is {ratio:.4g} times what it should be: a factor too many, or one that is missing."


def _mistakes(name: str, run: StepTaken) -> Iterator[tuple[FloatArray, str]]:
    """What an array would be after each of the usual mistakes, and the mistake."""
    X, output, weights2 = run.X, run.before["output"], run.before["weights2"]
    hidden_in = X @ run.before["weights1"] + run.before["biases1"]
    hidden = run.before.get("layer1_output", np.maximum(0, hidden_in))
    one_hot = np.eye(output.shape[1])[run.y]
    d_output = run.after.get("d_output", output - one_hot)
    d_hidden = d_output @ weights2.T
    d_hidden_late = d_output @ run.after["weights2"].T
    mask = hidden > 0
    d_relu, d_relu_late = d_hidden * mask, d_hidden_late * mask
    first = np.arange(len(X))[:, np.newaxis] == 0
    late = "weights2 is updated before it is used: d_hidden needs the weights2 that forward() used."
    only_first = f"{name} is made of the first image only, not of the whole batch."
    unmasked = "ReLU's mask is missing: {} what ReLU has set to zero passes nothing back."
    if name == "d_output":
        yield output, "The one-hot labels are not subtracted: d_output equals output."
        yield (
            (output - one_hot) * output * (1 - output),
            ("The derivative p (1 - p) is multiplied in, though p - y is already the gradient through softmax."),
        )
        yield -one_hot / output, "This is the gradient before softmax: through softmax and cross-entropy it is p - y."
        yield run.before["layer2_input"] - one_hot, "The logits are used in place of the probabilities."
        yield (output - one_hot) * first, only_first
        taken_off = output - run.after["d_output"]
        yield output - np.round(taken_off), "The one-hot labels are wrong: they need a single 1, at the label."
    elif name == "d_hidden":
        yield d_hidden_late, late
        yield output @ weights2.T, "output is used in place of d_output."
    elif name == "d_hidden_relu":
        yield d_hidden, unmasked.format("d_hidden_relu equals d_hidden, and")
        yield d_hidden * (hidden <= 0), "ReLU's mask is inverted: it passes what ReLU has set to zero."
        yield d_hidden * (d_hidden > 0), "ReLU's mask is of d_hidden's own sign: it has to be that of layer1_output."
        yield d_hidden * hidden, "layer1_output is multiplied in, where only its mask, 0 or 1, is needed."
        yield d_hidden * hidden_in, "layer1_input is multiplied in, where only ReLU's mask, 0 or 1, is needed."
        yield d_hidden * hidden * (1 - hidden), "This is the derivative of a sigmoid, not of ReLU."
    elif name in ("d_weights2", "d_weights1"):
        before, after = (hidden, d_output) if name == "d_weights2" else (X, d_relu)
        yield before.T @ (after * first), only_first
        yield hidden_in.T @ d_output, "layer1_input is used in place of layer1_output: weights2 has seen the latter."
        yield X.T @ d_hidden, unmasked.format("d_hidden is used in place of d_hidden_relu;")
        yield X.T @ d_relu_late, late
    else:
        after = d_output if name == "d_biases2" else d_relu
        yield after[:1], only_first
        yield np.full((1, after.shape[1]), after.sum()), f"{name} is summed over everything: axis=0 is missing."
        yield np.full((1, after.shape[1]), after.mean()), f"{name} is a mean over everything: axis=0 is missing."
        yield d_hidden.sum(axis=0, keepdims=True), unmasked.format("d_hidden is used in place of d_hidden_relu;")
        yield d_relu_late.sum(axis=0, keepdims=True), late
    as_in_notes = {
        "d_output": output - one_hot, "d_hidden": d_hidden, "d_hidden_relu": d_relu,
        "d_weights2": hidden.T @ d_output, "d_biases2": d_output.sum(axis=0, keepdims=True),
        "d_weights1": X.T @ d_relu, "d_biases1": d_relu.sum(axis=0, keepdims=True),
    }  # fmt: skip
    yield as_in_notes[name], f"{name} is as in the notes, but forward() is not, and its gradient is another."


def _cause_of_update(name: str, run: StepTaken) -> str:
    """Why a parameter is not moved by learning_rate times its gradient, which is right."""
    gradient, taken = run.after[f"d_{name}"].reshape(run.before[name].shape), run.applied(name)
    if not taken.any():
        return f"{name} is not updated: its gradient is right, and is not used."
    if (ratio := _ratio(taken, gradient)) is None:
        parts = np.stack([gradient.ravel(), run.before[name].ravel()], axis=1)
        shares = np.linalg.lstsq(parts, taken.ravel())[0]
        if shares[1] > 0 and _close(parts @ shares, taken.ravel()):
            return f"{name} is made smaller besides (weight decay), which the loss knows nothing of."
        return f"The gradient of {name} is right, but something else is subtracted from {name}."
    if np.isclose(ratio, -1):
        return f"{name} is updated with the opposite sign, += in place of -=: this goes uphill."
    if np.isclose(ratio, 1 / LEARNING_RATE):
        return f"The learning rate is forgotten in the update of {name}."
    if np.isclose(ratio, LEARNING_RATE):
        return f"The learning rate is multiplied in twice in the update of {name}."
    if np.isclose(ratio, 1 / len(run.X)):
        return f"The update of {name} takes a mean over the batch, where the notes take the sum."
    return f"{name} is moved by {ratio:.4g} times learning_rate * d_{name}."
