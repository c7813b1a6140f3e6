"""Pictures of digits: chosen, dropped and pasted; read, framed, put right; and those that can't be read are told."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from mlp_py.drawing import Stroke
from tests.photographs import Scene, photograph

from .digits import DIGITS
from .lab import Lab

NUMBER = (1, 0, 7)
SCENE = Scene((800, 600), (0.15, 0.05, 0.65), pen=0.01, light=(0.2, -0.1), shadow=0.3, shadow_at=0.5, specks=3)


def strokes_of(digit: int, place: float = 0.3, size: float = 0.4) -> list[Stroke]:
    return [np.array(stroke) * [size * 0.7, size] + [place, 0.3] for stroke in DIGITS[digit]]


def picture(folder: Path, strokes: list[Stroke], name: str) -> Path:
    photograph(strokes, SCENE, np.random.default_rng(0)).save(folder / name)
    return folder / name


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    return picture(tmp_path, strokes_of(7), "seven.jpg")


@pytest.fixture
def number(tmp_path: Path) -> Path:
    strokes = [stroke for i, digit in enumerate(NUMBER) for stroke in strokes_of(digit, 0.3 * i)]
    return picture(tmp_path, strokes, "number.png")


@pytest.fixture
def reader(bench: Lab) -> Lab:
    """A page with the starter reading, and nothing on its pad."""
    bench.clear()
    bench.read_by("starter")
    return bench


def choose(lab: Lab, file: Path) -> None:
    lab.page.get_by_label("Picture file").set_input_files(file)


def drop(lab: Lab, file: Path) -> None:
    give(
        lab,
        file,
        """(target, files) => {
      for (const type of ["dragover", "drop"])
        target.dispatchEvent(new DragEvent(type, {dataTransfer: files, bubbles: true, cancelable: true}));
    }""",
    )


def paste(lab: Lab, file: Path) -> None:
    # Firefox takes no files in the event's making.
    give(
        lab,
        file,
        """(target, files) => {
      const event = new ClipboardEvent("paste", {bubbles: true});
      Object.defineProperty(event, "clipboardData", {value: files});
      target.dispatchEvent(event);
    }""",
    )


def give(lab: Lab, file: Path, how: str) -> None:
    """Have the page get a file by an event."""
    content = base64.b64encode(file.read_bytes()).decode()
    lab.pad.evaluate(
        f"""(target, [name, content]) => {{
          const files = new DataTransfer();
          const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
          files.items.add(new File([bytes], name));
          ({how})(target, files);
        }}""",
        [file.name, content],
    )


@pytest.mark.parametrize("way", [choose, drop, paste], ids=lambda way: way.__name__)
def test_a_picture_is_read_whichever_way_it_comes(reader: Lab, seven: Path, way: Callable[[Lab, Path], None]) -> None:
    way(reader, seven)
    expect(reader.page.get_by_test_id("photo")).to_be_visible()
    expect(reader.prediction).to_have_text("7")
    reader.button("Clear").click()
    expect(reader.prediction).to_have_text("?")
    expect(reader.page.get_by_test_id("photo")).to_be_hidden()
    reader.button("Undo").click()
    expect(reader.prediction).to_have_text("7")


def test_the_button_opens_a_file_chooser(reader: Lab, seven: Path) -> None:
    with reader.page.expect_file_chooser() as chooser:
        reader.button("Read a picture").click()
    chooser.value.set_files(seven)
    expect(reader.prediction).to_have_text("7")


def test_a_picture_on_its_side_is_turned_upright(reader: Lab, tmp_path: Path) -> None:
    file = picture(tmp_path, strokes_of(7), "upright.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    with Image.open(file) as image:
        image.rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=exif)
    choose(reader, tmp_path / "turned.jpg")
    expect(reader.prediction).to_have_text("7")


def test_a_number_is_read_digit_by_digit_and_each_can_be_looked_at(reader: Lab, number: Path) -> None:
    choose(reader, number)
    expect(reader.prediction).to_have_text("107")
    expect(reader.page.get_by_test_id("certainty")).to_contain_text("sure of all")
    expect(reader.page.get_by_test_id("probability-7")).to_have_attribute("data-best", "")
    reader.prediction.get_by_role("button", name="1").click()
    expect(reader.page.get_by_test_id("probability-1")).to_have_attribute("data-best", "")
    expect(reader.prediction.get_by_role("button", name="1")).to_have_attribute("aria-pressed", "true")


def test_a_frame_chooses_among_several_things_by_pointer_and_by_keys(reader: Lab, number: Path) -> None:
    choose(reader, number)
    expect(reader.prediction).to_have_text("107")
    photo = reader.page.get_by_test_id("photo")
    frame(photo, (0.55, 0.2), (0.98, 0.8))
    expect(reader.prediction).to_have_text("7")
    photo.press("Escape")
    expect(reader.prediction).to_have_text("107")
    frame(photo, (0.1, 0.2), (0.33, 0.8))
    expect(reader.prediction).to_have_text("1")
    for _ in range(6):
        photo.press("ArrowRight")
    expect(reader.prediction).to_have_text("0")


def frame(photo: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    photo.scroll_into_view_if_needed()
    photo.page.evaluate("scrollTo(0, 0)")  # at the page's end the bar covers the picture's top
    box = photo.bounding_box()
    assert box
    mouse = photo.page.mouse
    mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    mouse.down()
    mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
    mouse.up()


def test_its_stages_are_shown(reader: Lab, seven: Path) -> None:
    choose(reader, seven)
    expect(reader.prediction).to_have_text("7")
    stages = reader.page.get_by_test_id("stages")
    if stages.get_attribute("open") is None:
        stages.locator("summary").click()
    expect(stages.get_by_text("The paper taken away.")).to_be_visible()
    expect(stages.get_by_text("Your strokes.")).to_be_hidden()
    expect(reader.page.get_by_test_id("temperature")).to_contain_text(re.compile(r"divided by 1\.\d\d"))
    stages.locator("summary").click()


def test_a_picture_is_put_right_kept_and_exported(reader: Lab, seven: Path) -> None:
    choose(reader, seven)
    expect(reader.prediction).to_have_text("7")
    reader.correct(2)
    expect(reader.page.get_by_test_id("corrections")).to_contain_text("1 correction is kept")
    [kept] = json.loads(reader.save_file("Export", ".json").read_text())
    assert kept["label"] == 2
    assert len(base64.b64decode(kept["pixels"])) == 784
    reader.button("Delete all").click()


def test_several_digits_that_are_drawn_are_read_and_each_is_put_right(reader: Lab) -> None:
    for i, digit in enumerate(NUMBER):
        reader.draw([[(0.02 + 0.34 * i + 0.28 * x, 0.3 + 0.4 * y) for x, y in stroke] for stroke in DIGITS[digit]])
    expect(reader.prediction).to_have_text("107")
    reader.prediction.get_by_role("button", name="0").click()
    reader.correct(6)
    [kept] = json.loads(reader.save_file("Export", ".json").read_text())
    assert kept["label"] == 6
    assert len(kept["strokes"]) == len(DIGITS[0])
    reader.button("Delete all").click()


def broken(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that are no pictures to be read, and what is said of them."""
    files = {
        "text.png": (b"Dear network", "no picture that this browser can read"),
        "empty.png": (b"", "It is empty"),
        "half.png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "no picture that this browser can read"),
        "script.svg": (
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>document.title = "!"</script></svg>',
            "It is an SVG",
        ),
    }
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    blank = Image.new("L", (60, 60), 255)
    blank.save(folder / "blank.png")
    Image.new("1", (7_750, 7_750), 1).save(folder / "large.png")
    told = {name: (folder / name, words) for name, (_, words) in files.items()}
    return told | {
        "blank.png": (folder / "blank.png", "there is no ink on it"),
        "large.png": (folder / "large.png", "60 megapixels"),
    }


def test_what_cannot_be_read_is_told_and_nothing_runs(reader: Lab, tmp_path: Path) -> None:
    title = reader.page.title()
    for file, words in broken(tmp_path).values():
        choose(reader, file)
        expect(reader.error).to_contain_text(f"{file.name}")
        expect(reader.error).to_contain_text(words)
    assert reader.page.title() == title
    reader.clear().draw(DIGITS[3])
    expect(reader.error).to_be_hidden()
    expect(reader.prediction).to_have_text(re.compile(r"^\d$"))


def test_of_a_picture_that_moves_the_first_is_read(reader: Lab, tmp_path: Path) -> None:
    with Image.open(picture(tmp_path, strokes_of(7), "still.png")) as image:
        image.save(tmp_path / "moving.gif", save_all=True, append_images=[Image.new("RGB", image.size)], duration=90)
    choose(reader, tmp_path / "moving.gif")
    expect(reader.prediction).to_have_text("7")
    expect(reader.error).to_contain_text("It moves: its first picture is read.")
    reader.error.get_by_role("button", name="Close").click()
