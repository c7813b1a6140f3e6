"""Names, order, room and contrast, for whoever comes with whatever."""

import re
from typing import cast

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .lab import SETTINGS, SWITCHES, Lab

pytestmark = pytest.mark.either  # the page's own doing

TEXTS = "h1, h2, p, label, small, button, input, dt, dd, figcaption, li span, th, td, [role=status]"

NAME = "(element) => element.id || element.dataset.testid || element.textContent"
CONTROLS = f"""
[...document.querySelectorAll("button, input, select, summary, [tabindex]")]
  .filter((element) => element.checkVisibility() && !element.disabled && element.tabIndex >= 0).map({NAME})
"""

CONTRASTS = """
(selector) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([...channels]) => {
    const [r, g, b] = channels.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    for (; element; element = element.parentElement) {
      const colour = rgba(getComputedStyle(element).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const words = (element) => (element.textContent || element.value || "").trim().slice(0, 30);
  return [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility() && !element.disabled && words(element))
    .map((element) => {
      const text = luminance(rgba(getComputedStyle(element).color).slice(0, 3));
      const ground = luminance(background(element).slice(0, 3));
      const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      return [`${element.localName} “${words(element)}”`, contrast];
    });
}
"""


def test_every_control_has_a_name_and_there_is_one_heading(trained: Lab) -> None:
    expect(trained.page.get_by_role("heading", level=1)).to_have_count(1)
    controls = trained.page.locator("button:visible, input:visible, [tabindex]:visible, [role=progressbar]:visible")
    assert controls.count() >= 15
    for control in controls.all():
        expect(control).to_have_accessible_name(re.compile(r"\S"))
    for picture in trained.page.get_by_role("img").all():
        expect(picture).to_have_accessible_name(re.compile(r"\S"))


def test_the_tab_key_reaches_every_control(trained: Lab) -> None:
    trained.look_at("Watch")
    names = trained.page.evaluate(CONTROLS)
    trained.page.get_by_role("heading", level=1).click()
    reached = set()
    for _ in range(len(names) + 2):
        trained.page.keyboard.press("Tab")
        reached.add(trained.page.evaluate(f"({NAME})(document.activeElement)"))
    assert set(names) <= reached, set(names) - reached
    assert {"train", "pad", "reads"} <= reached


def test_train_is_pressed_by_keyboard(bench: Lab) -> None:
    lab = bench.use(epochs=1000, training_images=1000)
    lab.button("Train").focus()
    lab.page.keyboard.press("Enter")
    lab.wait_for_state("training")
    expect(lab.button("Pause")).to_be_focused()
    lab.page.keyboard.press("Space")
    lab.wait_for_state("paused")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_nothing_sticks_out_sideways(trained: Lab, width: int, height: int) -> None:
    before = trained.page.viewport_size
    trained.page.set_viewport_size({"width": width, "height": height})
    trained.page.evaluate("location.hash = 'epochs=-9&seed=-9&batch_size=-9'")  # for an alert to be seen as well
    expect(trained.error).to_be_visible()
    try:
        assert sideways(trained.page) <= 0
        box = trained.pad.bounding_box()
        assert box
        assert abs(box["width"] - box["height"]) < 1
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        with trained.drawer():
            for name in set(SETTINGS) - set(SWITCHES):
                field = trained.field(name).bounding_box()
                assert field
                assert field["width"] >= 80, f"the field of {name} is squeezed"
    finally:
        if before:
            trained.page.set_viewport_size(before)


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways, once it is laid out."""
    return int(
        page.evaluate(
            """new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
              resolve(document.documentElement.scrollWidth - document.documentElement.clientWidth))))"""
        )
    )


def test_text_stands_out_from_its_ground_in_light(trained: Lab) -> None:
    stands_out(trained)


@pytest.mark.only("chromium")  # Firefox cannot be told to prefer dark for one page
def test_text_stands_out_from_its_ground_in_the_dark(visit: Visit) -> None:
    lab = visit(color_scheme="dark").open(epochs=1, training_images=1000, hidden_size="x").train_to_the_end(1)
    lab.change("epochs", "-5")
    expect(lab.error).to_be_visible()
    stands_out(lab)


def stands_out(lab: Lab) -> None:
    contrasts = cast("list[tuple[str, float]]", lab.page.evaluate(CONTRASTS, TEXTS))
    assert len(contrasts) > 40
    weak = [(what, round(contrast, 2)) for what, contrast in contrasts if contrast < 4.5]
    assert not weak
