"""Changed code as a link, and what one has written back again."""

import re

import pytest
from playwright.sync_api import expect

from mlp_py.network_code import shipped

from .conftest import Visit
from .lab import BOOT, Lab

pytestmark = pytest.mark.either  # the page's own doing

RELU = "return np.maximum(0, x)"
LEAKY = "return np.where(x > 0, x, 0.1 * x)"


def test_changed_code_goes_by_a_link_and_runs_only_when_it_is_agreed_to(coding: Lab, visit: Visit) -> None:
    expect(coding.button("Share")).to_be_disabled()
    coding.write(shipped().replace(RELU, LEAKY))
    coding.button("Share").click()
    link = coding.page.get_by_label("Link to this code")
    expect(link).to_have_value(re.compile("code=[-_A-Za-z0-9]+$"))
    coding.page.keyboard.press("ControlOrMeta+Home")
    other = visit()
    other.page.goto(link.input_value())
    other.wait_until_booted()
    offer = other.page.get_by_role("group", name="This link brings changed code")
    expect(offer.locator("del")).to_contain_text(RELU)
    expect(offer.locator("ins")).to_contain_text(LEAKY)
    other.runs_code("shipped")
    offer.get_by_role("button", name="Use this code").click()
    other.runs_code("mine")  # though the editor may have been on its way when it was agreed to
    expect(other.editor).to_be_visible(timeout=BOOT)
    expect(other.editor).to_contain_text("Understanding MLP")
    expect(offer).to_be_hidden()
    assert "code=" not in other.hash


def test_a_link_that_is_left_changes_nothing_and_a_damaged_one_is_told(coding: Lab) -> None:
    token = "eNqLjjbUiY7ViVYqUYoFABTZA00"  # which is cut
    coding.page.evaluate("code => (location.hash += `&code=${code}`)", token)
    expect(coding.error).to_contain_text("damaged: perhaps the link was cut")
    expect(coding.button("Use this code")).to_be_hidden()
    coding.write(shipped().replace(RELU, LEAKY))
    coding.button("Share").click()
    link = coding.page.get_by_label("Link to this code")
    expect(link).to_have_value(re.compile("code="))
    good = link.input_value().partition("code=")[2]
    coding.button("Restore").click()
    coding.page.evaluate("code => (location.hash += `&code=${code}`)", good)
    coding.button("Leave it").click()
    expect(coding.button("Leave it")).to_be_hidden()
    assert "code=" not in coding.hash
    coding.runs_code("shipped")


def test_what_was_written_comes_back_after_restore(coding: Lab) -> None:
    back = coding.button("Bring mine back")
    coding.write(shipped().replace(RELU, LEAKY))
    coding.button("Run my code").click()
    coding.runs_code("mine")
    coding.button("Restore").click()
    coding.runs_code("shipped")
    coding.boot_again().look_at("Code")
    expect(coding.editor).to_be_visible(timeout=BOOT)
    back.click()
    coding.runs_code("mine")
    expect(back).to_be_hidden()
    coding.page.get_by_role("button", name=re.compile("Forward")).click()
    expect(coding.page.get_by_test_id("phase-forward")).to_contain_text(LEAKY)
