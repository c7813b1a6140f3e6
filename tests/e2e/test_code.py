"""Code: the lines that run, the arrays that they make, one batch step by step, and whether the calculus is right."""

import gzip
import math
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from mlp_py import MLP, model_file, network_code
from mlp_py.dataset import read_split

from .digits import DIGITS
from .lab import PLAIN, SMALL, Lab

pytestmark = pytest.mark.either  # Python computes, and the page shows

PHASES = {
    "Initialization": ("initialization", ["__init__"]),
    "Forward": ("forward", ["forward", "relu", "softmax"]),
    "Loss": ("loss", ["calculate_loss"]),
    "Backward": ("backward", ["backward"]),
    "Loop": ("training", ["train", "training_loop"]),
}
SHOWN = [
    "X", "weights1", "biases1", "weights2", "biases2", "layer1_input", "layer1_output", "layer2_input", "exp_x",
    "output",
    "y", "y_one_hot", "losses", "loss", "d_output", "d_weights2", "d_biases2", "d_hidden", "d_hidden_relu",
    "d_weights1",
    "d_biases1", "updated_weights2", "updated_biases2", "updated_weights1", "updated_biases1", "loss_after",
]  # fmt: skip


@pytest.fixture
def code(bench: Lab) -> Lab:
    """The Code tab, with a fresh network."""
    bench.use(**SMALL).look_at("Code")
    open_phase(bench, "Initialization")
    bench.page.get_by_label("In hand").select_option("batch")
    bench.button("All").click()
    expect(words(bench)).to_contain_text("The batch that training begins with")
    return bench


