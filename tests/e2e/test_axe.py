"""axe-core, which looks for what keeps people from using a page, finds nothing, whatever is shown."""

from typing import Any, cast

import pytest
from playwright.sync_api import expect

from builder import fetch, pins

from .conftest import Visit
from .lab import SMALL, Lab

TABS = ("Watch", "Code", "Inspect", "Compare")
RUN = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => [String(node.target), node.failureSummary])]);
}
"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (fetch.fetch(pins.AXE) / "axe.min.js").read_text(encoding="utf-8")


def finds_nothing(lab: Lab, axe: str, what: str) -> None:
    if not lab.page.evaluate("'axe' in window"):
        lab.page.evaluate(axe)
    found = cast("list[Any]", lab.page.evaluate(RUN))
    assert not found, (what, found)


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
    lab.button("Settings").click()
    finds_nothing(lab, axe, "settings")
    lab.button("Close").click()
    for summary in lab.page.locator("#watch summary").all():
        summary.click()


@pytest.mark.only("chromium")
def test_axe_finds_nothing_in_the_dark(visit: Visit, axe: str) -> None:
    lab = visit(color_scheme="dark").go(**SMALL | {"epochs": 1000}).wait_until_booted()
    in_every_tab(lab, axe, "at rest")
    lab.train().wait_for_an_epoch()
    in_every_tab(lab, axe, "training")
    in_every_tab(lab.pause(), axe, "trained")
