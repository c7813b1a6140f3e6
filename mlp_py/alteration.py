"""A network broken on purpose, to see what still reads: a copy, so that it can be put right by forgetting it."""

import copy
from dataclasses import dataclass

import numpy as np

from .mlp import MLP


@dataclass(frozen=True)
class Alteration:
    """What is done to a network.

    silenced : hidden units that give nothing, whatever they see
    zero_biases : whether all biases are zero
    noise : how much is added to each weight, as a share of its layer's standard deviation
    """

    silenced: tuple[int, ...] = ()
    zero_biases: bool = False
    noise: float = 0.0

    def of(self, model: MLP) -> MLP:
        """An altered copy; the network itself, without copying, where nothing is to be done."""
        if self == Alteration():
            return model
        altered = copy.copy(model)
        rng = np.random.default_rng(0)  # the same noise each time, or an answer would flicker
        for name in ("weights1", "weights2"):
            weights = getattr(model, name)
            noise = self.noise * weights.std() * rng.standard_normal(weights.shape) if self.noise else 0
            setattr(altered, name, (weights + noise).astype(weights.dtype))
        for name in ("biases1", "biases2"):
            setattr(altered, name, getattr(model, name) * (not self.zero_biases))
        silenced = [unit for unit in self.silenced if unit < model.weights1.shape[1]]
        altered.weights1[:, silenced] = 0
        altered.biases1[:, silenced] = 0
        return altered
