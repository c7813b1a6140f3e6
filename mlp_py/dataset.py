"""MNIST: from IDX files to images that can be indexed a batch at a time.

The format is that of the data set's authors (LeCun, Cortes, Burges: "The MNIST database of
handwritten digits", section "File formats"). Images stay uint8, 784 bytes each, and become
floats only in the batch at hand.
"""

import gzip
import io
import zlib
from dataclasses import dataclass
from math import prod
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .kernel import FloatArray, normalize_rows

Bytes = NDArray[np.uint8]

N_PIXELS = 784
N_CLASSES = 10
N_VALIDATION = 2_000

DEFLATE_LIMIT = 1032  # bytes out of one byte, at most (https://zlib.net/zlib_tech.html, "Maximum Compression Factor")
PIECE = 1 << 20  # bytes that are unpacked at a time


class NormalizedImages:
    """Images kept as bytes, which indexing turns into floats from 0 (paper) to 1 (ink).

    Parameters
    ----------
    images : array of uint8, shape (n, 784)
    dtype : the floats' dtype
    """

    def __init__(self, images: Bytes, dtype: DTypeLike = np.float64) -> None:
        self.images = images
        self.dtype = np.dtype(dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        """(number of images, 784)."""
        return self.images.shape

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: slice | NDArray[np.integer]) -> FloatArray:
        return normalize_rows(self.images, rows, self.dtype)


@dataclass(frozen=True)
class Split:
    """Images, uint8, shape (n, 784), and their labels, uint8, shape (n,)."""

    images: Bytes
    labels: Bytes

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: slice | NDArray[np.integer]) -> "Split":
        return Split(self.images[rows], self.labels[rows])

    def normalized(self, dtype: DTypeLike) -> NormalizedImages:
        """The images, to be turned into floats of this dtype a batch at a time."""
        return NormalizedImages(self.images, dtype)


NO_IMAGES = Split(np.empty((0, N_PIXELS), np.uint8), np.empty(0, np.uint8))


@dataclass(frozen=True)
class Mnist:
    """Three sets that share no image: to learn from, to watch while learning, to judge by.

    `train` comes from MNIST's 60,000 training images; `validation` and `test` share out its
    10,000 test images, so that training may use all 60,000.
    """

    train: Split
    validation: Split
    test: Split


def read_idx(data: bytes, name: str = "the IDX file", after: Bytes | None = None) -> Bytes:
    """Read an IDX file of unsigned bytes, plain or gzipped.

    Parameters
    ----------
    data : the file's content
    name : what to call it in an error
    after : array of uint8 that the file's rows are to follow, in one array with them

    Returns
    -------
    array of uint8 with the shape that the header gives, plus the rows of `after`. Nothing but
    this array is as large: all of MNIST would otherwise be in memory twice.

    Raises
    ------
    ValueError
        When the content is cut short, too long, or not such a file, or its rows are shaped
        otherwise than those of `after`.
    """
    is_gzipped = data[:2] == b"\x1f\x8b"
    try:
        with io.BytesIO(data) as content, gzip.GzipFile(fileobj=content) if is_gzipped else content as file:
            return _read_idx(file, len(data), DEFLATE_LIMIT if is_gzipped else 1, name, after)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{name} is damaged or cut short: {error}. Fetch it again.") from error


def _read_idx(file: gzip.GzipFile | BinaryIO, n_bytes: int, most_a_byte: int, name: str, after: Bytes | None) -> Bytes:
    head = file.read(4)
    if head.lstrip()[:1] == b"<":
        raise ValueError(f"{name} is a web page, not an IDX file: the download went wrong. Fetch it again.")
    if len(head) < 4 or head[:3] != b"\x00\x00\x08" or head[3] == 0:
        raise ValueError(f"{name} is not an IDX file of unsigned bytes")
    sizes = file.read(4 * head[3])
    if len(sizes) < 4 * head[3]:
        raise ValueError(f"{name} is cut short in its header. Fetch it again.")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    if after is not None and after.shape[1:] != shape[1:]:
        wanted = ", ".join(["n", *map(str, after.shape[1:])])
        raise ValueError(f"{name} has shape {shape}, not ({wanted})")
    header_size = len(head) + len(sizes)
    expected = header_size + prod(shape)
    if expected <= n_bytes * most_a_byte:  # or nothing is made as large as a damaged header has it
        n_before = 0 if after is None else len(after)
        whole = np.empty((n_before + shape[0], *shape[1:]), np.uint8)
        if after is not None:
            whole[:n_before] = after
        own = whole[n_before:].reshape(-1)
        n_bytes = header_size
        while piece := file.read(PIECE):
            if n_bytes + len(piece) <= expected:
                own[n_bytes - header_size :][: len(piece)] = np.frombuffer(piece, np.uint8)
            n_bytes += len(piece)
        if n_bytes == expected:
            return whole
    raise ValueError(f"{name} has {n_bytes:,} bytes where its header promises {expected:,}. Fetch it again.")


