"""The exercises: solutions pass, blanks fail, and what people usually write wrong is told by what it is."""

import textwrap

import numpy as np
import pytest

from mlp_py import exercises
from mlp_py.exercises import EXERCISES, Exercise, check, exercise, own_network
from mlp_py.network_code import network_class, shipped

SOLUTIONS = {each.name: each.solution for each in EXERCISES}

SOFTMAX = "def softmax(self, x):\n    exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))\n    return {}"
LOSS = "def calculate_loss(self, y_true, y_pred):\n    y_one_hot = self.one_hot(y_true, y_pred.shape[1])\n    return {}"

D_OUTPUT = "self.output - self.one_hot(y, self.output.shape[1])"
D_WEIGHTS2 = "dot(self.layer1_output.T, self.d_output)"
D_BIASES2 = "np.sum(self.d_output, axis=0, keepdims=True)"
D_HIDDEN = "dot(self.d_output, self.weights2.T)"
UPDATE1 = "self.weights1 -= learning_rate * self.d_weights1"
UPDATE2 = "self.weights2 -= learning_rate * self.d_weights2"
HE_INIT = "def he_init(self, inputs, outputs):\n    {}"

# (exercise, what is written in place of which part of the solution; None for all of it), and words that are said
WRONG: list[tuple[str, str | None, str, str]] = [
    ("he_init", "(inputs, outputs)) *", "(outputs, inputs)) *", "the other way round"),
    ("he_init", " * np.sqrt(2 / inputs)", "", "factor sqrt(2 / inputs) is missing"),
    ("he_init", "np.sqrt(2 / inputs)", "(2 / inputs)", "square root is missing"),
    ("he_init", "2 / inputs", "1 / inputs", "ReLU zeroes half"),
    ("he_init", "2 / inputs", "2 / outputs", "number of inputs that counts"),
    ("he_init", None, HE_INIT.format("return np.zeros((inputs, outputs))"), "All weights are zero"),
    ("he_init", "standard_normal", "random", "random() is not"),
    ("he_init", None, HE_INIT.format("np.zeros((inputs, outputs))"), "needs a return"),
    ("relu", "np.maximum(0, x)", "np.max(x)", "where an array of shape (2, 4) is needed"),
    ("relu", "np.maximum(0, x)", "np.abs(x)", "what was negative[0] is 2"),
    ("relu", "np.maximum(0, x)", "(x > 0)", "bool"),
    ("relu", "np.maximum(0, x)", "np.maximum(x, 1)", "what was positive[0] is 1"),
    ("relu", None, "def relu(self, x):\n    x[x < 0] = 0\n    return x", "handed over is changed"),
    ("relu", "np.maximum(0, x)", "max(0, x)", "ValueError"),
    ("softmax", None, SOFTMAX.format("exp_x / np.sum(exp_x, axis=1)"), "keepdims=True"),
    ("softmax", None, SOFTMAX.format("exp_x / np.sum(exp_x)"), "each row has to, by itself"),
    ("softmax", None, SOFTMAX.format("exp_x / np.sum(exp_x, axis=0, keepdims=True)"), "goes over the images"),
    ("softmax", None, SOFTMAX.format("exp_x"), "Row 0 sums to"),
    ("softmax", "np.exp(x - np.max(x, axis=1, keepdims=True))", "np.exp(x)", "overflows"),
    ("softmax", "np.max(x, axis=1, keepdims=True)", "np.max(x)", "own maximum"),
    ("softmax", "np.exp(", "1 + np.abs(", "e to the power of x"),
    ("forward", "dot(self.layer1_output, self.weights2)", "dot(self.layer1_input, self.weights2)", "(after ReLU)"),
    ("forward", " + self.biases1", "", "plus biases1"),
    ("forward", "self.relu(self.layer1_input)", "self.layer1_input", "ReLU of layer1_input"),
    ("forward", "dot(X, self.weights1)", "dot(self.weights1, X)", "wrong way round"),
    ("forward", "    return self.output", "", "needs a return"),
    ("forward", "self.layer1_output", "layer1_output", "self.layer1_output is not kept"),
    ("forward", "self.softmax(self.layer2_input)", "self.softmax(self.layer1_output)", "shape (3, 5)"),
    ("one_hot", "np.zeros((y.shape[0], n_classes))", "np.zeros((n_classes, y.shape[0]))", "out of bounds"),
    ("one_hot", "[np.arange(y.shape[0]), y]", "[:, y]", "sets whole columns"),
    ("one_hot", "n_classes))", "10))", "where (5, 4) is needed"),
    ("one_hot", "= 1", "= y", "where one is right"),
    ("one_hot", "np.arange(y.shape[0]), y", "np.arange(y.shape[0]), y - 1", "in the column of the label"),
    ("calculate_loss", None, LOSS.format("np.sum(y_one_hot * np.log(y_pred + 1e-7)) / len(y_true)"), "The sign"),
    ("calculate_loss", None, LOSS.format("-np.sum(y_one_hot * np.log(y_pred + 1e-7))"), "divide by the batch size"),
    ("calculate_loss", None, LOSS.format("-np.mean(y_one_hot * np.log(y_pred + 1e-7))"), "only the batch size counts"),
    ("calculate_loss", None, LOSS.format("-np.sum(np.log(y_pred + 1e-7)) / len(y_true)"), "only that of the label"),
    ("calculate_loss", None, LOSS.format("-np.sum(y_one_hot * np.log2(y_pred + 1e-7)) / len(y_true)"), "base 2"),
    ("calculate_loss", None, LOSS.format("((y_pred - y_one_hot) ** 2).sum() / len(y_true)"), "squared error"),
    ("calculate_loss", " + 1e-7", "", "add 1e-7"),
    ("calculate_loss", None, LOSS.format("-(y_one_hot * np.log(y_pred + 1e-7)).sum(axis=1)"), "sum it up"),
    ("backward_output", D_OUTPUT, "self.one_hot(y, 4) - self.output", "y - p"),
    ("backward_output", D_OUTPUT, "self.output", "not taken off"),
    ("backward_output", D_WEIGHTS2, "dot(self.layer1_input.T, self.d_output)", "after ReLU"),
    ("backward_output", D_WEIGHTS2, "dot(self.layer1_output, self.d_output)", ".T it would fit"),
    ("backward_output", D_BIASES2, "np.sum(self.d_output, axis=0)", "keepdims=True"),
    ("backward_output", D_BIASES2, "np.mean(self.d_output, axis=0, keepdims=True)", "mean"),
    ("backward_hidden", "(self.layer1_output > 0)", "(self.d_hidden > 0)", "own sign"),
    ("backward_hidden", " * (self.layer1_output > 0)", "", "mask is missing"),
    ("backward_hidden", "(self.layer1_output > 0)", "(self.layer1_output <= 0)", "the wrong way round"),
    ("backward_hidden", "dot(X.T, self.d_hidden_relu)", "dot(X.T, self.d_hidden)", "after the mask"),
    ("backward_hidden", D_HIDDEN, "dot(self.output, self.weights2.T)", "in place of d_output"),
    (
        "backward_hidden",
        "    # Hidden layer gradients",
        "    self.weights2 -= learning_rate * self.d_weights2",
        "updated before it is used",
    ),
    ("update", "self.weights2 -= learning_rate", "self.weights2 += learning_rate", "uphill"),
    ("update", "self.biases1 -= learning_rate * self", "self.biases1 -= self", "learning rate is forgotten"),
    ("update", UPDATE1, "pass", "not changed"),
    ("update", UPDATE1, "self.weights1 = -learning_rate * self.d_weights1", "replaced"),
    ("update", UPDATE2, "weights2 = self.weights2 - learning_rate * self.d_weights2", "is not changed"),
    ("loop", "y_train[rows]", "y_train[: len(rows)]", "labels are not those"),
    ("loop", "i * batch_size : (i + 1) * batch_size", "i : i + batch_size", "in an epoch"),
    ("loop", "i * batch_size : (i + 1) * batch_size", "i * batch_size : batch_size", "has shape (0, 6)"),
    ("loop", "self.learning_rate)", "learning_rate / 2)", "learning rate of 0.125"),
    ("loop", "self.backward(X_batch, y_batch, self.learning_rate)", "pass", "was called 0 times"),
    (
        "loop",
        "loss = self.calculate_loss(y_batch, output)\n            self.backward(X_batch, y_batch, self.learning_rate)",
        "self.backward(X_batch, y_batch, self.learning_rate)\n            loss = 1.0",
        "before the update",
    ),
    ("train", "self.rng.permutation(n_samples)", "np.arange(n_samples)", "shuffle them"),
    ("train", "avg_loss = total_loss / n_batches", "avg_loss = total_loss", "not the average"),
    ("train", "n_samples // batch_size", "n_samples / batch_size", "TypeError"),
    (
        "train",
        "for epoch in range(epochs):\n        total_loss = 0",
        "total_loss = 0\n    for epoch in range(epochs):",
        "has the first one's in it",
    ),
    ("train", "range(epochs)", "range(1)", "2 epochs were asked for"),
    (
        "train",
        "    for epoch in range(epochs):\n        total_loss = 0\n        indices = self.rng.permutation(n_samples)",
        "    indices = self.rng.permutation(n_samples)\n    for epoch in range(epochs):\n        total_loss = 0",
        "anew each time",
    ),
]  # fmt: skip


