# The types of mlp.py, kept apart so that it reads like the notes; `build.py test types` holds the two together.
from collections.abc import Iterator
from os import PathLike
from typing import BinaryIO, Literal, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from . import checks as checks
from . import model_file as model_file
from .checks import Labels, Rng
from .dataset import NormalizedImages
from .kernel import FloatArray
from .kernel import dot as dot

class MLP:
    rng: Rng
    weights1: FloatArray
    biases1: FloatArray
    weights2: FloatArray
    biases2: FloatArray
    layer1_input: FloatArray
    layer1_output: FloatArray
    layer2_input: FloatArray
    output: FloatArray
    d_output: FloatArray
    d_weights2: FloatArray
    d_biases2: FloatArray
    d_hidden: FloatArray
    d_hidden_relu: FloatArray
    d_weights1: FloatArray
    d_biases1: FloatArray
    learning_rate: float
    def __init__(
        self,
        input_size: int = 784,
        hidden_size: int = 128,
        output_size: int = 10,
        *,
        rng: int | Rng | None = None,
        dtype: DTypeLike = ...,
    ) -> None: ...
    def forward(self, X: FloatArray) -> FloatArray: ...
    def relu(self, x: FloatArray) -> FloatArray: ...
    def softmax(self, x: FloatArray) -> FloatArray: ...
    def calculate_loss(self, y_true: Labels, y_pred: FloatArray) -> float: ...
    def backward(self, X: FloatArray, y: Labels, learning_rate: float = 0.01) -> None: ...
    def train(
        self,
        X_train: FloatArray | NormalizedImages,
        y_train: Labels,
        epochs: int = 10,
        batch_size: int = 32,
        learning_rate: float = 0.01,
    ) -> None: ...
    def training_loop(
        self,
        X_train: FloatArray | NormalizedImages,
        y_train: Labels,
        epochs: int = 10,
        batch_size: int = 32,
        learning_rate: float = 0.01,
    ) -> Iterator[tuple[Literal["batch", "epoch"], float]]: ...
    def predict(self, X: FloatArray) -> NDArray[np.intp]: ...
    def save(self, path: str | PathLike[str] | BinaryIO) -> None: ...
    @classmethod
    def load(cls, path: str | PathLike[str] | BinaryIO) -> Self: ...