def write_idx(array: Bytes) -> bytes:
    """The content of an IDX file for an array of uint8."""
    return b"\x00\x00\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def read_split(images: bytes, labels: bytes, name: str = "the data set", after: Split = NO_IMAGES) -> Split:
    """Images and their labels from the contents of two IDX files, behind those of another split.

    Raises
    ------
    ValueError
        When either is no such file, or they do not belong together.
    """
    pixels = read_idx(images, f"the image file of {name}", after.images.reshape(-1, 28, 28))
    digits = read_idx(labels, f"the label file of {name}", after.labels)
    if len(pixels) != len(digits):
        raise ValueError(f"{name} has {len(pixels) - len(after):,} images but {len(digits) - len(after):,} labels")
    if digits.size and digits.max() >= N_CLASSES:
        raise ValueError(f"{name} has a label {digits.max()}; digits go from 0 to 9")
    return Split(pixels.reshape(-1, N_PIXELS), digits)


def stratified(split: Split) -> Split:
    """The same images in an order in which every first n are a fair sample of the whole.

    Fair: the classes have the proportions of the whole (the k-th of a class of size c goes where
    k/c of everything has gone), and within a class, images stand in the order of their checksums.
    MNIST's own order is no sample, since its writers come in groups, easy ones and hard ones.
    Nothing is drawn, and the result does not depend on the order given.
    """
    checksums = np.array([zlib.crc32(image) for image in split.images])
    place = np.empty(len(split))
    for digit in range(N_CLASSES):
        rows = np.flatnonzero(split.labels == digit)
        rows = rows[np.argsort(checksums[rows], kind="stable")]
        place[rows] = (np.arange(len(rows)) + 0.5) / max(len(rows), 1)
    return split[np.lexsort((split.labels, place))]


def concatenate(parts: list[Split]) -> Split:
    """Several splits as one."""
    if len(parts) == 1:
        return parts[0]
    return Split(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))


def divide(train: Split, held_out: Split) -> Mnist:
    """MNIST's two sets, each in stratified order, as the three of Mnist."""
    return Mnist(train, held_out[:N_VALIDATION], held_out[N_VALIDATION:])


def load_mnist(directory: str | PathLike[str]) -> Mnist:
    """Read MNIST from a directory, in stratified order.

    Parameters
    ----------
    directory
        Holds the official files, plain or gzipped (train-images-idx3-ubyte.gz, ...), or the
        page's own, where the training set is in two parts (train-images-1.idx3-ubyte.gz, ...).

    Raises
    ------
    FileNotFoundError, ValueError
        Saying which file is missing or what is wrong with it.
    """
    train, held_out = (stratified(load_split(Path(directory), prefix)) for prefix in ("train", "t10k"))
    return divide(train, held_out)


def load_split(directory: Path, prefix: str) -> Split:
    """Read a set whose files begin with a prefix, "train" or "t10k", as it is there; raises as load_mnist()."""
    image_files, label_files = (_parts(directory, f"{prefix}-{kind}*") for kind in ("images", "labels"))
    if not image_files or len(image_files) != len(label_files):
        raise FileNotFoundError(
            f"{directory} has {len(image_files)} files {prefix}-images* and {len(label_files)} {prefix}-labels*; "
            "it needs MNIST's IDX files. `python3 build.py build` puts them in dist/data."
        )
    whole = NO_IMAGES
    for images, labels in zip(image_files, label_files, strict=True):
        whole = read_split(images.read_bytes(), labels.read_bytes(), images.name, whole)
    return whole


def _parts(directory: Path, pattern: str) -> list[Path]:
    # Of a file that is there both gzipped and not, one will do.
    return list({path.name.removesuffix(".gz"): path for path in sorted(directory.glob(pattern))}.values())
