"""mlp.py beside the notes, line by line: what it has that they don't is listed here, each with its reason."""

import ast
import inspect
from collections import Counter
from types import ModuleType

from mlp_py import mlp
from tests.benchmarks import notes

WRITTEN_OTHERWISE = {
    "self.rng.standard_normal((input_size, hidden_size))": "np.random.randn(input_size, hidden_size)",
    "self.rng.standard_normal((hidden_size, output_size))": "np.random.randn(hidden_size, output_size)",
    "self.rng.permutation(n_samples)": "np.random.permutation(n_samples)",  # random numbers of a seed
    " dot(": " np.dot(",  # a kernel that is faster in the browser
    "self.d_": "d_",  # gradients stay, to be looked at
    "(batch_size, 10), self.dtype": "y_pred.shape, y_pred.dtype",  # of as many classes, and of a dtype
    "self.output.shape, self.output.dtype": "y_pred.shape, y_pred.dtype",
    "float(loss)": "loss",  # so that float32 losses are summed in double precision
    "self.learning_rate)": "learning_rate)",  # which may be changed between batches
}
"""Left, as ours or the notes' is written; right, what it is compared as."""

OURS = {
    "checks.sizes(input_size, hidden_size, output_size)": "refuses what can only be a mistake",
    "checks.images(X, self.weights1)": "the same",
    "checks.labels(y_true, y_pred)": "the same",
    "checks.step(self, X, y, learning_rate)": "the same",
    "checks.training(self, X_train, y_train, epochs, batch_size, learning_rate)": "the same",
    "self.rng = checks.random_source(rng)": "random numbers of a seed",
    "for _ in self.training_loop(X_train, y_train, epochs, batch_size, learning_rate)": "train() is the loop, run",
    "pass": "the same",
    "yield ('batch', loss)": "hands over, so that training can be watched and paused",
    "yield ('epoch', avg_loss)": "the same",
    "self.learning_rate = learning_rate": "may be changed between batches",
    "indices = np.arange(n_samples)": "the order is shuffled instead of copies of all images, as are the next three",
    "indices = indices[np.random.permutation(n_samples)]": "",
    "X_batch = X_train[indices[start_idx:end_idx]]": "",
    "y_batch = y_train[indices[start_idx:end_idx]]": "",
    "return np.argmax(self.forward(X), axis=1)": "predict",
    "model_file.save(model_file.parameters(self), path)": "save",
    "return model_file.network(cls, model_file.load(path))": "load",
}
"""The lines of mlp.py that have no counterpart in the notes, and why they are there."""

THEIRS = {
    "self.dtype = dtype",  # the benchmark's own
    "indices = np.random.permutation(n_samples)",
    "X_train = X_train[indices]",
    "y_train = y_train[indices]",
    "X_batch = X_train[start_idx:end_idx]",
    "y_batch = y_train[start_idx:end_idx]",
}
"""The lines of the notes that mlp.py has otherwise: see the order, above."""


def statements(module: ModuleType) -> list[str]:
    """Every line of the class's methods, in order, without comments, docstrings and types."""
    (network,) = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)]
    lines: list[str] = []
    for node in network.body:
        if isinstance(node, ast.FunctionDef):
            lines += lines_of(node.body)
    return lines


def lines_of(body: list[ast.stmt]) -> list[str]:
    lines = []
    for node in body:
        match node:
            case ast.Expr(ast.Constant()):
                continue
            case ast.For():
                lines += [f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}", *lines_of(node.body)]
            case ast.AnnAssign(value=ast.expr() as value):
                lines.append(f"{ast.unparse(node.target)} = {ast.unparse(value)}")
            case _:
                lines.append(ast.unparse(node))
    return [plain(line) for line in lines]


def plain(line: str) -> str:
    for written, compared in WRITTEN_OTHERWISE.items():
        line = line.replace(written, compared)
    line = line.replace("self.dtype", "dtype").replace(", dtype)", ")").replace("np.np.", "np.")
    return line.removesuffix(".astype(dtype)").replace("= (np.random", "= np.random").replace("size))", "size)")


def test_every_line_that_the_notes_do_not_have_is_known_with_its_reason() -> None:
    ours, theirs = statements(mlp), [line.replace("probabilities = ", "return ") for line in statements(notes)]
    theirs = [line for line in theirs if line != "return probabilities"]
    assert set(ours) - set(theirs) == set(OURS)
    assert set(theirs) - set(ours) <= {plain(line) for line in THEIRS}
    assert len(OURS) <= 18


def test_the_lines_that_both_have_are_in_the_notes_order() -> None:
    ours, theirs = statements(mlp), statements(notes)
    common = Counter(ours) & Counter(theirs)
    assert [line for line in ours if line in common] == [line for line in theirs if line in common]
    assert sum(common.values()) >= 40
