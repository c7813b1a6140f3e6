"""kernel.c against NumPy: the shipped library inside Pyodide, one compiled for this machine elsewhere."""

import ctypes
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, kernel
from mlp_py.augment import random_maps

Float32Array = NDArray[np.float32]


@pytest.fixture(autouse=True)
def _use_kernel(library_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = kernel.load(library_path)
    assert library is not None
    monkeypatch.setattr(kernel, "_library", library)


def matrix(rows: int, columns: int, transposed: bool = False) -> Float32Array:
    rng = np.random.default_rng(rows * 1000 + columns)
    values = rng.standard_normal((columns, rows) if transposed else (rows, columns)).astype(np.float32)
    return values.T if transposed else values


def in_order(a: Float32Array, b: Float32Array) -> Float32Array:
    """The product as kernel.c promises it: one addition after the other over k, in blocks of 1,024."""
    total = np.zeros((a.shape[0], b.shape[1]), np.float32)
    for start in range(0, a.shape[1], 1024):
        block = np.zeros_like(total)
        for x in range(start, min(start + 1024, a.shape[1])):
            block += a[:, x, None] * b[x]
        total += block
    return total


SIZES = [(1, 1, 1), (1, 10, 784), (3, 5, 7), (4, 8, 16), (5, 9, 0), (32, 128, 784), (33, 10, 128), (7, 131, 1030)]


@pytest.mark.parametrize(("m", "n", "k"), SIZES)
@pytest.mark.parametrize(("a_transposed", "b_transposed"), [*product([False, True], repeat=2)])
def test_a_product_is_summed_in_the_order_promised(
    m: int, n: int, k: int, a_transposed: bool, b_transposed: bool
) -> None:
    a, b = matrix(m, k, a_transposed), matrix(k, n, b_transposed)
    np.testing.assert_array_equal(kernel.dot(a, b), in_order(a, b))


def test_the_kernel_says_that_it_runs() -> None:
    assert kernel.backend() == "simd"


def test_parts_of_arrays_are_taken_where_they_are() -> None:
    whole = matrix(20, 30)
    a, b = whole[3:12, 5:17], whole[2:14, ::3]
    np.testing.assert_array_equal(kernel.dot(a, b), in_order(a, b))
    backwards = whole[::-1, ::-1][:8, :9]
    np.testing.assert_array_equal(kernel.dot(backwards, b[:9]), in_order(backwards, b[:9]))


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_go_where_they_should(special: float) -> None:
    a, b = matrix(6, 9), matrix(9, 11)
    a[2, 3] = special
    b[3, 4] = 0
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(kernel.dot(a, b), in_order(a, b))


def sparse(rows: int, columns: int, transposed: bool = False) -> Float32Array:
    """Like images: of five numbers four are zero, of either sign; and a row and a column are nothing else."""
    values = matrix(rows, columns, transposed)
    is_zero = np.random.default_rng(columns).random(values.shape) < 0.8
    is_zero[rows // 2], is_zero[:, columns // 3] = True, True
    values[is_zero] *= 0
    return values


def assert_same_bits(result: Float32Array, expected: Float32Array) -> None:
    """Also zeros have the same sign; NaN is any."""
    np.testing.assert_array_equal(result, expected)
    np.testing.assert_array_equal(np.signbit(result[expected == 0]), np.signbit(expected[expected == 0]))


SPARSE_SIZES = [(1, 32, 784), (5, 31, 9), (32, 128, 784), (33, 70, 300), (784, 128, 32), (7, 131, 1030), (9, 32, 1024)]


@pytest.mark.parametrize(("m", "n", "k"), SPARSE_SIZES)
@pytest.mark.parametrize("a_transposed", [False, True])
def test_what_is_left_out_for_being_zero_changes_no_bit(m: int, n: int, k: int, a_transposed: bool) -> None:
    a, b = sparse(m, k, a_transposed), matrix(k, n)
    assert_same_bits(kernel.dot(a, b), in_order(a, b))
    for factor in (0.25, -0.25, 0.0):
        target = matrix(m, n)
        target[::3] *= 0
        expected = target - np.float32(factor) * in_order(a, b)
        kernel.subtract_dot(target, factor, a, b)
        assert_same_bits(target, expected)


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 44])
@pytest.mark.parametrize("is_in_b", [True, False])
def test_numbers_that_are_not_finite_go_where_they_should_among_zeros(
    special: float, place: int, is_in_b: bool
) -> None:
    a, b = sparse(40, 60), matrix(60, 45)
    (b if is_in_b else a)[20, place] = special
    with np.errstate(invalid="ignore"):
        expected = in_order(a, b)
        assert np.isnan(expected).any() or not is_in_b
        np.testing.assert_array_equal(kernel.dot(a, b), expected)
        target = np.zeros((40, 45), np.float32)
        kernel.subtract_dot(target, 1.0, a, b)
        np.testing.assert_array_equal(target, -expected)


