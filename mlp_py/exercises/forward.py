"""The forward pass."""

import numpy as np

from .answer import Answer, is_close
from .exercise import Check, Exercise, WrongError
from .softmax import right as softmax

X = np.random.default_rng(3).random((3, 6))


def _shape(answer: Answer) -> None:
    answer.array((3, 4), X.copy())


def _first_layer(answer: Answer) -> None:
    model = answer.network()
    model.biases1 = np.linspace(-1, 1, 5).reshape(1, 5)
    model.forward(X.copy())
    for name in ("layer1_input", "layer1_output"):
        if not hasattr(model, name):
            raise WrongError(f"self.{name} is not kept: backward needs it.")
    wanted = X @ model.weights1 + model.biases1
    why = "It is the product of X and weights1, plus biases1."
    is_close("self.layer1_input", model.layer1_input, wanted, why)
    is_close("self.layer1_output", model.layer1_output, np.maximum(0, wanted), "It is ReLU of layer1_input.")


def _second_layer(answer: Answer) -> None:
    model = answer.network()
    model.biases1, model.biases2 = np.linspace(-1, 1, 5).reshape(1, 5), np.linspace(2, -1, 4).reshape(1, 4)
    given = model.forward(X.copy())
    for name in ("layer2_input", "output"):
        if not hasattr(model, name):
            raise WrongError(f"self.{name} is not kept: it is looked at later.")
    wanted = np.maximum(0, X @ model.weights1 + model.biases1) @ model.weights2 + model.biases2
    is_close(
        "self.layer2_input",
        model.layer2_input,
        wanted,
        "It is the product of layer1_output (after ReLU) and weights2, plus biases2.",
    )
    is_close("self.output", model.output, softmax(wanted), "It is softmax of layer2_input.")
    is_close("what comes back", given, softmax(wanted), "It is self.output.")


EXERCISE = Exercise(
    name="forward",
    title="The forward pass",
    phase="forward",
    notes="2. Forward Propagation Phase",
    method="forward",
    task="From a batch of images X, shape (batch, inputs), to probabilities, shape (batch, outputs): two "
    "layers, with ReLU "
    "after the first and softmax after the second. Keep each step: self.layer1_input, self.layer1_output, "
    "self.layer2_input, self.output.",
    blank='''
def forward(self, X):
    """Probabilities of the classes for a batch of images."""
    # First layer
    self.layer1_input = ...  # (batch, hidden)
    self.layer1_output = ...  # (batch, hidden)

    # Output layer
    self.layer2_input = ...  # (batch, outputs)
    self.output = ...  # (batch, outputs)

    return self.output
''',
    solution='''
def forward(self, X):
    """Probabilities of the classes for a batch of images."""
    # First layer
    self.layer1_input = dot(X, self.weights1) + self.biases1  # (batch, hidden)
    self.layer1_output = self.relu(self.layer1_input)  # (batch, hidden)

    # Output layer
    self.layer2_input = dot(self.layer1_output, self.weights2) + self.biases2  # (batch, outputs)
    self.output = self.softmax(self.layer2_input)  # (batch, outputs)

    return self.output
''',
    hints=(
        "Each unit multiplies every input by its own weight, and adds up: for a whole batch that is a matrix product, "
        "dot(X, self.weights1).",
        "(batch, inputs) times (inputs, hidden) is (batch, hidden). The biases, (1, hidden), are added to each row.",
        "The second layer sees what ReLU has left of the first: layer1_output, not layer1_input.",
    ),
    checks=(
        Check("it gives (batch, outputs)", _shape),
        Check("the first layer is right", _first_layer),
        Check("the second layer is right", _second_layer),
    ),
)
