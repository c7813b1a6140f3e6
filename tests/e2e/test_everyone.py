"""Without sight, with little room, from right to left, without motion: the page is as useful."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .digits import DIGITS
from .lab import SMALL, Lab

pytestmark = pytest.mark.either  # the page's own doing

HEARD = """
window.heard = { spoken: [], told: [], status: [] };
addEventListener("DOMContentLoaded", () => {
  for (const name of Object.keys(heard)) {
    const place = document.querySelector(`[data-testid="${name}"]`);
    const isLive = () => place.getAttribute("aria-live") !== "off";
    new MutationObserver(() => place.textContent && isLive() && heard[name].push(place.textContent))
      .observe(place, { childList: true, characterData: true, subtree: true });
  }
});
"""
"""What a screen reader is given to say, by the place that it is said in."""

SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
"""As WCAG 2.2 has it in 1.4.12."""

OVERLAPS = """
() => {
  const seen = (element) => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let each = element.parentElement; each; each = each.parentElement) {
      if (getComputedStyle(each).overflow === "visible") continue;
      const edge = each.getBoundingClientRect();
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return { left, top, right, bottom };
  };
  const all = [...document.querySelectorAll("button, select, input, summary, canvas[tabindex]")]
    .filter((element) => element.checkVisibility() && !element.closest(".bar, .tabs, .visually-hidden"))
    .map((element) => [element.id || element.ariaLabel || element.textContent, element, seen(element)]);
  const overlapping = [];
  for (const [i, [name, one, a]] of all.entries()) {
    for (const [other, two, b] of all.slice(i + 1)) {
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > 2 && height > 2 && !one.contains(two) && !two.contains(one)) overlapping.push(`${name} / ${other}`);
    }
  }
  return overlapping;
}
"""
"""Pairs of controls, as far as they are to be seen, of which one lies over the other; not the bars, which always do."""

CUT_OFF = """
() => [...document.querySelectorAll("button, summary, h2, label, .note, legend, figcaption")]
  .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
    && getComputedStyle(element).display !== "inline" && !element.closest(".visually-hidden"))
  .map((element) => element.id || element.textContent.trim().slice(0, 40))
"""  # noqa: E501


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways, once it is laid out."""
    return int(
        page.evaluate(
            """new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
              scrollTo(-9, scrollY);
              const left = Math.abs(scrollX);
              scrollTo(9, scrollY);
              resolve(Math.max(left, Math.abs(scrollX)));
            })))"""
        )
    )


@pytest.fixture
def roomy(bench: Lab) -> Iterator[Lab]:
    """A trained page, whose size and direction are put back."""
    before = bench.page.viewport_size
    bench.use(**SMALL).draw(DIGITS[3]).train_to_the_end()
    yield bench
    bench.page.evaluate("document.documentElement.removeAttribute('dir')")
    if before:
        bench.page.set_viewport_size(before)


def test_a_digit_from_the_test_images_is_put_on_the_pad_and_its_answer_spoken(lab: Lab) -> None:
    lab.page.add_init_script(HEARD)
    lab.open(**SMALL)
    expect(lab.page.get_by_test_id("spoken")).to_have_text("Draw a digit.")
    lab.page.get_by_text("A digit from the test images").click()
    for digit in ("0", "1"):
        lab.page.get_by_label("Digit", exact=True).select_option(digit)
        lab.page.evaluate("heard.spoken.length = 0")
        lab.button("Put it on the pad").click()
        expect(lab.page.locator("#test-digit").get_by_role("status")).to_contain_text(f"a {digit},")
        expect(lab.page.get_by_test_id("spoken")).to_have_text(re.compile(f"Read as {digit}"))
        heard = lab.page.evaluate("heard.spoken")
        assert len(heard) == 1, heard
    assert sum(map(sum, lab.picture())) > 0


def test_the_answer_to_each_drawing_is_spoken_once_also_while_it_trains(visit: Visit) -> None:
    lab = visit()
    lab.page.add_init_script(HEARD)
    lab.open(**SMALL | {"epochs": 1000}).read_by("starter").train().read_by("starter")
    for _ in range(2):  # the second time in the same words
        lab.draw(DIGITS[1])
        expect(lab.page.get_by_test_id("spoken")).to_have_text(re.compile("Read as 1"))
        lab.clear()
        expect(lab.page.get_by_test_id("spoken")).to_have_text("Draw a digit.")
    lab.pause()
    answers = [words for words in lab.page.evaluate("heard.spoken") if words.startswith("Read as")]
    assert len(answers) == 2, answers


