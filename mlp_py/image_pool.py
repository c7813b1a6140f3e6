"""The images that the page's runs learn from and are judged by, each kept once."""

import numpy as np
from numpy.typing import NDArray

from . import drawing
from .allographs import N_ALLOGRAPHS, how_many
from .dataset import N_CLASSES, N_PIXELS, NO_IMAGES, Mnist, Split, concatenate, divide, read_split

CORRECTION_COPIES = 20  # of each corrected drawing among the training images, or thousands would drown it
MOST_CORRECTIONS = 4_000  # images, copies included
FAR = 10_000.0  # sides of the pad, from its corner
FRONT = MOST_CORRECTIONS + N_ALLOGRAPHS
"""Places before MNIST's images, for what is mixed in: so that nothing as large as those is ever copied."""


class ImagePool:
    """MNIST as far as it has come, allographs, and a visitor's own pictures.

    own : those alone are learned from, and judged by; None for MNIST
    """

    def __init__(self) -> None:
        self.training_images = Split(np.zeros((FRONT, N_PIXELS), np.uint8), np.zeros(FRONT, np.uint8))
        self.allographs = NO_IMAGES
        self.held_out: Split | None = None
        self.corrections = NO_IMAGES
        self.own: Split | None = None

    def set_allographs(self, images: bytes, labels: bytes) -> None:
        """Take the images to mix in when augmenting, as two IDX files."""
        self.allographs = read_split(images, labels, "the allographs")

    def set_held_out(self, images: bytes, labels: bytes) -> None:
        """Take the images for validation and test, as two IDX files."""
        self.held_out = read_split(images, labels, "the test set")

    def add_training_images(self, images: bytes, labels: bytes) -> int:
        """Take the next part of the training set, as two IDX files; returns how many images there are now."""
        self.training_images = read_split(images, labels, "the training set", self.training_images)
        return len(self.training_images) - FRONT

    def set_corrections(
        self,
        points: NDArray[np.float32],
        lengths: NDArray[np.int32],
        strokes: NDArray[np.int32],
        labels: NDArray[np.uint8],
        pictures: NDArray[np.uint8] | None = None,
        picture_labels: NDArray[np.uint8] | None = None,
        alone: bool = False,
    ) -> int:
        """Mix these drawings and pictures into the training images from now on; returns how many images they come to.

        Parameters
        ----------
        points : array of float32, shape (2 * number of points,): x, y, x, y, ... as shares of the pad's side
        lengths : array of int32: how many points each stroke has, those of all drawings one after the other
        strokes : array of int32, shape (drawings,): how many strokes each has
        labels : array of uint8, shape (drawings,): the digits that they are
        pictures : array of uint8, shape (784 * number of pictures,)
        picture_labels : array of uint8, shape (pictures,)
        alone : whether MNIST is left out
        """
        drawn = _drawn(points, lengths, strokes, labels)
        if pictures is not None and picture_labels is not None:
            given = np.asarray(pictures), np.asarray(picture_labels)
            if given[0].size != N_PIXELS * len(given[1]):
                raise ValueError(f"there are {given[0].size:,} pixels for {len(given[1]):,} pictures of {N_PIXELS}")
            drawn = concatenate([Split(given[0].reshape(-1, N_PIXELS), given[1]), drawn])
        if drawn.labels.max(initial=0) >= N_CLASSES:
            raise ValueError(f"there is a label {drawn.labels.max()}; they go from 0 to {N_CLASSES - 1}")
        one_each = drawn[-MOST_CORRECTIONS:]
        n_copies = min(CORRECTION_COPIES, MOST_CORRECTIONS // max(len(one_each), 1))
        self.corrections = NO_IMAGES if alone else concatenate([one_each] * n_copies)
        self.own = one_each if alone else None
        return len(one_each if alone else self.corrections)

    def forget_corrections(self) -> None:
        """Mix in none."""
        self.corrections, self.own = NO_IMAGES, None

    def mnist(self, n: int, augment: bool) -> Mnist:
        """The images of a run that learns from the first n of MNIST's, allographs among them when augmenting."""
        if self.own is not None:
            return own_alone(self.own, n)
        if len(self.training_images) - FRONT < n:
            raise ValueError("the images are not all here yet")
        allographs = self.allographs[: how_many(n) if augment else 0]
        mixed_in = concatenate([self.corrections, allographs])
        first = FRONT - len(mixed_in)
        self.training_images.images[first:FRONT] = mixed_in.images
        self.training_images.labels[first:FRONT] = mixed_in.labels
        return self._with_held_out(self.training_images[first : FRONT + n - len(allographs)])

    def first(self, n: int) -> Split:
        """The first n of MNIST's training images."""
        return self.training_images[FRONT : FRONT + n]

    @property
    def are_held_out_here(self) -> bool:
        """Whether the images that networks are judged by have come."""
        return self.held_out is not None

    def test(self) -> Split:
        """The images of MNIST that networks are judged by."""
        return self._with_held_out(NO_IMAGES).test

    def _with_held_out(self, train: Split) -> Mnist:
        if self.held_out is None:
            raise ValueError("the images are not all here yet")
        return divide(train, self.held_out)


def own_alone(own: Split, n: int) -> Mnist:
    """A visitor's own pictures, over and over until there are n; every fifth of a kind is for judging, if there is one.

    Raises ValueError where there is none at all.
    """
    if not len(own):
        raise ValueError("there are no signs of your own yet: draw some, and say what they are")
    held_out = np.zeros(len(own), bool)
    for label in sorted(set(own.labels.tolist())):
        held_out[np.flatnonzero(own.labels == label)[4::5]] = True
    to_learn = np.flatnonzero(~held_out)
    judged = own[np.flatnonzero(held_out)] if held_out.any() else own
    return Mnist(own[np.resize(to_learn, n)], judged, judged)


def _drawn(
    points: NDArray[np.float32], lengths: NDArray[np.int32], strokes: NDArray[np.int32], labels: NDArray[np.uint8]
) -> Split:
    """Drawings as images; those that are but dots are left out."""
    all_strokes = split_strokes(points, lengths)
    if not len(labels) == len(strokes) or np.sum(strokes) != len(lengths) or np.min(strokes, initial=0) < 0:
        raise ValueError("the drawings have not as many strokes, or labels, as there are")
    ends = np.cumsum(strokes)
    pictures = [drawing.to_mnist(all_strokes[end - n : end]) for end, n in zip(ends, strokes, strict=True)]
    kept = [(picture, label) for picture, label in zip(pictures, labels, strict=True) if picture is not None]
    images = np.array([picture for picture, _ in kept], np.uint8).reshape(-1, N_PIXELS)
    return Split(images, np.array([label for _, label in kept], np.uint8))


def split_strokes(points: NDArray[np.float32], lengths: NDArray[np.int32]) -> list[NDArray[np.float32]]:
    """Flat x, y, x, y, ... as one array of shape (points, 2) for each stroke.

    Raises ValueError where they do not belong together, or a point is nowhere near the pad.
    """
    points, lengths = np.asarray(points), np.asarray(lengths)
    if len(points) != 2 * lengths.sum() or lengths.min(initial=0) < 0:
        raise ValueError("the strokes have not as many points as there are")
    if not (np.abs(points) < FAR).all():  # nor is it where it is NaN
        raise ValueError("the drawing has a point that is nowhere near the pad")
    return np.split(points.reshape(-1, 2), np.cumsum(lengths)[:-1])
