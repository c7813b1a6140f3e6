"""Whatever is drawn or photographed, it is read, or refused in a sentence; see fuzz.py."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlp_py import MLP, drawing, predicting
from mlp_py.image_pool import ImagePool
from mlp_py.picture import find_digits
from mlp_py.session import Session

from .fuzz import any_input, is_sentence, mutated, works_or_is_refused

COORDINATE = st.one_of(st.floats(-0.25, 1.25, width=32), st.sampled_from([0.5, 1e-38, 99.0, -99.0]))
POINT = st.tuples(COORDINATE, COORDINATE)
STROKES = st.lists(st.lists(POINT, max_size=12), max_size=6)
NO_NUMBER = st.sampled_from([float("nan"), float("inf"), float("-inf"), 3e38, 1e6])


def flat(strokes: list[list[tuple[float, float]]]) -> tuple[Any, Any]:
    points = [point for stroke in strokes for point in stroke]
    return np.array(points, np.float32).ravel(), np.array([len(stroke) for stroke in strokes], np.int32)


# ── Drawings ───────────────────────────────────────────────────────────────────────────────────


@any_input
@given(STROKES)
@example([[]])
@example([[(0.0, 0.0), (0.0, 1e-38)]])
@example([[(0.1, 0.1)] * 3, [], [(0.1, 0.9)]])
@example([[(i / 300, i % 2)] for i in range(300)])
def test_any_drawing_is_read(strokes: list[list[tuple[float, float]]]) -> None:
    answer = Session(hidden_size=2).answer("reading.read", *flat(strokes), "mine")
    for digit in answer["result"]:
        for name in ("box", "shift", "probabilities", "claimed"):
            assert np.isfinite(digit[name]).all(), name
        assert digit["pixels"].shape == (784,)


@any_input
@given(STROKES, NO_NUMBER, POINT)
def test_what_has_a_point_that_is_nowhere_is_refused(
    strokes: list[list[tuple[float, float]]], number: float, point: tuple[float, float]
) -> None:
    points, lengths = flat([*strokes, [point, (point[0], number)]])
    failure = Session(hidden_size=2).answer("reading.read", points, lengths, "mine")["failure"]
    assert failure == {"kind": "refused", "message": "the drawing has a point that is nowhere near the pad"}


@any_input
@given(
    st.lists(COORDINATE | NO_NUMBER, max_size=12),
    st.lists(st.integers(-3, 9), max_size=4),
    st.lists(st.integers(-3, 9), max_size=4),
    st.lists(st.integers(0, 255), max_size=4),
    st.integers(0, 2_000),
    st.lists(st.integers(0, 255), max_size=3),
    st.booleans(),
)
@example([0.0, 0.0, 1.0, 1.0], [2], [1], [10], 0, [], False)
@example([0.0, 0.0, 1.0, 1.0], [2], [1], [1, 2], 0, [], False)
@example([], [], [], [], 784, [1, 2], True)
@example([], [], [], [], 784, [200], True)
def test_any_corrections_fit_or_change_nothing(
    points: list[float],
    lengths: list[int],
    strokes: list[int],
    labels: list[int],
    n: int,
    given: list[int],
    alone: bool,
) -> None:
    pool = ImagePool()
    before = pool.corrections, pool.own
    arrays = np.array(points, np.float32), np.array(lengths, np.int32), np.array(strokes, np.int32)
    pictures = np.zeros(n, np.uint8), np.array(given, np.uint8)
    mixed_in = works_or_is_refused(lambda: pool.set_corrections(*arrays, np.array(labels, np.uint8), *pictures, alone))
    if mixed_in is None:
        assert (pool.corrections, pool.own) == before
        return
    for split in (pool.corrections, pool.own):
        if split is not None:
            assert split.images.shape == (len(split.labels), 784)
            assert split.labels.max(initial=0) < 10


# ── Pictures ───────────────────────────────────────────────────────────────────────────────────


@st.composite
def pictures(draw: st.DrawFn) -> Any:
    """Noise, blots and lines, opaque and not, of any shape."""
    height, width = draw(st.integers(0, 90)), draw(st.integers(0, 90))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    pixels = np.full((height, width, 4), draw(st.sampled_from([0, 128, 255])), np.uint8)
    if draw(st.booleans()):
        pixels[...] = rng.integers(0, 256, pixels.shape)
    for _ in range(draw(st.integers(0, 4))):
        top, left = draw(st.integers(0, 90)), draw(st.integers(0, 90))
        down, right = draw(st.integers(1, 90)), draw(st.integers(1, 90))
        pixels[top : top + down, left : left + right] = draw(st.sampled_from([0, 60, 255]))
    if draw(st.booleans()):
        pixels[..., 3] = 255
    return pixels


FRAMES = st.none() | st.lists(st.integers(-20, 120), min_size=4, max_size=4)


@any_input
@given(pictures(), FRAMES)
def test_any_picture_and_frame(pixels: Any, frame: list[int] | None) -> None:
    height, width = pixels.shape[:2]
    session = Session(hidden_size=2)
    answer = session.answer("reading.find_digits", pixels.ravel(), width, height, frame)
    if "failure" in answer:
        assert answer["failure"]["kind"] == "refused", answer["failure"]
        assert is_sentence(answer["failure"]["message"])
        return
    for digit in answer["result"]["digits"]:
        assert np.isfinite(digit["box"]).all()
        assert digit["pixels"].any()


@pytest.mark.parametrize("frame", [(5, 5, 5, 40), (40, 5, 5, 40), (200, 200, 300, 300), (-40, -40, -5, -5)])
def test_a_frame_with_nothing_in_it_is_refused(frame: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="frame"):
        find_digits(np.zeros((100, 100, 4), np.uint8), frame)


def png() -> bytes:
    image = pytest.importorskip("PIL.Image")
    pixels = np.full((60, 40), 255, np.uint8)
    pixels[10:50, 18:24] = 0
    file = io.BytesIO()
    image.fromarray(pixels).save(file, "png")
    return file.getvalue()


MODEL = MLP(hidden_size=2, rng=0)


def predicted(folder: Path, name: str, content: bytes) -> None:
    """Each thing in a file gets an answer, or a sentence."""
    file = folder / name
    file.write_bytes(content)
    for name, answer in predicting.answers(MODEL, file):
        data = predicting.as_data(name, answer)
        assert is_sentence(str(data["error"])) if "error" in data else data["answer"].isdecimal()


@pytest.mark.skipif(sys.platform == "emscripten", reason="there the browser reads picture files")
@any_input
@given(data=st.data())
def test_any_bytes_as_a_picture_file(data: st.DataObject, tmp_path: Path) -> None:
    content = data.draw(st.one_of(st.binary(max_size=100), mutated(png())))
    predicted(tmp_path, data.draw(st.sampled_from(["a.png", "a.jpg", "a"])), content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=9,
)
DRAWINGS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "strokes": JSON
            | st.lists(
                st.lists(st.tuples(st.floats(-1e3, 1e3) | NO_NUMBER, st.integers(0, 255)), max_size=5), max_size=4
            ),
            "pixels": JSON,
            "label": JSON,
        },
    ),
    max_size=4,
)


@any_input
@given(st.one_of(st.binary(max_size=60), (JSON | DRAWINGS).map(lambda value: json.dumps(value).encode())))
@example(b"[" * (2_000 if sys.platform == "emscripten" else 100_000))  # where more ends Python itself
@example(b'[{"strokes": [[[1' + b"0" * 5_000 + b", 1]]]}]")
@example(json.dumps([{"strokes": [[]]}]).encode())
@example(json.dumps([{"strokes": [[[i, i % 200]] for i in range(250)]}]).encode())
def test_any_bytes_as_a_file_of_drawings(tmp_path: Path, content: bytes) -> None:
    predicted(tmp_path, "drawings.json", content)


def test_strokes_that_are_nothing_are_no_digit() -> None:
    assert drawing.digits([np.zeros((0, 2))] * 3) == []
    assert drawing.prepare([np.zeros((0, 2))] * 3) is None
