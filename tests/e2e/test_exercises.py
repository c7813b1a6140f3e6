"""Writing the network oneself: what is asked, checked, kept, and becomes the network that runs."""

import re

import pytest
from playwright.sync_api import Locator, expect

from mlp_py.exercises import EXERCISES
from mlp_py.exercises import exercise as asked
from mlp_py.network_code import shipped

from .digits import DIGITS
from .lab import BOOT, SMALL, Lab

pytestmark = pytest.mark.either  # Python checks, and the page shows


def place(lab: Lab, name: str) -> Locator:
    return lab.page.get_by_test_id(f"exercise-{name}")


def open_exercise(lab: Lab, name: str) -> Locator:
    found = place(lab, name)
    if not found.evaluate("details => details.open"):
        found.locator("summary").click()
    expect(found.get_by_role("textbox")).to_be_visible(timeout=BOOT)
    return found


def answer(lab: Lab, name: str, text: str) -> Locator:
    found = open_exercise(lab, name)
    lab.write(text, found.get_by_role("textbox"))
    found.get_by_role("button", name="Check my answer").click()
    return found


WHICH_WAY = """
(target) => {
  const root = target.getRootNode();
  if (root.activeElement === target) return "";
  const place = root.host ?? target;
  const isBehind = document.activeElement.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_PRECEDING;
  return isBehind ? "Shift+Tab" : "Tab";
}
"""
"""The key that leads from what has the focus to a target; none when it has it. Beyond the page's end is the browser."""


@pytest.fixture
def writing(coding: Lab) -> Lab:
    """The Code tab, and nothing written."""
    coding.forget().use(**SMALL).look_at("Code")
    expect(place(coding, "he_init")).to_be_visible(timeout=BOOT)
    return coding


def test_an_exercise_that_is_opened_closed_and_opened_before_its_editor_comes_has_one(writing: Lab) -> None:
    release = writing.hold("vendor/codemirror/*")
    writing.page.reload()
    writing.wait_until_booted().look_at("Code")
    relu = place(writing, "relu")
    for is_open in (True, False, True):
        relu.locator("summary").click()
        expect(relu).to_have_js_property("open", is_open)
    release()
    expect(relu.get_by_role("textbox")).to_have_count(1, timeout=BOOT)


def test_an_exercise_is_solved_step_by_step_and_kept(writing: Lab) -> None:
    expect(writing.page.locator("[data-testid^=exercise-]")).to_have_count(len(EXERCISES))
    softmax = open_exercise(writing, "softmax")
    assert "exercise=softmax" in writing.hash
    expect(softmax).to_have_attribute("data-state", "open")
    softmax.get_by_role("button", name="Check my answer").click()
    expect(softmax).to_have_attribute("data-state", "failed")
    expect(softmax.get_by_role("status")).to_contain_text("three dots")

    softmax.get_by_role("button", name="Hint").click()
    expect(softmax).to_contain_text("1 of 3: ")
    wrong = "def softmax(self, x):\n    return np.exp(x) / np.exp(x).sum(axis=1)\n"
    answer(writing, "softmax", wrong)
    expect(softmax.get_by_role("status")).to_contain_text("keepdims=True")

    answer(writing, "softmax", wrong.replace("(axis=1)", "(axis=1, keepdims=True)"))
    expect(softmax.get_by_role("status")).to_contain_text("it works at 1000")
    expect(softmax.get_by_role("status")).to_contain_text("overflows")
    answer(writing, "softmax", asked("softmax").solution)
    expect(softmax).to_have_attribute("data-state", "solved")
    expect(softmax).to_contain_text("One way to write it")

    writing.page.reload()
    writing.wait_until_booted()
    expect(place(writing, "softmax")).to_have_attribute("data-state", "solved")
    assert place(writing, "softmax").evaluate("details => details.open"), "the address does not lead there"
    expect(writing.page.get_by_test_id("exercises-progress")).to_contain_text(f"1 of {len(EXERCISES)}")


