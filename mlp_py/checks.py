"""Arguments that can only be a mistake are refused, before anything changes.

Each error names what was given and what is expected. What is merely unwise stays possible: a
learning rate far too large diverges, which is a lesson.
"""

from math import inf as INFINITY  # noqa: N812
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .dataset import NormalizedImages
from .kernel import FloatArray, all_within

if TYPE_CHECKING:
    from .mlp import MLP

Rng = np.random.Generator | np.random.RandomState
Labels = NDArray[np.integer]

SEEDS = 2**32  # of networks in the page

PLAUSIBLE = 10
"""Pixels go from 0 to 1. Some scale them otherwise, but then to a mean of 0: no less than 0 and larger than this
are bytes that nobody has divided by 255."""


def random_source(rng: Any) -> Rng:
    """The source of random numbers that `rng` stands for: itself, one of this seed, or for None of any."""
    if isinstance(rng, np.random.Generator | np.random.RandomState):
        return rng
    if rng is None or (_is_whole(rng) and rng >= 0):
        return np.random.default_rng(rng)
    raise (ValueError if _is_whole(rng) else TypeError)(
        f"rng is {_shown(rng)}; it is None, a seed (a whole number from 0), or one of NumPy's random generators"
    )


def sizes(input_size: object, hidden_size: object, output_size: object) -> None:
    """Each layer needs at least one unit."""
    for name, size in (("input_size", input_size), ("hidden_size", hidden_size), ("output_size", output_size)):
        _positive_whole(name, size, "a layer needs at least one unit")


def images(X: Any, weights1: FloatArray, name: str = "X") -> None:
    """A batch of images is an array of float, shape (batch, input_size), pixels from 0 to 1."""
    input_size = weights1.shape[0]
    if type(X) is np.ndarray and X.ndim == 2 and X.shape[1] == input_size and all_within(X, PLAUSIBLE):
        return  # as nearly always: this is done for each batch
    wanted = f"it is an array of float, shape (batch, {input_size}), pixels from 0 (paper) to 1 (ink)"
    if not isinstance(X, np.ndarray):
        raise TypeError(f"{name} is {_shown(X)}; {wanted}")
    if X.dtype.kind not in "fiub":
        raise TypeError(f"{name} is an array of {X.dtype}; {wanted}")
    if X.ndim != 2 or X.shape[1] != input_size:
        one = f"; for one image of shape ({input_size},): {name}[np.newaxis]" if X.shape == (input_size,) else ""
        raise ValueError(f"{name} has shape {X.shape}; {wanted}{one}")
    low, high = (X.min(), X.max()) if X.size else (0, 0)  # NaN if there is one
    if not (isfinite(low) and isfinite(high)):
        raise ValueError(f"{name} has numbers that are not finite (NaN or infinite); {wanted}")
    if low >= 0 and high > PLAUSIBLE:
        raise ValueError(f"{name} has pixels from {low:g} to {high:g}; {wanted}: divide bytes by 255")


def labels(y: object, probabilities: FloatArray, name: str = "y_true") -> None:
    """Labels are an array of int, one for each row of probabilities, shape (batch, classes)."""
    n, n_classes = probabilities.shape
    _labels(y, n, n_classes, name)


def _labels(y: Any, n: int, n_classes: int, name: str) -> None:
    if type(y) is np.ndarray and y.shape == (n,) and y.dtype.kind in "iu" and (not n or _are_below(y, n_classes)):
        return
    wanted = f"it is an array of int, shape ({n},), labels from 0 to {n_classes - 1}"
    if not isinstance(y, np.ndarray):
        raise TypeError(f"{name} is {_shown(y)}; {wanted}")
    if y.dtype.kind not in "iu":
        raise TypeError(f"{name} is an array of {y.dtype}; {wanted}")
    if y.shape != (n,):
        one_hot = f"; from one-hot rows: {name}.argmax(axis=1)" if y.shape == (n, n_classes) and n_classes > 1 else ""
        raise ValueError(f"{name} has shape {y.shape}; {wanted}{one_hot}")
    if n and not _are_below(y, n_classes):
        raise ValueError(f"{name} has labels from {y.min()} to {y.max()}; {wanted}")


def _are_below(y: Labels, n_classes: int) -> bool:
    # Not y.max(), which goes a longer way to the same.
    return bool(np.maximum.reduce(y) < n_classes and (y.dtype.kind == "u" or np.minimum.reduce(y) >= 0))


def step(model: "MLP", X: FloatArray, y: object, learning_rate: object) -> None:
    """A step needs the labels of the batch that forward() has just seen, and a learning rate."""
    output = getattr(model, "output", None)
    if output is None or output.shape[0] != X.shape[0]:
        seen = "nothing" if output is None else f"{output.shape[0]} images"
        raise ValueError(f"X has {X.shape[0]} images, and forward() has seen {seen}; call forward(X) first")
    labels(y, output, "y")
    rate(learning_rate)


def training(
    model: "MLP",
    X_train: FloatArray | NormalizedImages,
    y_train: object,
    epochs: object,
    batch_size: object,
    learning_rate: object,
) -> None:
    """All that train() is given, seen whole: images, labels, and whole numbers that fit them."""
    if not isinstance(X_train, NormalizedImages):
        images(X_train, model.weights1, "X_train")
    elif X_train.shape[1] != model.weights1.shape[0]:
        raise ValueError(f"X_train has shape {X_train.shape}; it needs shape (n, {model.weights1.shape[0]})")
    n_samples = len(X_train)
    _labels(y_train, n_samples, model.biases2.shape[1], "y_train")
    _positive_whole("epochs", epochs, "it counts how often to go through all images")
    _positive_whole("batch_size", batch_size, f"with {n_samples} images it can be 1 to {n_samples}", n_samples)
    rate(learning_rate)


def rate(learning_rate: object) -> None:
    """A learning rate is a positive number."""
    if type(learning_rate) is float and 0 < learning_rate < INFINITY:
        return
    wanted = "it is a number greater than 0, such as 0.01"
    if isinstance(learning_rate, bool) or not isinstance(learning_rate, int | float | np.integer | np.floating):
        raise TypeError(f"learning_rate is {_shown(learning_rate)}; {wanted}")
    if not 0 < learning_rate < INFINITY:
        raise ValueError(f"learning_rate is {_shown(learning_rate)}; {wanted}")


def network(hidden_size: object, seed: object, most: int) -> None:
    """A network of the page has so many hidden units at most, and a seed."""
    _positive_whole("hidden_size", hidden_size, f"there can be 1 to {most:,} hidden units", most)
    if not (_is_whole(seed) and 0 <= seed < SEEDS):  # type: ignore[operator]
        raise ValueError(f"seed is {_shown(seed)}; it is a whole number from 0 to {SEEDS - 1}")


def run(training_images: object, epochs: object, batch_size: object, learning_rate: object) -> None:
    """What a run of the page is made with, as far as it can be told before its images are seen."""
    _positive_whole("training_images", training_images, "it counts the images to learn from")
    _positive_whole("epochs", epochs, "it counts how often to go through all images")
    _positive_whole("batch_size", batch_size, "it counts the images of a step")
    rate(learning_rate)


def _positive_whole(name: str, number: Any, why: str, most: float = INFINITY) -> None:
    if not _is_whole(number):
        raise TypeError(f"{name} is {_shown(number)}; it is a whole number: {why}")
    if not 1 <= number <= most:
        raise ValueError(f"{name} is {_cut(str(number))}: {why}")


def _is_whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _shown(thing: object) -> str:
    """What a thing is, in a few words."""
    return f"a {type(thing).__name__}, {_cut(repr(thing))}"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + " …"
