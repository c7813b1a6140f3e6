"""The state of a network's random numbers, as text: from there on the same ones are drawn."""

import json

import numpy as np

from . import shallow_json
from .mlp import MLP

DEEPEST = 3
KIND = "PCG64"  # NumPy's default; changed code may take another, which is not kept


def kept(model: MLP) -> str | None:
    """The state of a network's `rng`, as JSON; None where it is not NumPy's default generator."""
    random = getattr(model, "rng", None)
    state = random.bit_generator.state if isinstance(random, np.random.Generator) else {}
    return json.dumps(state) if state.get("bit_generator") == KIND else None


def restored(text: str) -> np.random.Generator:
    """A generator in that state; ValueError where the text is none."""
    bit_generator = np.random.PCG64()
    try:
        bit_generator.state = shallow_json.loads(text, DEEPEST)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValueError("what was kept of the random numbers is damaged") from error
    return np.random.Generator(bit_generator)
