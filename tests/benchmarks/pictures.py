"""Measure how well photographs of drawings are read, beside the drawings themselves; and how long it takes.

    .venv/bin/python -m tests.benchmarks.pictures FILE.json [--n 200]   # natively

FILE.json as tests/benchmarks/drawings.py has it; tests/photographs.py photographs them. Real pictures are judged by
`python -m mlp_py evaluate --model M.npz --pictures FOLDER`.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from builder.paths import DIST
from mlp_py import MLP
from mlp_py.drawing import to_mnist
from mlp_py.ink import UnreadableError
from mlp_py.picture import find_digits
from mlp_py.predicting import answer
from tests.photographs import any_scene, photograph

from .drawings import load


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pictures", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--model", metavar="FILE", default=str(DIST / "data" / "starter.npz"))
    options = parser.parse_args(arguments)
    drawings, model, rng = load(options.file), MLP.load(options.model), np.random.default_rng(0)
    chosen = [drawings[i] for i in rng.permutation(len(drawings))[: options.n]]
    n_drawn, n_photographed, seconds = 0, 0, []
    for drawing in chosen:
        picture = to_mnist(drawing.strokes)
        n_drawn += picture is not None and answer(model, [picture]).text == str(drawing.label)
        pixels = np.asarray(photograph(drawing.strokes, any_scene(rng), rng).convert("RGBA"))
        began = time.perf_counter()
        try:
            found = find_digits(pixels)
        except UnreadableError:
            continue
        seconds.append(time.perf_counter() - began)
        n_photographed += answer(model, [digit.pixels for digit in found.digits]).text == str(drawing.label)
    print(f"photographs read right: {n_photographed / len(chosen):.4f}; the drawings: {n_drawn / len(chosen):.4f}")
    print(f"a photograph takes {1000 * np.median(seconds):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
