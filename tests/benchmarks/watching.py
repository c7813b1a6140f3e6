"""Measure what looking costs training: each tab open in turn, in real browsers, with a drawing on the pad.

    .venv/bin/python -m tests.benchmarks.watching    # four minutes, on an idle machine

Printed are, for each tab, the median of the rounds in ms a batch, against that with Compare open, where nothing is
looked at; and, in Chromium, how many tasks of the page's main thread took over 50 ms while it trained, and the longest.
"""

import sys
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from builder.paths import DIST
from builder.serve import serving

from . import browser
from .page import milliseconds, visitor

TABS = ("compare", "watch", "code", "inspect")
IMAGES, EPOCHS, BATCH = 10_000, 6, 32
PATIENCE = 120_000  # ms


def main(arguments: list[str]) -> int:
    """Measure and print."""
    n_rounds, names = browser.options("watching", __doc__, 4, arguments)
    with sync_playwright() as playwright, serving(DIST) as url:
        for name in names:
            with browser.launch(playwright, name) as running:
                rounds = [{tab: train(running, url, tab) for tab in TABS} for _ in range(n_rounds)]
            usual = median(each["compare"][0] for each in rounds)
            for tab in TABS:
                spent = median(each[tab][0] for each in rounds)
                tasks = [task for each in rounds for task in each[tab][1]]
                blocked = (
                    f", {len(tasks)} tasks over 50 ms, {max(tasks, default=0):.0f} ms" if name == "chromium" else ""
                )
                print(f"{name}, {tab}: {spent:.3f} ms, {spent / usual:.3f} times{blocked}", flush=True)
    return 0


def train(running: Browser, url: str, tab: str) -> tuple[float, list[float]]:
    """Milliseconds a batch, evaluations left out, the first epoch too; and the long tasks while it trained, in ms."""
    with visitor(running) as context:
        page = context.new_page()
        page.goto(f"{url}#training_images={IMAGES}&epochs={EPOCHS}&batch_size={BATCH}&augment=0&decay=0&tab={tab}")
        page.locator("html[data-state=ready]").wait_for(state="attached", timeout=PATIENCE)
        pad = page.get_by_test_id("pad")
        pad.hover(position={"x": 100, "y": 40})
        page.mouse.down()
        pad.hover(position={"x": 90, "y": 200})
        page.mouse.up()
        spent = milliseconds(page, EPOCHS, IMAGES // BATCH)
        (*_, start) = page.evaluate("diary.clicks")
        tasks = page.evaluate("start => diary.longTasks.filter(([at]) => at > start + 100).map(([, ms]) => ms)", start)
    return spent, tasks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
