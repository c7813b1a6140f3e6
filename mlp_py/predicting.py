"""What `predict` reads: pictures, and drawings as the page exports them; each that cannot be read is told by name."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .calibration import tempered
from .drawing import SIZE, Picture, digits, from_file, to_mnist, what_is_wrong
from .kernel import normalize_rows
from .mlp import MLP
from .picture import Found, find_digits
from .picture_file import read_pixels

PERHAPS = 0.05  # a second digit at least as probable as this is told

WRONG = {
    "empty": "there is no ink on it",
    "dot": "that is a dot; draw the digit larger",
    "scribble": "that does not look like a digit",
}


class Digit(NamedTuple):
    """The two most probable digits, and how sure that may be claimed, 0 to 1."""

    best: int
    second: int
    best_share: float
    second_share: float


@dataclass(frozen=True)
class Answer:
    """A number as it was read, a digit or several.

    found : how a picture became digits; None of drawings
    """

    digits: tuple[Digit, ...]
    found: Found | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """All digits, such as "107"."""
        return "".join(str(digit.best) for digit in self.digits)

    @property
    def certainty(self) -> float:
        """How probable it is that all of them are right."""
        return prod(digit.best_share for digit in self.digits)

    @property
    def perhaps(self) -> str:
        """What it may be as well: another digit in place of the least certain one; "" where all are certain."""
        least = max(range(len(self.digits)), key=lambda i: self.digits[i].second_share)
        if self.digits[least].second_share < PERHAPS:
            return ""
        return "".join(str(digit.second if i == least else digit.best) for i, digit in enumerate(self.digits))


def answers(model: MLP, file: Path) -> Iterator[tuple[str, Answer | str]]:
    """Read a file: the name of each thing on it, and its answer, or why it has none."""
    try:
        if file.suffix.lower() == ".json":
            yield from _drawn_answers(model, file)
        else:
            found = find_digits(read_pixels(file))
            yield str(file), answer(model, [digit.pixels for digit in found.digits], found)
    except OSError as error:
        yield str(file), error.strerror or str(error)
    except ValueError as error:
        yield str(file), str(error)


def answer(model: MLP, pictures: Sequence[Picture], found: Found | None = None) -> Answer:
    """Read a number, a picture of 28x28 pixels for each digit."""
    pixels = np.array(pictures).reshape(-1, SIZE * SIZE)
    probabilities = model.forward(normalize_rows(pixels, slice(None), model.weights1.dtype))
    read = []
    for claimed in tempered(probabilities):
        best, second = np.argsort(claimed)[::-1][:2].tolist()
        read.append(Digit(best, second, float(claimed[best]), float(claimed[second])))
    return Answer(tuple(read), found)


def as_data(name: str, answer: Answer | str) -> dict[str, Any]:
    """An answer, or why there is none, as plain values."""
    if isinstance(answer, str):
        return {"file": name, "error": answer}
    digits = [{"answer": digit.best, "certainty": digit.best_share} for digit in answer.digits]
    certainty, perhaps = answer.certainty, answer.perhaps or None
    return {"file": name, "answer": answer.text, "certainty": certainty, "perhaps": perhaps, "digits": digits}


def _drawn_answers(model: MLP, file: Path) -> Iterator[tuple[str, Answer | str]]:
    drawings = _drawings(file)
    for number, drawing in enumerate(drawings, start=1):
        pictures = _pictures(drawing)
        name = f"{file}, drawing {number}" if len(drawings) > 1 else str(file)
        yield name, pictures if isinstance(pictures, str) else answer(model, pictures)


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


def _pictures(drawing: dict[str, Any]) -> list[Picture] | str:
    """What the network reads of a drawing, a picture a digit, or why it can't."""
    if "pixels" in drawing:
        return _given_picture(drawing["pixels"])
    strokes = drawing.get("strokes")
    if not isinstance(strokes, list) or not all(_is_stroke(stroke) for stroke in strokes):
        return "its strokes are no lists of points [x, y], numbers from 0 to 255"
    points = from_file(strokes)
    drawn = [[points[i] for i in group] for group in digits(points)]
    wrong = [what_is_wrong(digit) for digit in drawn] or ["empty"]
    if any(wrong):
        return WRONG[next(filter(None, wrong))]
    return [picture for digit in drawn if (picture := to_mnist(digit)) is not None]


def _given_picture(pixels: object) -> list[Picture] | str:
    try:
        content = base64.b64decode(pixels if isinstance(pixels, str) else "", validate=True)
    except ValueError:
        content = b""
    if len(content) != SIZE * SIZE:
        return f"its pixels are not {SIZE * SIZE} bytes in base64"
    return [np.frombuffer(content, np.uint8).reshape(SIZE, SIZE)]


def _is_stroke(stroke: object) -> bool:
    return isinstance(stroke, list) and all(
        isinstance(point, list) and len(point) == 2 and all(_is_coordinate(number) for number in point)
        for point in stroke
    )


def _is_coordinate(number: object) -> bool:
    # What is a little outside was drawn over the pad's edge.
    return isinstance(number, int | float) and not isinstance(number, bool) and -1_000 <= number <= 1_000
