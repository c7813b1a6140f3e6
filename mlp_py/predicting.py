"""What `predict` reads: pictures, and drawings as the page exports them; each that cannot be read is told by name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .drawing import Picture, from_file, to_mnist, what_is_wrong
from .kernel import normalize_rows
from .mlp import MLP
from .picture import read_picture

WRONG = {
    "empty": "there is no ink on it",
    "dot": "that is a dot; draw the digit larger",
    "scribble": "that does not look like a digit",
}


@dataclass(frozen=True)
class Answer:
    """The two most probable digits, and how probable they are, 0 to 1."""

    best: int
    second: int
    best_share: float
    second_share: float


def answers(model: MLP, file: Path) -> Iterator[tuple[str, Answer | str]]:
    """Read a file: the name of each thing on it, and its answer, or why it has none."""
    try:
        for name, thing in _pictures(file):
            yield name, thing if isinstance(thing, str) else answer(model, thing)
    except OSError as error:
        yield str(file), error.strerror or str(error)
    except ValueError as error:
        yield str(file), str(error).removeprefix(f"{file} ")


def answer(model: MLP, picture: Picture) -> Answer:
    """Read a picture of 28x28 pixels."""
    dtype = model.weights1.dtype
    probabilities = model.forward(normalize_rows(picture.reshape(1, -1), slice(None), dtype))[0]
    best, second = np.argsort(probabilities)[::-1][:2]
    return Answer(int(best), int(second), float(probabilities[best]), float(probabilities[second]))


def _pictures(file: Path) -> Iterator[tuple[str, Picture | str]]:
    """What the network reads, or why it can't: of a picture file one, of a file of drawings one a drawing."""
    if file.suffix.lower() != ".json":
        yield str(file), read_picture(file)
        return
    drawings = _drawings(file)
    for number, drawing in enumerate(drawings, start=1):
        name = f"{file}, drawing {number}" if len(drawings) > 1 else str(file)
        yield name, _picture(drawing)


def _drawings(file: Path) -> list[Any]:
    remedy = "The page writes such files with Export."
    try:
        drawings = json.loads(file.read_text(encoding="utf-8-sig"))  # some editors put a mark at the beginning
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no file of drawings, nor any JSON. {remedy}") from error
    if not isinstance(drawings, list) or not all(isinstance(drawing, dict) for drawing in drawings):
        raise ValueError(f"it is JSON, but no list of drawings. {remedy}")
    if not drawings:
        raise ValueError("there are no drawings in it")
    return drawings


def _picture(drawing: dict[str, Any]) -> Picture | str:
    strokes = drawing.get("strokes")
    if not isinstance(strokes, list) or not all(_is_stroke(stroke) for stroke in strokes):
        return "its strokes are no lists of points [x, y], numbers from 0 to 255"
    points = from_file(strokes)
    if wrong := what_is_wrong(points):
        return WRONG[wrong]
    picture = to_mnist(points)
    assert picture is not None  # there is ink on it
    return picture


def _is_stroke(stroke: object) -> bool:
    return isinstance(stroke, list) and all(
        isinstance(point, list) and len(point) == 2 and all(_is_coordinate(number) for number in point)
        for point in stroke
    )


def _is_coordinate(number: object) -> bool:
    # What is a little outside was drawn over the pad's edge.
    return isinstance(number, int | float) and not isinstance(number, bool) and -1_000 <= number <= 1_000