def test_a_factor_too_large_for_a_float_is_not_lost_on_zeros() -> None:
    target = np.zeros((40, 45), np.float32)
    kernel.subtract_dot(target, 1e300, np.zeros((40, 60), np.float32), matrix(60, 45))
    assert np.isnan(target).all()


def test_subtracting_a_product_needs_no_more_than_the_target() -> None:
    whole = matrix(15, 21)
    target, a, b = whole[2:13, 4:14].copy(), matrix(11, 32, transposed=True), matrix(32, 10)
    expected = target + np.float32(-0.25) * in_order(a, b)
    kernel.subtract_dot(target, 0.25, a, b)
    np.testing.assert_array_equal(target, expected)


def test_what_lies_beside_the_target_stays() -> None:
    whole = matrix(15, 21)
    before = whole.copy()
    kernel.subtract_dot(whole[2:13, 4:14], 1.0, matrix(11, 5), matrix(5, 10))
    before[2:13, 4:14] = whole[2:13, 4:14]
    np.testing.assert_array_equal(whole, before)


class Others:
    """Other threads, which are given the last 6 rows of a product; as many as they can they fill, the last ones."""

    rows = 6
    Begin = ctypes.CFUNCTYPE(
        *(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int),
        *(ctypes.c_void_p, ctypes.c_int, ctypes.c_int) * 2,
        *(ctypes.c_void_p, ctypes.c_int, ctypes.c_float, ctypes.c_int),
    )
    More = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int))

    def __init__(self, done: int) -> None:
        self.done = done
        self.left: list[int] = []
        self.asked: list[tuple[float, ...]] = []
        self.functions = self.Begin(self.begin), self.More(self.more)
        kernel.set_threads(*(ctypes.cast(function, ctypes.c_void_p).value or 0 for function in self.functions))

    def begin(self, *product: float) -> int:
        self.asked.append(product)
        m, n, c, c_row = (int(product[i]) for i in (0, 1, 9, 10))
        for row in range(m - self.done, m):
            ctypes.memset(c + row * c_row * 4, 0, n * 4)
        self.left = list(range(m - self.rows, m - self.done, 2))
        return m - self.rows

    def more(self, first: Any) -> int:
        if not self.left:
            return 0
        first[0] = self.left.pop()
        return 2


@pytest.fixture
def _nobody_after_this() -> Iterator[None]:
    yield
    kernel.set_threads(0, 0)


@pytest.mark.usefixtures("_nobody_after_this")
@pytest.mark.parametrize("done", [6, 2])
def test_rows_that_others_do_are_left_to_them(done: int) -> None:
    a, b = matrix(700, 784, transposed=True), matrix(784, 128)
    others = Others(done)
    result = kernel.dot(a, b)
    np.testing.assert_array_equal(result[:-done], in_order(a, b)[:-done])
    np.testing.assert_array_equal(result[-done:], 0)
    a_address, b_address = a.ctypes.data, b.ctypes.data
    (asked,) = others.asked
    assert asked == (700, 128, 784, a_address, 1, 700, b_address, 128, 1, result.ctypes.data, 128, 1, 0)


@pytest.mark.usefixtures("_nobody_after_this")
def test_rows_that_others_do_not_do_are_done_all_the_same() -> None:
    a, b = matrix(784, 700, transposed=True), matrix(700, 128)
    others = Others(0)
    np.testing.assert_array_equal(kernel.dot(a, b), in_order(a, b))
    target = matrix(784, 128)
    expected = target + np.float32(-0.25) * in_order(a, b)
    kernel.subtract_dot(target, 0.25, a, b)
    np.testing.assert_array_equal(target, expected)
    assert [asked[-2:] for asked in others.asked] == [(1, 0), (-0.25, 1)]


@pytest.mark.usefixtures("_nobody_after_this")
def test_nobody_is_asked_for_little() -> None:
    others = Others(0)
    kernel.dot(matrix(128, 784), matrix(784, 128))
    assert not others.asked


def test_shapes_that_do_not_match_raise_as_in_numpy() -> None:
    with pytest.raises(ValueError, match="not aligned"):
        kernel.dot(matrix(2, 3), matrix(4, 5))
    with pytest.raises(ValueError, match="broadcast"):
        kernel.subtract_dot(matrix(3, 3), 1.0, matrix(2, 3), matrix(3, 5))


def test_float64_is_numpys_own_business() -> None:
    a, b = matrix(5, 6).astype(np.float64), matrix(6, 7).astype(np.float64)
    result = kernel.dot(a, b)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, np.dot(a, b))


