"""Small data that the tests share: made-up digits, which are learned as MNIST's are, only sooner."""

import gzip
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import kernel
from mlp_py.dataset import Mnist, Split
from mlp_py.session import Session

from .session_lab import add_data

Bytes = NDArray[np.uint8]
WriteFiles = Callable[[Mapping[str, bytes]], Path]

N_HELD_OUT = 2_100  # more than the 2,000 that are for validation, so that some are left for test


def made_up_digits(n: int, seed: int) -> Split:
    """Each class a pattern of its own, with 5% of the pixels flipped; labels 0, 1, ... 9, 0, 1, ..."""
    patterns = np.random.default_rng(99).random((10, 784)) < 0.2
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % 10).astype(np.uint8)
    ink = patterns[labels] ^ (rng.random((n, 784)) < 0.05)
    return Split(np.where(ink, rng.integers(128, 256, (n, 784)), 0).astype(np.uint8), labels)


def idx(array: Bytes) -> bytes:
    """An IDX file, written from the description of the format and not with the package's own writer."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


@pytest.fixture(scope="session")
def digits() -> Split:
    """400 labelled images, 40 of each class."""
    return made_up_digits(400, seed=1)


@pytest.fixture(scope="session")
def mnist(digits: Split) -> Mnist:
    """A data set of 200 training, 40 validation and 30 test images."""
    return Mnist(digits[:200], digits[200:240], digits[240:270])


@pytest.fixture(scope="session")
def idx_files(digits: Split) -> dict[str, bytes]:
    """The official files' names and contents, with 400 training images and 2,100 held out."""
    held_out = made_up_digits(N_HELD_OUT, seed=2)
    return {
        "train-images-idx3-ubyte": idx(digits.images.reshape(-1, 28, 28)),
        "train-labels-idx1-ubyte": idx(digits.labels),
        "t10k-images-idx3-ubyte": idx(held_out.images.reshape(-1, 28, 28)),
        "t10k-labels-idx1-ubyte": idx(held_out.labels),
    }


@pytest.fixture(scope="session")
def idx_files_in_parts(idx_files: dict[str, bytes], digits: Split) -> dict[str, bytes]:
    """The same as the page has them: gzipped, the training set in two parts."""
    parts = {"1": digits[:150], "2": digits[150:]}
    files = {name: content for name, content in idx_files.items() if name.startswith("t10k")}
    for n, part in parts.items():
        files[f"train-images-{n}.idx3-ubyte"] = idx(part.images.reshape(-1, 28, 28))
        files[f"train-labels-{n}.idx1-ubyte"] = idx(part.labels)
    return {f"{name}.gz": gzip.compress(content, 1) for name, content in files.items()}


@pytest.fixture
def session(idx_files: dict[str, bytes]) -> Session:
    """A small network, and all its data."""
    return add_data(Session(hidden_size=8, seed=0), idx_files)


@pytest.fixture
def write_files(tmp_path: Path) -> WriteFiles:
    """Write these files to a folder; returns the folder."""

    def write(files: Mapping[str, bytes]) -> Path:
        folder = tmp_path / "data"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder

    return write


@pytest.fixture
def data_folder(write_files: WriteFiles, idx_files: dict[str, bytes]) -> Path:
    """A folder with the official files."""
    return write_files(idx_files)


@pytest.fixture(scope="session")
def library_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kernel: the shipped one inside Pyodide, elsewhere one compiled for this machine."""
    if sys.platform == "emscripten":
        return kernel.LIBRARY
    from builder import wheel_hook

    path = tmp_path_factory.mktemp("kernel") / wheel_hook.LIBRARY
    wheel_hook.compile_native(Path(kernel.__file__).with_name("kernel.c"), path)
    return path
