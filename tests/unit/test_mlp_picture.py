"""A digit on a picture file, of any size and either way round, becomes what the network reads."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP
from mlp_py.__main__ import main
from mlp_py.drawing import centre_of_mass
from mlp_py.picture import read_picture

if sys.platform == "emscripten":
    pytest.skip("Pillow is for the command line", allow_module_level=True)
from PIL import Image


def seven(width: int, height: int, ink: int, paper: int) -> NDArray[np.uint8]:
    """A 7 in the upper left quarter, as brightness."""
    picture = np.full((height, width), paper, np.uint8)
    thick = width // 40
    picture[height // 8 : height // 8 + thick, width // 8 : width // 2] = ink
    picture[height // 8 : height // 2, width // 2 - thick : width // 2] = ink
    return picture


def saved(folder: Path, picture: NDArray[np.uint8], name: str = "seven.png") -> Path:
    Image.fromarray(picture).save(folder / name)
    return folder / name


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (60, 200)])
def test_dark_on_light_and_light_on_dark_are_the_same(tmp_path: Path, ink: int, paper: int) -> None:
    read = read_picture(saved(tmp_path, seven(400, 400, ink, paper)))
    expected = read_picture(saved(tmp_path, seven(400, 400, 0, 255)))
    np.testing.assert_array_equal(read, expected)


def test_the_ink_fills_a_20x20_box_about_its_centre_of_mass(tmp_path: Path) -> None:
    read = read_picture(saved(tmp_path, seven(640, 480, 0, 255)))
    rows, columns = np.flatnonzero(read.any(axis=1)), np.flatnonzero(read.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert np.abs(centre_of_mass(read.astype(float)) - 13.5).max() <= 2  # as near as the picture's edge lets it


def test_a_bare_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing on the picture"):
        read_picture(saved(tmp_path, np.full((50, 50), 240, np.uint8)))


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear network")
    with pytest.raises(ValueError, match="no picture"):
        read_picture(tmp_path / "letter.png")


def test_predict_reads_pictures_and_exported_drawings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    MLP(hidden_size=8, rng=0).save(tmp_path / "model.npz")
    picture = saved(tmp_path, seven(200, 200, 0, 255))
    drawings = tmp_path / "drawings.json"
    drawings.write_text(json.dumps([{"label": 1, "strokes": [[[100, 20], [100, 200]]]}] * 2))
    assert main(["predict", "--model", str(tmp_path / "model.npz"), str(picture), str(drawings)]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [str(picture), f"{drawings}, drawing 1", f"{drawings}, drawing 2"]
    assert [line.split(":")[0] for line in lines] == names
    assert lines[1].partition(": ")[2] == lines[2].partition(": ")[2]


def test_predict_tells_what_is_wrong_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    MLP(hidden_size=8, rng=0).save(tmp_path / "model.npz")
    (tmp_path / "other.json").write_text('{"strokes": 3}')
    assert main(["predict", "--model", str(tmp_path / "model.npz"), str(tmp_path / "other.json")]) == 1
    assert "no list of drawings" in capsys.readouterr().err
