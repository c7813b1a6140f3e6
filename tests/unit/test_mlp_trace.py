"""The phases on given images: every array by its name, and nothing of the network touched."""

import re
import sys
from typing import Any

import numpy as np
import pytest

from mlp_py import MLP, network_code
from mlp_py.dataset import Split
from mlp_py.fast import FastMLP
from mlp_py.trace import trace

SHAPES = {
    "X": (7, 784), "y": (7,), "y_one_hot": (7, 10), "exp_x": (7, 10), "losses": (7,), "loss_after": (),
    "layer1_input": (7, 8), "layer1_output": (7, 8), "layer2_input": (7, 10),
    "output": (7, 10), "loss": (), "d_output": (7, 10), "d_weights2": (8, 10), "d_biases2": (1, 10),
    "d_hidden": (7, 8), "d_hidden_relu": (7, 8), "d_weights1": (784, 8), "d_biases1": (1, 8),
    "weights1": (784, 8), "biases1": (1, 8), "weights2": (8, 10), "biases2": (1, 10),
    "updated_weights1": (784, 8), "updated_biases1": (1, 8), "updated_weights2": (8, 10), "updated_biases2": (1, 10),
}  # fmt: skip


@pytest.mark.parametrize("kind", [MLP, FastMLP])
def test_every_array_of_the_notes_is_there_and_fits(kind: type[MLP], digits: Split) -> None:
    model = kind(hidden_size=8, rng=0)
    X, y = digits.images[:7] / 255, digits.labels[:7]
    arrays = trace(model, X, y, learning_rate=0.5).arrays
    assert {name: array.shape for name, array in arrays.items()} == SHAPES
    np.testing.assert_array_equal(arrays["d_weights1"], X.T @ arrays["d_hidden_relu"])
    for name in ("weights1", "biases1", "weights2", "biases2"):
        expected = arrays[name] - 0.5 * arrays[f"d_{name}"]
        np.testing.assert_array_equal(arrays[f"updated_{name}"], expected)


@pytest.mark.parametrize("kind", [MLP, FastMLP])
def test_a_trace_in_the_middle_of_a_batch_touches_nothing(kind: type[MLP], digits: Split) -> None:
    X, y = digits.images[:32] / 255, digits.labels[:32]
    disturbed, alone = kind(hidden_size=8, rng=0), kind(hidden_size=8, rng=0)
    for model in (disturbed, alone):
        model.forward(X)
    left_behind = disturbed.layer1_output.copy()
    trace(disturbed, digits.images[50:53] / 255, digits.labels[50:53])
    np.testing.assert_array_equal(disturbed.layer1_output, left_behind)
    for model in (disturbed, alone):
        model.backward(X, y)
    assert disturbed.weights1.tobytes() == alone.weights1.tobytes()
    assert disturbed.weights2.tobytes() == alone.weights2.tobytes()


def test_what_changed_code_does_not_keep_is_left_out(digits: Split) -> None:
    class Forgetful(MLP):
        def backward(self, X: Any, y: Any, learning_rate: float = 0.01) -> None:
            self.d_output = self.output - np.eye(10)[y]
            self.weights2 = self.weights2 - learning_rate * self.layer1_output.T @ self.d_output

    model = Forgetful(hidden_size=8, rng=0)
    X, y = digits.images[:7] / 255, digits.labels[:7]
    model.forward(X)
    model.backward(X, y)
    before = model.weights2.copy()
    arrays = trace(model, X, y).arrays
    assert "d_weights1" not in arrays
    assert arrays["d_output"].shape == (7, 10)
    assert (arrays["updated_weights2"] != arrays["weights2"]).any()
    np.testing.assert_array_equal(model.weights2, before)


@pytest.mark.parametrize("kind", [MLP, FastMLP])
def test_each_step_is_the_line_that_made_its_arrays(kind: type[MLP], digits: Split) -> None:
    lines = network_code.shipped().splitlines()
    steps = trace(kind(hidden_size=8, rng=0), digits.images[:7] / 255, digits.labels[:7]).steps
    for line, phase, (name,) in steps:
        made = re.match(r"\s+(?:self\.)?(\w+)(?:\[.*\])? -?= ", lines[line - 1])
        assert made, lines[line - 1]
        assert made[1] == name.removeprefix("updated_")
        assert phase == network_code.PHASES[method_of(lines, line)]
    assert list(dict.fromkeys(phase for _, phase, _ in steps)) == ["forward", "loss", "backward"]
    assert [name for _, _, (name,) in steps][-4:] == [
        "updated_weights2", "updated_biases2", "updated_weights1", "updated_biases1",
    ]  # fmt: skip


def method_of(lines: list[str], line: int) -> str:
    (name,) = re.findall(r"^    def (\w+)", "\n".join(lines[:line]), re.MULTILINE)[-1:]
    return str(name)


def test_losses_are_the_images_own_and_the_step_lowers_them(digits: Split) -> None:
    X, y = digits.images[:7] / 255, digits.labels[:7]
    arrays = trace(MLP(hidden_size=8, rng=0), X, y, learning_rate=0.001).arrays
    assert arrays["losses"].mean() == pytest.approx(arrays["loss"])
    assert arrays["loss_after"] < arrays["loss"]


def test_changed_code_is_traced_by_its_own_lines(digits: Split) -> None:
    before = "        self.layer2_input = dot(self.layer1_output, self.weights2) + self.biases2"
    text = network_code.shipped().replace(before, "        squashed = self.layer1_output / 2\n" + before)
    line = next(n for n, each in enumerate(text.splitlines(), start=1) if "squashed =" in each)
    model = network_code.network_class(text)(hidden_size=8, rng=0)
    traced = trace(model, digits.images[:7] / 255, digits.labels[:7])
    np.testing.assert_array_equal(traced.arrays["squashed"], traced.arrays["layer1_output"] / 2)
    assert (line, "forward", ("squashed",)) in traced.steps


def test_whoever_traced_before_traces_after_even_if_the_code_fails(digits: Split) -> None:
    before = sys.gettrace()
    with pytest.raises(ValueError, match="labels"):
        trace(MLP(hidden_size=8, rng=0), digits.images[:7] / 255, digits.labels[:7] + 100)
    assert sys.gettrace() is before
