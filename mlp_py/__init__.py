"""A neural network for handwritten digits, written from scratch in NumPy.

>>> from mlp_py import MLP, load_mnist
>>> mnist = load_mnist("dist/data")
>>> model = MLP(rng=0)
>>> model.train(mnist.train.normalized("float64"), mnist.train.labels, epochs=1)
Epoch 1/1, Average Loss: 0.2676
"""

from .dataset import Mnist, NormalizedImages, Split, load_mnist
from .evaluation import Evaluation, evaluate
from .mlp import MLP

__version__ = "0.1.0"

__all__ = ["MLP", "Evaluation", "Mnist", "NormalizedImages", "Split", "evaluate", "load_mnist"]
