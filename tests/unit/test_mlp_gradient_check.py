"""backward() against central differences: the network of the notes passes, and usual mistakes are told by name."""

import copy
import linecache
from collections.abc import Iterator

import numpy as np
import pytest

from mlp_py import MLP, network_code
from mlp_py.checks import Labels
from mlp_py.fast import FastMLP
from mlp_py.gradient_check import GradientCheck, gradient_check
from mlp_py.kernel import FloatArray

Batch = tuple[FloatArray, Labels]

D_OUTPUT = "self.d_output = self.output - y_one_hot"
D_WEIGHTS2 = "self.d_weights2 = dot(self.layer1_output.T, self.d_output)"
D_BIASES2 = "self.d_biases2 = np.sum(self.d_output, axis=0, keepdims=True)"
D_HIDDEN = "self.d_hidden = dot(self.d_output, self.weights2.T)"
D_RELU = "self.d_hidden_relu = self.d_hidden * (self.layer1_output > 0)"
D_WEIGHTS1 = "self.d_weights1 = dot(X.T, self.d_hidden_relu)"
D_BIASES1 = "self.d_biases1 = np.sum(self.d_hidden_relu, axis=0, keepdims=True)"
ONE_HOT = "y_one_hot[np.arange(batch_size), y] = 1"
UPDATE2 = "        self.weights2 -= learning_rate * self.d_weights2\n"

MISTAKES = [
    # d_output
    (D_OUTPUT, "self.d_output = y_one_hot - self.output", "d_output", "opposite sign"),
    (D_OUTPUT, "self.d_output = (self.output - y_one_hot) / batch_size", "d_output", "mean over the batch"),
    (D_OUTPUT, "self.d_output = 3 * (self.output - y_one_hot)", "d_output", "multiplied by the batch size"),
    (D_OUTPUT, "self.d_output = 2 * (self.output - y_one_hot)", "d_output", "2 times"),
    (D_OUTPUT, "self.d_output = (self.output - y_one_hot) * self.output * (1 - self.output)", "d_output", "p (1 - p)"),
    (D_OUTPUT, "self.d_output = -y_one_hot / self.output", "d_output", "before softmax"),
    (D_OUTPUT, "self.d_output = self.layer2_input - y_one_hot", "d_output", "logits"),
    (D_OUTPUT, "self.d_output = np.clip(self.output - y_one_hot, -0.2, 0.2)", "d_output", "clipped"),
    (D_OUTPUT, "self.d_output = 0 * self.output", "d_output", "zero everywhere"),
    (D_OUTPUT, "self.d_output = self.output.copy()", "d_output", "not subtracted"),
    (D_OUTPUT, D_OUTPUT + "\n        self.d_output[1:] = 0", "d_output", "first image"),
    (D_OUTPUT, D_OUTPUT + "\n        self.d_output[0, 0] = np.nan", "d_output", "NaN"),
    (ONE_HOT, "pass", "d_output", "not subtracted"),
    (ONE_HOT, "y_one_hot[:, y] = 1", "d_output", "one-hot"),
    (ONE_HOT, "y_one_hot[np.arange(batch_size), y - 1] = 1", "d_output", "one-hot"),
    # d_weights2, d_biases2
    (D_WEIGHTS2, D_WEIGHTS2 + " / batch_size", "d_weights2", "mean over the batch"),
    (D_WEIGHTS2, "self.d_weights2 = dot(self.layer1_input.T, self.d_output)", "d_weights2", "layer1_input"),
    (D_WEIGHTS2, "self.d_weights2 = dot(self.layer1_output[:1].T, self.d_output[:1])", "d_weights2", "first image"),
    (D_WEIGHTS2, "self.d_weights2 = dot(self.d_output.T, self.layer1_output)", "d_weights2", "order"),
    (D_WEIGHTS2, "self.d_weights2 = dot(self.layer1_output, self.d_output)", "d_weights2", "ValueError"),
    (D_BIASES2, "self.d_biases2 = np.mean(self.d_output, axis=0, keepdims=True)", "d_biases2", "mean over the batch"),
    (D_BIASES2, "self.d_biases2 = np.sum(self.d_output, axis=1, keepdims=True)", "d_biases2", "wrong axis"),
    (D_BIASES2, "self.d_biases2 = np.sum(self.d_output)", "d_biases2", "wrong axis"),
    # d_hidden, d_hidden_relu
    (D_HIDDEN, "self.d_hidden = dot(self.output, self.weights2.T)", "d_hidden", "in place of d_output"),
    (D_HIDDEN, "self.d_hidden = dot(self.d_output, self.weights2)", "d_hidden", "ValueError"),
    (D_RELU, "self.d_hidden_relu = self.d_hidden", "d_hidden_relu", "mask is missing"),
    (D_RELU, D_RELU.replace("> 0", ">= 0"), "d_hidden_relu", "mask is missing"),
    (D_RELU, D_RELU.replace("> 0", "<= 0"), "d_hidden_relu", "inverted"),
    (D_RELU, "self.d_hidden_relu = self.d_hidden * (self.d_hidden > 0)", "d_hidden_relu", "own sign"),
    (D_RELU, "self.d_hidden_relu = self.d_hidden * self.layer1_output", "d_hidden_relu", "multiplied in"),
    ("np.maximum(0, x)", "np.where(x > 0, x, 0.1 * x)", "d_hidden_relu", "forward() is not"),
    # d_weights1, d_biases1
    (D_WEIGHTS1, "self.d_weights1 = dot(X.T, self.d_hidden)", "d_weights1", "mask"),
    (D_WEIGHTS1, "self.d_weights1 = dot(X.T * 255, self.d_hidden_relu)", "d_weights1", "scaled"),
    (D_WEIGHTS1, "self.d_weights1 = np.zeros_like(self.weights1)", "d_weights1", "zero everywhere"),
    (D_BIASES1, "self.d_biases1 = np.sum(self.d_hidden, axis=0, keepdims=True)", "d_biases1", "mask"),
    (" + self.biases1  # (batch, hidden)", "", "d_biases1", "forward() is not"),
    # update
    (UPDATE2, UPDATE2.replace("-=", "+="), "weights2", "uphill"),
    (UPDATE2, "", "weights2", "not updated"),
    (UPDATE2, "        self.weights2 -= self.d_weights2\n", "weights2", "forgotten"),
    (UPDATE2, UPDATE2 + "        self.weights2 *= 0.999\n", "weights2", "weight decay"),
    ("self.biases1 -= learning_rate *", "self.biases1 -= learning_rate**2 *", "biases1", "twice"),
    ("self.weights1 -= learning_rate * ", "self.weights1 -= learning_rate / batch_size * ", "weights1", "mean"),
    # forward
    ("np.sum(exp_x, axis=1, keepdims=True)", "np.sum(exp_x)", "output", "sum to 1"),
    # not kept
    ("self.d_weights2", "-d_weights2", "d_weights2", "opposite sign"),
]


