"""By keyboard alone: draw, train, watch, go through a batch, read a gradient, use a test image; keep it all."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .lab import SMALL, Lab

MOST_TABS = 60


def go_to(lab: Lab, target: Locator) -> None:
    """Press Tab, or Shift+Tab where it comes before, until it has the focus, as one does who sees where that is."""
    is_before = "element => Boolean(element.compareDocumentPosition(document.activeElement) & 4)"
    key = "Shift+Tab" if target.evaluate(is_before) else "Tab"
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        lab.page.keyboard.press(key)
    raise AssertionError(f"{target} is not reached by Tab")


def press(lab: Lab, *keys: str) -> None:
    for key in keys:
        lab.page.keyboard.press(key)


def open_tab(lab: Lab, name: str) -> None:
    go_to(lab, lab.page.get_by_role("tab", selected=True))
    tab = lab.page.get_by_role("tab", name=name)
    for _ in range(4):
        if tab.get_attribute("aria-selected") == "true":
            break
        press(lab, "ArrowRight")
    expect(lab.page.get_by_role("tabpanel", name=name)).to_be_visible()


def test_by_keyboard_alone(lab: Lab) -> None:
    lab.go(**SMALL).wait_until_booted()

    # Draw a one: the pen goes to the top, down, and the line goes down.
    go_to(lab, lab.pad)
    press(lab, *["ArrowUp"] * 8, "Space", *["ArrowDown"] * 16, "Space")
    expect(lab.prediction).to_have_text("1")

    # Train, and watch.
    go_to(lab, lab.button("Train"))
    press(lab, "Enter")
    lab.wait_for_epochs(2).wait_for_state("ready")
    expect(lab.button("Train")).to_be_focused()
    expect(lab.page.get_by_test_id("filmstrip").get_by_role("listitem")).to_have_count(2)

    # Open a hidden unit, and close it.
    unit = lab.page.get_by_test_id("hidden-unit-0")
    go_to(lab, unit)
    press(lab, "ArrowRight", "Enter")
    expect(lab.page.get_by_role("heading", name="Hidden unit 1")).to_be_visible()
    press(lab, "Escape")
    expect(lab.page.get_by_role("dialog")).to_be_hidden()

    # Open a phase, do a batch, and go through it line by line.
    open_tab(lab, "Code")
    go_to(lab, lab.page.get_by_role("button", name=re.compile("Backward")))
    press(lab, "Enter")
    expect(lab.page.get_by_test_id("phase-backward")).to_be_visible()
    go_to(lab, lab.button("One batch"))
    press(lab, "Enter")
    expect(lab.page.get_by_test_id("hand-words")).to_contain_text("just learned from")
    go_to(lab, lab.button("Next line ▸"))
    press(lab, *["Enter"] * 11)
    expect(lab.page.get_by_test_id("hand-words")).to_contain_text("d_weights2 is made")

    # Read a gradient.
    gradient = lab.page.get_by_test_id("array-d_weights2")
    go_to(lab, gradient.get_by_role("img"))
    press(lab, "ArrowRight", "ArrowDown")
    expect(gradient.locator(".value")).to_have_text(re.compile(r"^d_weights2\[\d+, \d+\] = \S+$"))

    # Open a cell of the confusion matrix, and put its image on the pad.
    open_tab(lab, "Inspect")
    expect(lab.page.get_by_test_id("confusion-0-0")).to_have_attribute("data-value", re.compile(r"\d"))
    go_to(lab, lab.page.get_by_test_id("confusion-0-0"))
    press(lab, "ArrowDown", "ArrowRight", "Enter")
    expect(lab.page.get_by_test_id("images-title")).to_contain_text("1 read as 1")
    image = lab.page.get_by_test_id("images").get_by_role("button").first
    go_to(lab, image)
    press(lab, "Enter")
    expect(lab.prediction).to_have_text(re.compile("[1?]"))
    expect(lab.pad).to_have_attribute("data-strokes", "0")
    assert lab.picture()[14][14] > 0


@pytest.mark.either
def test_work_is_brought_back_saved_forgotten_and_opened_by_keyboard(lab: Lab) -> None:
    lab.go(**SMALL).wait_until_booted().train_to_the_end()
    losses = lab.losses()

    # Another network takes its place, and makes room for it again.
    go_to(lab, lab.button("New network"))
    press(lab, "Enter")
    go_to(lab, lab.button("Bring it back"))
    press(lab, "Enter")
    lab.wait_for_epochs(SMALL["epochs"])

    go_to(lab, lab.button("Save everything"))
    work = lab.save_file("Save everything", ".zip", lambda: press(lab, "Enter"))

    # The dialog has the focus while it asks, and gives it back.
    go_to(lab, lab.button("Forget everything"))
    press(lab, "Enter")
    expect(lab.button("Keep it")).to_be_focused()
    press(lab, "Escape")
    expect(lab.button("Forget everything")).to_be_focused()
    press(lab, "Enter")
    go_to(lab, lab.button("Yes, forget it all"))
    with lab.page.expect_navigation():
        press(lab, "Enter")
    lab.wait_until_booted()
    expect(lab.epochs).to_have_count(0)
    expect(lab.page.get_by_test_id("resumed")).to_be_hidden()

    go_to(lab, lab.button("Open saved work"))
    if lab.in_firefox:  # whose file dialog automation does not close
        lab.page.get_by_label("Saved work").set_input_files(work)
    else:
        with lab.page.expect_file_chooser() as chooser:
            press(lab, "Enter")
        chooser.value.set_files(work)
    expect(lab.page.get_by_test_id("resumed")).to_contain_text(f"a network after epoch {SMALL['epochs']}")
    assert lab.losses() == losses


@pytest.mark.either
def test_a_digit_from_the_test_images_is_put_on_the_pad_by_keyboard(lab: Lab) -> None:
    lab.go(**SMALL).wait_until_booted()
    go_to(lab, lab.page.locator("#test-digit summary"))
    press(lab, "Enter")
    go_to(lab, lab.page.get_by_label("Digit", exact=True))
    press(lab, "0")
    expect(lab.page.get_by_label("Digit", exact=True)).to_have_value("0")
    go_to(lab, lab.button("Put it on the pad"))
    press(lab, "Enter")
    expect(lab.prediction).to_have_text("0")
