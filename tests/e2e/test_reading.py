"""Reading before any training, every stage of it, and putting right what was misread."""

import json
import re

import pytest
from playwright.sync_api import expect

from .digits import DIGITS
from .lab import SMALL, Lab

pytestmark = pytest.mark.either  # the page's own doing


def test_a_starter_model_reads_before_any_training(lab: Lab) -> None:
    lab.open()
    expect(lab.page.get_by_test_id("model")).to_contain_text("starter model")
    right = 0
    for digit, strokes in enumerate(DIGITS):
        lab.draw(strokes)
        expect(lab.page.get_by_test_id("certainty")).to_contain_text("%")
        right += lab.prediction.inner_text() == str(digit)
        lab.clear()
    assert right >= 9


def test_train_begins_with_a_network_that_knows_nothing(bench: Lab) -> None:
    bench.use(**SMALL).read_by("starter").step(1)
    expect(bench.page.get_by_test_id("model")).to_contain_text("your network")
    assert bench.figure("loss") > 1.5


def test_reset_gives_random_weights(bench: Lab) -> None:
    bench.use(**SMALL).step(1).reset()
    expect(bench.page.get_by_test_id("model")).to_contain_text("random weights")


def test_every_stage_of_a_drawing_is_shown(trained: Lab) -> None:
    lab = trained
    stages = lab.page.get_by_test_id("stages")
    stages.get_by_role("heading").click()
    expect(stages.get_by_role("listitem")).to_have_count(5)
    ink = "canvas => { const d = canvas.getContext('2d').getImageData(0, 0, 224, 224).data;" + (
        " return d.some((value, i) => i % 4 < 3 && value > 60 && d[i - (i % 4) + 3] > 200) }"
    )
    lab.draw(DIGITS[5])
    expect(lab.prediction).to_have_text(re.compile(r"\d"))
    for stage in ("box", "scaled", "centred", "numbers"):
        assert stages.locator(f"[data-stage={stage}]").evaluate(ink), stage
    stages.get_by_role("heading").click()


def test_a_misread_drawing_is_put_right_kept_mixed_in_exported_and_deleted(lab: Lab) -> None:
    lab.open(**SMALL | {"epochs": 1})
    kept = lab.page.get_by_test_id("corrections")
    lab.draw(DIGITS[2])
    lab.correct(7)
    expect(kept).to_have_attribute("data-value", "1")
    expect(kept).to_contain_text("Noted: a 7")

    address = lab.page.get_by_test_id("address")
    expect(address).to_contain_text("others see the same numbers")
    with_it = lab.train_to_the_end(1).losses()
    expect(address).to_contain_text("20 images of your corrections")
    expect(address).not_to_contain_text("others see the same numbers")
    lab.page.get_by_role("checkbox", name="Mix into training").uncheck()
    assert lab.reset().train_to_the_end(1).losses() != with_it
    expect(address).to_contain_text("others see the same numbers")
    lab.page.get_by_role("checkbox", name="Mix into training").check()
    assert lab.reset().train_to_the_end(1).losses() == with_it

    exported = json.loads(lab.save_file("Export", ".json").read_text())
    assert [drawing["label"] for drawing in exported] == [7]
    assert all(0 <= number <= 255 for stroke in exported[0]["strokes"] for point in stroke for number in point)

    lab.page.reload()
    lab.wait_until_booted()
    expect(kept).to_have_attribute("data-value", "1")
    lab.button("Delete all").click()
    expect(kept).to_have_attribute("data-value", "0")
    lab.page.reload()
    lab.wait_until_booted()
    expect(kept).to_be_hidden()


def test_corrections_that_cannot_be_stored_are_not_said_to_be_kept(lab: Lab) -> None:
    lab.page.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    lab.open().draw(DIGITS[4]).correct(4)
    expect(lab.page.get_by_test_id("corrections")).to_contain_text("1 correction is kept until the page is closed.")
    expect(lab.error).to_contain_text("no room left in this browser")
    lab.error.get_by_role("button", name="Close").click()
    lab.train_to_the_end()
    expect(lab.error).to_be_hidden()  # once is enough


def test_corrections_of_two_tabs_are_all_kept(lab: Lab) -> None:
    lab.open()
    other = Lab(lab.page.context.new_page(), lab.url, lab.watch, lab.downloads).open()
    for tab, digit in ((lab, 4), (other, 6)):
        tab.page.bring_to_front()
        tab.draw(DIGITS[digit]).correct(digit)
    expect(other.page.get_by_test_id("corrections")).to_have_attribute("data-value", "2")
    lab.page.bring_to_front()
    lab.boot_again()
    expect(lab.page.get_by_test_id("corrections")).to_have_attribute("data-value", "2")


def test_corrections_that_something_else_has_written_over_do_no_harm(lab: Lab) -> None:
    lab.open()
    lab.page.evaluate("localStorage.setItem('mlp-corrections', '[{\"label\": 77}, 3, null]')")
    lab.page.reload()
    lab.wait_until_booted()
    expect(lab.page.get_by_test_id("corrections")).to_be_hidden()


def test_augment_and_decay_are_settings_that_change_the_losses(bench: Lab) -> None:
    lab = bench.use(**SMALL | {"augment": 0, "decay": 0})
    seen = [str(lab.train_to_the_end().losses())]
    for name in ("Augment", "Decay"):
        expect(lab.field(name.lower())).not_to_be_checked()
        lab.change(name.lower(), "1")
        assert f"{name.lower()}=1" in lab.hash
        seen.append(str(lab.reset().train_to_the_end().losses()))
    assert len(set(seen)) == len(seen)