def test_a_loop_without_an_end_in_an_answer_is_told_there(writing: Lab) -> None:
    for text in ("while True: pass", "while True:\n        try:\n            while True: pass\n        except: pass"):
        found = answer(writing, "relu", f"def relu(self, x):\n    {text}\n")
        expect(found.get_by_role("status")).to_contain_text(re.compile(r"\bend\b"), timeout=BOOT)
        writing.wait_until_booted()
        expect(found).to_have_attribute("data-state", "failed")
    answer(writing, "relu", asked("relu").solution)
    expect(place(writing, "relu")).to_have_attribute("data-state", "solved")


def test_all_that_is_written_becomes_the_network_that_trains_and_reads(writing: Lab) -> None:
    mine = {each.name: each.solution.replace("return np.maximum(0, x)", "return np.maximum(0, x)  # mine")
            for each in EXERCISES}  # fmt: skip
    writing.page.evaluate(
        "answers => localStorage.setItem('mlp-exercises', JSON.stringify(answers))",
        {name: {"text": text, "state": "solved"} for name, text in mine.items()},
    )
    writing.page.reload()
    writing.wait_until_booted()
    expect(writing.page.get_by_test_id("exercises-progress")).to_contain_text(f"{len(EXERCISES)} of {len(EXERCISES)}")
    writing.button("Use what I wrote").click()
    writing.runs_code("mine")
    writing.train_to_the_end()
    assert float(writing.losses()[-1][1]) < 1
    writing.draw(DIGITS[3])
    expect(writing.prediction).to_have_text(re.compile(r"^[\d?]$"))
    text = writing.look_at("Code").save_file("Download", ".py").read_text()
    assert "# mine" in text
    assert "def one_hot(self" in text


def test_from_the_notes_to_a_network_of_ones_own_by_keyboard_alone(writing: Lab) -> None:
    keys = writing.page.keyboard

    def reach(target: Locator, most: int = 400) -> None:
        """Press Tab, or Shift and Tab where it lies behind, until this has the focus."""
        for _ in range(most):
            key = target.evaluate(WHICH_WAY)
            if not key:
                return
            keys.press(key)
        raise AssertionError("Tab does not lead there")

    def press(target: Locator) -> None:
        reach(target)
        keys.press("Enter")

    # softmax
    softmax = place(writing, "softmax")
    press(softmax.locator("summary"))
    expect(softmax.get_by_role("textbox")).to_be_visible(timeout=BOOT)
    reach(softmax.get_by_role("textbox"))
    keys.press("ControlOrMeta+a")
    keys.press("Delete")
    for line in asked("softmax").solution.strip().splitlines():
        keys.press("Home")  # left of what the editor has indented by itself
        keys.press("Shift+End")
        keys.type(line)
        keys.press("Enter")
    press(softmax.get_by_role("button", name="Check my answer"))
    expect(softmax).to_have_attribute("data-state", "solved")

    # backward, broken
    press(writing.page.get_by_role("button", name=re.compile("4 Backward")))
    reach(writing.editor)
    keys.press("ControlOrMeta+Home")
    broken = "self.d_hidden_relu = self.d_hidden *"
    for _ in range(shipped()[: shipped().index(broken)].count("\n")):
        keys.press("ArrowDown")
    expect(writing.editor.locator(".cm-activeLine")).to_contain_text(broken)
    keys.press("End")
    for _ in " * (self.layer1_output > 0)  # (batch, hidden)":
        keys.press("Backspace")
    press(writing.button("Run my code"))
    writing.runs_code("mine")
    press(writing.button("Check gradients"))
    expect(writing.page.get_by_test_id("gradient-check")).to_have_attribute("data-ok", "false")
    expect(writing.page.get_by_test_id("gradient-culprit")).to_contain_text("d_hidden_relu")
    expect(writing.page.locator(".line[data-wrong]")).to_contain_text("self.d_hidden_relu = self.d_hidden")

    # and mended
    reach(writing.editor)
    keys.type(" * (self.layer1_output > 0)")
    press(writing.button("Run my code"))
    press(writing.button("Check gradients"))
    expect(writing.page.get_by_test_id("gradient-check")).to_have_attribute("data-ok", "true")

    # and trained: their own
    press(writing.button("Use what I wrote"))
    expect(writing.status).to_contain_text("Your code runs")
    press(writing.button("Train"))
    writing.wait_for_epochs(2).wait_for_state("ready")
    assert float(writing.losses()[-1][1]) < 1
