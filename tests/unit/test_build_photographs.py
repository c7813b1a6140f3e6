"""Photographs of drawings of our own are read: what a camera makes of ink is undone."""

import numpy as np
import pytest

from builder.paths import DIST
from mlp_py import MLP
from mlp_py.allographs import MORE_KINDS, vary
from mlp_py.drawing import Stroke, bounds
from mlp_py.ink import UnreadableError
from mlp_py.kernel import normalize_rows
from mlp_py.picture import find_digits
from tests.photographs import any_scene, photograph

N = 100
STARTER = DIST / "data" / "starter.npz"


def drawings(rng: np.random.Generator) -> list[tuple[int, list[Stroke]]]:
    """Digits in all our ways, none of which the starter has seen: its own were drawn with other random numbers."""
    drawn = []
    for i in range(N):
        digit, shape, _ = MORE_KINDS[i % len(MORE_KINDS)]
        strokes = vary(shape(rng), rng)
        low, high = bounds(strokes)
        drawn.append((digit, [(stroke - low) / (high - low).max() for stroke in strokes]))
    return drawn


@pytest.mark.skipif(not STARTER.is_file(), reason="the starter model is not built")
def test_nearly_all_are_read() -> None:
    rng = np.random.default_rng(11)
    model = MLP.load(STARTER)
    wrong = []
    for digit, strokes in drawings(rng):
        scene = any_scene(rng)
        try:
            found = find_digits(np.asarray(photograph(strokes, scene, rng).convert("RGBA"))).digits
            pixels = np.array([each.pixels.ravel() for each in found])
            read = model.forward(normalize_rows(pixels, slice(None), model.weights1.dtype)).argmax(axis=1).tolist()
        except UnreadableError as error:
            read = [str(error)]
        if read != [digit]:
            wrong.append((digit, read, scene))
    assert len(wrong) <= 0.03 * N, wrong
