"""Train, Pause, Step and Reset."""

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from builder.browsers import launch_options

from .digits import DIGITS
from .lab import DEFAULTS, PLAIN, SMALL, Lab, train_in_node

LONGER = PLAIN | {"batch_size": 2, "epochs": 2}
"""A training that lasts long enough to be paused."""
ENDLESS = SMALL | {"epochs": 1000}
TWO_BATCHES = PLAIN | {"training_images": 1000, "batch_size": 500, "learning_rate": 0.0005}


def test_the_epochs_come_one_by_one_and_go_on_where_they_were(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.use(**SMALL).train_to_the_end()
    progress = bench.page.get_by_test_id("train-progress")
    expect(progress).to_have_role("progressbar")
    expect(progress).to_have_attribute("aria-valuenow", "100")
    assert bench.losses() == small_losses, "the same URL gave other losses"
    bench.train_to_the_end(4)
    losses = bench.losses()
    assert losses[:2] == small_losses
    assert [row[0] for row in losses] == ["1", "2", "3", "4"]
    assert all(float(later[1]) < float(earlier[1]) for earlier, later in pairwise(losses))
    assert bench.figure("epoch") == 4


@pytest.mark.only("firefox")
def test_chromium_has_the_same_losses(bench: Lab, playwright: Playwright, site: str) -> None:
    options = launch_options(playwright.chromium)
    if options is None:
        pytest.skip("there is no Chromium to compare with")
    settings = SMALL | {"augment": 1, "decay": 1, "seed": 3}
    with playwright.chromium.launch(**options) as chromium:
        other = Lab(chromium.new_page(), site, bench.watch, bench.downloads).open(**settings)
        losses = other.train_to_the_end().losses()
    assert bench.use(**settings).train_to_the_end().losses() == losses


def test_node_has_the_same_losses(bench: Lab, dist: Path, tmp_path: Path) -> None:
    settings = SMALL | {"augment": 1, "decay": 1, "seed": 3}
    losses = train_in_node(dist, tmp_path / "work", DEFAULTS | settings)
    shown = bench.use(**settings).train_to_the_end().losses()
    assert [[float(number) for number in row] for row in shown] == losses


@pytest.mark.parametrize("setting", ["seed", "augment", "decay"])
def test_another_seed_augment_and_decay_give_other_losses(
    bench: Lab, small_losses: list[list[str]], setting: str
) -> None:
    losses = bench.use(**SMALL | {setting: 1}).train_to_the_end().losses()
    assert losses != small_losses
    assert float(losses[1][1]) < float(losses[0][1]) < math.log(10)


def test_pause_acts_at_once_and_changes_no_digit(bench: Lab) -> None:
    bench.use(**LONGER).train().pause()
    expect(bench.status).to_contain_text("Paused")
    expect(bench.button("Train")).to_be_focused()
    bench.train().wait_for_state("training")
    bench.pause()
    batch = bench.figure("batch")
    assert bench.train().wait_for_epochs(2).wait_for_state("ready").figure("batch") > batch
    slices = slices_after_pause(bench.diary())
    print(f"slices of 40 ms from the press of Pause to data-state=paused: {slices}")
    assert len(slices) == 2
    assert max(slices) <= 3
    paused = bench.losses()
    assert bench.reset().train_to_the_end().losses() == paused


def slices_after_pause(diary: dict[str, Any]) -> list[int]:
    """How many slices still came after each press of Pause; their time is that of the machine."""
    presses = [time for name, time in diary["clicks"] if name == "Pause"]
    reached = [time for state, time in diary["states"] if state == "paused"]
    return [sum(press < time < end for time in diary["slices"]) for press, end in zip(presses, reached, strict=True)]


def test_while_paused_nothing_moves(bench: Lab) -> None:
    bench.use(**ENDLESS).train().wait_for_an_epoch().pause()
    bench.draw(DIGITS[0])
    before = bench.probabilities(), bench.figure("batch"), bench.losses()
    bench.button("Clear").click()
    bench.draw(DIGITS[0])
    assert (bench.probabilities(), bench.figure("batch"), bench.losses()) == before


def test_step_does_one_batch(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.use(**SMALL).step(1).step(2)
    assert bench.state == "paused"
    assert bench.figure("epoch") == 1
    expect(bench.epochs).to_have_count(0)
    assert bench.train_to_the_end().losses() == small_losses


def test_the_last_step_of_an_epoch_ends_it(bench: Lab) -> None:
    bench.use(**TWO_BATCHES, epochs=2).step(1)
    expect(bench.epochs).to_have_count(0)
    bench.step(2).wait_for_epochs(1)
    assert bench.state == "paused"
    bench.step(1)
    assert bench.figure("epoch") == 2
    bench.step(2).wait_for_epochs(2).wait_for_state("ready")
    stepped = bench.losses()
    assert bench.reset().train_to_the_end().losses() == stepped


def test_enter_held_on_step_does_one_batch_each(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.use(**SMALL)
    # What a key held down does; keys themselves reach a page in Firefox only when no other has the focus.
    bench.page.evaluate("for (let i = 0; i < 13; i++) document.getElementById('step').click()")
    expect(bench.page.get_by_test_id("batch")).to_have_attribute("data-value", "13")
    expect(bench.error).to_be_hidden()
    assert bench.train_to_the_end().losses() == small_losses


def test_reset_and_train_in_one_go_while_paused(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.use(**SMALL).step(1)
    bench.page.evaluate("document.getElementById('reset').click(), document.getElementById('train').click()")
    bench.wait_for_epochs(2).wait_for_state("ready")
    expect(bench.error).to_be_hidden()
    assert bench.losses() == small_losses


def test_after_a_divergence_all_is_as_it_was_and_the_advice_is_a_smaller_rate(
    bench: Lab, small_losses: list[list[str]]
) -> None:
    bench.use(**SMALL | {"learning_rate": 5}).train()
    expect(bench.error).to_contain_text("Lower the learning rate, to 0.5 perhaps")
    bench.wait_for_state("ready")
    expect(bench.page.get_by_test_id("model")).to_contain_text("random weights")
    for figure in ("epoch", "batch", "loss"):
        expect(bench.page.get_by_test_id(figure)).to_have_attribute("data-value", "")
    expect(bench.page.get_by_test_id("loss-chart")).to_have_attribute("data-empty", "")
    assert bench.change("learning_rate", "0.01").train_to_the_end().losses() == small_losses


def test_reset_while_training_gives_a_fresh_network(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.use(**SMALL).draw(DIGITS[6])
    fresh = bench.probabilities()
    bench.change("epochs", "1000").train().wait_for_an_epoch().reset()
    bench.expect_probabilities(fresh)
    expect(bench.page.get_by_test_id("test-accuracy")).to_have_attribute("data-value", "")
    assert bench.change("epochs", "2").train_to_the_end().losses() == small_losses


def test_a_drawing_is_read_anew_as_the_network_learns(bench: Lab) -> None:
    bench.use(**ENDLESS).train().wait_for_state("training")
    bench.draw(DIGITS[0])
    expect(bench.prediction).to_have_text(re.compile(r"^\d$"))
    first = bench.page.get_by_test_id("probability-0").get_attribute("data-value") or ""
    expect(bench.page.get_by_test_id("probability-0")).not_to_have_attribute("data-value", first)
    assert bench.state == "training"
    bench.button("Clear").click()
    expect(bench.prediction).to_have_text("?")
    assert bench.state == "training"


def test_a_learning_rate_acts_while_training_and_one_too_large_is_told(
    bench: Lab, small_losses: list[list[str]]
) -> None:
    bench.use(**ENDLESS).train().wait_for_an_epoch()
    bench.change("learning_rate", "100").wait_for_state("ready")
    expect(bench.error).to_have_role("alert")
    expect(bench.error).to_contain_text(re.compile("lower the learning rate", re.IGNORECASE))
    expect(bench.button("Train")).to_be_enabled()
    bench.change("learning_rate", "0.01").change("epochs", "2").reset()
    expect(bench.error).to_be_hidden()
    assert bench.train_to_the_end().losses() == small_losses