@pytest.fixture(autouse=True)
def _no_lines_left() -> Iterator[None]:
    yield
    linecache.cache.pop(network_code.FILE, None)


@pytest.fixture(scope="module")
def batch() -> Batch:
    """Three images, four fifths of them paper; of three classes."""
    rng = np.random.default_rng(5)
    return rng.random((3, 784)) * (rng.random((3, 784)) < 0.2), np.array([3, 0, 7])


def changed(old: str, new: str) -> type[MLP]:
    text = network_code.shipped()
    assert old in text
    if old == "self.d_weights2":  # a local variable from here on
        text = text.replace(f"{old} =", "d_weights2 =")
    return network_code.network_class(text.replace(old, new))


def random_network(kind: type[MLP], *, hidden_size: int = 16, seed: int = 0) -> MLP:
    model = kind(hidden_size=hidden_size, rng=seed)
    model.biases1 += np.random.default_rng(seed).normal(0, 0.1, model.biases1.shape)
    return model


def assert_right(check: GradientCheck) -> None:
    assert check.ok, (check.culprit, check.cause, [(a.name, a.error, a.worst) for a in check.arrays])
    assert check.error < 1e-6
    assert check.culprit is None
    assert check.cause is None
    assert [array.name for array in check.arrays] == ["d_weights2", "d_biases2", "d_weights1", "d_biases1"]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", [MLP, FastMLP])
@pytest.mark.parametrize("n_steps", [0, 3, 300])
def test_the_network_of_the_notes_is_right(
    kind: type[MLP], dtype: type[np.floating], n_steps: int, batch: Batch
) -> None:
    X: FloatArray = batch[0].astype(dtype)
    y = batch[1]
    for seed in range(4):
        model = kind(hidden_size=[16, 128][seed % 2], rng=seed, dtype=dtype)
        for _ in range(n_steps):
            model.forward(X)
            model.backward(X, y, 0.01)
        check = gradient_check(model, X, y, seed=seed)
        assert_right(check)
        assert [array.n_checked + array.n_left_out for array in check.arrays] == [40, 10, 40, [16, 40][seed % 2]]
        for array in check.arrays:
            # Zeros compared with zeros say little, and in a network that has learned all is nearly zero.
            assert n_steps == 300 or np.count_nonzero(array.expected) >= array.n_checked / 3


