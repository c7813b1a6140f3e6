"""Measure how well drawings beside one another are parted and read as a number, and single ones left whole.

    .venv/bin/python -m tests.benchmarks.numbers FILE.json [--model M.npz]

FILE.json as tests/benchmarks/drawings.py has it. Natively, by the same Python as in the page.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from builder.paths import DIST
from mlp_py import MLP
from mlp_py.drawing import Stroke, bounds, digits, to_mnist
from mlp_py.predicting import answer

from . import report
from .drawings import Drawing, load

GAPS = (0.08, 0.12, 0.2, 0.35)  # between two boxes, as shares of a digit's longer side
N = 400  # numbers of each length and gap


def beside(drawings: list[Drawing], gap: float, rng: np.random.Generator) -> tuple[list[Stroke], list[int]]:
    """Drawings in a row on one line, not quite of one size nor quite in line; and whose digit each stroke is."""
    right, strokes, owners = 0.0, [], []
    for owner, drawing in enumerate(drawings):
        low, high = bounds(drawing.strokes)
        size = rng.uniform(0.8, 1.1)
        width, height = size * (high - low)
        top = 1 - height + rng.uniform(-0.05, 0.05)
        strokes += [size * (stroke - low) + [right, top] for stroke in drawing.strokes]
        owners += [owner] * len(drawing.strokes)
        right += width + gap * rng.uniform(0.7, 1.4)
    return strokes, owners


def read(model: MLP, strokes: list[Stroke]) -> str:
    """The digits of a drawing."""
    drawn = [to_mnist([strokes[i] for i in digit]) for digit in digits(strokes)]
    return answer(model, [picture for picture in drawn if picture is not None]).text


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.numbers", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", metavar="FILE", default=str(DIST / "data" / "starter.npz"))
    options = parser.parse_args(arguments)
    drawings, model, rng = load(options.file), MLP.load(options.model), np.random.default_rng(0)
    apart = sum(len(digits(drawing.strokes)) != 1 for drawing in drawings)
    right = sum(read(model, drawing.strokes) == str(drawing.label) for drawing in drawings)
    print(f"single drawings: {right / len(drawings):.4f} read right, {apart / len(drawings):.4f} taken for several")
    rows, all_right = [], []
    for length in (2, 3):
        for gap in GAPS:
            parted, wholly = 0, 0
            for _ in range(N):
                chosen = [drawings[i] for i in rng.integers(0, len(drawings), length)]
                strokes, owners = beside(chosen, gap, rng)
                found = digits(strokes)
                parted += [{owners[i] for i in digit} for digit in found] == [{owner} for owner in range(length)]
                wholly += read(model, strokes) == "".join(str(drawing.label) for drawing in chosen)
            rows.append([str(length), f"{gap:.2f}", f"{parted / N:.3f}", f"{wholly / N:.3f}"])
            all_right.append(wholly / N)
    print(report.table(["digits", "gap", "parted rightly", "wholly right"], rows))
    print(f"\nnumbers wholly right: {np.mean(all_right):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
