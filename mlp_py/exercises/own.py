"""A network of one's own: the methods that one has written, and ours for those that are still missing."""

import textwrap
from collections.abc import Mapping

from .exercise import Exercise

HEAD = '''"""A network that learns to read digits, written step by step.

    python -c "
    from mine import MLP
    from mlp_py import load_mnist
    mnist = load_mnist('dist/data')
    MLP(rng=0).train(mnist.train.normalized('float64'), mnist.train.labels)"
"""

import numpy as np

from mlp_py.kernel import dot  # np.dot, with a faster kernel in the browser


class MLP:
    """784 pixels, 128 hidden units, ten answers: ReLU, softmax, cross-entropy, stochastic gradient descent."""

    def __init__(self, input_size=784, hidden_size=128, output_size=10, *, rng=None, dtype=np.float64):
        self.rng = np.random.default_rng(rng)
        self.weights1 = self.he_init(input_size, hidden_size).astype(dtype)
        self.biases1 = np.zeros((1, hidden_size), dtype)
        self.weights2 = self.he_init(hidden_size, output_size).astype(dtype)
        self.biases2 = np.zeros((1, output_size), dtype)
'''

TAIL = """
    def train(self, X_train, y_train, epochs=10, batch_size=32, learning_rate=0.01):
        for _ in self.training_loop(X_train, y_train, epochs, batch_size, learning_rate):
            pass
"""


def compose(exercises: tuple[Exercise, ...], written: Mapping[str, str]) -> str:
    """The text of a whole mlp.py.

    Parameters
    ----------
    written : the answers by their exercises' names; where several are for one method, the last counts
    """
    methods = {exercise.method: exercise.solution for exercise in exercises}
    methods |= {exercise.method: written[exercise.name] for exercise in exercises if exercise.name in written}
    bodies = [textwrap.indent(text.strip("\n"), "    ") for text in methods.values()]
    return "\n".join([HEAD, *(f"{body}\n" for body in bodies), TAIL.lstrip("\n")])
