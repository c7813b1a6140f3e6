"""Picture files of every kind give the same pixels; bad ones are told; and the command line reads them."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlp_py import MLP
from mlp_py.__main__ import main
from mlp_py.picture import find_digits
from mlp_py.picture_file import LONGEST, read_pixels

from .test_mlp_picture import seven, shown

if sys.platform == "emscripten":
    pytest.skip("Pillow is for the command line", allow_module_level=True)
from PIL import Image

GREY = np.rint(255 * (1 - seven())).astype(np.uint8)


def turned(image: Image.Image) -> dict[str, Any]:
    exif = Image.Exif()
    exif[0x0112] = 8  # to be turned left
    return {"image": image.transpose(Image.Transpose.ROTATE_270), "exif": exif}


KINDS: dict[str, Callable[[Image.Image], dict[str, Any]]] = {
    "grey.png": lambda image: {"image": image},
    "colour.png": lambda image: {"image": image.convert("RGB")},
    "palette.gif": lambda image: {"image": image.convert("P")},
    "black and white.png": lambda image: {"image": image.convert("1", dither=Image.Dither.NONE)},
    "16 bits.png": lambda _: {"image": Image.fromarray(GREY.astype(np.uint16) * 257)},
    "floats.tiff": lambda _: {"image": Image.fromarray(GREY.astype(np.float32))},
    "print.jpg": lambda image: {"image": image.convert("CMYK"), "quality": 95},
    "turned.jpg": lambda image: turned(image) | {"quality": 95},
    "web.webp": lambda image: {"image": image.convert("RGB"), "lossless": True},
    "ink on nothing.png": lambda image: {"image": Image.merge("LA", [Image.new("L", image.size), image.point(invert)])},
}


def invert(value: int) -> int:
    return 255 - value


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_kind_of_file_the_same_digit_is_found(tmp_path: Path, kind: str) -> None:
    options = KINDS[kind](Image.fromarray(GREY))
    options.pop("image").save(tmp_path / kind, **options)
    [expected] = find_digits(shown(GREY / 255)).digits
    [found] = find_digits(read_pixels(tmp_path / kind)).digits
    difference = np.abs(expected.pixels.astype(int) - found.pixels)
    assert difference.mean() < 4


def test_a_large_photograph_is_made_smaller(tmp_path: Path) -> None:
    Image.fromarray(GREY).resize((3_200, 2_400)).save(tmp_path / "large.jpg")
    assert max(read_pixels(tmp_path / "large.jpg").shape) == LONGEST


def truncated(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()[: len(content.getvalue()) // 2]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"Dear network", "no picture"), (b"", "no picture"), (truncated(Image.fromarray(GREY)), "damaged")],
)
def test_what_is_no_picture_or_half_of_one_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "letter.png").write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_pixels(tmp_path / "letter.png")


# ── On the command line ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures whose names begin with what is on them, and a network that knows no better than 7."""
    model = MLP(hidden_size=4, rng=0)
    model.biases2[0, 7] = 20
    model.save(tmp_path / "model.npz")
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("7-mine.png", "1.png", "77.png", "blank.png"):
        two = np.maximum(seven(0.1, 0.5), seven(0.7, 0.5))
        ink = {"77.png": two, "blank.png": np.zeros_like(GREY)}.get(name, seven())
        Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).save(pictures / name)
    return pictures


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_pictures_and_drawings_are_read_in_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawings = folder / "drawings.json"
    drawings.write_text(json.dumps([{"label": 1, "strokes": [[[100, 20], [100, 200]]]}] * 2))
    files = [folder / "7-mine.png", folder / "blank.png", folder / "77.png", drawings]
    code, out, err = run(capsys, "predict", "--model", folder.parent / "model.npz", *files)
    assert code == 1
    assert out.splitlines()[0].split() == ["file", "answer", "sure", "perhaps"]
    assert [line.split()[-2] for line in out.splitlines()[1:]] == ["7", "77", "7", "7"]
    assert "blank.png: there is no ink on it" in err


def test_answers_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = folder / "77.png", folder / "blank.png"
    code, out, _ = run(capsys, "predict", "--json", "--model", folder.parent / "model.npz", *files)
    good, bad = json.loads(out)
    assert code == 1
    assert (good["answer"], len(good["digits"]), good["perhaps"]) == ("77", 2, None)
    assert 0.99 < good["certainty"] <= 1
    assert bad["file"] == str(folder / "blank.png")
    assert "no ink" in bad["error"]


def test_the_stages_are_a_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, stages = folder.parent / "model.npz", folder.parent / "stages.png"
    code, *_ = run(capsys, "predict", "--stages", stages, "--model", model, folder / "77.png", folder / "1.png")
    assert code == 0
    with Image.open(stages) as image:
        assert image.size == (5 * 280, 2 * 280)
    stages.unlink()
    code, _, err = run(capsys, "predict", "--stages", stages, "--model", model, folder / "blank.png")
    assert code == 1
    assert "was not written" in err
    assert not stages.exists()


@pytest.mark.parametrize("name", ["stages", "stages.txt", "stages.xbm"])
def test_stages_in_a_format_that_is_none_for_them_are_refused_before_anything_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    model, stages = folder.parent / "model.npz", folder.parent / name
    code, out, err = run(capsys, "predict", "--stages", stages, "--model", model, folder / "77.png")
    assert (code, out) == (1, "")
    assert f"{name} cannot be a picture of the stages: its name must end in .png" in err
    assert not stages.exists()


def test_a_folder_of_pictures_is_judged_by_their_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("1.json", "2.JSON"):
        (folder / name).write_text("[{}, {}]")  # drawings are no pictures
    (folder / "3").mkdir()
    code, out, _ = run(capsys, "evaluate", "--pictures", folder, "--model", folder.parent / "model.npz")
    assert code == 0
    assert out.splitlines() == ["1.png: read 7, 100% sure", "Pictures: accuracy 0.6667 (2 of 3)"]


def test_a_folder_without_answers_in_names_and_nothing_to_judge_by_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = folder.parent / "model.npz"
    for arguments, words in (
        (("--pictures", folder.parent), "no file whose name begins with its answer"),
        (("--pictures", folder / "nowhere"), "is no folder"),
        ((), "say what to judge it by"),
    ):
        code, _, err = run(capsys, "evaluate", "--model", model, *arguments)
        assert code == 1
        assert words in err
