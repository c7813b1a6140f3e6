"""What a visitor does while something is still on its way, and what is told when it does not come."""

import re

import pytest
from playwright.sync_api import Route, expect

from .conftest import Visit
from .digits import DIGITS
from .lab import BOOT, SMALL, Lab

pytestmark = pytest.mark.either  # the page's own doing


def test_train_pressed_early_begins_when_the_images_come(lab: Lab, visit: Visit) -> None:
    expected = visit().open(**SMALL | {"learning_rate": 0.002}).train_to_the_end().losses()
    release = lab.hold("data/train-images-1*")
    lab.go(**SMALL).wait_for_state("ready", BOOT)
    lab.train()
    expect(lab.page.get_by_test_id("boot-progress")).to_contain_text(re.compile(r"Fetching MNIST: \d\.\d of \d\.\d MB"))
    lab.change("learning_rate", "0.002")
    lab.save_model()
    lab.button("Pause").click()  # after all, not now
    expect(lab.status).to_contain_text("Not training")
    lab.train()  # and yet
    assert lab.state == "ready"
    release()
    lab.wait_for_epochs(SMALL["epochs"]).wait_for_state("ready")
    assert lab.losses() == expected


def test_reset_takes_back_a_train_that_waits(lab: Lab) -> None:
    release = lab.hold("data/train-images-1*")
    lab.go(**SMALL).wait_for_state("ready", BOOT)
    lab.train().reset()
    release()
    expect(lab.page.get_by_test_id("boot-progress")).to_be_hidden()
    lab.step(1)  # of a run of its own: the images are here
    expect(lab.page.get_by_test_id("batch")).to_have_attribute("data-value", "1")
    assert "training" not in [state for state, _ in lab.diary()["states"]]
    lab.train_to_the_end()


def test_load_takes_back_a_train_that_waits(lab: Lab, bench: Lab) -> None:
    file = bench.use(**SMALL).save_model()
    release = lab.hold("data/train-images-1*")
    lab.page.bring_to_front()
    lab.go(**SMALL).wait_for_state("ready", BOOT)
    lab.train().load_model(file)
    expect(lab.status).to_contain_text("Loaded")
    release()
    expect(lab.page.get_by_test_id("boot-progress")).to_be_hidden()
    lab.step(1)
    assert "training" not in [state for state, _ in lab.diary()["states"]]


def test_settings_changed_while_it_starts_are_used(lab: Lab, small_losses: list[list[str]]) -> None:
    release = lab.hold("vendor/pyodide/numpy*")
    lab.go(**SMALL | {"hidden_size": 7, "seed": 9})
    lab.change("hidden_size", str(SMALL["hidden_size"])).change("seed", "0")
    release()
    assert lab.wait_until_booted().train_to_the_end().losses() == small_losses
    expect(lab.page.get_by_test_id("pending")).to_be_empty()


def test_the_progress_bar_goes_when_one_of_several_files_does_not_come(lab: Lab) -> None:
    lab.watch.expect("Failed to load resource")
    release = lab.hold("data/t10k-images*")
    mend = lab.break_network("data/train-images-1*", lambda route: route.abort())
    lab.go(**SMALL)
    expect(lab.error).to_contain_text("train-images-1", timeout=BOOT)
    mend()
    with lab.page.expect_response("**/data/t10k-images*"):
        release()
    lab.draw(DIGITS[3])
    expect(lab.prediction).to_have_text(re.compile(r"^\d$"))
    expect(lab.page.get_by_test_id("boot-progress")).to_be_hidden()
    lab.train_to_the_end()
    expect(lab.error).to_be_hidden()


def test_the_way_out_of_a_failure_is_not_talked_over(lab: Lab) -> None:
    lab.watch.expect(r"Failed to (load|fetch)|NetworkError|numpy|404")
    mend = lab.break_network("vendor/pyodide/numpy*", lambda route: route.fulfill(status=404, body="not here"))
    lab.go(**SMALL | {"batch_size": 0}).wait_for_state("failed", BOOT)
    expect(lab.button("Restart")).to_be_visible()
    lab.change("batch_size", "nonsense")
    expect(lab.button("Restart")).to_be_visible()
    mend()
    lab.button("Restart").click()
    lab.wait_for_state("ready", BOOT)


def test_a_damaged_starter_model_is_done_without(lab: Lab) -> None:
    def cut_short(route: Route) -> None:
        route.fulfill(body=route.fetch().body()[:1_000])

    lab.break_network("data/starter.npz", cut_short)
    lab.open(**SMALL)
    expect(lab.page.get_by_test_id("model")).to_contain_text("random weights")
    lab.train_to_the_end()


@pytest.mark.parametrize("density", [2, pytest.param(3, marks=pytest.mark.only("chromium"))])
def test_neither_density_nor_size_nor_place_change_what_is_read(visit: Visit, trained: Lab, density: int) -> None:
    dense = visit(device_scale_factor=density).open()
    usual = trained.read_by("starter")
    for digit in (2, 4, 8):
        usual.draw(DIGITS[digit])
        # Not smaller, since automation moves a mouse by whole pixels only.
        small = [[(0.58 + 0.4 * x, 0.58 + 0.4 * y) for x, y in stroke] for stroke in DIGITS[digit]]
        dense.draw(small)
        for lab in (usual, dense):
            expect(lab.prediction).to_have_text(str(digit))
        differences = [
            abs(a - b)
            for row, other in zip(usual.picture(), dense.picture(), strict=True)
            for a, b in zip(row, other, strict=True)
        ]
        assert max(differences) < 64
        assert sum(differences) / 784 < 2
        usual.clear()
        dense.clear()
    usual.read_by("mine")
