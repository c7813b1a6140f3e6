"""A picture file made into the 28x28 pixels that the network reads, as drawing.py does with strokes.

Needs Pillow, which `pip install 'mlp_py[cli]'` brings.
"""

from os import PathLike

import numpy as np
from numpy.typing import NDArray

from .drawing import BOX, SIZE, Picture, centre_of_mass, to_bytes

INK = 0.2  # how far from the paper's brightness, as a share of the picture's range, ink begins


def read_picture(path: str | PathLike[str]) -> Picture:
    """Read a digit, dark on light or light on dark, from a picture file of any size.

    Returns
    -------
    array of uint8, shape (28, 28), 0 for paper and 255 for ink

    Raises
    ------
    ValueError
        When the file is no picture, or there is nothing on it.
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise ValueError("reading a picture needs Pillow: pip install 'mlp_py[cli]'") from error
    try:
        with Image.open(path) as image:
            brightness = np.asarray(image.convert("L"), np.float64)
    except UnidentifiedImageError as error:
        raise ValueError(f"{path} is no picture that can be read") from error
    except Image.DecompressionBombError as error:
        raise ValueError(f"{path} is too large a picture; make it smaller") from error
    ink = crop(ink_of(brightness))
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = np.asarray(Image.fromarray(to_bytes(ink)).resize(size, Image.Resampling.BOX), np.float64) / 255
    return centre(scaled)


def ink_of(brightness: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much ink is on each pixel, 0 to 1; paper is what the picture's edge mostly is."""
    edge = np.concatenate([brightness[0], brightness[-1], brightness[:, 0], brightness[:, -1]])
    distance = np.abs(brightness - np.median(edge))
    most = distance.max()
    if most < 16:  # of 255: less is a shade in the paper, or noise
        raise ValueError("there is nothing on the picture")
    ink: NDArray[np.float64] = distance / most
    ink[ink < INK] = 0
    return ink


def crop(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest part of the picture that holds all ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def centre(ink: NDArray[np.float64]) -> Picture:
    """The ink on 28x28 pixels, its centre of mass as near to the middle as whole pixels allow, all of it on."""
    height, width = ink.shape
    square = np.zeros((SIZE, SIZE))
    square[:height, :width] = ink
    right, down = np.rint((SIZE - 1) / 2 - centre_of_mass(square)).astype(int)
    left, top = np.clip([right, down], 0, [SIZE - width, SIZE - height])
    placed = np.zeros((SIZE, SIZE))
    placed[top : top + height, left : left + width] = ink
    return to_bytes(placed)
