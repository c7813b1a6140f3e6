"""The mistakes that people make who write this network, each told by its line, what met there, and what to look at."""

import pytest

from mlp_py.failure import failure_of
from mlp_py.network_code import network_class, shipped

LINES = {
    "relu": "return np.maximum(0, x)",
    "softmax": "return exp_x / np.sum(exp_x, axis=1, keepdims=True)",
    "first layer": "self.layer1_input = dot(X, self.weights1) + self.biases1",
    "d_weights1": "self.d_weights1 = dot(X.T, self.d_hidden_relu)",
    "d_weights2": "self.d_weights2 = dot(self.layer1_output.T, self.d_output)",
    "d_hidden": "self.d_hidden = dot(self.d_output, self.weights2.T)",
    "d_biases1": "self.d_biases1 = np.sum(self.d_hidden_relu, axis=0, keepdims=True)",
    "update": "self.weights1 -= learning_rate * self.d_weights1",
}

# name: (the line of the shipped file, what it is changed to, part of the line that is told, words that are said)
STOPPED = {
    "a transpose left out": (
        "d_weights1", "self.d_weights1 = dot(X, self.d_hidden_relu)", "dot(X, self.d_hidden_relu)",
        ["X is (2, 784)", "self.d_hidden_relu is (2, 4)", "784 is not 2", "X.T"],
    ),
    "factors the wrong way round": (
        "d_weights2", "self.d_weights2 = dot(self.d_output, self.layer1_output.T)", "dot(self.d_output,",
        ["self.d_output is (2, 10)", "self.layer1_output.T is (4, 2)", "10 is not 4"],
    ),
    "a transpose too many": (
        "first layer", "self.layer1_input = np.dot(X, self.weights1.T) + self.biases1", "self.weights1.T",
        ["self.weights1.T is (4, 784)", "With self.weights1 it would fit"],
    ),
    "weights1 for weights2": (
        "d_hidden", "self.d_hidden = self.d_output @ self.weights1.T", "self.weights1.T",
        ["self.d_output is (2, 10)", "self.weights1.T is (4, 784)"],
    ),
    "keepdims left out of softmax": (
        "softmax", "return exp_x / np.sum(exp_x, axis=1)", "np.sum(exp_x, axis=1)",
        ["exp_x is (2, 10)", "np.sum(exp_x, axis=1) is (2,)", "keepdims=True"],
    ),
    "a gradient of the wrong shape": (
        "update", "self.weights1 -= learning_rate * self.d_weights1.T", "self.d_weights1.T",
        ["self.weights1 is (784, 4)", "(4, 784)", "transposed"],
    ),
    "axis swapped in the biases": (
        "d_biases1", "self.d_biases1 = np.sum(self.d_hidden_relu, axis=1)", "self.biases1 -= ",
        ["self.biases1 is (1, 4)", "is (2,)"],
    ),
    "self forgotten before a name": (
        "first layer", "self.layer1_input = dot(X, weights1) + self.biases1", "dot(X, weights1)", ["self.weights1"],
    ),
    "self forgotten in a method": ("relu", None, "def relu(x)", ["relu does not take self", "def relu(self, x)"]),
    "a typo in a name": (
        "first layer", "self.layer1_input = dot(X, self.wieghts1) + self.biases1", "self.wieghts1",
        ["no wieghts1", "Did you mean weights1?"],
    ),
    "a typo in a variable": ("relu", "return np.maximum(0, xx)", "np.maximum(0, xx)", ["no xx"]),
    "a typo in NumPy's name": ("relu", "return np.maxmium(0, x)", "maxmium", ["NumPy has no maxmium", "maximum"]),
    "np not imported": ("relu", "return numpy.maximum(0, x)", "numpy.maximum", ["no numpy here"]),
    "a return forgotten": ("relu", "np.maximum(0, x)", "dot(self.layer1_output, self.weights2)", ["None", "return"]),
    "used before it is made": (
        "relu", "y = y + x\n        return y", "y = y + x", ["y is used before it is made"],
    ),
    "whole numbers changed in place": (
        "update", "w = np.zeros((2, 2), np.int64)\n        w -= self.d_weights1[:2, :2]", "w -= ",
        ["w holds int64", "does not go in"],
    ),
    "tabs": ("relu", "if True:\n\t\treturn np.maximum(0, x)\n            return x", "\t\treturn", ["spaces"]),
    "a missing colon": ("relu", None, "def relu(self, x)", ["colon is missing"]),
    "a bracket not closed": ("relu", "return np.maximum(0, x", "np.maximum(0, x", ["'(' was never closed"]),
    "indented too far": ("relu", "y = x\n            return y", "return y", ["indented further"]),
    "labels as floats": (
        "update", "np.zeros((2, 10))[np.arange(2), y.astype(float)]", "astype(float)", ["whole numbers"],
    ),
    "one index too far": ("relu", "return x[:, 10**6]", "10**6", ["not in the array", "1000000"]),
    "images as they are not": (
        "d_hidden", "self.d_hidden = self.forward(X + 255)", "X + 255", ["divide bytes by 255"],
    ),
    "itself, over and over": ("relu", "return self.relu(x)", "self.relu(x)", ["relu calls itself"]),
}  # fmt: skip


def changed(line: str, new: str | None, part: str) -> str:
    if new is None:  # the def line itself
        return shipped().replace("    def relu(self, x):", f"    {part}" + (":" if "self" not in part else ""), 1)
    assert shipped().count(LINES[line]) == 1
    return shipped().replace(LINES[line], new)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(("line", "new", "part", "words"), STOPPED.values(), ids=STOPPED.keys())
def test_a_mistake_is_told_by_its_line_what_met_and_what_to_look_at(
    line: str, new: str | None, part: str, words: list[str]
) -> None:
    text = changed(line, new, part)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever code can raise
        network_class(text)
    told = failure_of(caught.value)
    assert told["kind"] == "code"
    assert told["line"] == line_of(text, part), told["message"]
    for word in words:
        assert word in told["message"]
    assert "Traceback" not in told["message"]


def test_what_the_line_speaks_of_can_be_looked_at() -> None:
    with pytest.raises(ValueError, match="not aligned") as caught:
        network_class(changed("d_weights1", "self.d_weights1 = np.dot(X, self.d_hidden_relu)", ""))
    names = failure_of(caught.value)["names"]
    assert names["X"] == "(2, 784) float32, 0 to 0"
    assert names["self.d_hidden_relu"].startswith("(2, 4) float32, ")


def test_finding_out_changes_nothing() -> None:
    text = shipped().replace(
        "class MLP:", "calls = []\n\ndef count(a):\n    calls.append(1)\n    return a\n\nclass MLP:"
    )
    text = text.replace(LINES["d_weights1"], "self.d_weights1 = np.dot(count(X), self.d_hidden_relu)")
    with pytest.raises(ValueError, match="not aligned") as caught:
        network_class(text)
    told = failure_of(caught.value)
    assert told["line"] == line_of(text, "count(X)")
    frames = caught.tb
    while frames.tb_next and "calls" not in frames.tb_frame.f_globals:
        frames = frames.tb_next
    assert frames.tb_frame.f_globals["calls"] == [1]


def test_a_mistake_with_endless_words_is_explained_soon() -> None:
    text = shipped().replace("return np.maximum(0, x)", 'raise MemoryError("with shape (" * 500_000)')
    with pytest.raises(MemoryError) as caught:
        network_class(text)
    assert failure_of(caught.value)["message"].startswith("There is not enough memory for this: ")