def answer(name: str, old: str | None, new: str) -> str:
    if old is None:
        return new
    assert SOLUTIONS[name].count(old) >= 1, "the part is not in the solution"
    return SOLUTIONS[name].replace(old, new)


@pytest.mark.parametrize("each", EXERCISES, ids=lambda each: each.name)
def test_the_solution_passes_and_the_blank_does_not(each: Exercise) -> None:
    verdict = check(each.name, each.solution)
    assert verdict.is_solved, verdict
    assert verdict.passed == tuple(title for title, _ in each.checks)
    blank = check(each.name, each.blank)
    assert not blank.is_solved
    assert blank.message


@pytest.mark.parametrize(("name", "old", "new", "words"), WRONG)
def test_a_usual_mistake_is_told_by_what_it_is(name: str, old: str | None, new: str, words: str) -> None:
    verdict = check(name, answer(name, old, new))
    assert not verdict.is_solved
    assert words in str(verdict.message)


@pytest.mark.parametrize("each", EXERCISES, ids=lambda each: each.name)
def test_each_exercise_has_three_wrong_answers_few_hints_and_all_that_is_asked(each: Exercise) -> None:
    assert sum(name == each.name for name, *_ in WRONG) >= 3
    assert 2 <= len(each.hints) <= 4
    assert each.task
    assert f"def {each.method}(self" in each.blank


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("relu", "def relu(self, x):\n    return np.where(x > 0, x, 0.0)"),
        ("relu", "def relu(self, x):\n    return x * (x > 0)"),
        ("softmax", "def softmax(self, x):\n    e = np.exp(x - x.max(1)[:, None])\n    return (e.T / e.sum(1)).T"),
        ("one_hot", "def one_hot(self, y, n_classes):\n    return np.eye(n_classes)[y]"),
        (
            "calculate_loss",
            "def calculate_loss(self, y_true, y_pred):\n"
            "    return np.mean(-np.log(y_pred[range(len(y_true)), y_true] + 1e-7))",
        ),
    ],
)
def test_a_right_answer_written_another_way_passes(name: str, text: str) -> None:
    assert check(name, text).is_solved


