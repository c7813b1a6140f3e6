"""What several commands do alike: files are loaded, targets looked at, failures told."""

import os
import sys
from pathlib import Path

from .. import dataset, model_file
from ..dataset import N_VALIDATION, Mnist
from ..kernel import FloatArray
from ..mlp import MLP


def fail(message: str) -> int:
    """Tell what went wrong; returns the exit code for it."""
    print(f"mlp_py: {message}", file=sys.stderr)
    return 1


def check_target(path: Path) -> None:
    """Raise ValueError where no file can be written, before hours of training are lost to it."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ValueError(f"{path} cannot be written: there is no such folder")
    if path.is_dir():
        raise ValueError(f"{path} cannot be written: it is a folder; add a file's name")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ValueError(f"{path} cannot be written: permission denied")


def write(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there."""
    if path.exists() and not path.is_file():  # a pipe, or /dev/stdout: nothing to be left, nor to be replaced
        path.write_bytes(content)
        return
    target = path.resolve()  # of a link, what it leads to
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def load_mnist(folder: str) -> Mnist:
    """Load MNIST, of which some test images must be left after those for validation."""
    mnist = dataset.load_mnist(folder)
    n_held_out = len(mnist.validation) + len(mnist.test)
    if not len(mnist.test):
        raise ValueError(
            f"{folder} has {n_held_out:,} test images (t10k-*); more than {N_VALIDATION:,} are needed, "
            f"of which {N_VALIDATION:,} are for validation"
        )
    return mnist


def load_model(path: str) -> MLP:
    """Load a network that reads digits; what had to be turned in its file is said."""
    arrays = read_model(path)
    try:
        model_file.check_is_for_digits(arrays)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return model_file.network(MLP, arrays)


def read_model(path: str) -> dict[str, FloatArray]:
    """Read the arrays of a network, whatever it reads; what had to be turned in its file is said."""
    try:
        arrays, notes = model_file.read(path)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    for note in notes:
        print(f"mlp_py: {path}: {note}", file=sys.stderr)
    return arrays
