"""What networks make of drawings and pictures, without touching what is being trained.

Whatever reads does so on a copy, which shares the weights: what forward() leaves behind is left behind there.
"""

import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import drawing
from .alteration import Alteration
from .calibration import tempered
from .dataset import N_PIXELS
from .image_pool import split_strokes
from .kernel import FloatArray, normalize_rows
from .mlp import MLP

if TYPE_CHECKING:
    from .session import Session


class Reading:
    """Reads with a session's networks.

    `reader` says which network reads: "starter" (the one that came with the page), "mine" (the one in use) or
    "random" (one as large as that, which nobody has trained).
    """

    def __init__(self, session: "Session") -> None:
        self.session = session
        self.alteration = Alteration()
        self._random: tuple[tuple[type[MLP], int, int], MLP] | None = None

    # ── Who reads ──────────────────────────────────────────────────────────────────────────

    def network(self, name: str) -> MLP:
        """A copy of the network of this name, broken if that was asked for."""
        return copy.copy(self.alteration.of(self._whole(name)))

    def _whole(self, name: str) -> MLP:
        network = self.session.network
        if name == "starter" and self.session.starter is not None:
            return self.session.starter
        if name != "random":
            return network.model
        made_with = self.session.network_class, network.hidden_size, network.seed
        if self._random is None or self._random[0] != made_with:
            self._random = made_with, self.session.fresh_model(network.hidden_size, network.seed)
        return self._random[1]

    def alter(self, silenced: list[int], zero_biases: bool, noise: float) -> None:
        """From now on read with networks broken like this, as Alteration has it; with none of it, whole again."""
        self.alteration = Alteration(tuple(silenced), bool(zero_biases), noise)

    # ── A drawing, or a picture ──────────────────────────────────────────────────────────────────────────

    def read(self, points: NDArray[np.float32], lengths: NDArray[np.int32], reader: str) -> list[dict[str, Any]]:
        """Read a drawing: each of its digits, from left to right.

        Parameters
        ----------
        points : array of float32, shape (2 * number of points,): x, y, x, y, ... as shares of the pad's side
        lengths : array of int32, shape (strokes,): how many points each stroke has

        Returns
        -------
        none where there is no ink, else of each digit a dict with
            wrong : "dot" or "scribble" where this can hardly be a digit, else None
            strokes : array of int32: which strokes it is made of
            box : array of float32, shape (4,): left, top, right, bottom as shares of the pad's side
            scaled : array of uint8, shape (784,): that box scaled to 20x20
            shift : array of float32, shape (2,): pixels that centre it by its mass
            pixels : array of uint8, shape (784,), what the network reads
            hidden : array of float32, shape (hidden units,), how strongly each fires
            probabilities : array of float32, shape (10,)
            claimed : the same, as sure as may be claimed (calibration.py)
        """
        strokes = split_strokes(points, lengths)
        drawn = []
        for indices in drawing.digits(strokes):
            digit = [strokes[i] for i in indices]
            made = drawing.prepare(digit)
            if made is not None:
                which = {"wrong": drawing.what_is_wrong(digit), "strokes": np.array(indices, np.int32)}
                drawn.append(which | _stages(made))
        return self._answers(drawn, reader)

    def read_images(self, pixels: NDArray[np.uint8], reader: str) -> list[dict[str, Any]]:
        """Read images of 784 pixels each, one after the other, as they are; returns what read() does."""
        images = np.asarray(pixels).reshape(-1, N_PIXELS)
        whole = {"wrong": None, "strokes": np.zeros(0, np.int32), "box": np.array([0, 0, 1, 1], np.float32)}
        still = np.zeros(2, np.float32)
        return self._answers([whole | {"scaled": each, "shift": still, "pixels": each} for each in images], reader)

    def _answers(self, digits: list[dict[str, Any]], reader: str) -> list[dict[str, Any]]:
        """The digits with what is read of their pixels."""
        model = self.network(reader)
        return [digit | self._answer(model, digit["pixels"]) for digit in digits]

    def _answer(self, model: MLP, pixels: NDArray[np.uint8]) -> dict[str, Any]:
        probabilities = model.forward(floats(pixels, model))  # one by one: no digit's numbers depend on its neighbours
        hidden = getattr(model, "layer1_output", np.zeros((1, 0), np.float32))[0]  # changed code may not keep it
        claimed = tempered(probabilities, self.session.temperature).astype(np.float32)[0]
        return {"hidden": hidden, "probabilities": probabilities[0], "claimed": claimed}

    def find_digits(
        self, pixels: NDArray[np.uint8], width: int, height: int, frame: list[int] | None = None
    ) -> dict[str, Any]:
        """Find the digits on a picture, or in a frame of it.

        Parameters
        ----------
        pixels : array of uint8, shape (4 * width * height,): red, green, blue, opacity, ...
        frame : left, top, right, bottom in pixels

        Returns
        -------
        dict with
            frame : the part of the picture that was looked at
            width, height : of the pictures of stages, in pixels
            seen : array of uint8, shape (3 * width * height,): the picture that was looked at
            darkness : array of uint8, shape (width * height,): the paper taken away
            written : array of uint8, shape (width * height,): 255 where there is ink that counts
            digits : of each a dict with box, scaled, shift and pixels, as read() has them, box as shares of the frame

        Raises picture.UnreadableError, which says what to do.
        """
        from .picture import find_digits  # not before somebody has one: it would delay the start

        picture = np.asarray(pixels).reshape(height, width, 4)
        found = find_digits(picture, (frame[0], frame[1], frame[2], frame[3]) if frame else None)
        seen_height, seen_width = found.written.shape
        return {
            "frame": list(found.frame),
            "width": seen_width,
            "height": seen_height,
            "seen": found.ink.seen.ravel(),
            "darkness": np.rint(255 * found.ink.darkness.clip(0, 1)).astype(np.uint8).ravel(),
            "written": np.where(found.written, 255, 0).astype(np.uint8).ravel(),
            "digits": [_stages(digit) for digit in found.digits],
        }

    def film(self, pixels: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        """How an image, 784 pixels, was, or would have been, read when each epoch ended.

        Returns epochs, array of int32, shape (n,), and probabilities, array of float32, shape (10 n,).
        """
        model = copy.copy(self.session.network.model)
        epochs, answers = [], []
        for n_epochs, parameters in self.session.network.snapshots:
            if n_epochs:
                for name, array in parameters.items():
                    setattr(model, name, array)
                epochs.append(n_epochs)
                answers.append(model.forward(floats(pixels, model))[0])
        return {
            "epochs": np.array(epochs, np.int32),
            "probabilities": np.array(answers, np.float32).reshape(-1),
        }


def floats(pixels: NDArray[np.uint8], model: MLP) -> FloatArray:
    """Images of 784 pixels, one after the other, as a network takes them: shape (n, 784), 0 to 1."""
    return normalize_rows(np.asarray(pixels).reshape(-1, N_PIXELS), slice(None), model.weights1.dtype)


def _stages(made: drawing.Drawing) -> dict[str, Any]:
    """A digit on its way to the network, flat."""
    return {
        "box": made.box.astype(np.float32).ravel(),
        "scaled": made.scaled.ravel(),
        "shift": made.shift.astype(np.float32),
        "pixels": made.pixels.ravel(),
    }