def words(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("hand-words")


def open_phase(lab: Lab, name: str) -> Locator:
    phase, _ = PHASES[name]
    lab.page.get_by_role("button", name=re.compile(name)).click()
    chapter = lab.page.get_by_test_id(f"phase-{phase}")
    expect(chapter).to_be_visible()
    return chapter


# ── Lines ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PHASES)
def test_each_phase_shows_its_own_lines_of_the_running_file(code: Lab, name: str) -> None:
    chapter = open_phase(code, name)
    phase, methods = PHASES[name]
    source = network_code.shipped().splitlines()
    lines = chapter.locator(".line").evaluate_all(
        "lines => lines.map(line => [Number(line.dataset.line), line.querySelector('code').textContent])"
    )
    assert all(source[number - 1][4:] == text for number, text in lines)
    for method in methods:
        assert any(text.startswith(f"def {method}(") for _, text in lines)
    assert f"tab=code&phase={phase}" in code.hash
    expect(chapter.locator("math").first).to_be_visible()


def test_an_address_leads_to_a_phase(bench: Lab) -> None:
    bench.use(**SMALL).look_at("Watch")
    bench.page.evaluate("location.hash = 'tab=code&phase=loss'")
    expect(bench.page.get_by_role("heading", name=re.compile("3. Loss"))).to_be_visible()
    expect(bench.page.get_by_role("tab", name="Code")).to_have_attribute("aria-selected", "true")
    expect(bench.field("epochs")).to_have_value("2")


# ── Arrays ─────────────────────────────────────────────────────────────────────────────────────


def test_the_arrays_of_the_first_batch_are_what_native_code_computes(code: Lab, dist: Path) -> None:
    files = [gzip.decompress((dist / "data" / f"train-{kind}-1.{form}.gz").read_bytes()) for kind, form in FILES]
    images = read_split(files[0], files[1])[:1000]
    model = MLP(hidden_size=32, rng=0)
    rows = model.rng.permutation(1000)[:32]
    X, y = images.images[rows] / 255, images.labels[rows].astype(int)
    expected = {"X": X, "y": y} | {name: array.copy() for name, array in model_file.parameters(model).items()}
    expected["loss"] = np.array(model.calculate_loss(y, model.forward(X)))
    model.backward(X, y, 0.01)
    names = ["layer1_input", "layer1_output", "layer2_input", "output"]
    names += ["d_output", "d_weights2", "d_biases2", "d_hidden", "d_hidden_relu", "d_weights1", "d_biases1"]
    expected |= {name: getattr(model, name) for name in names}
    expected |= {f"updated_{name}": array for name, array in model_file.parameters(model).items()}
    for name, array in expected.items():
        shown = code.array(name)
        np.testing.assert_allclose(shown, array, atol=1e-6, rtol=1e-6, err_msg=name)
        place = code.page.get_by_test_id(f"array-{name}")
        assert float(place.get_attribute("data-min") or "nan") == pytest.approx(shown.min(), abs=1e-7)
        assert float(place.get_attribute("data-max") or "nan") == pytest.approx(shown.max(), abs=1e-7)


FILES = [("images", "idx3-ubyte"), ("labels", "idx1-ubyte")]


def test_they_are_what_training_itself_does_with_that_batch(code: Lab) -> None:
    before = {name: code.array(name) for name in SHOWN}
    code.step(1)
    expect(words(code)).to_contain_text("just learned from")
    assert code.figure("loss") == pytest.approx(float(before["loss"]), abs=1e-6)
    for name, array in before.items():
        np.testing.assert_array_equal(code.array(name), array, err_msg=name)
    with np.load(code.save_model()) as saved:
        for name in model_file.NAMES:
            np.testing.assert_array_equal(saved[name].astype(np.float32), before[f"updated_{name}"].astype(np.float32))


def test_every_array_is_a_picture_whose_values_are_read_by_keyboard(code: Lab) -> None:
    for name in PHASES:
        chapter = open_phase(code, name)
        for array in chapter.locator("div.array:visible").all():
            expect(array).to_have_attribute("data-shape", re.compile(r"^[\d,]*$"))
    weights = open_phase(code, "Backward") and code.page.get_by_test_id("array-d_weights2")
    weights.get_by_role("img").focus()
    code.page.keyboard.press("ArrowRight")
    told = weights.locator(".value").inner_text()
    match = re.fullmatch(r"d_weights2\[(\d+), (\d+)\] = (\S+)", told)
    assert match
    assert code.array("d_weights2")[int(match[1]), int(match[2])] == pytest.approx(float(match[3]), rel=1e-3)


def test_pointing_at_one_lights_line_array_and_term(code: Lab) -> None:
    chapter = open_phase(code, "Backward")
    array = code.page.get_by_test_id("array-d_weights2")
    line = chapter.locator(".line[data-thing=d_weights2]")
    term = chapter.locator("math [data-thing=d_weights2]").first
    for pointed in (array.locator("b"), line.locator("code"), term):
        code.page.get_by_role("heading", name="4. Backward").hover()
        expect(array).not_to_have_attribute("data-lit", "")
        pointed.scroll_into_view_if_needed()
        pointed.hover(position={"x": 3, "y": 3})
        for lit in (array, line, term):
            expect(lit).to_have_attribute("data-lit", "")


def test_products_are_drawn_as_the_shapes_they_are(code: Lab) -> None:
    chapter = open_phase(code, "Forward")
    expect(chapter.locator(".product").first).to_have_text("(32, 784) · (784, 32) = (32, 32)")
    expect(open_phase(code, "Backward").locator(".product").last).to_have_text("(784, 32) · (32, 32) = (784, 32)")


# ── What is in hand, step by step ──────────────────────────────────────────────────────────────


def test_lines_run_one_by_one_and_say_what_they_made(code: Lab) -> None:
    source = network_code.shipped().splitlines()
    code.button("Next line ▸").click()
    expect(words(code)).to_contain_text("layer1_input is made. 1 of 20")
    expect(code.page.get_by_test_id("phase-forward")).to_be_visible()
    ran = code.page.locator(".line[data-ran]")
    assert "self.layer1_input" in source[int(ran.get_attribute("data-line") or 0) - 1]
    expect(code.page.get_by_test_id("array-layer1_input")).to_have_attribute("data-made", "now")
    expect(code.page.get_by_test_id("array-output")).to_have_attribute("data-made", "not yet")
    for _ in range(16):
        code.button("Next line ▸").click()
    expect(words(code)).to_contain_text("weights2 is changed. 17 of 20")
    changed = code.page.get_by_test_id("array-updated_weights2")
    expect(changed.locator(".value")).to_have_text(re.compile(r"^weights2\[\d+, \d+\] = (\S+) . 0.01 · (\S+) = (\S+)$"))
    code.button("◂ Back").click()
    expect(words(code)).to_contain_text("d_biases1 is made. 16 of 20")
    code.button("All").click()
    expect(words(code)).to_contain_text("The batch that training begins with")


def test_ones_own_drawing_is_followed_to_what_the_update_did_to_its_loss(code: Lab) -> None:
    code.draw(DIGITS[2])
    expect(code.page.get_by_test_id("certainty")).not_to_have_text("Draw a digit.")
    code.page.get_by_label("In hand").select_option("drawing")
    code.page.get_by_label("which is a").select_option("2")
    expect(words(code)).to_contain_text("One image: a 2.")
    assert code.array("X").shape == (1, 784)
    assert code.array("loss_after") < code.array("loss")
    np.testing.assert_allclose(code.array("X")[0] * 255, np.array(code.picture()).ravel(), atol=0.01)
    code.page.get_by_label("In hand").select_option("image")
    expect(words(code)).not_to_contain_text("a 2.")
    assert code.array("X").shape == (1, 784)


def test_while_it_trains_the_arrays_are_those_of_the_network_as_it_is(code: Lab) -> None:
    code.change("epochs", "1000").train().wait_for_an_epoch()
    expect(words(code)).to_contain_text("as it is now")
    first = code.page.get_by_test_id("array-loss").get_attribute("data-mean") or ""
    expect(code.page.get_by_test_id("array-loss")).not_to_have_attribute("data-mean", first)
    code.pause()
    assert float(code.array("loss")) < math.log(10)


# ── Checks ─────────────────────────────────────────────────────────────────────────────────────


def test_the_gradients_of_the_shipped_code_are_right_fresh_and_trained(code: Lab) -> None:
    check = code.page.get_by_test_id("gradient-check")
    for is_trained in (False, True):
        if is_trained:
            code.train_to_the_end()
        open_phase(code, "Backward")
        code.button("Check gradients").click()
        expect(check).to_have_attribute("data-ok", "true")
        assert 0 < float(check.get_attribute("data-value") or "nan") < 1e-6
        expect(check.get_by_role("img")).to_be_visible()


def test_the_sanity_checks_are_passed(code: Lab) -> None:
    open_phase(code, "Loop")
    code.button("Check sanity").click()
    items = code.page.get_by_test_id("sanity").get_by_role("listitem")
    expect(items).to_have_count(3)
    for item in items.all():
        expect(item).to_have_attribute("data-ok", "true")


def test_other_settings_before_training_are_another_first_batch(code: Lab) -> None:
    before = code.array("X")
    code.use(**PLAIN | {"training_images": 1000, "seed": 5, "batch_size": 20})
    expect(code.page.get_by_test_id("array-X")).to_have_attribute("data-shape", "20,784")
    assert not np.array_equal(code.array("X")[:1], before[:1])
