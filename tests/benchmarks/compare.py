"""Compare how fast two builds of the site train, in one sitting, in real browsers.

    .venv/bin/python -m tests.benchmarks.compare OLD/dist NEW/dist    # five minutes, on an idle machine

Keep a dist/ before a change, and name it first. The builds take turns, each time in a fresh page of plain settings
(without Augment and Decay); printed are the medians of the rounds in ms a batch, and their ratio.
"""

import argparse
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from builder.browsers import NAMES
from builder.serve import serving

from . import browser
from . import page as page_benchmark

IMAGES, EPOCHS = 10_000, 6
RATES = {32: 0.01, 128: 0.0025}  # by batch size: gradients are summed over the batch
PATIENCE = 120_000  # ms


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.compare",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args(arguments)
    with sync_playwright() as playwright, serving(options.old) as old, serving(options.new) as new:
        for name in NAMES:
            with browser.launch(playwright, name) as running:
                for batch_size in RATES:
                    before, after = [], []
                    for _ in range(options.rounds):
                        before.append(milliseconds(running, old, batch_size))
                        after.append(milliseconds(running, new, batch_size))
                    old_ms, new_ms = median(before), median(after)
                    times = f"{old_ms:.2f} -> {new_ms:.2f} ms, {new_ms / old_ms:.2f} times"
                    print(f"{name}, batch {batch_size}: {times}", flush=True)
    return 0


def milliseconds(running: Browser, url: str, batch_size: int) -> float:
    """Milliseconds a batch of a training in a fresh page, its evaluations left out; the first epoch warms up."""
    settings = f"training_images={IMAGES}&epochs={EPOCHS}&batch_size={batch_size}&learning_rate={RATES[batch_size]}"
    context = running.new_context()
    try:
        page = context.new_page()
        page.goto(f"{url}#{settings}&augment=0&decay=0")
        page.locator("html[data-state=ready]").wait_for(state="attached", timeout=PATIENCE)
        return page_benchmark.milliseconds(page, EPOCHS, IMAGES // batch_size)
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
