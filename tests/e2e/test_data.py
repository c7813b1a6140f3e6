"""The digits to learn from: when they do not come, and when all of them are wanted."""

import re

import pytest
from playwright.sync_api import Route, expect

from builder.paths import DIST

from .digits import DIGITS
from .lab import BOOT, PLAIN, SMALL, Lab

pytestmark = pytest.mark.either  # what is told, and asked for again

ALL = PLAIN | {"training_images": 60_000, "epochs": 1, "batch_size": 500, "learning_rate": 0.0005}

FIRST_DIGITS = re.compile(r"/data/(t10k|train-\w+-1)")


def aborted(route: Route) -> None:
    route.abort()


def missing(route: Route) -> None:
    route.fulfill(status=404, body="not found")


def cut_short(route: Route) -> None:
    file = DIST / "data" / route.request.url.rpartition("/")[2]
    content = file.read_bytes()
    route.fulfill(body=content[: len(content) // 2], content_type="application/gzip")


def a_web_page(route: Route) -> None:
    """What some hosts answer, with 200, for whatever they do not have."""
    route.fulfill(body="<!doctype html><title>Not found</title>", content_type="text/html")


def test_digits_that_do_not_come_are_told_and_fetched_again(lab: Lab) -> None:
    lab.watch.expect("Failed to load resource|404|input is ended|NetworkError")
    mend = lab.break_network(FIRST_DIGITS, aborted)
    lab.open(**SMALL)
    tells_what_to_do(lab, "no connection")
    lab.draw(DIGITS[8])
    expect(lab.prediction).to_have_text(re.compile(r"^\d$"))
    for how, words in ((missing, "404"), (cut_short, "damaged")):
        mend()
        mend = lab.break_network(FIRST_DIGITS, how)
        lab.train()
        tells_what_to_do(lab, words)
    mend()
    lab.train_to_the_end()
    expect(lab.error).to_be_hidden()


def test_a_web_page_in_place_of_digits_is_told_too(lab: Lab) -> None:
    mend = lab.break_network(FIRST_DIGITS, a_web_page)
    lab.open(**SMALL)
    tells_what_to_do(lab, "damaged")
    mend()
    lab.train_to_the_end()


def tells_what_to_do(lab: Lab, what_is_wrong: str) -> None:
    expect(lab.error).to_have_role("alert")
    expect(lab.error).to_contain_text(what_is_wrong)
    expect(lab.error).to_contain_text(re.compile("press Train again", re.IGNORECASE))
    lab.wait_for_state("ready")


def test_all_60_000_are_fetched_once_and_only_when_chosen(lab: Lab) -> None:
    lab.open(**SMALL).train_to_the_end()
    assert lab.watch.count_requests("train-images-1") >= 1
    assert lab.watch.count_requests("train-images-2") == 0
    lab.reset()
    for name, value in ALL.items():
        lab.change(name, str(value))
    release = lab.hold("data/train-images-2*")
    lab.train()
    progress = lab.page.get_by_test_id("boot-progress")
    expect(progress).to_be_visible()
    expect(progress).to_contain_text(re.compile(r"\d\.\d of 8\.\d MB"))
    release()
    lab.wait_for_epochs(1).wait_for_state("ready")
    expect(progress).to_be_hidden()
    assert lab.figure("batch") == 60_000 // ALL["batch_size"]
    first = lab.losses()
    assert lab.reset().train_to_the_end(1).losses() == first
    assert lab.watch.count_requests("train-images-2") == 1


def test_when_the_other_50_000_do_not_come_the_network_stays(lab: Lab) -> None:
    lab.watch.expect("Failed to load resource")
    lab.open(**SMALL).train_to_the_end()
    trained = lab.losses()
    mend = lab.break_network("data/train-*-2*", aborted)
    with lab.drawer():
        lab.button("60,000").click()
    expect(lab.field("training_images")).to_have_value("60000")
    lab.train()
    expect(lab.error).to_contain_text("train-images-2", timeout=BOOT)
    assert lab.state == "ready"
    assert lab.losses() == trained
    mend()
    lab.change("epochs", "1").change("batch_size", "500").change("learning_rate", "0.0005").train_to_the_end(3)
    assert lab.figure("batch") == 120
