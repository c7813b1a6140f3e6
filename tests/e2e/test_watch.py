"""Watch: the first ten seconds, the network as a picture that moves, and one's drawing epoch by epoch."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .conftest import Visit
from .digits import DIGITS
from .lab import BOOT, SMALL, Lab

pytestmark = pytest.mark.either  # the page's own doing


def fires(lab: Lab) -> int:
    return lab.page.locator("[data-testid^=hidden-unit-][data-fires]").count()


def unit(lab: Lab, number: int) -> Locator:
    return lab.page.get_by_test_id(f"hidden-unit-{number}")


def picture(lab: Lab, number: int) -> str:
    return lab.look_of(unit(lab, number).locator("canvas"))


# ── The first ten seconds ──────────────────────────────────────────────────────────────────────


def test_an_example_draws_itself_is_read_and_goes_when_the_visitor_draws(lab: Lab) -> None:
    lab.go(**SMALL).wait_until_booted()
    expect(lab.prediction).to_have_text("3")
    expect(lab.page.get_by_text("Draw your own")).to_be_visible()
    assert fires(lab) > 3
    expect(lab.button("Undo")).to_be_disabled()
    lab.draw(DIGITS[1])
    expect(lab.prediction).to_have_text("1")
    lab.button("Undo").click()  # the stroke, and the example does not come back
    expect(lab.prediction).to_have_text("?")
    expect(lab.button("Undo")).to_be_disabled()


def test_no_example_comes_where_the_visitor_has_drawn_meanwhile(lab: Lab) -> None:
    release = lab.hold("vendor/pyodide/numpy*")
    lab.go(**SMALL)
    expect(lab.button("Settings")).to_be_enabled()  # the page's code runs
    lab.draw(DIGITS[1])
    expect(lab.page.get_by_test_id("certainty")).to_contain_text("Python is starting")
    release()
    lab.wait_for_state("ready", BOOT)
    expect(lab.prediction).to_have_text("1")
    expect(lab.pad).to_have_attribute("data-strokes", "1")


def test_whoever_wants_no_motion_sees_the_example_at_once(visit: Visit) -> None:
    lab = visit(reduced_motion="reduce").go().wait_until_booted()
    expect(lab.prediction).to_have_text("3")


def test_who_reads_is_said_and_chosen(bench: Lab) -> None:
    lab = bench.use(**SMALL).draw(DIGITS[4])
    words = lab.page.get_by_test_id("model")
    lab.read_by("starter")
    expect(words).to_contain_text("trained before you came")
    expect(lab.prediction).to_have_text("4")
    lab.read_by("random")
    expect(words).to_contain_text("know nothing")
    random = lab.probabilities()
    lab.train_to_the_end()
    expect(lab.page.get_by_label("Reads")).to_have_value("mine")
    expect(words).to_contain_text("your network, after 2 epochs")
    lab.read_by("random").expect_probabilities(random)


# ── The picture ────────────────────────────────────────────────────────────────────────────────


def test_each_hidden_unit_is_a_picture_that_training_changes(bench: Lab) -> None:
    lab = bench.use(**SMALL)
    expect(lab.page.locator("[data-testid^=hidden-unit-]")).to_have_count(32)
    before = [picture(lab, number) for number in range(32)]
    lab.train_to_the_end()
    for number in range(32):
        expect(unit(lab, number)).to_be_visible()
    assert sum(picture(lab, number) != before[number] for number in range(32)) > 25


def test_a_unit_opens_with_its_exact_sum_and_can_be_silenced_and_mended(bench: Lab) -> None:
    lab = bench.use(**SMALL).train_to_the_end().draw(DIGITS[3])
    whole = lab.probabilities(quiet=600)  # what fires is painted less often
    name = lab.page.locator("[data-testid^=hidden-unit-][data-fires]").first.get_attribute("data-testid")
    firing = lab.page.get_by_test_id(name or "")
    expect(firing).to_have_accessible_name(re.compile("fires"))
    firing.focus()
    lab.page.keyboard.press("Enter")
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_contain_text("Hidden unit")
    expect(dialog).to_contain_text(re.compile(r"pixels that push up [\d.]+, down -?[\d.]+, bias"))
    expect(dialog).to_contain_text("ReLU passes it")
    dialog.get_by_role("button", name="Silence it").click()
    expect(firing).to_have_attribute("data-silenced", "")
    expect(firing).to_have_accessible_name(re.compile("silenced"))
    assert lab.probabilities() != whole
    expect(lab.page.get_by_test_id("model")).to_contain_text("broken on purpose")
    lab.look_at("Inspect").button("Mend").click()
    lab.look_at("Watch").expect_probabilities(whole)


# ── The loss ───────────────────────────────────────────────────────────────────────────────────


def becomes_other(lab: Lab, chart: Locator, before: str) -> str:
    """Wait until the chart, which is painted now and then, looks otherwise."""
    lab.page.wait_for_function(
        "before => document.querySelector('[data-testid=loss-chart] canvas').toDataURL() !== before", arg=before
    )
    return lab.look_of(chart.locator("canvas"))


def test_one_batch_is_seen_in_the_chart_and_its_scale_can_be_logarithmic(bench: Lab) -> None:
    lab = bench.use(**SMALL)
    chart = lab.page.get_by_test_id("loss-chart")
    expect(chart).to_have_attribute("data-empty", "")
    empty = lab.look_of(chart.locator("canvas"))
    lab.step(1)
    expect(chart).not_to_have_attribute("data-empty", "")
    one = becomes_other(lab, chart, empty)
    lab.page.get_by_label("log scale").check()
    becomes_other(lab, chart, one)
    lab.page.get_by_label("log scale").uncheck()


def test_why_training_lies_above_validation_is_said(trained: Lab) -> None:
    expect(trained.page.get_by_test_id("loss-note")).to_contain_text("while the network still learns")


# ── Epoch by epoch ─────────────────────────────────────────────────────────────────────────────


def test_the_filmstrip_has_an_item_an_epoch_and_another_drawing_another_film(bench: Lab) -> None:
    lab = bench.use(**SMALL).draw(DIGITS[0])
    strip = lab.page.get_by_test_id("filmstrip")
    expect(strip).to_be_hidden()
    lab.train_to_the_end()
    items = strip.get_by_role("listitem")
    expect(items).to_have_count(2)
    assert [item.get_attribute("data-epoch") for item in items.all()] == ["1", "2"]
    last = items.last
    probabilities = lab.probabilities()
    best = max(probabilities)
    expect(last).to_have_attribute("data-digit", str(probabilities.index(best)))
    expect(last).to_have_attribute("data-probability", re.compile(f"^{re.escape(lab.in_javascript(best))}$"))
    before = [item.get_attribute("data-probability") for item in items.all()]
    lab.clear().draw(DIGITS[7])
    expect(items.last).not_to_have_attribute("data-probability", before[1] or "")
    expect(items).to_have_count(2)
    lab.reset()
    expect(strip).to_be_hidden()


# ── Room, and what it costs ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("width", "height"), [(853, 480), (844, 390), (1280, 720)])
def test_pad_and_chart_are_seen_together(trained: Lab, width: int, height: int) -> None:
    before = trained.page.viewport_size
    trained.page.set_viewport_size({"width": width, "height": height})
    trained.page.evaluate("scrollTo(0, 0)")
    try:
        for part in (trained.pad, trained.page.get_by_test_id("loss-chart").locator("canvas")):
            expect(part).to_be_in_viewport(ratio=0.95)
    finally:
        trained.page.set_viewport_size(before or {"width": 1280, "height": 720})


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 720)])
def test_the_bar_never_leaves_and_nothing_moves_under_a_drawing_finger(bench: Lab, width: int, height: int) -> None:
    lab = bench.use(**SMALL | {"epochs": 1000})
    before = lab.page.viewport_size
    lab.page.set_viewport_size({"width": width, "height": height})
    try:
        places = [lab.pad.bounding_box()]
        lab.train().wait_for_an_epoch()
        places.append(lab.pad.bounding_box())
        lab.pause()
        places.append(lab.pad.bounding_box())
        assert places[0] == places[1] == places[2]
        lab.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        for name in ("Train", "One batch", "New network", "Settings"):
            expect(lab.button(name)).to_be_in_viewport()
        expect(lab.page.get_by_test_id("test-accuracy")).to_be_in_viewport()
    finally:
        lab.page.evaluate("scrollTo(0, 0)")
        lab.page.set_viewport_size(before or {"width": 1280, "height": 720})


LOOKS = {"weights", "film", "trace", "results", "code", "unit", "test-images"}


def test_what_is_not_in_view_is_not_asked_for(bench: Lab) -> None:
    lab = bench.use(**SMALL | {"epochs": 1000}).look_at("Compare")
    lab.draw(DIGITS[2])
    lab.asked()
    lab.train().wait_for_more_epochs()
    assert not lab.asked() & LOOKS
    lab.look_at("Watch").wait_for_more_epochs()
    assert lab.asked() & LOOKS == {"weights", "film"}
    lab.pause()
