"""A trained network as a file: a plain .npz with four float arrays, and nothing else believed."""

import io
import zipfile
from collections.abc import Mapping
from math import prod
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .dataset import N_CLASSES, N_PIXELS
from .kernel import FloatArray

if TYPE_CHECKING:
    from .mlp import MLP

NAMES = ("weights1", "biases1", "weights2", "biases2")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""By which NumPy packs a .npz. Of the others more may be unpacked at once than a member is said to have."""
DAMAGED = "not a model file: it is damaged or cut short; fetch or save it again"
LARGEST = 1_000_000_000  # bytes that the arrays may have in all; a network of 1,024 hidden units has 6.5 million

File = str | PathLike[str] | BinaryIO


def save(parameters: Mapping[str, FloatArray], file: File) -> None:
    """Write the arrays named in NAMES to a .npz file (a path, or a file open for writing)."""
    arrays = {name: parameters[name] for name in NAMES}
    if isinstance(file, str | PathLike):
        with Path(file).open("wb") as opened:  # np.savez would add .npz to a name that lacks it
            save(arrays, opened)
    else:
        np.savez(file, allow_pickle=False, **arrays)


def content(parameters: Mapping[str, FloatArray]) -> bytes:
    """The content of the file that save() writes."""
    file = io.BytesIO()
    save(parameters, file)
    return file.getvalue()


def load(file: File) -> dict[str, FloatArray]:
    """Read and check the arrays of a model file; as read(), without a word on what had to be turned."""
    return read(file)[0]


def read(file: File, largest: int = LARGEST) -> tuple[dict[str, FloatArray], list[str]]:
    """Read and check the arrays of a model file (a path, or a file open for reading).

    Flat biases, and weights that others keep transposed, are taken where the shapes leave no doubt. What says that its
    arrays are larger is not unpacked, and nothing is unpacked further than it says.

    Parameters
    ----------
    largest : bytes that the arrays may have in all

    Returns
    -------
    dict with weights1 (inputs, hidden), biases1 (1, hidden), weights2 (hidden, outputs),
    biases2 (1, outputs), all finite and of one float dtype; and what had to be turned, in words

    Raises
    ------
    ValueError
        With a sentence on what is wrong, when the file is anything else.
    """
    content = Path(file).read_bytes() if isinstance(file, str | PathLike) else file.read()
    if not content.startswith(b"PK"):
        raise ValueError(f"not a model file: {_what_it_is(content)}")
    arrays = _unpack(content, largest)
    notes = _put_upright(arrays)
    check(arrays)
    return arrays, notes


def _what_it_is(content: bytes) -> str:
    if not content:
        return "it is empty"
    if content.lstrip()[:1] == b"<":
        return "it is a web page, so the download went wrong; fetch it again"
    if content.startswith(b"\x93NUMPY"):
        return f"it is a single array (.npy), where a .npz with {', '.join(NAMES)} is needed"
    if content.startswith(b"\x80"):
        return "it is a pickle, which could run any code, and so is not opened"
    return f"a .npz with {', '.join(NAMES)} is needed"


def _unpack(content: bytes, largest: int) -> dict[str, FloatArray]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        raise ValueError(DAMAGED) from error
    with archive:
        members = {name: archive.NameToInfo.get(f"{name}.npy") for name in NAMES}
        if missing := [name for name, member in members.items() if member is None]:
            raise ValueError(f"not a model file: it has no array called {' or '.join(missing)}")
        found = {name: member for name, member in members.items() if member}
        if (size := sum(member.file_size for member in found.values())) > largest:
            raise ValueError(
                f"not a model file: its arrays are said to be {size / 1e6:,.0f} MB large; "
                f"here a network has up to {largest / 1e6:,.0f} MB"
            )
        if any(member.compress_type not in METHODS for member in found.values()):
            raise ValueError("not a model file: it is packed in another way than a .npz; save it again with np.savez")
        return {name: _read_array(archive, member, name) for name, member in found.items()}


def _read_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> FloatArray:
    try:
        with archive.open(member) as opened:
            shape, is_turned, dtype = read_header(opened)
            size = prod(shape) * dtype.itemsize
            is_whole = not dtype.hasobject and min(shape, default=0) >= 0 and opened.tell() + size == member.file_size
            content = opened.read() if is_whole else b""
            if is_whole and len(content) == size:
                array: FloatArray = np.frombuffer(content, dtype).reshape(shape, order="F" if is_turned else "C").copy()
                return array
    except Exception as error:
        raise ValueError(DAMAGED) from error
    if dtype.hasobject:
        raise ValueError(f"not a model file: {name} holds Python objects (a pickle), which could run any code")
    raise ValueError(DAMAGED)


def read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape of an array in a .npy, whether it lies in Fortran's order, and its dtype.

    Not by NumPy's read_array(), which makes room for an array before it looks whether there is one.
    """
    version = np.lib.format.read_magic(file)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    found: tuple[tuple[int, ...], bool, np.dtype[Any]] = read_header(file)
    return found


def _put_upright(arrays: dict[str, FloatArray]) -> list[str]:
    """Bring flat biases and transposed weights into the standard form, where only one way fits; say what was turned."""
    notes = []
    for name in ("biases1", "biases2"):
        array = arrays[name]
        if array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1 < array.shape[0]):
            arrays[name] = array.reshape(1, -1)
            notes.append(f"{name} of shape {array.shape} was taken as {arrays[name].shape}")
    weights1, weights2 = arrays["weights1"], arrays["weights2"]
    if weights1.ndim != 2 or weights2.ndim != 2 or _fit(weights1, weights2, arrays):
        return notes
    ways = [
        [way for way in (weights, weights.T) if way.shape != weights.shape or way is weights]
        for weights in (weights1, weights2)
    ]
    fitting = [(first, second) for first in ways[0] for second in ways[1] if _fit(first, second, arrays)]
    if len(fitting) == 1 and weights1.shape[0] != weights1.shape[1] and weights2.shape[0] != weights2.shape[1]:
        for name, before, after in zip(("weights1", "weights2"), (weights1, weights2), fitting[0], strict=True):
            if after.shape != before.shape:
                arrays[name] = np.ascontiguousarray(after)
                notes.append(f"{name} of shape {before.shape} was transposed")
    return notes


def _fit(weights1: FloatArray, weights2: FloatArray, arrays: Mapping[str, FloatArray]) -> bool:
    hidden_size, output_size = arrays["biases1"].size, arrays["biases2"].size
    return weights1.shape[1] == hidden_size and weights2.shape == (hidden_size, output_size)


def check_is_for_digits(arrays: Mapping[str, FloatArray]) -> None:
    """Raise ValueError unless these are the arrays of a network that reads 28x28 pixels as one of ten digits."""
    inputs, outputs = arrays["weights1"].shape[0], arrays["weights2"].shape[1]
    if (inputs, outputs) != (N_PIXELS, N_CLASSES):
        raise ValueError(
            f"this network reads {inputs} numbers and knows {outputs} classes; "
            f"here digits are read, of {N_PIXELS} pixels and {N_CLASSES} classes"
        )


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
