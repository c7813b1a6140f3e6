"""Measure what it costs to train changed code of the shipped kind: mlp.py as it came, and with a comment more.

    .venv/bin/python -m tests.benchmarks.editing    # two minutes, on an idle machine

Printed are the medians of the rounds, in ms a batch. The shipped text runs as the faster FastMLP, equal to the last
bit; a changed one as it is written.
"""

import sys
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from builder.paths import DIST
from builder.serve import serving
from mlp_py.network_code import shipped
from mlp_py.sharing import shared

from . import browser
from .page import milliseconds, visitor

IMAGES, EPOCHS, BATCH = 10_000, 6, 32
PATIENCE = 120_000  # ms
EDITED = shared(shipped() + "\n# mine\n")


def main(arguments: list[str]) -> int:
    """Measure and print."""
    n_rounds, names = browser.options("editing", __doc__, 3, arguments)
    with sync_playwright() as playwright, serving(DIST) as url:
        for name in names:
            with browser.launch(playwright, name) as running:
                rounds = [(train(running, url, ""), train(running, url, EDITED)) for _ in range(n_rounds)]
            usual, edited = (median(each) for each in zip(*rounds, strict=True))
            print(f"{name}: shipped {usual:.3f} ms, edited {edited:.3f} ms, {edited / usual:.2f} times", flush=True)
    return 0


def train(running: Browser, url: str, code: str) -> float:
    """Milliseconds a batch, evaluations left out, the first epoch too."""
    with visitor(running) as context:
        page = context.new_page()
        offered = f"&tab=code&code={code}" if code else ""
        page.goto(f"{url}#training_images={IMAGES}&epochs={EPOCHS}&batch_size={BATCH}&augment=0&decay=0{offered}")
        page.locator("html[data-state=ready]").wait_for(state="attached", timeout=PATIENCE)
        if code:
            page.get_by_role("button", name="Use this code").click()
            page.locator("[data-testid=code-in-use][data-value=mine]").wait_for(state="attached", timeout=PATIENCE)
        page.get_by_role("tab", name="Compare").click()
        return milliseconds(page, EPOCHS, IMAGES // BATCH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
