"""What a visitor with Safari does: starts, trains, draws, reads a picture, edits, reloads, goes offline."""

import json
from pathlib import Path

import numpy as np
from selenium.webdriver import WebKitGTK

from builder.paths import DIST
from mlp_py.network_code import shipped
from tests.e2e.digits import DIGITS
from tests.e2e.lab import DEFAULTS, SMALL, train_in_node
from tests.e2e.test_offline import serving_until_gone
from tests.photographs import Scene, photograph

from .page import Page

EPOCHS = SMALL["epochs"]
RELU = "return np.maximum(0, x)"
WAIT_FOR_CACHE = """
navigator.serviceWorker.ready.then(({ active }) => {
  const tell = () => active.state !== "activating" && arguments[0](active.state);
  active.addEventListener("statechange", tell);
  tell();
});
"""


def test_it_gets_ready_with_the_kernel_and_without_complaint(page: Page) -> None:
    assert "Ready" in page.text("status")
    assert not page.find("error").is_displayed()
    assert page.find("backend").get_dom_attribute("data-value") == "simd"
    versions = json.loads((DIST / "build.json").read_text())["versions"]
    assert f"Python {versions['python']}" in page.text("versions")


def test_it_trains_and_the_losses_are_those_of_every_machine_to_the_digit(
    page: Page, dist: Path, tmp_path: Path
) -> None:
    losses = [[float(number) for number in row] for row in page.train_to_the_end(EPOCHS).losses()]
    assert losses == train_in_node(dist, tmp_path / "work", DEFAULTS | SMALL)


def test_drawn_digits_are_read(page: Page) -> None:
    page.read_by("starter")
    for digit in (2, 3, 7):
        page.clear().draw(DIGITS[digit]).wait_for_text("prediction", str(digit))


def test_a_picture_is_read(page: Page, tmp_path: Path) -> None:
    strokes = [np.array(stroke) * [0.28, 0.4] + [0.3, 0.3] for stroke in DIGITS[7]]
    photograph(strokes, Scene(), np.random.default_rng(0)).save(tmp_path / "seven.jpg")
    page.read_by("starter").choose_picture(tmp_path / "seven.jpg").wait_for_text("prediction", "7")
    assert page.find("photo").is_displayed()


def test_code_is_changed_and_a_mistake_is_told_at_its_line(page: Page) -> None:
    line = next(number for number, text in enumerate(shipped().splitlines(), start=1) if RELU in text)
    page.look_at("Code").type_line(line, RELU + "  # mine").press("Run my code")
    page.wait_for_value("code-in-use", "data-value", "mine")
    page.type_line(line, RELU.replace("maximum", "maxmum")).press("Run my code")
    page.wait_for_text("editor-error", "Did you mean maximum?")
    assert page.find("editor-error").get_dom_attribute("data-line") == str(line)
    page.press("Restore")
    page.wait_for_value("code-in-use", "data-value", "shipped")
    page.look_at("Watch")


def test_a_reload_brings_back_what_was_trained(page: Page) -> None:
    losses = page.train_to_the_end(EPOCHS).losses()
    page.reload()
    page.wait(lambda: page.losses() == losses, "the same epochs")
    assert page.find("resumed").is_displayed()


def test_after_a_visit_it_works_with_the_server_gone(browser: WebKitGTK, dist: Path) -> None:
    with serving_until_gone(dist) as url:
        page = Page(browser, url).open(**SMALL)
        losses = page.train_to_the_end(EPOCHS).losses()
        assert browser.execute_async_script(WAIT_FOR_CACHE) == "activated"
    assert page.reload().clear().train_to_the_end(EPOCHS).losses() == losses
    page.draw(DIGITS[2]).wait_for_text("prediction", "2")
