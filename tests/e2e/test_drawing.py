"""The pad: mouse, touch, pen and keyboard, and what the network sees of it."""

import re

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from .digits import DIGITS, Point, Stroke
from .lab import READ_BACK, Lab

A_DIGIT = re.compile(r"^\d$")
PIXELS = range(28)


def test_an_empty_pad_reads_as_a_question_mark(trained: Lab) -> None:
    expect(trained.prediction).to_have_text("?")
    assert trained.probabilities() == [0] * 10
    assert not any(map(any, trained.picture()))
    expect(trained.button("Clear")).to_be_disabled()


def test_undo_takes_back_one_stroke_and_clear_all(trained: Lab) -> None:
    trained.draw(DIGITS[4][:1])
    one_stroke = trained.probabilities()
    trained.draw(DIGITS[4][1:])
    assert trained.probabilities() != one_stroke
    trained.button("Undo").click()
    trained.expect_probabilities(one_stroke)
    trained.draw(DIGITS[4][1:])
    expect(trained.prediction).to_have_text("4")
    trained.button("Clear").click()
    expect(trained.prediction).to_have_text("?")
    assert not has_ink(trained.pad)
    trained.button("Undo").click()
    expect(trained.prediction).to_have_text("4")
    trained.clear()


def test_control_z_takes_back_a_stroke_too(trained: Lab) -> None:
    trained.draw(DIGITS[1])
    expect(trained.prediction).to_have_text(A_DIGIT)
    trained.page.keyboard.press("Control+z")
    expect(trained.prediction).to_have_text("?")


def test_a_dot_is_ink_but_no_digit(trained: Lab) -> None:
    trained.draw([[(0.2, 0.2)]])
    expect(trained.prediction).to_have_text("?")
    expect(trained.page.get_by_test_id("certainty")).to_contain_text("a dot")
    expect(trained.pad).to_have_attribute("data-strokes", "1")


def test_a_dot_can_be_seen(trained: Lab) -> None:
    trained.draw([[(0.2, 0.2)]])
    assert has_ink(trained.pad)


def test_a_scribble_is_no_digit(trained: Lab) -> None:
    back_and_forth = [(0.2 + 0.6 * (i % 2), 0.2 + 0.02 * i) for i in range(30)]
    trained.draw([back_and_forth])
    expect(trained.prediction).to_have_text("?")
    expect(trained.page.get_by_test_id("certainty")).to_contain_text("not look like a digit")


def test_a_small_digit_in_a_corner_is_seen_large_and_in_the_middle(trained: Lab) -> None:
    trained.draw(scaled(DIGITS[3], 0.3, (0.65, 0.05)))
    expect(trained.prediction).to_have_text("3")
    in_the_middle(trained)
    trained.clear().draw(scaled(DIGITS[7], 1.0, (0, 0)))
    expect(trained.prediction).to_have_text("7")
    in_the_middle(trained)


def in_the_middle(lab: Lab) -> None:
    """The centre of the ink's mass is in the middle of the picture, and its box about 20 high."""
    lab.probabilities()
    picture = lab.picture()
    total = sum(map(sum, picture))
    across = sum(x * picture[y][x] for y in PIXELS for x in PIXELS) / total
    down = sum(y * sum(picture[y]) for y in PIXELS) / total
    assert abs(across - 13.5) <= 1
    assert abs(down - 13.5) <= 1
    rows = [y for y in PIXELS if any(picture[y])]
    assert 19 <= rows[-1] - rows[0] + 1 <= 22
    assert max(map(max, picture)) == 255


def test_the_keyboard_draws_a_one(trained: Lab) -> None:
    trained.pad.focus()
    press(trained, "ArrowUp", 8)
    expect(trained.prediction).to_have_text("?")  # the pen is up
    press(trained, "Space", 1)
    press(trained, "ArrowDown", 16)
    press(trained, "Space", 1)
    press(trained, "ArrowRight", 9)
    expect(trained.prediction).to_have_text("1")
    columns = [x for x in PIXELS if any(row[x] for row in trained.picture())]
    assert columns[-1] - columns[0] < 6, "the pen drew while it was up"


def press(lab: Lab, key: str, times: int) -> None:
    for _ in range(times):
        lab.page.keyboard.press(key)


@pytest.mark.only("chromium")  # the automation of Firefox has no fingers
def test_a_finger_draws_and_a_second_one_does_not(trained: Lab) -> None:
    devtools = trained.page.context.new_cdp_session(trained.page)
    places = trained.places(DIGITS[2])[0]
    scrolled = trained.page.evaluate("scrollY")
    touch(devtools, "touchStart", [places[0]])
    for place in places[1:]:
        touch(devtools, "touchMove", [place])
    expect(trained.prediction).to_have_text("2")
    before = trained.probabilities()
    corner = trained.places([[(0.05, 0.05)]])[0][0]
    touch(devtools, "touchStart", [places[-1], corner])
    touch(devtools, "touchEnd", [])
    assert trained.probabilities() == before
    assert trained.page.evaluate("scrollY") == scrolled


def touch(devtools: CDPSession, kind: str, places: list[Point]) -> None:
    points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
    devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.only("chromium")  # the automation of Firefox has no pen
def test_a_pen_draws(trained: Lab) -> None:
    devtools = trained.page.context.new_cdp_session(trained.page)
    for places in trained.places(DIGITS[5]):
        pen(devtools, "mousePressed", places[0])
        for place in places[1:]:
            pen(devtools, "mouseMoved", place)
        pen(devtools, "mouseReleased", places[-1])
    expect(trained.prediction).to_have_text("5")


def pen(devtools: CDPSession, kind: str, place: Point) -> None:
    event = {"type": kind, "x": place[0], "y": place[1], "button": "left", "buttons": 1, "pointerType": "pen"}
    devtools.send("Input.dispatchMouseEvent", {**event, "clickCount": 0 if kind == "mouseMoved" else 1})


def scaled(strokes: list[Stroke], scale: float, at: Point) -> list[Stroke]:
    return [[(at[0] + scale * x, at[1] + scale * y) for x, y in stroke] for stroke in strokes]


def has_ink(pad: Locator) -> bool:
    """Whether anything is painted on the pad."""
    return any(pad.evaluate(READ_BACK))
