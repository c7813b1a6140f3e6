"""The operations that take nearly all the time: in C with SIMD where kernel.c is there, in NumPy elsewhere.

In the browser NumPy has neither BLAS nor SIMD, and the page's wheel brings kernel.c compiled.
Natively NumPy is fast by itself. Only float32 goes through the kernel: float64 is the notes' own
arithmetic, to the last bit.
"""

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

FloatArray = NDArray[np.floating]

LIBRARY = Path(__file__).with_name("libkernel.so")  # not kernel.so: Python would take it for a module of its own

FLOAT32, UINT8, INTP = np.dtype(np.float32), np.dtype(np.uint8), np.dtype(np.intp)
_FLOAT32, _UINT8, _INTP = id(FLOAT32), id(UINT8), id(INTP)
_ONE = ctypes.c_float(1)
_POINTERS = {
    "dot": 4,
    "normalize_rows": 6,
    "distort_rows": 7,
    "all_within": 2,
    "add_biases": 4,
    "subtract_maximum": 3,
    "divide_by_sum": 2,
    "times_one_hot": 4,
    "minus_one_hot": 6,
    "where_positive": 5,
    "set_threads": 2,
}
"""The functions of kernel.c, and how many pointers each takes first."""
_MORE: dict[str, list[Any]] = {"dot": [ctypes.c_float, ctypes.c_int], "all_within": [ctypes.c_int]}
WRITEABLE = 0x0400  # of an array's flags: NPY_ARRAY_WRITEABLE


class _Array(ctypes.Structure):
    """The head of a NumPy array in memory, as kernel.c reads it."""

    _fields_ = (
        ("reference_count", ctypes.c_ssize_t),
        ("type", ctypes.c_void_p),
        ("data", ctypes.c_void_p),
        ("dimensions", ctypes.c_int),
        ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
        ("strides", ctypes.POINTER(ctypes.c_ssize_t)),
        ("base", ctypes.c_void_p),
        ("dtype", ctypes.c_void_p),
        ("flags", ctypes.c_int),
    )


def load(path: Path) -> ctypes.CDLL | None:
    """The kernel, or None where there is none, no SIMD, or arrays lie in memory otherwise than it expects."""
    try:
        library = ctypes.CDLL(str(path))
        functions = {name: getattr(library, name) for name in _POINTERS}
    except (OSError, AttributeError):
        return None
    if not _arrays_are_as_expected():
        return None
    if ctypes.sizeof(ctypes.c_void_p) > ctypes.sizeof(ctypes.c_int):
        # In the browser an address fits an int, and calls without declared types are twice as fast.
        for name, function in functions.items():
            function.argtypes = [ctypes.c_void_p] * _POINTERS[name] + _MORE.get(name, [])
    return library


def _arrays_are_as_expected() -> bool:
    probe = np.empty((5, 7), FLOAT32)[1:, ::2]
    for is_writeable in (True, False):
        probe.flags.writeable = is_writeable
        head = _Array.from_address(id(probe))
        seen = (head.type, head.data, head.dimensions, head.dtype, bool(head.flags & WRITEABLE))
        if seen != (id(type(probe)), probe.ctypes.data, 2, _FLOAT32, is_writeable):
            return False
        if (tuple(head.shape[:2]), tuple(head.strides[:2])) != (probe.shape, probe.strides):
            return False
    return True


_library: Any = load(LIBRARY)


def backend() -> str:
    """Which matrix product runs for float32: "simd" or "numpy"."""
    return "simd" if _library else "numpy"


def set_threads(begin: int, more: int) -> None:
    """From now on let others do some of a large product's rows.

    begin, more : addresses of functions, Begin and More in kernel.c; 0 for nobody
    """
    if _library is not None:
        _library.set_threads(begin, more)


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Matrix product of two 2-D arrays, either of which may be a transposed view.

    Parameters
    ----------
    a : array of float, shape (m, k)
    b : array of float, shape (k, n)

    Returns
    -------
    array of float, shape (m, n). In the kernel each element is summed over k in ascending
    order, in blocks of 1,024, so that results are the same on every machine.
    """
    if _library is not None and a.dtype is FLOAT32:
        out: FloatArray = np.empty((a.shape[0], b.shape[1]), FLOAT32)
        if _library.dot(id(a), id(b), id(out), _FLOAT32, _ONE, 0):
            return out
    product: FloatArray = np.dot(a, b)  # raises where shapes don't match
    return product


def subtract_dot(target: FloatArray, factor: float, a: FloatArray, b: FloatArray) -> None:
    """Do `target -= factor * dot(a, b)`, in the kernel without a temporary, and equal to it to the last bit.

    Parameters
    ----------
    target : array of float, shape (m, n)
    a, b : as for dot()
    """
    # A factor that is a NumPy scalar of float64 would have NumPy multiply in float64.
    if _library is not None and type(factor) in (float, int):
        done = _library.dot(id(a), id(b), id(target), _FLOAT32, ctypes.c_float(-factor), 1)
        if done:
            return
    target -= factor * dot(a, b)


def dense(x: FloatArray, weights: FloatArray, biases: FloatArray) -> FloatArray:
    """dot(x, weights) + biases, shape (batch, n), where biases have shape (1, n)."""
    out = dot(x, weights)
    if out.dtype is FLOAT32 and _library is not None and _library.add_biases(id(out), id(biases), None, _FLOAT32):
        return out
    return out + biases


def dense_relu(x: FloatArray, weights: FloatArray, biases: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same, and the larger of 0 and each number of it."""
    out = dot(x, weights)
    if out.dtype is FLOAT32 and _library is not None:
        rectified: FloatArray = np.empty(out.shape, FLOAT32)
        if _library.add_biases(id(out), id(biases), id(rectified), _FLOAT32):
            return out, rectified
    out = out + biases
    return out, np.maximum(0, out)