def test_what_cannot_be_run_is_told_at_its_line() -> None:
    assert check("relu", "def relu(self, x)\n    return x")[2:] == (
        "This is not Python yet: a colon is missing at the end of this line.",
        1,
    )
    verdict = check("relu", "def relu(self, x):\n    y = xx\n    return y")
    assert (verdict.line, "There is no xx here" in str(verdict.message)) == (2, True)
    assert "no function relu" in str(check("relu", "def rello(self, x):\n    return x").message)
    assert "three dots" in str(check("relu", exercise("relu").blank).message)


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="there is no exercise 'sigmoid'; there are he_init, relu, softmax"):
        check("sigmoid", "")


def test_all_solved_they_make_a_network_that_learns_as_the_page_wants_it() -> None:
    network = network_class(own_network(SOLUTIONS))
    rng = np.random.default_rng(0)
    y = np.arange(200) % 10
    X = np.eye(10)[y].repeat(79, axis=1)[:, :784] * rng.random((200, 784))
    model = network(784, 16, 10, rng=0, dtype=np.float32)
    losses = [loss for kind, loss in model.training_loop(X.astype(np.float32), y, 30, 20, 0.01) if kind == "epoch"]
    assert losses[-1] < losses[0] / 10
    assert model.weights1.dtype == np.float32


