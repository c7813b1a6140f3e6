"""Another mlp.py as text: made into a class, or a mistake that has a line and a phase."""

import linecache
from collections.abc import Iterator

import numpy as np
import pytest

from mlp_py import network_code
from mlp_py.failure import failure_of
from mlp_py.fast import FastMLP
from mlp_py.network_code import CodeError, network_class, shipped


def failure(text: str) -> dict[str, object]:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever code can raise
        network_class(text)
    return dict(failure_of(caught.value))


def changed(old: str, new: str) -> str:
    text = shipped()
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.fixture(autouse=True)
def _no_lines_left() -> Iterator[None]:
    yield
    linecache.cache.pop(network_code.FILE, None)


def test_the_shipped_text_is_the_fast_class() -> None:
    assert network_class(shipped()) is FastMLP


def test_a_comment_makes_it_a_class_of_its_own_that_does_the_same() -> None:
    found = network_class(shipped() + "# mine\n")
    assert found is not FastMLP
    mine, ours = found(30, 6, 10, rng=2), FastMLP(30, 6, 10, rng=2)
    X, y = np.random.default_rng(0).random((12, 30)), np.arange(12) % 10
    for model in (mine, ours):
        for _ in model.training_loop(X, y, 2, 4):
            pass
    assert mine.weights1.tobytes() == ours.weights1.tobytes()


def test_the_same_text_changed_and_changed_back_is_never_stale() -> None:
    for constant in (1, 2, 1, 3):
        text = changed("return np.maximum(0, x)", f"return np.maximum({constant}, x)")
        assert network_class(text)(4, 2, 2).relu(np.array([0.0])) == [constant]


MISTAKES = {
    "no Python": (changed("return float(loss)", "return float(loss"), "return float(loss", None, "never closed"),
    "a name that is not there": (changed("np.maximum(0, x)", "np.maxximum(0, x)"), "maxximum", "forward", "maxximum"),
    "a missing transpose": (
        changed("dot(self.layer1_output.T, self.d_output)", "dot(self.layer1_output, self.d_output)"),
        "dot(self.layer1_output, self.d_output)",
        "backward",
        "self.layer1_output is (2, 4)",
    ),
    "a loss that divides by zero": (changed("y_true.shape[0]", "y_true.shape[0] // 0"), "// 0", "loss", "Zero"),
    "an __init__ that fails": (
        changed("np.sqrt(2 / input_size)", "np.sqrt(2 / n_inputs)"), "2 / n_inputs", "initialization", "n_inputs"
    ),
    "labels as the notes do not have them": (
        changed("checks.step(self, X, y, learning_rate)", "checks.step(self, X, y.astype(float), learning_rate)"),
        "astype(float)",
        "backward",
        "array of float64",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "part", "phase", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_has_its_line_and_its_phase(text: str, part: str, phase: str | None, words: str) -> None:
    told = failure(text)
    assert told["kind"] == "code"
    assert told["line"] == line_of(text, part)
    assert told.get("phase") == phase
    assert words in str(told["message"])


def test_a_function_of_ones_own_belongs_to_the_phase_that_calls_it() -> None:
    text = changed("return np.maximum(0, x)", "return mine(x)") + "\n\ndef mine(x):\n    return x / nothing\n"
    told = failure(text)
    assert (told["line"], told["phase"]) == (line_of(text, "x / nothing"), "forward")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no class MLP"),
        ("MLP = 5", "no class MLP"),
        ("class MLP:\n    pass\n", "no method forward or relu"),
        (changed("def softmax", "def hardmax"), "no method softmax"),
        (shipped().replace('yield "batch", loss', "pass").replace('yield "epoch", avg_loss', "pass"), "yield"),
    ],
    ids=["empty", "no class", "no methods", "a method renamed", "no yield"],
)
def test_what_is_no_network_is_told(text: str, words: str) -> None:
    with pytest.raises(CodeError, match=words):
        network_class(text)
    assert failure(text)["kind"] == "code"


def test_a_traceback_shows_the_changed_line() -> None:
    text = changed("np.maximum(0, x)", "np.maxximum(0, x)")
    failure(text)
    assert "np.maxximum(0, x)" in linecache.getline(network_code.FILE, line_of(text, "maxximum"))
