"""Plots of what the command line tells: the loss over a training, and which digits are taken for which.

By matplotlib (`pip install matplotlib`), which is imported here alone, when a plot is made.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .evaluation import Evaluation
from .training import Epoch

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png", ".pdf")
STYLE: Any = {
    "svg.fonttype": "none",  # words stay words, to be searched and read aloud
    "svg.hashsalt": "mlp_py",  # and the same numbers give the same file
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 11,
}
TRAINING, VALIDATION = "#0072b2", "#d55e00"  # told apart by colour-blind people as well, and by their lines


def check(path: Path) -> None:
    """Raise ValueError unless a plot can be made, in the format that the file's name asks for."""
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path} cannot be plotted: its name must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
    try:
        import matplotlib as _  # noqa: F401
    except ImportError as error:
        raise ValueError("plots need matplotlib: pip install matplotlib") from error


def loss(epochs: Sequence[Epoch], suffix: str) -> bytes:
    """The content of a picture of how training and validation loss went.

    Parameters
    ----------
    epochs : one or more
    suffix : of the file, one of SUFFIXES
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    with rc_context(STYLE):
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        axes = figure.subplots()
        numbers = [each.epoch + 1 for each in epochs]
        marker = "o" if len(epochs) <= 30 else None
        training, validation = [each.training_loss for each in epochs], [each.validation.loss for each in epochs]
        axes.plot(numbers, training, color=TRAINING, marker=marker, label="training, as it went")
        axes.plot(numbers, validation, "--", color=VALIDATION, marker=marker, label="validation")
        axes.set(title="Loss", xlabel="epochs", ylabel="mean cross-entropy (nats)")
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
        return _content(figure, suffix)


def confusion(evaluation: Evaluation, suffix: str) -> bytes:
    """The content of a picture of which digits were read as which: their numbers, darker the larger their share.

    Parameters
    ----------
    evaluation : of the test images
    suffix : of the file, one of SUFFIXES
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    matrix = evaluation.confusion
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    darkness = np.sqrt(shares)  # or one mistake in a hundred could not be seen
    with rc_context(STYLE):
        figure = Figure(figsize=(7, 7), layout="constrained")
        axes = figure.subplots()
        axes.imshow(darkness, cmap="Blues", vmin=0, vmax=1)
        for truth, read in np.ndindex(*matrix.shape):
            colour = "white" if darkness[truth, read] > 0.6 else "black"
            if matrix[truth, read]:
                axes.text(read, truth, f"{matrix[truth, read]:,}", ha="center", va="center", color=colour, fontsize=9)
        title = f"Test images: accuracy {evaluation.accuracy:.4f} ({matrix.sum():,} images)"
        axes.set(title=title, xlabel="read as", ylabel="true digit")
        axes.set(xticks=range(matrix.shape[1]), yticks=range(matrix.shape[0]))
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        return _content(figure, suffix)


def _content(figure: "Figure", suffix: str) -> bytes:
    """The file's bytes, without a date, so that the same numbers give the same file."""
    content = io.BytesIO()
    dates: dict[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    kind = suffix.lower()
    figure.savefig(content, format=kind.removeprefix("."), dpi=150, metadata=dates.get(kind))
    return content.getvalue()
