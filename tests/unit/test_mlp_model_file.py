"""Model files: what is written is read, and anything else is refused in words."""

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, model_file

Arrays = dict[str, NDArray[Any]]


def arrays(dtype: type[np.floating] = np.float64) -> Arrays:
    """The parameters of a 6-5-4 network."""
    return model_file.parameters(MLP(6, 5, 4, rng=0, dtype=dtype))


def npz(arrays: Arrays, save: Callable[..., None] = np.savez) -> bytes:
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def npy(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def archive(**members: bytes) -> bytes:
    """A zip file of these members, .npy added to their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name, content in members.items():
            opened.writestr(f"{name}.npy", content)
    return file.getvalue()


def load(content: bytes) -> Arrays:
    return dict(model_file.load(io.BytesIO(content)))


def assert_same(read: Arrays, written: Arrays) -> None:
    assert list(read) == ["weights1", "biases1", "weights2", "biases2"]
    for name, array in written.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)


# ── What is written is read ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["model.npz", "model", "model.bin"])
def test_a_file_is_written_under_the_name_given_and_read_again(
    tmp_path: Path, name: str, dtype: type[np.floating]
) -> None:
    model_file.save(arrays(dtype), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert_same(dict(model_file.load(tmp_path / name)), arrays(dtype))
    assert_same(dict(model_file.load(str(tmp_path / name))), arrays(dtype))


def test_an_open_file_is_written_and_read_again() -> None:
    file = io.BytesIO()
    model_file.save(arrays(), file)
    assert_same(load(file.getvalue()), arrays())


def test_the_file_is_a_plain_npz_that_numpy_reads(tmp_path: Path) -> None:
    model_file.save(arrays(), tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as opened:
        assert sorted(opened.files) == ["biases1", "biases2", "weights1", "weights2"]
        np.testing.assert_array_equal(opened["weights1"], arrays()["weights1"])


def test_a_compressed_file_and_one_with_more_arrays_are_read() -> None:
    assert_same(load(npz(arrays(), np.savez_compressed)), arrays())
    assert_same(load(npz(arrays() | {"history": np.arange(3)})), arrays())


# ── Anything else is refused ───────────────────────────────────────────────────────────────────


def without(name: str) -> bytes:
    return npz({other: array for other, array in arrays().items() if other != name})


def changed(name: str, array: NDArray[Any]) -> bytes:
    return npz(arrays() | {name: array})


class Trap:
    """Unpickled, it would say so."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return print, ("sprung",)


def huge() -> bytes:
    """The beginning of a .npy file that promises 8,000 TB."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**6)})
    return header.getvalue()


def damaged_deflate() -> bytes:
    """A compressed archive in which the first array's stream ends in nonsense."""
    whole = bytearray(npz({"weights1": np.zeros((6, 5))} | arrays(), np.savez_compressed))
    start = whole.index(b"weights1.npy") + 12
    whole[start + 40 : start + 80] = b"\xff" * 40
    return bytes(whole)


REFUSED = {
    "empty": (b"", "not a model file"),
    "random bytes": (np.random.default_rng(0).bytes(1000), "not a model file"),
    "text": (b"weights1 = [[1, 2], [3, 4]]\n", "not a model file"),
    "a pickle": (pickle.dumps(arrays()), "not a model file"),
    "an empty archive": (archive(), "no array called weights1"),
    "one array missing": (without("biases2"), "no array called biases2"),
    "whole numbers": (changed("weights1", np.ones((6, 5), np.int64)), "weights1 holds int64"),
    "complex numbers": (changed("weights2", np.ones((5, 4), np.complex128)), "weights2 holds complex128"),
    "text in an array": (changed("biases1", np.array([list("abcde")])), "biases1 holds <U1"),
    "not a number": (changed("weights1", np.full((6, 5), np.nan)), "weights1 .* not finite"),
    "infinity": (changed("biases1", np.full((1, 5), np.inf)), "biases1 .* not finite"),
    "two precisions": (changed("biases1", np.zeros((1, 5), np.float32)), "float32, weights1 float64"),
    "a web page": (b"\n<!doctype html><title>Sign in</title>", "not a model file: it is a web page.*fetch it again"),
    "a single number": (changed("biases2", np.array(1.0)), r"biases2 has shape \(\)"),
    "three dimensions": (changed("weights1", np.zeros((6, 5, 1))), r"weights1 has shape \(6, 5, 1\)"),
    "nothing in it": (changed("weights1", np.zeros((0, 5))), r"weights1 has shape \(0, 5\)"),
    "other weights1": (changed("weights1", np.zeros((7, 6))), r"do not fit .*: weights1 .*\(7, 6\)"),
    "other weights2": (changed("weights2", np.zeros((4, 6))), "do not fit together"),
    "a square that may be either way": (
        npz(model_file.parameters(MLP(5, 5, 4)) | {"weights2": np.zeros((4, 5))}),
        "do not fit together",
    ),
    "too many biases1": (changed("biases1", np.zeros((1, 6))), r"do not fit .*: biases1 .*\(1, 6\)"),
    "a row of biases too many": (changed("biases2", np.zeros((2, 4))), r"do not fit .*: biases2 .*\(2, 4\)"),
    "a pickled object": (changed("biases1", np.array([[Trap()] * 5], object)), "not a model file"),
}

# np.load() and zipfile have more ways to fail than load() turns into a ValueError.
REFUSED_WITH_ANOTHER_ERROR = {
    "a single array": (npy(arrays()["weights1"]), "not a model file"),
    "members that are no arrays": (archive(**dict.fromkeys(model_file.NAMES, b"hello")), "not a model file"),
    "a damaged compressed array": (damaged_deflate(), "not a model file"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_anything_but_a_model_file_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(content)


@pytest.mark.parametrize(
    ("content", "message"), REFUSED_WITH_ANOTHER_ERROR.values(), ids=REFUSED_WITH_ANOTHER_ERROR.keys()
)
def test_whatever_numpy_and_zipfile_make_of_a_file_it_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(content)


def test_no_words_of_pythons_own_reach_a_person() -> None:
    for content, _ in (REFUSED | REFUSED_WITH_ANOTHER_ERROR).values():
        with pytest.raises(ValueError, match=r"file|fit|finite|hold|float32") as caught:
            load(content)
        for jargon in ("allow_pickle", "context manager", "File is not", "magic", "NpzFile", "zlib", "CRC", "buffer"):
            assert jargon not in str(caught.value)


# ── As others save them ────────────────────────────────────────────────────────────────────────

USUAL = arrays()
OTHERS = {
    "flat biases": ({"biases1": USUAL["biases1"].ravel(), "biases2": USUAL["biases2"].ravel()}, 2),
    "biases in a column": ({"biases1": USUAL["biases1"].T}, 1),
    "weights by output": ({"weights1": USUAL["weights1"].T, "weights2": USUAL["weights2"].T}, 2),
    "one of them": ({"weights2": USUAL["weights2"].T}, 1),
    "all of it": (
        {name: array.T if name.startswith("w") else array.ravel() for name, array in USUAL.items()},
        4,
    ),
    "the usual": ({}, 0),
}


@pytest.mark.parametrize(("changes", "n_notes"), OTHERS.values(), ids=OTHERS.keys())
def test_what_others_turn_is_turned_back_and_said(changes: Arrays, n_notes: int) -> None:
    read, notes = model_file.read(io.BytesIO(npz(USUAL | changes)))
    assert_same(read, USUAL)
    assert len(notes) == n_notes
    assert all(any(name in note for note in notes) for name in changes)


def test_square_weights_are_taken_as_they_are_where_that_fits() -> None:
    square = model_file.parameters(MLP(5, 5, 5, rng=1))
    read, notes = model_file.read(io.BytesIO(npz(square)))
    assert_same(read, square)
    assert notes == []


def test_an_archive_that_says_it_is_huge_is_not_unpacked() -> None:
    with pytest.raises(ValueError, match="said to be 0 MB large; here a network has up to 0 MB"):
        model_file.read(io.BytesIO(npz(arrays())), 100)


def test_a_file_of_arrays_larger_than_any_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="not a model file"):
        load(archive(**dict.fromkeys(model_file.NAMES, huge())))


def test_a_pickled_object_is_never_unpickled(capsys: pytest.CaptureFixture[str]) -> None:
    content, _ = REFUSED["a pickled object"]
    with pytest.raises(ValueError, match="pickle"):
        load(content)
    assert "sprung" not in capsys.readouterr().out
    np.load(io.BytesIO(content), allow_pickle=True)["biases1"]  # the trap is a real one
    assert "sprung" in capsys.readouterr().out


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_truncated_file_is_refused(save: Callable[..., None]) -> None:
    whole = npz(arrays(), save)
    for length in range(0, len(whole), 7):
        with pytest.raises(ValueError, match="not a model file"):
            load(whole[:length])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_with_one_damaged_byte_is_refused_or_means_the_same(save: Callable[..., None]) -> None:
    whole = npz(arrays(), save)
    refused = 0
    for place in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            read = load(bytes(damaged))
        except ValueError:
            refused += 1
        else:  # a time stamp, say
            assert_same(read, arrays())
    assert refused > len(whole) / 3 / 2


def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.npz"):
        model_file.load(tmp_path / "nowhere.npz")


def test_a_network_is_not_made_of_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(changed("weights1", np.zeros((6, 7))))
    with pytest.raises(ValueError, match="do not fit together"):
        MLP.load(tmp_path / "bad.npz")


def test_saving_over_a_file_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(bytes(10_000))
    model_file.save(arrays(), tmp_path / "model.npz")
    assert_same(dict(model_file.load(tmp_path / "model.npz")), arrays())
