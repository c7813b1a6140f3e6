"""A trained network as a file: a plain .npz with four float arrays, and nothing else believed."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .kernel import FloatArray

if TYPE_CHECKING:
    from .mlp import MLP

NAMES = ("weights1", "biases1", "weights2", "biases2")

File = str | PathLike[str] | BinaryIO


def save(parameters: Mapping[str, FloatArray], file: File) -> None:
    """Write the arrays named in NAMES to a .npz file (a path, or a file open for writing)."""
    arrays = {name: parameters[name] for name in NAMES}
    if isinstance(file, str | PathLike):
        with Path(file).open("wb") as opened:  # np.savez would add .npz to a name that lacks it
            save(arrays, opened)
    else:
        np.savez(file, allow_pickle=False, **arrays)


def load(file: File) -> dict[str, FloatArray]:
    """Read and check the arrays of a model file.

    Returns
    -------
    dict with weights1 (inputs, hidden), biases1 (1, hidden), weights2 (hidden, outputs),
    biases2 (1, outputs), all finite and of one float dtype

    Raises
    ------
    ValueError
        With a sentence on what is wrong, when the file is anything else.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise ValueError("it is a single array, not a .npz archive")
            missing = [name for name in NAMES if name not in archive.files]
            if missing:
                raise ValueError(f"it has no array called {' or '.join(missing)}")
            arrays = {name: np.asarray(archive[name]) for name in NAMES}
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"not a model file (.npz with {', '.join(NAMES)}): {error}") from error
    check(arrays)
    return arrays


def check(arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Raise ValueError unless the arrays fit together as a two-layer network."""
    for name, array in arrays.items():
        if not np.issubdtype(array.dtype, np.floating):
            raise ValueError(f"not a model file: {name} holds {array.dtype}, not floating-point numbers")
        if array.ndim != 2 or 0 in array.shape:
            raise ValueError(f"not a model file: {name} has shape {array.shape}; it needs two dimensions")
        if not np.isfinite(array).all():
            raise ValueError(f"a damaged model file: {name} has numbers that are not finite")
        if array.dtype != arrays["weights1"].dtype:
            raise ValueError(f"not a model file: {name} is {array.dtype}, weights1 {arrays['weights1'].dtype}")
    hidden_size, output_size = arrays["weights2"].shape
    shapes = {
        "weights1": (arrays["weights1"].shape[0], hidden_size),
        "biases1": (1, hidden_size),
        "biases2": (1, output_size),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(
                f"the arrays do not fit together: {name} has shape {arrays[name].shape}, "
                f"where weights2 of shape {arrays['weights2'].shape} needs {shape}"
            )


def parameters(model: "MLP") -> dict[str, FloatArray]:
    """The arrays that training changes, by name; not copies."""
    return {name: getattr(model, name) for name in NAMES}


def set_parameters(model: "MLP", arrays: Mapping[str, FloatArray]) -> None:
    """Give a network copies of these arrays, in the dtype that it has."""
    dtype = model.weights1.dtype
    for name in NAMES:
        setattr(model, name, arrays[name].astype(dtype))


def network[Network: "MLP"](network_class: type[Network], arrays: Mapping[str, FloatArray]) -> Network:
    """A network of this class, of the arrays' sizes and dtype, that has copies of them."""
    (input_size, hidden_size), (_, output_size) = arrays["weights1"].shape, arrays["weights2"].shape
    model = network_class(input_size, hidden_size, output_size, dtype=arrays["weights1"].dtype)
    set_parameters(model, arrays)
    return model
