"""Pictures with labels as CSV: a line a picture, its label, then 784 pixels from 0 (paper) to 255 (ink)."""

import csv
import io
from typing import NamedTuple

import numpy as np

from .dataset import N_PIXELS, Split

MOST_PICTURES = 1_000
MOST_BYTES = 8_000_000  # of a file: so many pictures have 4 million at most, and as cells they take much more
N_SIGNS = 10


class Signs(NamedTuple):
    """Pictures of up to ten signs; a label is the place of its name."""

    names: list[str]
    split: Split


def read_csv(content: bytes) -> Signs:
    """Read what write_csv() wrote, or MNIST as it is often given as CSV; a line of headings may come first.

    Where all labels are digits, they are what they say; else names get their places in alphabetical order.

    Raises
    ------
    ValueError
        Saying what is wrong, and in which line.
    """
    if len(content) > MOST_BYTES:
        size = f"{len(content) / 1e6:,.0f} MB"
        raise ValueError(f"it is {size} large; {MOST_PICTURES:,} pictures, the most that the page takes, have 4 MB")
    try:
        rows = [row for row in csv.reader(io.StringIO(bytes(content).decode("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"this is no CSV file: {error}") from error
    has_headings = bool(rows) and len(rows[0]) > 1 and not rows[0][1].strip().lstrip("-").isdecimal()
    rows = rows[has_headings:]
    if not rows:
        raise ValueError("there are no pictures in it")
    if len(rows) > MOST_PICTURES:
        raise ValueError(f"it has {len(rows):,} pictures; the page takes up to {MOST_PICTURES:,}")
    images = np.empty((len(rows), N_PIXELS), np.uint8)
    for number, row in enumerate(rows):
        images[number] = _pixels(row, 1 + has_headings + number)
    labels = [row[0].strip() for row in rows]
    digits = [str(digit) for digit in range(N_SIGNS)]
    names = digits if set(labels) <= set(digits) else sorted(set(labels))
    if len(names) > N_SIGNS:
        some = ", ".join(name[:20] for name in names[:12])
        raise ValueError(f"it has {len(names)} different labels, {some} …; there is room for {N_SIGNS}")
    return Signs(names, Split(images, np.array([names.index(label) for label in labels], np.uint8)))


def write_csv(names: list[str], split: Split) -> str:
    """The text of a CSV file, with a line of headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["label", *(f"pixel{number}" for number in range(N_PIXELS))])
    for image, label in zip(split.images, split.labels, strict=True):
        writer.writerow([names[label], *image.tolist()])
    return text.getvalue()


def _pixels(row: list[str], line: int) -> list[int]:
    if len(row) != 1 + N_PIXELS:
        raise ValueError(f"line {line} has {len(row)} values; a label and {N_PIXELS} pixels are needed")
    try:
        pixels = [int(cell) for cell in row[1:]]
    except ValueError as error:
        raise ValueError(f"line {line} has a pixel that is no whole number") from error
    if not 0 <= min(pixels) <= max(pixels) <= 255:
        raise ValueError(f"line {line} has pixels from {min(pixels)} to {max(pixels)}; they go from 0 to 255")
    return pixels
