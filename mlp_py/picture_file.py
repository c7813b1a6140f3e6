"""Picture files: their pixels, as picture.py reads them, and pictures of how they were read.

Needs Pillow (`pip install pillow`). In the page the browser does this (site/js/picture.js).
"""

import io
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .ink import Pixels
from .picture import Found

LONGEST = 1_200  # pixels of the longer side that are handed on; see site/js/picture.js
MOST_PIXELS = 50_000_000
PANEL = 280  # pixels a side, of a picture of a stage


def read_pixels(path: str | PathLike[str]) -> Pixels:
    """Read a picture file, upright and not too large.

    Returns array of uint8, shape (height, width, 4): red, green, blue, opacity.

    Raises ValueError when it is no picture, or cannot be read.
    """
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError as error:
        raise ValueError("reading a picture needs Pillow: pip install pillow") from error
    try:
        with Image.open(path) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                millions = width * height / 1_000_000
                raise ValueError(f"it has {millions:.0f} megapixels; make it smaller, up to {MOST_PIXELS // 1_000_000}")
            image.draft(None, (LONGEST, LONGEST))  # of a JPEG so much is decoded that this is left
            picture = _in_colour(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise ValueError("it is no picture that can be read; PNG, JPEG, WebP and GIF can") from error
    except Image.DecompressionBombError as error:
        raise ValueError("it is too large a picture; make it smaller") from error
    except (OSError, SyntaxError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the file system: that it is not there, or not to be opened
        raise ValueError(f"it is damaged ({error})") from error
    picture.thumbnail((LONGEST, LONGEST), reducing_gap=2)
    return np.array(picture)


def _in_colour(image: Any) -> Any:
    """Any picture as red, green, blue and opacity, 8 bits each."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits a pixel, or more
        values = np.asarray(image, np.float64)
        image = Image.fromarray((values / (257 if values.max() > 255 else 1)).clip(0, 255).astype(np.uint8))
    elif image.mode not in {"RGB", "RGBA", "P", "PA", "LA", "L", "1"}:  # CMYK and others, which have no opacity
        image = image.convert("RGB")
    return image.convert("RGBA")


def check_stages(path: Path) -> None:
    """Raise ValueError unless stages() can make a picture in the format that the file's name asks for."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ValueError("a picture of the stages needs Pillow: pip install pillow") from error
    try:
        _content(Image.new("L", (PANEL, PANEL)), path.suffix)  # not every format takes shades of grey
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be a picture of the stages: its name must end in .png, or the like") from error


def stages(found: Sequence[Found], suffix: str) -> bytes:
    """The content of a picture of how pictures became digits: a row each, from what was seen to what the network reads.

    Parameters
    ----------
    found : one or more
    suffix : of the file, such as ".png"
    """
    from PIL import Image

    rows = [np.concatenate([_panel(stage) for stage in _stages(each)], axis=1) for each in found]
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 0), (0, width - row.shape[1])), constant_values=255) for row in rows]
    return _content(Image.fromarray(np.concatenate(padded)), suffix)


def _content(image: Any, suffix: str) -> bytes:
    """The content of a picture file; KeyError, ValueError or OSError where there is no such format, or not for this."""
    from PIL import Image

    made = io.BytesIO()
    image.save(made, Image.registered_extensions()[suffix.lower()])
    return made.getvalue()


def _stages(found: Found) -> list[NDArray[np.uint8]]:
    grey = found.ink.seen.mean(axis=2).astype(np.uint8)
    paper_gone = (255 * (1 - found.ink.darkness.clip(0, 1))).astype(np.uint8)
    written = np.where(found.written, 0, 255).astype(np.uint8)
    return [grey, paper_gone, written, *(255 - digit.pixels for digit in found.digits)]


def _panel(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A square, with the picture in its middle."""
    from PIL import Image

    height, width = picture.shape
    scale = (PANEL - 8) / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    square = Image.new("L", (PANEL, PANEL), 255)
    resized = Image.fromarray(picture).resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST)
    square.paste(resized, ((PANEL - size[0]) // 2, (PANEL - size[1]) // 2))
    return np.array(square)