def softmax(x: FloatArray) -> FloatArray:
    """exp(x) by row, divided by its sum, as MLP.softmax() has it."""
    if x.dtype is FLOAT32 and _library is not None:
        out: FloatArray = np.empty(x.shape, FLOAT32)
        if _library.subtract_maximum(id(x), id(out), _FLOAT32):
            np.exp(out, out)
            if _library.divide_by_sum(id(out), _FLOAT32):
                return out
    exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=1, keepdims=True)


def times_one_hot(x: FloatArray, labels: NDArray[np.integer]) -> FloatArray:
    """The numbers of x where a column is the row's label, elsewhere times 0; x itself may be changed."""
    if x.dtype is FLOAT32 and _library is not None and _library.times_one_hot(id(x), id(labels), _FLOAT32, _UINT8):
        return x
    return x * _one_hot(x, labels)


def minus_one_hot(x: FloatArray, labels: NDArray[np.integer]) -> tuple[FloatArray, FloatArray]:
    """The numbers of x, less 1 where a column is the row's label, shape (batch, n), and their sum, shape (1, n)."""
    if x.dtype is FLOAT32 and _library is not None:
        out: FloatArray = np.empty(x.shape, FLOAT32)
        sums: FloatArray = np.empty((1, x.shape[1]), FLOAT32)
        if _library.minus_one_hot(id(x), id(labels), id(out), id(sums), _FLOAT32, _UINT8):
            return out, sums
    out = x - _one_hot(x, labels)
    return out, np.sum(out, axis=0, keepdims=True)


def where_positive(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The numbers of x where y is positive, elsewhere times 0, shape (batch, n), and their sum, shape (1, n)."""
    if x.dtype is FLOAT32 and _library is not None:
        out: FloatArray = np.empty(x.shape, FLOAT32)
        sums: FloatArray = np.empty((1, x.shape[1]), FLOAT32)
        if _library.where_positive(id(x), id(y), id(out), id(sums), _FLOAT32):
            return out, sums
    out = x * (y > 0)
    return out, np.sum(out, axis=0, keepdims=True)


def _one_hot(x: FloatArray, labels: NDArray[np.integer]) -> FloatArray:
    one_hot: FloatArray = np.zeros(x.shape, x.dtype)
    one_hot[np.arange(len(labels)), labels] = 1
    return one_hot


def normalize_rows(images: NDArray[np.uint8], rows: slice | NDArray[np.integer], dtype: DTypeLike) -> FloatArray:
    """images[rows] as floats from 0 to 1, that is, divided by 255.

    Parameters
    ----------
    images : array of uint8, shape (n, pixels)
    rows : slice, or array of int, shape (batch,)

    Returns
    -------
    array of dtype, shape (batch, pixels)
    """
    if _library is not None and dtype is FLOAT32 and not isinstance(rows, slice):
        out: FloatArray = np.empty((rows.shape[0], images.shape[1]), FLOAT32)
        if _library.normalize_rows(id(images), id(rows), id(out), _UINT8, _INTP, _FLOAT32):
            return out
    chosen = images[rows].astype(dtype)
    chosen /= 255
    return chosen


def distort_rows(
    images: NDArray[np.uint8], rows: NDArray[np.integer], maps: NDArray[np.float32], dtype: DTypeLike
) -> FloatArray:
    """Like normalize_rows(), each 28x28 image distorted by an affine map.

    Parameters
    ----------
    images : array of uint8, shape (n, 784)
    rows : array of int, shape (batch,)
    maps : array of float32, shape (batch, 6)
        The pixel (x, y) of the result is what the image has, bilinearly interpolated, at
        (m0 x + m1 y + m2, m3 x + m4 y + m5); paper beyond its edges.

    Returns
    -------
    array of dtype, shape (batch, 784)
    """
    if _library is not None and dtype is FLOAT32:
        out: FloatArray = np.empty((rows.shape[0], images.shape[1]), FLOAT32)
        if _library.distort_rows(id(images), id(rows), id(maps), id(out), _UINT8, _INTP, _FLOAT32):
            return out
    # As in kernel.c: a margin of one pixel of paper, on which falls all that is outside.
    padded = np.zeros((len(rows), 30, 30), np.float32)
    padded[:, 1:-1, 1:-1] = images[rows].reshape(-1, 28, 28) / np.float32(255)
    y, x = np.divmod(np.arange(784, dtype=np.float32), 28)
    m = maps[:, :, np.newaxis]  # (batch, 6, 1)
    from_x = np.clip(m[:, 0] * x + m[:, 1] * y + m[:, 2] + 1, 0, 29)  # (batch, 784)
    from_y = np.clip(m[:, 3] * x + m[:, 4] * y + m[:, 5] + 1, 0, 29)
    left, top = np.minimum(from_x.astype(np.intp), 28), np.minimum(from_y.astype(np.intp), 28)
    right_share, low_share = from_x - left, from_y - top
    image = np.arange(len(rows))[:, np.newaxis]
    above, below = (
        padded[image, line, left] * (1 - right_share) + padded[image, line, left + 1] * right_share
        for line in (top, top + 1)
    )
    distorted: FloatArray = (above + (below - above) * low_share).astype(dtype)
    return distorted


def all_within(array: NDArray[Any], bound: int) -> bool:
    """Whether no number of a 2-D array of float is NaN or further from 0 than this; False for other arrays."""
    if array.dtype is FLOAT32 and _library is not None and _library.all_within(id(array), _FLOAT32, bound):
        return True
    return array.dtype.kind == "f" and bool(array.size == 0 or (array.max() <= bound and array.min() >= -bound))
