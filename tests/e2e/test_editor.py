"""Changing mlp.py in the page, and running it: what works, what does not, and what comes to no end."""

import re
import runpy
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from mlp_py.network_code import shipped

from .digits import DIGITS
from .lab import BOOT, Lab

RELU = "return np.maximum(0, x)"


def run(lab: Lab, old: str, new: str) -> str:
    """Change the shipped code in one place, and run it."""
    text = shipped()
    assert text.count(old) == 1
    lab.write(text.replace(old, new))
    lab.button("Run my code").click()
    return text.replace(old, new)


def tells(lab: Lab, text: str, part: str, words: str, timeout: float = 15_000) -> None:
    """The mistake is told at the line that has this part."""
    line = next(number for number, each in enumerate(text.splitlines(), start=1) if part in each)
    error = lab.page.get_by_test_id("editor-error")
    expect(error).to_contain_text(words, timeout=timeout)
    expect(error).to_have_attribute("data-line", str(line))


def test_changed_code_trains_reads_and_is_shown_and_the_shipped_one_comes_back(
    coding: Lab, small_losses: list[list[str]]
) -> None:
    run(coding, RELU, "return np.where(x > 0, x, 0.1 * x)  # mine")
    coding.runs_code("mine")
    expect(coding.page.get_by_test_id("code-in-use")).to_contain_text("your code")
    coding.page.get_by_role("button", name=re.compile("Forward")).click()
    expect(coding.page.get_by_test_id("phase-forward")).to_contain_text("# mine")
    assert (coding.array("layer1_output") < 0).any(), "the arrays are not those of the changed code"
    assert coding.train_to_the_end().losses() != small_losses
    coding.draw(DIGITS[3])
    expect(coding.prediction).to_have_text(re.compile(r"^[\d?]$"))
    coding.look_at("Code").button("Restore").click()
    coding.runs_code("shipped")
    expect(coding.page.get_by_test_id("phase-forward")).not_to_contain_text("# mine")
    assert coding.train_to_the_end().losses() == small_losses


def test_a_change_that_changes_no_number_gives_the_same_losses(coding: Lab, small_losses: list[list[str]]) -> None:
    run(coding, RELU, RELU + "  # and nothing else")
    coding.runs_code("mine")
    assert coding.train_to_the_end().losses() == small_losses


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (RELU, "return np.maxmum(0, x)", "Did you mean maximum?"),
        ("dot(X.T, self.d_hidden_relu)", "dot(X, self.d_hidden_relu)", "X is (2, 784)"),
        (RELU, "return np.maximum(0, x", "never closed"),
    ],
)
def test_a_mistake_is_told_at_its_line_and_the_code_before_goes_on(coding: Lab, old: str, new: str, words: str) -> None:
    coding.train_to_the_end()
    trained = coding.losses()
    text = run(coding, old, new)
    tells(coding, text, new, words)
    coding.runs_code("shipped")
    assert coding.losses() == trained, "the network is not as it was"
    line = coding.page.get_by_test_id("editor-error").get_attribute("data-line")
    coding.button("Go to the line").click()
    expect(coding.editor).to_be_focused()
    expect(coding.editor.locator(".cm-activeLine")).to_have_text(text.splitlines()[int(line or 0) - 1])


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "while x is not None: np.dot(x.T, x)",
        "while True:\n            try:\n                while True: pass\n            except:\n                pass",
    ],
    ids=["while True", "inside NumPy calls", "a bare except"],
)
def test_code_without_an_end_is_stopped_at_its_line_and_the_page_goes_on(coding: Lab, code: str) -> None:
    coding.train_to_the_end()
    trained = coding.losses()
    coding.draw(DIGITS[4])
    read = coding.probabilities()
    began = time.monotonic()
    text = run(coding, RELU, code)
    tells(coding, text, code.strip().splitlines()[-1 if "except" not in code else 2].strip(), "end")
    coding.wait_until_booted()
    print(f"goes on after {time.monotonic() - began:.1f} s")
    coding.runs_code("shipped")
    coding.expect_probabilities(read)
    assert coding.losses() == trained
    assert coding.train_to_the_end(4).state == "ready"


