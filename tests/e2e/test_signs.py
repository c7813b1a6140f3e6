"""Ten signs of one's own: drawn, or from a CSV file, and learned instead of MNIST."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from .digits import DIGITS, Stroke
from .lab import PLAIN, Lab

pytestmark = pytest.mark.either  # the page's own doing

SETTINGS = PLAIN | {"training_images": 1000, "epochs": 5}
SHAPES = {"zig": DIGITS[2], "bar": DIGITS[1]}


def moved(strokes: list[Stroke], by: float) -> list[Stroke]:
    """The same a little elsewhere, and smaller."""
    return [[(0.05 + by + 0.85 * x, 0.05 + 0.85 * y) for x, y in stroke] for stroke in strokes]


@pytest.fixture
def panel(bench: Lab) -> Locator:
    bench.use(**SETTINGS)
    panel = bench.page.get_by_test_id("signs")
    if not panel.get_by_label("Their names").is_visible():
        panel.locator("summary").click()
    return panel


def test_two_signs_are_drawn_named_learned_and_read(bench: Lab, panel: Locator, tmp_path: Path) -> None:
    names = panel.get_by_label("Their names")
    names.press("ControlOrMeta+a")
    names.press_sequentially("zig bar")
    names.press("Tab")
    bench.page.get_by_role("button", name="Add as zig").click()
    expect(panel.get_by_role("status")).to_contain_text("Draw it first")
    for name, shape in SHAPES.items():
        for number in range(3):
            bench.draw(moved(shape, 0.02 * number))
            bench.page.get_by_role("button", name=f"Add as {name}").click()
            expect(bench.page.get_by_role("button", name=f"Add as {name}, {number + 1} so far")).to_be_visible()
    expect(panel.get_by_label("Train on")).to_have_value("alone")
    bench.reset().train_to_the_end(5)
    for name, shape in SHAPES.items():
        bench.draw(moved(shape, 0.03))
        expect(bench.prediction).to_have_text(name)
        bench.clear()
    expect(bench.page.get_by_test_id("address")).to_contain_text("6 pictures of your own instead of MNIST")
    bench.read_by("starter").draw(DIGITS[3])
    expect(bench.prediction).to_have_text("3")
    saved = bench.save_file("Save CSV", ".csv")
    assert [line.partition(",")[0] for line in saved.read_text().splitlines()] == ["label", *["zig"] * 3, *["bar"] * 3]
    panel.get_by_role("button", name="Delete signs").click()
    expect(panel.get_by_label("Train on")).to_have_value("")
    copy = tmp_path / "signs.csv"
    copy.write_bytes(saved.read_bytes())
    panel.get_by_label("CSV file").set_input_files(copy)
    expect(bench.page.get_by_role("button", name="Add as zig, 3 so far")).to_be_visible()
    expect(panel.get_by_label("Train on")).to_have_value("alone")
    panel.get_by_role("button", name="Delete signs").click()
    bench.reset().train_to_the_end(5)
    bench.draw(DIGITS[3])
    expect(bench.prediction).to_have_text(re.compile(r"^[\d?]$"))


def test_a_file_that_is_no_csv_of_pictures_is_told(bench: Lab, panel: Locator, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name,age\nAda,36\n")
    panel.get_by_label("CSV file").set_input_files(file)
    expect(bench.error).to_contain_text("line 2 has 2 values; a label and 784 pixels are needed")
