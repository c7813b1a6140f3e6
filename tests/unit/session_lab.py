"""A session with a small network and all its data, and what tests do with it."""

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import model_file
from mlp_py.session import Session

Files = dict[str, bytes]
Slice = dict[str, Any]
Corrections = dict[str, Any]

needs_threads = pytest.mark.skipif(sys.platform == "emscripten", reason="there the worker has a clock: test_editor.py")
AGES = 1000.0  # seconds: no slice ends for lack of time
RUN = {
    "hidden_size": 8, "seed": 0, "epochs": 2, "batch_size": 40, "learning_rate": 0.01, "training_images": 400,
    "augment": 0, "decay": 0,
}  # fmt: skip
"""Ten batches an epoch."""

RUN_ID = 7
NAMES = model_file.NAMES


def add_data(session: Session, files: Files) -> Session:
    """Give a session the official files, in one piece each."""
    session.images.add_training_images(files["train-images-idx3-ubyte"], files["train-labels-idx1-ubyte"])
    session.images.set_held_out(files["t10k-images-idx3-ubyte"], files["t10k-labels-idx1-ubyte"])
    return session


def start(session: Session, corrections: Corrections | None = None, **changes: float) -> dict[str, Any]:
    return session.begin(RUN_ID, RUN | changes, corrections)  # type: ignore[arg-type]


def run_slice(session: Session, seconds: float = AGES, max_batches: int | None = None) -> Slice:
    result = session.run_slice(RUN_ID, seconds, max_batches)
    assert result is not None
    return result  # type: ignore[return-value]


def slices(session: Session, seconds: float = AGES) -> Iterator[Slice]:
    """The slices of the run that was started, up to its end."""
    for _ in range(2000):
        result = run_slice(session, seconds)
        yield result
        if result["finished"]:
            return
    pytest.fail("the run does not end")


def losses_of(results: list[Slice]) -> NDArray[np.float32]:
    return np.concatenate([result["losses"] for result in results])


def epoch_records(results: list[Slice]) -> list[dict[str, float]]:
    return [result["epoch_record"] for result in results if result["epoch_record"]]


def weights_of(session: Session) -> dict[str, NDArray[np.floating]]:
    return {name: array.copy() for name, array in model_file.parameters(session.network.model).items()}


def assert_same_weights(a: dict[str, NDArray[np.floating]], b: dict[str, NDArray[np.floating]]) -> None:
    for name in NAMES:
        np.testing.assert_array_equal(a[name], b[name])
