"""The loop over the batches of an epoch."""

import numpy as np

from . import loops
from .answer import Answer
from .exercise import Check, Exercise, WrongError
from .loops import BATCH, EPOCHS, N_BATCHES, N, X, Y, watched


def _steps(answer: Answer) -> None:
    n_steps = len(watched(answer).steps)
    if n_steps != EPOCHS * N_BATCHES:
        raise WrongError(
            f"{EPOCHS} epochs of {N_BATCHES} batches are {EPOCHS * N_BATCHES} steps; backward was called "
            f"{n_steps} times."
        )


def _batches(answer: Answer) -> None:
    for number, step in enumerate(watched(answer).steps[:N_BATCHES], start=1):
        if step.X.shape != (BATCH, 6):
            raise WrongError(
                f"Batch {number} has shape {step.X.shape}, where ({BATCH}, 6) is right: {BATCH} rows of X_train."
            )
        if not np.array_equal(Y[step.rows], step.y):
            raise WrongError(f"In batch {number} the labels are not those of its images: take both with the same rows.")
        if not np.array_equal(step.seen, step.X):
            raise WrongError(f"In batch {number} forward has seen other images than backward is given.")
        if step.learning_rate != 0.25:
            raise WrongError(
                f"backward is given a learning rate of {step.learning_rate}: hand over self.learning_rate."
            )


def _all(answer: Answer) -> None:
    rows = [row for step in watched(answer).steps[:N_BATCHES] for row in step.rows]
    if len(set(rows)) < len(rows):
        again = next(row for row in rows if rows.count(row) > 1)
        raise WrongError(
            f"Image {again} comes {rows.count(again)} times in an epoch: each batch takes the next rows, "
            f"from i * batch_size."
        )


def _losses(answer: Answer) -> None:
    loop = watched(answer)
    if not np.isclose(loop.epochs[0], np.mean(loop.batches[:N_BATCHES])):
        raise WrongError("The average loss is not that of the batches: loss is to be that of this batch.")
    first = next(iter(answer.network().training_loop(X.copy(), Y.copy(), 1, N, 1e-9)))[1]
    untrained = answer.network()
    before = untrained.calculate_loss(Y, untrained.forward(X))
    if not np.isclose(first, before, rtol=1e-4):
        raise WrongError(
            f"Of the first batch the loss is {first:.4g}, where {before:.4g} is right: take it before the update."
        )


BLANK = """
            X_batch, y_batch = ...
            output = ...
            loss = ...
            ...
"""

EXERCISE = Exercise(
    name="loop",
    title="A batch at a time",
    phase="training",
    notes="5. Training Loop: for i in range(n_batches)",
    method="training_loop",
    task="For each batch of an epoch: take the next batch_size rows in the order of indices, go forward, "
    "calculate the loss, go backward with self.learning_rate.",
    blank=loops.method(batch=BLANK),
    solution=loops.method(),
    hints=(
        "Batch i begins at row i * batch_size of indices and ends before (i + 1) * batch_size.",
        "X_train[rows] takes all rows whose numbers are in an array; y_train[rows] the labels that belong to them.",
        "The order within a batch: forward, loss, backward. The loss is of the network before it learns from "
        "this batch.",
    ),
    checks=(
        Check("a step for each batch", _steps),
        Check("images, labels and learning rate are right", _batches),
        Check("each image at most once in an epoch", _all),
        Check("the losses are those of the batches", _losses),
    ),
)