def test_ones_own_method_is_the_one_that_runs() -> None:
    mine = own_network({"relu": "def relu(self, x):\n    return np.maximum(0.5, x)  # mine"})
    assert "# mine" in mine
    assert mine.count("def relu") == 1
    assert network_class(mine)(784, 4, 10).relu(np.zeros(1)) == [0.5]


def test_the_checks_run_the_answer_and_not_the_solution() -> None:
    for each in EXERCISES:
        broken = textwrap.dedent(f"""
            def {each.method}(self, *given, **more):
                raise ArithmeticError("mine, on purpose")
        """)
        verdict = check(each.name, broken)
        assert "mine, on purpose" in str(verdict.message), each.name
        assert verdict.failed == each.checks[0].title


def test_what_an_answer_is_checked_with_stays_as_it_is() -> None:
    before = [array.copy() for array in (exercises.steps.X, exercises.loops.X, exercises.softmax.X)]
    for each in EXERCISES:
        check(each.name, each.solution)
    for array, then in zip((exercises.steps.X, exercises.loops.X, exercises.softmax.X), before, strict=True):
        np.testing.assert_array_equal(array, then)


# ── A whole network that works, but not as in the notes ────────────────────────────────────────


def test_of_the_shipped_network_and_of_one_of_ones_own_there_is_nothing_to_say() -> None:
    for text in (shipped() + "\n# mine", exercises.own_network({})):
        assert exercises.unlike(network_class(text)) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("return np.maximum(0, x)", "return np.abs(x)", "def relu", "where 0 is right"),
        ("np.exp(x - np.max(x, axis=1, keepdims=True))", "np.exp(x)", "def softmax", "At 1000 it gives NaN"),
        ("np.sum(exp_x, axis=1, keepdims=True)", "np.sum(exp_x, axis=0, keepdims=True)", "def softmax", "axis=1"),
        ("np.log(y_pred + 1e-7)) / batch_size", "np.log(y_pred + 1e-7))", "def calculate_loss", "the mean is asked"),
        ("self.output - y_one_hot", "(self.output - y_one_hot) / batch_size", "self.d_output =", "mean over the batch"),
        ("(self.layer1_output > 0)", "(self.d_hidden > 0)", "self.d_hidden_relu =", "layer1_output is above 0"),
        ("self.weights1 -= learning", "self.weights1 += learning", "self.weights1 +=", "uphill"),
        ("indices = indices[self.rng.permutation(n_samples)]", "pass", "def training_loop", "shuffle them"),
    ],
)
def test_what_works_but_not_as_in_the_notes_is_told_at_its_line(old: str, new: str, line: str, words: str) -> None:
    assert shipped().count(old) == 1
    text = shipped().replace(old, new)
    unlike = exercises.unlike(network_class(text))
    assert unlike is not None
    assert words in unlike.message
    assert line in text.splitlines()[unlike.line - 1]


def test_what_takes_other_arguments_is_its_authors_affair() -> None:
    text = shipped().replace("def relu(self, x):", "def relu(self, x, slope):").replace(
        "self.relu(self.layer1_input)", "self.relu(self.layer1_input, 0)"
    )  # fmt: skip
    assert exercises.unlike(network_class(text)) is None