def test_the_loss_is_told_now_and_then_and_not_after_each_epoch(visit: Visit) -> None:
    lab = visit()
    lab.page.add_init_script(HEARD)
    lab.open(**SMALL | {"epochs": 1000})
    lab.page.evaluate("heard.told.length = heard.status.length = 0")
    began = lab.page.evaluate("performance.now()")
    lab.train()
    expect(lab.page.get_by_test_id("told")).to_have_text(re.compile(r"Loss after epoch \d+: \d\.\d+"), timeout=25_000)
    seconds = (lab.page.evaluate("performance.now()") - began) / 1000
    epochs = lab.epochs.count()
    told = lab.page.evaluate("heard.told")
    assert epochs > 2 * len(told)
    assert "epoch 1 of 1000" in told[0]
    assert len(told) <= 1 + seconds / 10
    assert lab.page.evaluate("heard.status") == []
    lab.pause()
    expect(lab.page.get_by_test_id("told")).to_be_empty()
    (paused,) = lab.page.evaluate("heard.status")
    assert "Paused" in paused


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 640)])
def test_zoomed_in_nothing_is_cut_off(roomy: Lab, width: int, height: int) -> None:
    roomy.page.set_viewport_size({"width": width, "height": height})
    # As an extension would; the page's policy refuses a <style>.
    roomy.page.evaluate("document.adoptedStyleSheets = [(window.spacing = new CSSStyleSheet())]")
    for css in ("", SPACED):
        roomy.page.evaluate("css => spacing.replace(css)", css)
        for tab in ("Watch", "Code", "Inspect", "Compare"):
            roomy.look_at(tab)
            assert sideways(roomy.page) == 0, (tab, css)
            assert roomy.page.evaluate(CUT_OFF) == [], (tab, css)
            assert roomy.page.evaluate(OVERLAPS) == [], (tab, css)
        if not css:
            told = roomy.status.evaluate("element => element.scrollHeight - element.clientHeight")
            assert told <= 1, "what is told in the bar is cut short"
    roomy.page.evaluate("document.adoptedStyleSheets = []")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (320, 640)])
def test_text_from_right_to_left_leaves_numbers_code_and_pictures_as_they_are(
    roomy: Lab, width: int, height: int
) -> None:
    page = roomy.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.documentElement.dir = 'rtl'")
    for tab in ("Watch", "Code", "Inspect", "Compare"):
        roomy.look_at(tab)
        assert sideways(page) == 0, tab
        assert page.evaluate(OVERLAPS) == [], tab
    for place in (".pad-box", ".chart", ".filmstrip", ".probabilities", ".lines", ".editor", ".formulas", ".numbers"):
        assert page.locator(place).first.evaluate("element => getComputedStyle(element).direction") == "ltr", place
    roomy.look_at("Watch").clear().draw(DIGITS[7])
    expect(roomy.prediction).to_have_text(re.compile(r"\d"))
    page.get_by_role("tab", name="Watch").press("ArrowLeft")
    expect(page.get_by_role("tab", name="Code")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Watch")).to_be_focused()


@pytest.mark.only("chromium")  # Firefox cannot be told to prefer less motion for one page
def test_nothing_moves_for_those_who_want_it_still(visit: Visit) -> None:
    lab = visit(reduced_motion="reduce")
    moving = "document.getAnimations().length"
    lab.go(**SMALL).wait_until_booted()
    expect(lab.prediction).to_have_text("3")  # the example, which is there at once
    assert lab.page.evaluate(moving) == 0
    lab.button("Clear").click()
    for tab in ("Watch", "Code", "Inspect", "Compare"):
        lab.look_at(tab)
        assert lab.page.evaluate(moving) == 0
    still = """[...document.querySelectorAll("*")].every((element) => {
      const style = getComputedStyle(element);
      return style.animationName === "none" && style.transitionDuration.split(", ").every((time) => time === "0s")
        && style.scrollBehavior === "auto";
    })"""
    assert lab.page.evaluate(still)
