"""What a newcomer sees who presses Train and draws."""

import math
import re

import pytest
from playwright.sync_api import expect

from .digits import DIGITS
from .lab import Lab


def test_it_reads_95_percent_of_the_test_images(trained: Lab) -> None:
    assert trained.figure("test-accuracy") >= 0.95
    expect(trained.status).to_contain_text("Trained")


def test_the_loss_falls(trained: Lab) -> None:
    losses = [float(training) for _, training, _, _ in trained.losses()]
    assert losses[-1] < 0.5 * losses[0] < math.log(10)
    assert losses[-1] == min(losses)


def test_each_figure_has_its_number(trained: Lab) -> None:
    assert trained.figure("epoch") == 10
    assert trained.figure("batch") == 10_000 // 32
    assert 0 < trained.figure("loss") < 1
    assert trained.figure("validation-loss") == float(trained.losses()[-1][2])
    assert 0 < trained.figure("ms-per-batch") < 1000 * trained.figure("epoch-seconds")


def test_the_chart_shows_the_losses_and_reads_them_out(trained: Lab) -> None:
    chart = trained.page.get_by_test_id("loss-chart")
    training, validation = (f"{float(loss):.3f}" for loss in trained.losses()[-1][1:3])
    expect(chart).to_have_accessible_name(
        re.compile(f"epoch 10, training loss {training}, validation loss {validation}")
    )
    chart.locator(".u-over").hover()
    expect(chart.locator(".u-legend .u-series").nth(1).locator(".u-value")).to_have_text(re.compile(r"^\d\.\d{4}$"))


def test_nine_of_ten_drawn_digits_are_read(trained: Lab) -> None:
    misread = [digit for digit, strokes in enumerate(DIGITS) if not reads(trained.clear().draw(strokes), digit)]
    assert len(misread) <= 1, misread


def reads(lab: Lab, digit: int) -> bool:
    """Whether the drawing on the pad is read as this digit, once all of it has been read."""
    try:
        expect(lab.prediction).to_have_text(str(digit), timeout=2_000)
    except AssertionError:
        return False
    probabilities = lab.probabilities()
    return max(probabilities) == probabilities[digit]


@pytest.mark.only("chromium")  # Firefox does not tell of long tasks
def test_the_page_stays_quick_while_training(trained: Lab) -> None:
    longest = max([0, *trained.diary()["longTasks"]])
    lab_is_watched(trained)
    print(f"longest task of the main thread while training: {longest:.0f} ms (over 50 ms are counted)")
    assert longest <= 200


def lab_is_watched(lab: Lab) -> None:
    """Fail unless the browser tells of a long task that there is."""
    lab.page.evaluate("setTimeout(() => { for (const end = performance.now() + 120; performance.now() < end; ); })")
    lab.page.wait_for_function("() => diary.longTasks.some((duration) => duration > 100)")
