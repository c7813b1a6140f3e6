"""The worker that Python runs in: when it dies, and what it must not do."""

import re

import pytest
from playwright.sync_api import expect

from builder.serve import serving

from .digits import DIGITS
from .lab import SMALL, Lab


@pytest.mark.parametrize(("death", "noticed"), [("throw", 3_000), ("close", 20_000)])
def test_a_worker_that_dies_is_replaced_and_the_last_epoch_kept(lab: Lab, death: str, noticed: float) -> None:
    lab.watch.expect("provoked by a test")
    lab.equip_worker().open(**SMALL | {"epochs": 1000}).draw(DIGITS[2])
    lab.train().wait_for_an_epoch()
    lab.tell_worker(death)
    lab.wait_for_state("failed", noticed)
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
