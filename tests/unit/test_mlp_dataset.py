"""MNIST's files, whole and damaged, and the order that makes every beginning of them a fair sample."""

import gzip
import re
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import Mnist, NormalizedImages, Split, load_mnist
from mlp_py.dataset import concatenate, read_idx, read_split, stratified, write_idx

Bytes = NDArray[np.uint8]
WriteFiles = Callable[[Mapping[str, bytes]], Path]


def idx(array: Bytes) -> bytes:
    """An IDX file, written from the description of the format."""
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


SMALL = idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))  # a header of 16 bytes, then 24


def same(a: Split, b: Split) -> bool:
    return np.array_equal(a.images, b.images) and np.array_equal(a.labels, b.labels)


# ── IDX ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", [SMALL, gzip.compress(SMALL)], ids=["plain", "gzipped"])
def test_an_idx_file_is_read(content: bytes) -> None:
    array = read_idx(content)
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, np.arange(24).reshape(2, 3, 4))


def test_an_idx_file_of_no_images_is_read() -> None:
    assert read_idx(idx(np.zeros((0, 28, 28), np.uint8))).shape == (0, 28, 28)


@pytest.mark.parametrize("shape", [(7,), (2, 3), (3, 28, 28)])
def test_a_written_idx_file_is_byte_for_byte_the_formats(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert write_idx(array) == idx(array)


@pytest.mark.parametrize("length", range(len(SMALL)))
def test_a_truncated_idx_file_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"the labels .*(cut short|promises 40|not an IDX file)"):
        read_idx(SMALL[:length], "the labels")


def test_a_truncated_idx_file_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="cut short in its header"):
        read_idx(SMALL[:9])
    with pytest.raises(ValueError, match="has 39 bytes where its header promises 40"):
        read_idx(SMALL[:-1])


def test_a_truncated_gzip_file_is_refused() -> None:
    packed = gzip.compress(SMALL)
    for length in range(2, len(packed)):
        with pytest.raises(ValueError, match="the images is damaged or cut short"):
            read_idx(packed[:length], "the images")


def test_a_damaged_gzip_file_is_refused() -> None:
    packed = bytearray(gzip.compress(SMALL))
    packed[-6] ^= 1  # its checksum
    with pytest.raises(ValueError, match="damaged"):
        read_idx(bytes(packed))


def test_an_idx_file_with_bytes_left_over_is_refused() -> None:
    with pytest.raises(ValueError, match="has 41 bytes where its header promises 40"):
        read_idx(SMALL + b"\0")


@pytest.mark.parametrize(
    "magic",
    [b"\1\0\x08\3", b"\0\1\x08\3", b"\0\0\x0d\3", b"\0\0\x08\0", b"PK\3\4"],
    ids=["first byte", "second byte", "floats", "no dimensions", "a zip file"],
)
def test_a_file_that_is_no_idx_file_of_bytes_is_refused(magic: bytes) -> None:
    with pytest.raises(ValueError, match="not an IDX file of unsigned bytes"):
        read_idx(magic + SMALL[4:])


@pytest.mark.parametrize("page", [b"<!doctype html>", b"\n\n<html>", gzip.compress(b"<html><body>404")])
def test_a_web_page_is_told_as_such(page: bytes) -> None:
    with pytest.raises(ValueError, match=r"is a web page, not an IDX file: the download went wrong\. Fetch it again"):
        read_idx(page)


def test_a_header_of_absurd_sizes_is_refused() -> None:
    with pytest.raises(ValueError, match="header promises"):
        read_idx(b"\0\0\x08\3" + b"\xff\xff\xff\x7f" * 3 + bytes(24))


# ── Images with labels ─────────────────────────────────────────────────────────────────────────


def blank(*shape: int) -> bytes:
    return idx(np.zeros(shape, np.uint8))


def test_images_and_labels_are_read_as_rows(idx_files: dict[str, bytes], digits: Split) -> None:
    split = read_split(idx_files["train-images-idx3-ubyte"], idx_files["train-labels-idx1-ubyte"])
    assert split.images.shape == (400, 784)
    assert len(split) == 400
    assert same(split, digits)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (blank(3, 28, 28), blank(4), "3 images but 4 labels"),
        (blank(3, 28, 28), blank(3, 1), r"shape \(3, 1\), not \(n\)"),
        (blank(3, 28, 27), blank(3), r"shape \(3, 28, 27\), not \(n, 28, 28\)"),
        (blank(3, 784), blank(3), r"shape \(3, 784\), not \(n, 28, 28\)"),
        (blank(3), blank(3, 28, 28), r"shape \(3,\), not \(n, 28, 28\)"),
        (blank(2, 28, 28), idx(np.array([9, 10], np.uint8)), "a label 10; digits go from 0 to 9"),
        (blank(2, 28, 28)[:-1], blank(2), " has 1,583 bytes"),
        (blank(2, 28, 28), blank(2)[:-1], " has 9 bytes"),
    ],
)
def test_images_and_labels_that_do_not_belong_together_are_refused(images: bytes, labels: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=rf"the test set.*{message}"):
        read_split(images, labels, "the test set")


def test_the_label_nine_is_a_digit() -> None:
    assert read_split(blank(1, 28, 28), idx(np.array([9], np.uint8))).labels.tolist() == [9]