def test_an_image_that_is_read_very_wrong(batch: Batch) -> None:
    model = random_network(MLP)
    X, y = batch
    for p in (1e-4, 1e-9):
        model.biases2[0, y[0]] += np.log(p) - np.log(model.forward(X)[0, y[0]])
        assert model.forward(X)[0, y[0]] < 2 * p
        assert_right(gradient_check(model, X, y))


@pytest.mark.parametrize("kind", [MLP, FastMLP])
def test_nothing_of_the_network_is_touched(kind: type[MLP], batch: Batch) -> None:
    X, y = batch[0].astype(np.float32), batch[1]
    model = kind(hidden_size=16, rng=0, dtype=np.float32)
    model.forward(X[:2])
    model.backward(X[:2], y[:2])
    before, given = copy.deepcopy(model.__dict__), (X.copy(), y.copy())
    gradient_check(model, X, y)
    assert model.__dict__.keys() == before.keys()
    for name, value in before.items():
        if name != "rng":
            np.testing.assert_array_equal(model.__dict__[name], value)
            assert model.__dict__[name].dtype == value.dtype
    assert model.rng.normal() == before["rng"].normal()
    np.testing.assert_array_equal(X, given[0])
    np.testing.assert_array_equal(y, given[1])


@pytest.mark.parametrize(("old", "new", "culprit", "key_word"), MISTAKES)
def test_usual_mistakes(
    old: str, new: str, culprit: str, key_word: str, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_code, "_check", lambda _class: None)  # which refuses some of them at once
    for seed in range(3):
        check = gradient_check(random_network(changed(old, new), seed=seed), *batch, seed=seed)
        assert not check.ok
        assert check.error > 1e-6
        assert (check.culprit, key_word in (check.cause or "")) == (culprit, True), (check.culprit, check.cause)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("mistake", [D_OUTPUT, D_WEIGHTS2, D_BIASES2, D_HIDDEN, D_WEIGHTS1, D_BIASES1])
def test_fewer_images(n: int, mistake: str, batch: Batch) -> None:
    X, y = batch[0][:n], batch[1][:n]
    name, value = mistake.removeprefix("self.").split(" = ")
    assert_right(gradient_check(random_network(MLP), X, y))
    check = gradient_check(random_network(changed(mistake, f"self.{name} = -({value})")), X, y)
    assert (check.culprit, check.cause) == (name, f"Every entry of {name} has the opposite sign.")


@pytest.mark.parametrize("has_mistake", [False, True])
def test_a_network_with_one_more_layer(has_mistake: bool, batch: Batch) -> None:
    """A third matrix, fixed, behind the two that are checked: what backward() has to pass back is d_layer2."""
    text = network_code.shipped()
    for old, new in {
        "* np.sqrt(2 / hidden_size)).astype(dtype)": "* np.sqrt(2 / hidden_size)).astype(dtype)\n"
        "        self.weights3 = self.rng.standard_normal((12, 10)).astype(dtype)",
        "(hidden_size, output_size)": "(hidden_size, 12)",
        "np.zeros((1, output_size), dtype)": "np.zeros((1, 12), dtype)",
        "self.softmax(self.layer2_input)": "self.softmax(dot(self.layer2_input, self.weights3))",
        D_OUTPUT: f"{D_OUTPUT}\n        d_layer2 = dot(self.d_output, self.weights3.T)",
        D_WEIGHTS2: "self.d_weights2 = dot(self.layer1_output.T, d_layer2)" + " * 2" * has_mistake,
        D_BIASES2: "self.d_biases2 = np.sum(d_layer2, axis=0, keepdims=True)",
        D_HIDDEN: "self.d_hidden = dot(d_layer2, self.weights2.T)",
    }.items():
        assert old in text
        text = text.replace(old, new)
    check = gradient_check(random_network(network_code.network_class(text)), *batch)
    if has_mistake:
        assert (check.ok, check.culprit) == (False, "d_weights2")
        assert "2 times" in str(check.cause)
    else:
        assert_right(check)


@pytest.mark.parametrize("keeps", [True, False])
def test_weights2_updated_before_it_is_used(keeps: bool, batch: Batch) -> None:
    text = network_code.shipped()
    assert D_HIDDEN in text
    assert UPDATE2 in text
    text = text.replace(UPDATE2, "").replace(D_HIDDEN, UPDATE2.strip() + "\n        " + D_HIDDEN)
    if not keeps:
        text = text.replace("self.d_hidden", "d_hidden")
    check = gradient_check(random_network(network_code.network_class(text)), *batch)
    assert check.culprit == ("d_hidden" if keeps else "d_weights1")
    assert "weights2 is updated before it is used" in str(check.cause)


