"""The loop over the epochs."""

import numpy as np

from . import loops
from .answer import Answer
from .exercise import Check, Exercise, WrongError
from .loops import BATCH, EPOCHS, N_BATCHES, N, X, Y, watched


def _epochs(answer: Answer) -> None:
    loop = watched(answer)
    if len(loop.epochs) != EPOCHS:
        raise WrongError(f"{EPOCHS} epochs were asked for, and {len(loop.epochs)} were told.")
    if len(loop.steps) != EPOCHS * N_BATCHES:
        raise WrongError(
            f"With {N} images and batches of {BATCH} an epoch has {N_BATCHES} whole batches, which makes "
            f"{EPOCHS * N_BATCHES} steps in {EPOCHS} epochs; there were {len(loop.steps)}."
        )


def _order(answer: Answer) -> None:
    steps = watched(answer).steps
    orders = [[row for step in steps[i * N_BATCHES : (i + 1) * N_BATCHES] for row in step.rows] for i in range(EPOCHS)]
    if orders[0] == sorted(orders[0]):
        raise WrongError("The images come in the order that they are in: shuffle them, with self.rng.permutation.")
    if orders[0] == orders[1]:
        raise WrongError("Both epochs have the same order: shuffle inside of the loop over epochs, anew each time.")
    if any(not np.array_equal(Y[step.rows], step.y) for step in steps):
        raise WrongError("The labels are not shuffled as the images are: take both with the same rows.")


def _average(answer: Answer) -> None:
    _, batches, epochs = watched(answer)
    halves = np.array(batches).reshape(EPOCHS, -1)
    if np.allclose(epochs, halves.sum(axis=1)):
        raise WrongError("What is told of an epoch is the sum of its losses, not the average: divide by n_batches.")
    if np.isclose(epochs[0], halves[0].mean()) and np.isclose(epochs[1], halves.sum() / halves.shape[1]):
        raise WrongError("The second epoch's loss has the first one's in it: total_loss begins at 0 in each epoch.")
    if not np.allclose(epochs, halves.mean(axis=1)):
        raise WrongError(f"Of the first epoch {epochs[0]:.4g} is told, where the average is {halves[0].mean():.4g}.")


def _learns(answer: Answer) -> None:
    model = answer.network(seed=1)
    losses = [loss for kind, loss in model.training_loop(X.copy(), Y.copy(), 60, 5, 0.1) if kind == "epoch"]
    if not losses[-1] < losses[0] / 2:
        raise WrongError(f"In 60 epochs the loss went from {losses[0]:.3g} to {losses[-1]:.3g}: it does not learn.")


BLANK = """
    n_batches = ...

    for epoch in range(epochs):
        total_loss = ...
        indices = ...
"""
LAST = """
        avg_loss = ...
        print(f"Epoch {epoch + 1}/{epochs}, Average Loss: {avg_loss:.4f}")
        yield "epoch", avg_loss
"""

EXERCISE = Exercise(
    name="train",
    title="Epoch after epoch",
    phase="training",
    notes="5. Training Loop: for epoch in range(epochs)",
    method="training_loop",
    task="Around the batches: how many whole batches there are, a new order of the images in each epoch, and "
    "the average loss "
    "when it ends.",
    blank=loops.method(setup=BLANK, end=LAST),
    solution=loops.method(),
    hints=(
        "Only whole batches count: // divides and leaves out the rest.",
        "self.rng.permutation(n) gives the numbers 0 to n - 1 in a random order. It belongs inside of the "
        "loop over epochs.",
        "total_loss gathers the losses of one epoch, so it begins at 0 in each; divided by n_batches it is "
        "the average.",
    ),
    checks=(
        Check("as many epochs, of whole batches", _epochs),
        Check("each epoch in an order of its own", _order),
        Check("the average loss of each epoch", _average),
        Check("it learns", _learns),
    ),
)
