"""axe-core, which looks for what keeps people from using a page, finds nothing, whatever is shown."""

import re
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from builder import fetch, pins
from mlp_py.exercises import EXERCISES
from mlp_py.network_code import shipped
from tests.photographs import Scene, photograph

from .digits import DIGITS
from .lab import BOOT, SMALL, Lab

TABS = ("Watch", "Code", "Inspect", "Compare")
RUN = """
async (rules) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) });
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => [String(node.target), node.failureSummary])]);
}
"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (fetch.fetch(pins.AXE) / "axe.min.js").read_text(encoding="utf-8")


def finds_nothing(lab: Lab, axe: str, what: str) -> None:
    """In the light, and of what a theme changes, in the dark."""
    if not lab.page.evaluate("'axe' in window"):
        lab.page.evaluate(axe)
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        lab.page.emulate_media(color_scheme=cast("Any", scheme))
        found = cast("list[Any]", lab.page.evaluate(RUN, rules))
        assert not found, (what, scheme, found)
    lab.page.emulate_media(color_scheme="light")


def in_every_tab(lab: Lab, axe: str, what: str) -> None:
    for tab in TABS:
        lab.look_at(tab)
        finds_nothing(lab, axe, f"{tab}, {what}")


@pytest.mark.only("chromium")  # what it looks at is the same in both
def test_axe_finds_nothing(bench: Lab, axe: str) -> None:
    lab = bench.use(**SMALL | {"epochs": 1000})
    in_every_tab(lab, axe, "at rest")
    lab.train().wait_for_an_epoch()
    in_every_tab(lab, axe, "training")
    lab.pause()
    for name in ("Initialization", "Forward", "Loss", "Backward", "Loop"):
        lab.look_at("Code").page.get_by_role("button", name=name).click()
        finds_nothing(lab, axe, name)
    lab.look_at("Watch")
    for summary in lab.page.locator("#watch summary").all():
        summary.click()
    lab.button("Wrong? Tell it.").scroll_into_view_if_needed()
    in_every_tab(lab, axe, "trained")
    lab.look_at("Watch").page.get_by_test_id("hidden-unit-3").click()
    expect(lab.page.get_by_role("dialog")).to_be_visible()
    finds_nothing(lab, axe, "a unit")
    lab.page.keyboard.press("Escape")
    with lab.drawer():
        finds_nothing(lab, axe, "settings")
    for summary in lab.page.locator("#watch summary").all():
        summary.click()


@pytest.mark.only("chromium")
def test_axe_finds_nothing_from_loading_to_failing(lab: Lab, axe: str) -> None:
    lab.watch.expect("provoked by a test")
    start = lab.equip_worker().hold("vendor/pyodide/pyodide.asm.wasm")
    more = lab.hold("data/train-images-2*")
    lab.go(**SMALL | {"training_images": 20_000}).wait_for_state("loading")
    finds_nothing(lab, axe, "loading")
    start()
    lab.wait_until_booted().train()
    expect(lab.status).to_contain_text("Fetching 20,000 digits")
    finds_nothing(lab, axe, "waiting for images")
    lab.button("Pause").click()
    more()
    lab.change("training_images", "1000")
    lab.train_to_the_end().reset()
    expect(lab.page.get_by_test_id("replaced")).to_be_visible()
    lab.train_to_the_end()
    lab.button("Forget everything").click()
    finds_nothing(lab, axe, "to be forgotten, or brought back")
    lab.button("Keep it").click()
    lab.look_at("Compare")
    expect(lab.page.get_by_test_id("runs").locator("tbody tr")).to_have_count(2)
    finds_nothing(lab, axe, "two runs")
    lab.page.reload()
    lab.wait_until_booted()
    expect(lab.page.get_by_test_id("resumed")).to_be_visible()
    finds_nothing(lab, axe, "here again")
    lab.tell_worker("throw")
    lab.wait_for_state("failed")
    in_every_tab(lab, axe, "failed")


@pytest.mark.only("chromium")
def test_axe_finds_nothing_around_the_pad(bench: Lab, axe: str, tmp_path: Path) -> None:
    lab = bench.use(**SMALL).read_by("starter")
    for left in (0, 0.5):
        lab.draw([[(left + 0.5 * x, 0.2 + 0.6 * y) for x, y in stroke] for stroke in DIGITS[1]])
    expect(lab.prediction).to_have_text("11")
    folded = lab.page.locator(".hand summary").all()
    for summary in folded:
        summary.click()
    finds_nothing(lab, axe, "several digits, signs, a digit from the test images")
    lab.correct(7).draw(DIGITS[2]).button("Wrong? Tell it.").click()
    finds_nothing(lab, axe, "corrections")
    lab.button("Delete all").click()
    scene = Scene((800, 600), (0.15, 0.05, 0.65), pen=0.01)
    strokes = [np.array(stroke) * [0.3, 0.4] + 0.3 for stroke in DIGITS[7]]
    photograph(strokes, scene, np.random.default_rng(0)).save(tmp_path / "seven.png")
    lab.page.get_by_label("Picture file").set_input_files(tmp_path / "seven.png")
    expect(lab.page.get_by_test_id("photo")).to_be_visible()
    expect(lab.prediction).to_have_text("7")
    finds_nothing(lab, axe, "a picture on the pad")
    for summary in folded:
        summary.click()
    lab.clear()


@pytest.mark.only("chromium")
def test_axe_finds_nothing_in_what_is_written(coding: Lab, axe: str) -> None:
    lab = coding
    lab.write(shipped().replace("np.maximum(0, x)", "np.maximum(0.1 * x, x)"))
    lab.button("Share").click()
    link = lab.page.get_by_label("Link to this code")
    expect(link).to_have_value(re.compile("code="))
    finds_nothing(lab, axe, "a link")
    token = link.input_value().partition("code=")[2]
    lab.write(shipped().replace("return np.maximum", 'print("here")\n        return maximum'))
    lab.button("Run my code").click()
    expect(lab.page.get_by_test_id("editor-error")).to_be_visible()
    finds_nothing(lab, axe, "a mistake")
    lab.button("Restore").click()
    lab.page.evaluate("code => (location.hash += `&code=${code}`)", token)
    expect(lab.button("Use this code")).to_be_visible()
    finds_nothing(lab, axe, "changed code is offered")
    lab.button("Leave it").click()
    first, second, *_ = EXERCISES
    for each, text, state in ((first, first.blank, "failed"), (second, second.solution, "solved")):
        place = exercise(lab, each.name)
        lab.write(text, place.get_by_role("textbox"))
        finds_nothing(lab, axe, f"{each.name}, open")
        place.get_by_role("button", name="Check my answer").click()
        expect(place).to_have_attribute("data-state", state)
        finds_nothing(lab, axe, f"{each.name}, {state}")
        place.locator("summary").click()


def exercise(lab: Lab, name: str) -> Locator:
    place = lab.page.get_by_test_id(f"exercise-{name}")
    place.locator("summary").click()
    expect(place.get_by_role("textbox")).to_be_visible(timeout=BOOT)
    return place
