"""What several commands do alike: files are loaded, targets looked at, failures told."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from .. import dataset, model_file
from ..dataset import N_VALIDATION, Mnist
from ..kernel import FloatArray
from ..mlp import MLP


def fail(message: str) -> int:
    """Tell what went wrong; returns the exit code for it."""
    print(f"mlp_py: {message}", file=sys.stderr)
    return 1


def check_targets(targets: Iterable[str | None], inputs: Iterable[str] = ()) -> None:
    """Raise ValueError where a file cannot be written by write(), before hours of training are lost to it.

    Parameters
    ----------
    targets : the files to be written, each another; None for what is not wanted
    inputs : the files that are read, which none of them may replace
    """
    taken = {Path(each).resolve(): "it is what is to be read; give another name" for each in inputs}
    for path in [Path(each) for each in targets if each]:
        target = path.resolve()
        if wrong := _what_is_wrong(path, target) or (None if _is_device(path) else taken.get(target)):
            raise ValueError(f"{path} cannot be written: {wrong}")
        taken[target] = "something else is to be written there; give another name"


def _what_is_wrong(path: Path, target: Path) -> str | None:
    """Why a file cannot be written, if that can be told beforehand; target is what the path leads to."""
    if path.is_dir():
        return "it is a folder; add a file's name"
    if not target.parent.is_dir():
        return "there is no such folder"
    needed = [path] if path.exists() else []
    if not _is_device(path):
        needed.append(target.parent)  # where it is made, beside what was there
    return None if all(os.access(each, os.W_OK) for each in needed) else "permission denied"


def write(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there."""
    if _is_device(path):  # there is nothing to be left, nor to be replaced
        path.write_bytes(content)
        return
    target = path.resolve()  # of a link, what it leads to
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _is_device(path: Path) -> bool:
    """Whether it is a pipe, /dev/stdout or the like."""
    return path.exists() and not path.is_file()


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