def test_random_numbers_in_forward_are_the_same_each_time(batch: Batch) -> None:
    dropout = changed(
        "self.layer1_output = self.relu(self.layer1_input)",
        "self.layer1_output = self.relu(self.layer1_input) * (self.rng.random(self.layer1_input.shape) < 0.7) / 0.7",
    )
    model = random_network(dropout)
    state = copy.deepcopy(model.rng)
    check = gradient_check(model, *batch)
    assert not check.ok  # backward() lacks the 1 / 0.7
    assert check.culprit == "d_hidden_relu"
    assert model.rng.normal() == state.normal()


def test_flips_that_undo_each_other_are_no_mistake(batch: Batch) -> None:
    text = network_code.shipped().replace(D_OUTPUT, "self.d_output = y_one_hot - self.output")
    text = text.replace("-= learning_rate", "+= learning_rate")
    assert_right(gradient_check(random_network(network_code.network_class(text)), *batch))


def test_a_kink_is_left_out_and_counted(batch: Batch) -> None:
    X, y = batch
    model = random_network(MLP, hidden_size=4)
    model.forward(X)
    model.biases1[0, 2] -= model.layer1_input[1, 2] - 1e-7
    check = gradient_check(model, X, y, n_samples=10_000)
    assert_right(check)
    weights2, biases2, weights1, biases1 = check.arrays
    assert (biases1.n_checked, biases1.n_left_out) == (3, 1)
    assert 2 not in biases1.columns
    assert (weights2.n_left_out, biases2.n_left_out) == (0, 0)
    # A step of a weight moves the sum by its pixel; only of the second image, and not where it is nearly blank.
    assert weights1.n_left_out == np.count_nonzero(X[1] * 1e-5 > 1e-7)
    inked = weights1.rows[weights1.columns == 2]
    assert not (X[1, inked] * 1e-5 > 1e-7).any()


def test_probabilities_and_weights_that_are_no_numbers(batch: Batch) -> None:
    X, y = batch
    model = random_network(MLP)
    model.biases2[0, y[0]] = -2000
    check = gradient_check(model, X, y)
    assert (check.ok, check.error, check.culprit) == (False, np.inf, "output")
    model.weights2[0, 0] = np.nan
    check = gradient_check(model, X, y)
    assert (check.ok, check.error, check.culprit) == (False, np.inf, "weights2")
    assert "NaN" in str(check.cause)


def test_an_exception_is_told_with_the_array_that_was_being_made(batch: Batch) -> None:
    failing = changed(D_HIDDEN, D_HIDDEN + " / [1, 1, 1][batch_size]")
    check = gradient_check(random_network(failing), *batch)
    assert (check.ok, check.error, check.culprit) == (False, np.inf, "d_hidden")
    assert check.cause == "The code stops with IndexError: list index out of range"
    assert [(array.n_checked, array.worst) for array in check.arrays] == [(0, None)] * 4


def test_arguments_that_are_a_mistake(batch: Batch) -> None:
    X, y = batch
    with pytest.raises(ValueError, match="divide bytes by 255"):
        gradient_check(MLP(hidden_size=4, rng=0), X * 255, y)
    with pytest.raises(ValueError, match="y has labels"):
        gradient_check(MLP(hidden_size=4, rng=0), X, y + 5)


def test_plain(batch: Batch) -> None:
    check = gradient_check(random_network(changed(D_BIASES1, D_BIASES1 + " * 1.5")), *batch)
    plain = check.plain()
    assert {name: plain[name] for name in ("ok", "culprit", "cause")} == {
        "ok": False,
        "culprit": "d_biases1",
        "cause": "Every entry of d_biases1 is 1.5 times what it should be: a factor too many, or one that is missing.",
    }
    biases1 = plain["arrays"][3]
    assert set(biases1) == {
        "name", "error", "n_checked", "n_left_out", "worst", "rows", "columns", "computed", "expected",
    }  # fmt: skip
    worst = biases1["worst"]
    assert worst["row"] == 0
    assert worst["computed"] == pytest.approx(1.5 * worst["expected"])
    assert biases1["error"] == pytest.approx(0.2)
    assert len(biases1["rows"]) == len(biases1["computed"]) == biases1["n_checked"] == 16