def test_code_that_hangs_while_it_trains_leaves_the_network_of_the_last_epoch(coding: Lab) -> None:
    run(coding, "total_loss = 0", "total_loss = 0\n            while epoch == 1 and n_samples > 900: pass")
    coding.runs_code("mine")
    coding.train().wait_for_epochs(1).wait_for_state("ready")
    expect(coding.error).to_contain_text("after epoch 1")
    expect(coding.page.get_by_test_id("editor-error")).to_contain_text("does not end")
    assert coding.figure("epoch") == 1


def test_what_it_prints_is_shown(coding: Lab) -> None:
    run(coding, RELU, "print('hidden', x.shape)\n        " + RELU)
    coding.runs_code("mine")
    coding.page.get_by_text("Printed", exact=True).click()
    expect(coding.page.get_by_test_id("printed")).to_contain_text("hidden (2, 32)".replace("32", "4"))
    coding.page.get_by_text("Printed", exact=True).click()


def test_an_edit_outlives_a_reload_and_can_be_taken_away(coding: Lab) -> None:
    run(coding, RELU, RELU + "  # kept")
    coding.runs_code("mine")
    mine = runpy.run_path(str(coding.save_file("Download", ".py")))["MLP"]
    assert mine(rng=0).forward(np.zeros((1, 784))).shape == (1, 10), "natively it is no network"
    coding.page.reload()
    coding.wait_until_booted().look_at("Code")
    expect(coding.editor).to_be_visible(timeout=BOOT)
    coding.runs_code("mine")
    coding.page.get_by_role("button", name=re.compile("Forward")).click()
    expect(coding.page.get_by_test_id("phase-forward")).to_contain_text("# kept")


def test_tab_leaves_the_editor_and_enter_indents(coding: Lab) -> None:
    coding.editor.click()
    coding.page.keyboard.press("ControlOrMeta+Home")
    coding.page.keyboard.type("if 1:\nx")
    expect(coding.editor.locator(".cm-line").nth(1)).to_have_text(re.compile("^    x"))
    coding.page.keyboard.press("Tab")
    expect(coding.editor).not_to_be_focused()


WAYS_OUT = """
        import importlib
        names = "fetch XMLHttpRequest eval indexedDB caches postMessage self document".split()
        ways = ["js." + name for name in names] + ["pyodide_js.FS", "pyodide.code.run_js", "urllib.request.urlopen"]
        for way in ways:
            module, _, name = way.rpartition(".")
            try:
                found = getattr(importlib.import_module(module), name)
                print(way, "is there", found("https://elsewhere.example" if name == "urlopen" else "1 + 1"))
            except BaseException as error:
                print(way, "is not")
        print("all tried")
"""


def test_code_cannot_reach_beyond_python(coding: Lab) -> None:
    coding.watch.expect("Content.Security.Policy|connect-src")
    run(coding, RELU, WAYS_OUT.strip() + "\n        " + RELU)
    printed = coding.page.get_by_test_id("printed")
    expect(printed).to_contain_text("all tried")
    expect(printed).not_to_contain_text("is there")


def test_a_name_that_is_nothing_is_marked_while_one_writes(coding: Lab) -> None:
    coding.write(shipped().replace("from .kernel import dot", "from .kernel import dot\n\nHALF = nq.exp(0) / 2"))
    coding.page.keyboard.press("ControlOrMeta+Home")  # lines out of sight are not in the document
    expect(coding.page.locator(".cm-lint-marker-error")).to_have_count(1, timeout=BOOT)
    remark = coding.page.get_by_test_id("names")
    expect(remark).to_have_text(re.compile(r"Line \d+: Nothing here is called nq\."))
    coding.write(shipped())
    expect(remark).to_be_empty()


def test_what_runs_but_not_as_in_the_notes_is_told_and_runs(coding: Lab) -> None:
    text = run(coding, "np.log(y_pred + 1e-7)) / batch_size", "np.log(y_pred + 1e-7))")
    tells(coding, text, "def calculate_loss", "It runs, but not as in the notes.")
    coding.runs_code("mine")
    coding.button("Restore").click()
    expect(coding.page.get_by_test_id("editor-error")).to_be_hidden()