def test_what_is_read_follows_what_is_there(digits: Split) -> None:
    files = [
        (write_idx(part.images.reshape(-1, 28, 28)), gzip.compress(write_idx(part.labels)))
        for part in (digits[:100], digits[100:])
    ]
    first = read_split(*files[0])
    assert same(read_split(*files[1], after=first), digits)
    assert same(first, digits[:100])
    with pytest.raises(ValueError, match="the second half has 1 images but 0 labels"):
        read_split(blank(1, 28, 28), blank(0), "the second half", after=first)


def test_splits_are_concatenated_in_their_order(digits: Split) -> None:
    assert same(concatenate([digits[:100], digits[100:130], digits[130:]]), digits)


# ── Normalization ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_images_become_floats_from_0_to_1(dtype: type[np.floating]) -> None:
    images = np.array([[0, 51, 255], [255, 102, 0]], np.uint8)
    floats = NormalizedImages(images, dtype)[:]
    assert floats.dtype == dtype
    np.testing.assert_allclose(floats, [[0, 0.2, 1], [1, 0.4, 0]], rtol=1e-7)
    assert floats.max() == 1


@pytest.mark.parametrize("rows", [slice(3, 9), np.array([5, 0, 5])], ids=["slice", "rows"])
def test_normalized_images_are_indexed_like_an_array(digits: Split, rows: slice | NDArray[np.int64]) -> None:
    normalized = digits.normalized(np.float64)
    assert (normalized.shape, len(normalized)) == ((400, 784), 400)
    np.testing.assert_array_equal(normalized[rows], digits.images[rows] / 255)


# ── Stratified order ───────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def uneven() -> Split:
    """200 different images: 100 zeros, 60 ones, 40 sevens, class by class."""
    images = np.random.default_rng(3).integers(0, 256, (200, 784)).astype(np.uint8)
    return Split(images, np.repeat([0, 1, 7], [100, 60, 40]).astype(np.uint8))


def test_every_beginning_holds_the_classes_in_proportion(uneven: Split) -> None:
    labels = stratified(uneven).labels
    for n in range(1, 201):
        for digit, share in ((0, 0.5), (1, 0.3), (7, 0.2)):
            assert abs(np.count_nonzero(labels[:n] == digit) - share * n) <= 1


def test_stratified_order_loses_and_changes_no_image(uneven: Split) -> None:
    def pairs(split: Split) -> list[tuple[bytes, int]]:
        images = [image.tobytes() for image in split.images]
        return sorted(zip(images, split.labels.tolist(), strict=True))

    assert pairs(stratified(uneven)) == pairs(uneven)


def test_stratified_order_does_not_depend_on_the_order_given(uneven: Split) -> None:
    shuffled = uneven[np.random.default_rng(1).permutation(200)]
    assert not same(shuffled, uneven)
    assert same(stratified(shuffled), stratified(uneven))


def test_stratified_order_is_not_that_of_the_files(uneven: Split) -> None:
    zeros = stratified(uneven).images[stratified(uneven).labels == 0]
    assert not np.array_equal(zeros, uneven.images[:100])


def test_a_second_stratification_changes_nothing(uneven: Split) -> None:
    once = stratified(uneven)
    assert same(stratified(once), once)


# ── A folder of files ──────────────────────────────────────────────────────────────────────────


def test_the_official_files_are_read(data_folder: Path, digits: Split) -> None:
    mnist = load_mnist(data_folder)
    assert [len(split) for split in (mnist.train, mnist.validation, mnist.test)] == [400, 2_000, 100]
    assert same(mnist.train, stratified(digits))


def test_the_three_sets_hold_the_classes_in_proportion(data_folder: Path) -> None:
    mnist = load_mnist(str(data_folder))
    for split in (mnist.train[:100], mnist.validation, mnist.test):
        np.testing.assert_allclose(np.bincount(split.labels, minlength=10), len(split) / 10, atol=1)


def load(folder: Path) -> list[Split]:
    mnist: Mnist = load_mnist(folder)
    return [mnist.train, mnist.validation, mnist.test]


def test_gzipped_files_and_files_in_parts_give_the_same(
    tmp_path: Path, data_folder: Path, idx_files: dict[str, bytes], idx_files_in_parts: dict[str, bytes]
) -> None:
    gzipped = {f"{name}.gz": gzip.compress(content, 1) for name, content in idx_files.items()}
    expected = load(data_folder)
    for name, files in (("gzipped", gzipped), ("in parts", idx_files_in_parts)):
        (tmp_path / name).mkdir()
        for file, content in files.items():
            (tmp_path / name / file).write_bytes(content)
        assert all(map(same, load(tmp_path / name), expected)), name


@pytest.mark.parametrize(
    ("missing", "count"),
    [
        ("train-images-idx3-ubyte", "0 files train-images* and 1 train-labels*"),
        ("t10k-labels-idx1-ubyte", "1 files t10k-images* and 0 t10k-labels*"),
    ],
)
def test_a_missing_file_is_named_with_a_remedy(
    write_files: WriteFiles, idx_files: dict[str, bytes], missing: str, count: str
) -> None:
    folder = write_files({name: content for name, content in idx_files.items() if name != missing})
    with pytest.raises(FileNotFoundError, match=rf"{re.escape(count)}.*build\.py build"):
        load_mnist(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_mnist(tmp_path / "nowhere")


def test_a_damaged_file_is_named(write_files: WriteFiles, idx_files: dict[str, bytes]) -> None:
    whole = idx_files["t10k-images-idx3-ubyte"]
    folder = write_files(idx_files | {"t10k-images-idx3-ubyte": whole[: len(whole) // 2]})
    with pytest.raises(ValueError, match=r"t10k-images-idx3-ubyte.*Fetch it again"):
        load_mnist(folder)
