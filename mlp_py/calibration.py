"""How sure a network may claim to be.

A network is right less often than its probabilities say, where it meets hands that it has not learned from. One number,
the temperature, makes up for that: each logit is divided by it before softmax (Guo, Pleiss, Sun and Weinberger: "On
calibration of modern neural networks", 2017). No answer changes by it, only how sure it is.
"""

import numpy as np
from numpy.typing import NDArray

from .augment import DistortedImages
from .dataset import Split
from .mlp import MLP

TEMPERATURE = 1.41
"""What temperature() finds for the starter model; for networks of which nobody has measured it."""

STRENGTH = 2.2
"""Of the distortions, in training's: images that are to the network what a stranger's hand is.

Among those from 1.5 to 2.5 the one whose temperature fitted drawings by strangers (tests/benchmarks/drawings.py).
"""
TRIED = np.geomspace(0.5, 4, 61)

Probabilities = NDArray[np.floating]


def tempered(probabilities: Probabilities, temperature: float = TEMPERATURE) -> Probabilities:
    """What softmax makes of logits divided by the temperature, from what it has made of the logits: shape (n, 10)."""
    logits = np.log(np.maximum(probabilities, 1e-30)) / temperature
    powers: Probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def temperature(model: MLP, split: Split) -> float:
    """The temperature at which what is claimed of images, distorted, is most likely: the least cross-entropy."""
    images = DistortedImages(split.images, model.weights1.dtype, np.random.default_rng(0), STRENGTH)
    probabilities = model.forward(images[:]).astype(np.float64)
    rows = np.arange(len(split))
    losses = [-np.log(tempered(probabilities, each)[rows, split.labels]).mean() for each in TRIED]
    return float(TRIED[int(np.argmin(losses))])
