"""The fused network against the readable one, bit by bit: with the kernel and without."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, kernel
from mlp_py.fast import FastMLP

KEPT = (
    "weights1", "biases1", "weights2", "biases2", "layer1_input", "layer1_output", "layer2_input", "output",
    "d_output", "d_weights2", "d_biases2", "d_hidden", "d_hidden_relu", "d_weights1", "d_biases1",
)  # fmt: skip


@pytest.fixture(params=["kernel", "numpy"])
def _product(request: pytest.FixtureRequest, library_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = kernel.load(library_path) if request.param == "kernel" else None
    assert (library is not None) == (request.param == "kernel")
    monkeypatch.setattr(kernel, "_library", library)


def bits(array: NDArray[np.floating]) -> bytes:
    return array.tobytes()


@pytest.mark.usefixtures("_product")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("labels", [np.uint8, np.int64])
@pytest.mark.parametrize(
    ("inputs", "hidden", "classes", "batch"),
    [
        (784, 128, 10, 32),
        (784, 128, 10, 1),
        (7, 3, 2, 5),
        (31, 33, 11, 29),
        (100, 17, 10, 1023),
        (9, 5, 3, 1025),
        (6, 4, 130, 8),
    ],
)
def test_every_array_is_equal_to_the_last_bit(
    inputs: int, hidden: int, classes: int, batch: int, labels: type[np.integer], dtype: type[np.floating]
) -> None:
    rng = np.random.default_rng(1)
    readable, fast = (kind(inputs, hidden, classes, rng=3, dtype=dtype) for kind in (MLP, FastMLP))
    for rate in (0.01, 0.3 / batch, 1):
        X = rng.random((batch, inputs)).astype(dtype)
        y = rng.integers(0, classes, batch).astype(labels)
        losses = []
        for model in (readable, fast):
            losses.append(model.calculate_loss(y, model.forward(X)))
            model.backward(X, y, rate)
        assert losses[0] == losses[1]
        for name in KEPT:
            ours, theirs = getattr(fast, name), getattr(readable, name)
            assert ours.dtype == theirs.dtype == dtype
            assert bits(ours) == bits(theirs), name


@pytest.mark.usefixtures("_product")
@pytest.mark.parametrize("rate", [np.float64(0.013), np.float32(0.013), 1e30])
def test_any_kind_of_rate_moves_the_weights_alike(rate: float) -> None:
    rng = np.random.default_rng(2)
    X, y = rng.random((32, 784), np.float32), rng.integers(0, 10, 32)
    readable, fast = (kind(rng=3, dtype=np.float32) for kind in (MLP, FastMLP))
    with np.errstate(all="ignore"):
        for model in (readable, fast):
            for _ in range(3):
                model.forward(X)
                model.backward(X, y, rate)
    for name in KEPT[:4]:
        assert bits(getattr(fast, name)) == bits(getattr(readable, name)), name


def test_a_training_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(4)
    X, y = rng.random((203, 30), np.float32), rng.integers(0, 10, 203)
    printed = []
    for kind in (MLP, FastMLP):
        model = kind(30, 20, 10, rng=5, dtype=np.float32)
        model.train(X, y, epochs=3, batch_size=7)
        printed.append((capsys.readouterr().out, bits(model.weights1), bits(model.weights2)))
    assert printed[0] == printed[1]
