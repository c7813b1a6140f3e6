"""Nothing is lost: a reload, a closed tab, another tab, a press too many; and everything as one file, out and in."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from mlp_py import MLP
from tests.photographs import Scene, photograph

from .conftest import Visit
from .digits import DIGITS
from .lab import BOOT, PLAIN, SMALL, Lab

LONG = SMALL | {"epochs": 20}
IS_KEPT = """async () => {{
  const [{{ name }}] = await indexedDB.databases();
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const database = await done(indexedDB.open(name));
  const parts = await done(database.transaction("parts").objectStore("parts").getAll());
  database.close();
  return parts.some((part) => part?.{0});
}}"""
"""What was on its way into the database when a page was left may be lost."""
RELU = "return np.maximum(0, x)"


@pytest.fixture(scope="module")
def whole(new_lab: Callable[..., tuple[Lab, ExitStack]]) -> Iterator[list[list[str]]]:
    """The losses of a training that nothing interrupts."""
    lab, end = new_lab()
    with end:
        yield lab.open(**LONG).train_to_the_end(20).losses()


def resumed(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("resumed")


def reload(lab: Lab) -> Lab:
    lab.page.reload()
    return lab.wait_until_booted()


def test_a_reload_in_the_middle_of_an_epoch_costs_that_epoch_and_the_run_ends_as_if_nothing_had_been(
    lab: Lab, whole: list[list[str]]
) -> None:
    lab.open(**LONG).draw(DIGITS[7]).train().wait_for_an_epoch().wait_until(IS_KEPT.format("work"))
    reload(lab)
    expect(resumed(lab)).to_contain_text(re.compile(r"Here again: your network after epoch \d+ and your drawing"))
    expect(resumed(lab)).to_contain_text("was under way, and what it had learned is lost")
    epochs = lab.epochs.count()
    assert epochs >= 1
    expect(lab.status).to_contain_text(f"after epoch {epochs}. Train goes on, to epoch 20")
    expect(lab.page.get_by_test_id("pad")).to_have_attribute("data-strokes", str(len(DIGITS[7])))
    lab.train_to_the_end(20)
    assert [row[:4] for row in lab.losses()] == [row[:4] for row in whole]
    expect(lab.page.get_by_test_id("address")).to_contain_text("others see the same numbers")


def test_a_closed_tab_is_there_again_in_the_next(lab: Lab) -> None:
    lab.open(**SMALL).train_to_the_end()
    lab.look_at("Code")
    expect(lab.editor).to_be_visible(timeout=BOOT)
    lab.write("# mine")
    expect(lab.button("Restore")).to_be_enabled()
    context = lab.page.context
    other = Lab(context.new_page(), lab.url, lab.watch, lab.downloads)
    lab.page.close(run_before_unload=True)
    other.go().wait_until_booted()
    expect(resumed(other)).to_contain_text("your network after epoch 2")
    expect(resumed(other)).to_contain_text("your code")
    expect(other.epochs).to_have_count(2)
    assert "training_images=1000" in other.hash, "the settings are others"

    other.page.close(run_before_unload=True)
    other = Lab(context.new_page(), lab.url, lab.watch, lab.downloads).open(**SMALL | {"seed": 9})
    expect(resumed(other)).to_contain_text(
        "Begun anew, as the address has it. What you had is kept: a network after epoch 2"
    )
    expect(other.epochs).to_have_count(0)
    other.button("Go on with that").click()
    expect(other.epochs).to_have_count(2, timeout=BOOT)
    other.page.goto("about:blank")
    other.open(**SMALL | {"seed": 9})  # the same tab, led to another address
    expect(resumed(other)).to_contain_text("Begun anew")
    expect(other.epochs).to_have_count(0)
    reload(other)
    expect(resumed(other)).to_be_hidden()


@pytest.mark.either
def test_two_tabs_do_not_overwrite_one_another(lab: Lab) -> None:
    lab.open(**SMALL).draw(DIGITS[1]).train_to_the_end()
    other = Lab(lab.page.context.new_page(), lab.url, lab.watch, lab.downloads).open(**SMALL | {"epochs": 1, "seed": 3})
    expect(other.epochs).to_have_count(0)
    other.draw(DIGITS[4]).train_to_the_end(1)
    lab.page.bring_to_front()
    mine = lab.losses()
    reload(lab)
    expect(lab.epochs).to_have_count(2)
    assert lab.losses() == mine
    expect(lab.page.get_by_test_id("pad")).to_have_attribute("data-strokes", str(len(DIGITS[1])))
    reload(other)
    expect(other.epochs).to_have_count(1)
    other.page.close()
    reload(lab)
    expect(lab.page.get_by_label("In other tabs")).to_contain_text("a network after epoch 1")
    lab.button("Go on with it").click()
    expect(lab.epochs).to_have_count(1, timeout=BOOT)


@pytest.mark.either
def test_new_network_clear_and_deleting_can_be_undone(lab: Lab) -> None:
    lab.open(**SMALL).draw(DIGITS[3]).train_to_the_end()
    before = lab.losses()
    lab.button("New network").click()
    expect(lab.epochs).to_have_count(0)
    reload(lab)  # what made room is kept, too
    lab.button("Bring it back").click()
    expect(lab.epochs).to_have_count(2)
    assert lab.losses() == before
    expect(lab.page.get_by_test_id("replaced")).to_be_hidden()

    lab.button("Clear").click()
    lab.button("Undo").click()
    expect(lab.page.get_by_test_id("pad")).to_have_attribute("data-strokes", str(len(DIGITS[3])))

    corrections = lab.correct(8).page.get_by_test_id("corrections")
    expect(corrections).to_have_attribute("data-value", "1")
    lab.button("Delete all").click()
    expect(corrections).to_have_attribute("data-value", "0")
    lab.button("Bring back").click()
    expect(corrections).to_have_attribute("data-value", "1")


@pytest.mark.either
def test_everything_goes_into_a_file_and_out_of_it(lab: Lab, visit: Visit) -> None:
    lab.open(**LONG).draw(DIGITS[5]).correct(5)
    lab.look_at("Code")
    expect(lab.editor).to_be_visible(timeout=BOOT)
    lab.write("# mine, and never run\n")
    lab.train().wait_for_an_epoch().pause()
    epochs = lab.epochs.count()
    file = lab.save_file("Save everything", ".zip")
    with zipfile.ZipFile(file) as archive:
        assert {"README.txt", "model.npz", "mlp.py", "history.csv", "drawings.json", "settings.json"} <= set(
            archive.namelist()
        )
        rows = list(csv.DictReader(io.StringIO(archive.read("history.csv").decode())))
        assert [row["epoch"] for row in rows] == [str(i + 1) for i in range(epochs)]
        assert "never run" in archive.read("mlp.py").decode()
        assert json.loads(archive.read("drawings.json"))[0]["label"] == 5
        model = MLP.load(io.BytesIO(archive.read("model.npz")))
    # What is trained further in the page is not in the file; the network of its last epoch is.
    other = visit().open()
    other.page.get_by_label("Saved work").set_input_files(file)
    expect(resumed(other)).to_contain_text(f"a network after epoch {epochs}, 1 run, a drawing and 1 correction")
    expect(resumed(other)).to_contain_text("none of it has run")
    other.runs_code("shipped")
    expect(other.epochs).to_have_count(epochs)
    pixels = np.array(other.picture(), np.float64).reshape(1, 784) / 255
    np.testing.assert_allclose(other.probabilities(), model.forward(pixels)[0], atol=1e-6)
    expect(other.page.get_by_test_id("corrections")).to_have_attribute("data-value", "1")
    assert "epochs=20" in other.hash


@pytest.mark.either
def test_what_is_no_saved_work_is_refused_in_words_and_all_stays(lab: Lab, tmp_path: Path) -> None:
    lab.open(**SMALL).train_to_the_end()
    bomb, junk = tmp_path / "bomb.zip", tmp_path / "junk.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("settings.json", b" " * 150_000_000)
    junk.write_bytes(b"<!doctype html>")
    for path, words in ((bomb, "said to be 150 MB"), (junk, "no saved work")):
        lab.page.get_by_label("Saved work").set_input_files(path)
        expect(lab.error).to_contain_text(words)
    expect(lab.epochs).to_have_count(2)


@pytest.mark.either
def test_everything_is_forgotten_after_asking(lab: Lab) -> None:
    lab.open(**SMALL).draw(DIGITS[2]).correct(2).train_to_the_end()
    lab.button("Forget everything").click()
    lab.button("Keep it").click()
    expect(lab.epochs).to_have_count(2)
    other = Lab(lab.page.context.new_page(), lab.url, lab.watch, lab.downloads).open(**SMALL).train_to_the_end()
    lab.page.bring_to_front()
    lab.forget()
    expect(other.epochs).to_have_count(0, timeout=BOOT)
    other.wait_until_booted().page.close()
    expect(resumed(lab)).to_be_hidden()
    expect(lab.epochs).to_have_count(0)
    expect(lab.page.get_by_test_id("corrections")).to_be_hidden()
    reload(lab)
    expect(resumed(lab)).to_be_hidden()


@pytest.mark.parametrize(
    "fault",
    [
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }",
        pytest.param("IDBFactory.prototype.open = () => new EventTarget()", marks=pytest.mark.only("chromium")),
        "Object.defineProperty(window, 'indexedDB', { value: undefined })",
    ],
    ids=["forbidden", "silent", "missing"],
)
def test_where_storage_is_not_to_be_had_all_else_works(lab: Lab, fault: str) -> None:
    lab.page.add_init_script(fault)
    lab.open(**SMALL).draw(DIGITS[6]).correct(6).train_to_the_end()
    expect(lab.page.get_by_test_id("corrections")).to_contain_text("kept until the page is closed")
    lab.button("New network").click()
    lab.button("Bring it back").click()
    expect(lab.epochs).to_have_count(2)
    assert zipfile.is_zipfile(lab.save_file("Save everything", ".zip"))


@pytest.mark.either
def test_a_picture_is_there_again(lab: Lab, tmp_path: Path) -> None:
    strokes = [np.array(stroke) * [0.28, 0.4] + [0.3, 0.3] for stroke in DIGITS[7]]
    photograph(strokes, Scene((800, 600), (0.15, 0.05, 0.65), pen=0.01), np.random.default_rng(0)).save(
        tmp_path / "7.png"
    )
    lab.open().page.get_by_label("Picture file").set_input_files(tmp_path / "7.png")
    expect(lab.prediction).to_have_text("7")
    reload(lab.wait_until(IS_KEPT.format("photo")))
    expect(resumed(lab)).to_contain_text("your picture")
    expect(lab.page.get_by_test_id("photo")).to_be_visible()
    expect(lab.prediction).to_have_text("7")


@pytest.mark.either
def test_the_history_and_its_chart_can_be_taken_along(lab: Lab) -> None:
    lab.open(**PLAIN | {"training_images": 500, "epochs": 3}).train_to_the_end(3)
    lab.page.get_by_text("All numbers").click()
    rows = list(csv.DictReader(lab.save_file("Save CSV", ".csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert rows[2]["validation_loss"] == lab.losses()[2][2]
    svg = lab.save_file("Save chart as SVG", ".svg").read_text()
    assert svg.count("<polyline") > 5
    assert "validation" in svg
    assert lab.save_file("as PNG", ".png").read_bytes().startswith(b"\x89PNG")
