"""A neural network for handwritten digits, written from scratch in NumPy.

>>> from mlp_py import MLP, load_mnist
>>> mnist = load_mnist("data")  # doctest: +SKIP
>>> model = MLP(rng=0)
>>> model.train(mnist.train.images, mnist.train.labels, epochs=3)  # doctest: +SKIP
"""

from .dataset import Mnist, NormalizedImages, Split, load_mnist
from .evaluation import Evaluation, evaluate
from .mlp import MLP

__version__ = "0.1.0"

__all__ = ["MLP", "Evaluation", "Mnist", "NormalizedImages", "Split", "evaluate", "load_mnist"]