def test_mixed_types_and_other_byte_orders_go_to_numpy() -> None:
    a, b = matrix(5, 6), matrix(6, 7)
    np.testing.assert_allclose(kernel.dot(a, b.astype(np.float64)), in_order(a, b), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(kernel.dot(a, b.astype(">f4")), in_order(a, b), rtol=1e-5, atol=1e-5)


def test_bytes_are_normalized_to_the_bit() -> None:
    images = np.arange(40 * 256).astype(np.uint8).reshape(40, 256)
    rows = np.array([39, 0, 7, 7, 21])
    expected = images[rows].astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(kernel.normalize_rows(images, rows, np.dtype(np.float32)), expected)


def test_rows_that_are_not_there_raise_as_in_numpy() -> None:
    images = np.zeros((4, 784), np.uint8)
    for rows in (np.array([4]), np.array([-5])):
        with pytest.raises(IndexError):
            kernel.normalize_rows(images, rows, np.dtype(np.float32))
    assert kernel.normalize_rows(images, np.array([-1]), np.dtype(np.float32)).shape == (1, 784)


def maps(*values: float) -> NDArray[np.float32]:
    return np.array([values], np.float32)


def test_an_image_that_is_not_distorted_stays_as_it_is() -> None:
    image = np.random.default_rng(0).integers(0, 256, (1, 784)).astype(np.uint8)
    distorted = kernel.distort_rows(image, np.array([0]), maps(1, 0, 0, 0, 1, 0), np.dtype(np.float32))
    np.testing.assert_array_equal(distorted, image / np.float32(255))


def test_a_shifted_image_moves_and_paper_comes_in_from_the_edge() -> None:
    image = np.full((28, 28), 255, np.uint8)
    # What stands at x comes from x + 3: ink moves 3 to the left, half a pixel up.
    moved = kernel.distort_rows(
        image.reshape(1, 784), np.array([0]), maps(1, 0, 3, 0, 1, 0.5), np.dtype(np.float32)
    ).reshape(28, 28)
    assert (moved[:27, :25] == 1).all()
    assert (moved[:, 25:] == 0).all()
    np.testing.assert_allclose(moved[27, :25], 0.5)


def test_distorting_in_c_and_in_numpy_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    images, rows = rng.integers(0, 256, (9, 784)).astype(np.uint8), np.array([8, 0, 3, 3])
    chosen = random_maps(len(rows), rng) + rng.normal(0, 0.3, (4, 6)).astype(np.float32)
    in_c = kernel.distort_rows(images, rows, chosen, np.dtype(np.float32))
    monkeypatch.setattr(kernel, "_library", None)
    np.testing.assert_allclose(kernel.distort_rows(images, rows, chosen, np.dtype(np.float32)), in_c, atol=2e-5)


def test_a_training_with_the_kernel_stays_close_to_one_without(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.random((200, 784), np.float32), rng.integers(0, 10, 200)
    models = []
    for library in (kernel._library, None):
        monkeypatch.setattr(kernel, "_library", library)
        model = MLP(hidden_size=16, rng=1, dtype=np.float32)
        list(model.training_loop(images, labels, epochs=2, batch_size=20, learning_rate=0.001))
        models.append(model)
    np.testing.assert_allclose(models[0].weights1, models[1].weights1, atol=1e-5)
    np.testing.assert_allclose(models[0].weights2, models[1].weights2, atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"\0asm", b"not a library"], ids=["empty", "cut short", "no library"])
def test_a_library_that_does_not_load_leaves_the_work_to_numpy(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "libbroken.so"
    broken.write_bytes(content)
    assert kernel.load(broken) is None
    assert kernel.load(tmp_path / "libmissing.so") is None


# ── Where it writes ────────────────────────────────────────────────────────────────────────────

DEPTHS = (1, 3, 31, 33, 100, 1023, 1024, 1025, 1500)


@pytest.mark.parametrize("k", DEPTHS)
@pytest.mark.parametrize(("m", "n"), [(1, 1), (5, 7), (33, 10), (128, 10), (17, 128)])
@pytest.mark.parametrize("factor", [0.01, 3, np.float64(0.013), np.float32(0.013), float("inf")])
def test_a_fused_update_is_the_plain_one_to_the_last_bit(m: int, n: int, k: int, factor: float) -> None:
    a, b = matrix(k, m).T, matrix(k, n)
    a[0, 0] = np.nan
    fused, plain = matrix(m, n), matrix(m, n)
    with np.errstate(all="ignore"):
        kernel.subtract_dot(fused, factor, a, b)
        plain -= factor * kernel.dot(a, b)
    assert fused.tobytes() == plain.tobytes()


def test_a_target_that_is_read_only_is_not_written() -> None:
    target = matrix(4, 8)
    before = target.copy()
    target.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        kernel.subtract_dot(target, 0.5, matrix(4, 6), matrix(6, 8))
    np.testing.assert_array_equal(target, before)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_target_that_overlaps_an_operand_gets_what_numpy_gives(backwards: bool) -> None:
    memory = np.arange(300, dtype=np.float32) / 300
    step = slice(None, None, -1) if backwards else slice(None)
    for first in (0, 1, 60, 63, 64, 100):
        ours, theirs = memory.copy(), memory.copy()
        for kind, where in ((kernel.subtract_dot, ours), (None, theirs)):
            target, a = where[first : first + 64].reshape(8, 8), where[64:128].reshape(8, 8)[step]
            b = matrix(8, 8)
            if kind:
                kind(target, 0.5, a, b)
            else:
                target -= 0.5 * kernel.dot(a, b)
        assert ours.tobytes() == theirs.tobytes(), first


def test_all_within_sees_every_number() -> None:
    for shape in ((1, 1), (1, 3), (3, 5), (32, 784)):
        numbers = np.zeros(shape, np.float32)
        assert kernel.all_within(numbers, 10)
        for place in {0, numbers.size // 2, numbers.size - 1}:
            for bad in (10.5, -11, np.nan, np.inf, -np.inf):
                numbers.flat[place] = bad
                assert not kernel.all_within(numbers, 10)
            numbers.flat[place] = -10
            assert kernel.all_within(numbers, 10)
            numbers.flat[place] = 0
    assert kernel.all_within(np.zeros((0, 784), np.float32), 10)
    assert kernel.all_within(matrix(60, 90)[::2, ::3], 10)


# ── What is between the products ─────────────────────────────────────────────────────────────────


def odd_ones(rows: int, columns: int) -> Float32Array:
    """A matrix that has all kinds of numbers."""
    x = matrix(rows, columns)
    odd = np.array([np.nan, np.inf, -np.inf, 0, -0.0, 1e38, -1e38, 1e-42], np.float32)
    x.ravel()[:: max(1, x.size // 20)] = np.resize(odd, len(x.ravel()[:: max(1, x.size // 20)]))
    return x


LAYERS = [(32, 128), (32, 10), (1, 1), (3, 7), (5, 8), (2, 9), (4, 128), (2, 129), (7, 130)]
SOURCES: list[Callable[[int, int], Float32Array]] = [matrix, odd_ones]


@pytest.mark.parametrize(("rows", "columns"), LAYERS)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_does_what_numpy_does_in_several_calls(
    source: Callable[[int, int], Float32Array], rows: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = source(rows, columns), source(columns, rows).T.copy()
    labels = (np.arange(rows) % columns).astype(np.uint8)
    weights, biases = matrix(columns, 6), matrix(1, 6)

    def everything() -> list[bytes]:
        made = [
            kernel.dense(x, weights, biases),
            *kernel.dense_relu(matrix(rows, columns), weights, biases),
            kernel.softmax(x),
            kernel.times_one_hot(x.copy(), labels),
            *kernel.minus_one_hot(x, labels),
            *kernel.where_positive(x, y),
        ]
        return [np.where(np.isnan(each), np.float32(0), each).tobytes() + np.isnan(each).tobytes() for each in made]

    by_the_kernel = everything()
    others = {name: lambda *_: 0 for name in kernel._POINTERS}  # which leave all to NumPy
    monkeypatch.setattr(kernel, "_library", SimpleNamespace(**others | {"dot": kernel._library.dot}))
    assert by_the_kernel == everything()


@pytest.mark.parametrize("labels", [np.array([0, 1]), np.array([0, 9], np.uint8)])
def test_labels_that_it_does_not_take_are_left_to_numpy(labels: NDArray[np.integer]) -> None:
    x = matrix(2, 3)
    before = x.copy()
    if labels.dtype == np.uint8:
        with pytest.raises(IndexError):
            kernel.minus_one_hot(x, labels)
    else:
        np.testing.assert_array_equal(kernel.minus_one_hot(x, labels)[0], x - np.eye(3, dtype=np.float32)[labels])
    np.testing.assert_array_equal(x, before)


def test_arrays_with_gaps_are_left_to_numpy() -> None:
    x = matrix(8, 20)[::2, ::2]
    np.testing.assert_array_equal(kernel.softmax(x), kernel.softmax(np.ascontiguousarray(x)))
    out, sums = kernel.where_positive(x, -x)
    np.testing.assert_array_equal(out, x * (-x > 0))
    np.testing.assert_array_equal(sums, out.sum(axis=0, keepdims=True))
