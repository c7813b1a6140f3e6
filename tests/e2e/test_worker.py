"""The worker that Python runs in: when it dies, and what it must not do."""

import re

import pytest
from playwright.sync_api import expect

from builder.serve import serving

from .digits import DIGITS
from .lab import SMALL, Lab

AT_ONCE = 6_000
"""How long, in ms, a worker's death may go unnoticed on a busy machine; silence alone would take over ten seconds."""


@pytest.mark.parametrize("death", ["throw", "close"])
def test_a_worker_that_dies_is_replaced_and_the_last_epoch_kept(lab: Lab, death: str) -> None:
    lab.watch.expect("provoked by a test")
    lab.equip_worker().open(**SMALL | {"epochs": 1000}).draw(DIGITS[2])
    lab.train().wait_for_an_epoch()
    lab.tell_worker(death)
    lab.wait_for_state("failed", AT_ONCE)
    expect(lab.error).to_have_role("alert")
    expect(lab.error).to_contain_text("kept")
    lab.button("Restart").click()
    lab.wait_until_booted()
    expect(lab.error).to_be_hidden()
    epochs = int(lab.losses()[-1][0])
    expect(lab.status).to_contain_text(f"after epoch {epochs}")
    kept = lab.probabilities()
    lab.change("epochs", "1").train_to_the_end(epochs + 1)
    # The network that was kept is the one of that epoch: made again, it reads the drawing the same.
    lab.reset().change("epochs", str(epochs)).train_to_the_end(epochs)
    lab.expect_probabilities(kept)


@pytest.mark.parametrize("death", ["throw", "close"])
def test_a_worker_that_dies_while_nothing_is_asked_of_it_is_noticed_at_once(lab: Lab, death: str) -> None:
    lab.watch.expect("provoked by a test")
    lab.equip_worker().open(**SMALL).draw(DIGITS[4])
    read = lab.probabilities()  # and so at rest
    lab.tell_worker(death)
    lab.wait_for_state("failed", AT_ONCE)
    expect(lab.error).to_contain_text("Restart")
    lab.button("Restart").click()
    lab.wait_until_booted()
    lab.expect_probabilities(read)
    assert lab.train_to_the_end().state == "ready"


def test_a_worker_that_dies_before_any_epoch_starts_afresh(lab: Lab, small_losses: list[list[str]]) -> None:
    lab.watch.expect("provoked by a test")
    lab.equip_worker().open(**SMALL).step(1).tell_worker("throw")
    lab.wait_for_state("failed")
    expect(lab.page.get_by_role("alert").get_by_role("button")).to_have_text(["Restart"])
    expect(lab.button("Train")).to_be_disabled()
    lab.button("Restart").click()
    assert lab.wait_until_booted().train_to_the_end().losses() == small_losses


def test_neither_page_nor_worker_reach_another_origin(lab: Lab, site: str) -> None:
    lab.equip_worker().open()
    assert lab.fetch_in_worker(f"{site}icon.svg") == "fetched"
    with serving() as elsewhere:
        lab.watch.expect(f"Content.Security.Policy|connect-src|{re.escape(elsewhere)}")
        assert lab.fetch_in_worker(f"{elsewhere}icon.svg") == "refused"
        fetch = "url => fetch(url, { mode: 'no-cors' }).then(() => 'fetched', () => 'refused')"
        assert lab.page.evaluate(fetch, f"{site}icon.svg") == "fetched"
        assert lab.page.evaluate(fetch, f"{elsewhere}icon.svg") == "refused"
