"""Everything as one file, and what is no such file."""

import contextlib
import io
import struct
import zipfile

import numpy as np
import pytest

from mlp_py import MLP, model_file, saved_work

from .fuzz import peak


def model() -> bytes:
    return model_file.content(model_file.parameters(MLP(hidden_size=3, rng=0)))


FILES: dict[str, bytes | str] = {
    "settings.json": '{"format": 1}',
    "model.npz": model(),
    "mlp.py": "# mine: é\n",
    "exercises/he_init.py": "def he_init(): ...\n",
    "drawings.json": "[]",
    "picture.jpg": b"\xff\xd8",
}


def zipped(files: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_what_is_packed_comes_out_again_and_a_person_can_look_into_it() -> None:
    content = saved_work.pack(FILES)
    assert saved_work.unpack(content) == FILES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Open saved work" in archive.read("README.txt").decode()
        assert archive.read("mlp.py").decode() == FILES["mlp.py"]


def test_the_order_of_the_images_goes_as_a_file_of_numpys() -> None:
    order = np.array([2, 0, 1], np.int32)
    content = saved_work.pack({"settings.json": "{}", "order.npy": saved_work.order_file(order.tobytes())})
    assert saved_work.unpack(content)["order.npy"] == order.tobytes()


def test_files_of_other_names_are_passed_over() -> None:
    others: dict[str, bytes | str] = {
        "../../evil.py": "x",
        "exercises/../mlp.py": "x",
        "notes.txt": "x",
        "exercises/A.py": "x",
    }
    assert saved_work.unpack(zipped(others | {"settings.json": "{}"})) == {"settings.json": "{}"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no saved work, or cut short"),
        (b"<!doctype html>", "no saved work, or cut short"),
        (saved_work.pack(FILES)[:-30], "no saved work, or cut short"),
        (zipped({"model.npz": model()}), "no settings.json"),
        (zipped({"settings.json": "{"}), "settings.json in it is damaged"),
        (zipped({"settings.json": b"\xff"}), "settings.json in it is damaged"),
        (zipped({"settings.json": "[" * 100_000}), "settings.json in it is damaged"),
        (zipped({"settings.json": "{}", "model.npz": b"PK"}), "model.npz in it is damaged"),
        (zipped({"settings.json": "{}", "order.npy": b"x"}), "order.npy in it is damaged"),
    ],
)
def test_what_is_no_saved_work_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        saved_work.unpack(content)


def test_a_bomb_is_refused_by_the_size_that_it_declares() -> None:
    with pytest.raises(ValueError, match="said to be 150 MB large"):
        saved_work.unpack(zipped({"settings.json": b" " * 150_000_000}))


def test_a_bomb_that_declares_less_than_it_holds_is_not_unpacked() -> None:
    with pytest.raises(ValueError, match=r"settings\.json in it is damaged"):
        saved_work.unpack(lying(zipped({"settings.json": b" " * 50_000_000})))


def lying(content: bytes) -> bytes:
    """A zip of one file that says in both its headers that this has ten bytes."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = changed.index(signature) + offset
        changed[at : at + 4] = struct.pack("<I", 10)
    return bytes(changed)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_unpacked_within_bounds_is_not_unpacked(compression: int) -> None:
    try:
        content = zipped({"settings.json": b" " * 50_000_000}, compression)
    except RuntimeError:
        pytest.skip("this Python cannot pack it")
    assert peak(lambda: saved_work.unpack(lying(content))) < 5
    with pytest.raises(ValueError, match="packed in another way"):
        saved_work.unpack(content)


def test_a_damaged_byte_anywhere_is_refused_or_harmless() -> None:
    whole = saved_work.pack(FILES)
    random = np.random.default_rng(0)
    for at in random.integers(0, len(whole), 300):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << random.integers(8)
        with contextlib.suppress(ValueError):
            saved_work.unpack(bytes(damaged))
