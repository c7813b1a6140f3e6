"""Measure what other threads bring to the page: how long it takes an epoch of all 60,000 images with and without them.

    .venv/bin/python -m tests.benchmarks.threads            # about five minutes, on a machine that does nothing else

Pages in Chromium train an epoch each, in turn: one as on the first visit, and such that are isolated, as from the
second on, which try how many threads are best for each product, or have a number forced on them. Only large products
are shared (WORTHWHILE in mlp_py/kernel.c), so at smaller batches all do the same. What a product takes by itself does
not tell: a thread also keeps the machine from drawing the page, and Python from a core that is not disturbed.
"""

import argparse
import os
import sys
from collections import defaultdict
from contextlib import ExitStack
from statistics import fmean, median

from playwright.sync_api import Browser, Page, sync_playwright

from builder.serve import serving

from . import browser, page, report, site

SIZES = (128, 1024)
ROUNDS = 15
HOOK = "next() {"


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.threads", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"epochs of each; default: {ROUNDS}")
    rounds = parser.parse_args(arguments).rounds
    folder = site.make(with_peers=False)
    with (
        sync_playwright() as playwright,
        serving(folder) as plain,
        serving(folder, handler=site.IsolatedHandler) as isolated,
    ):
        running = browser.launch(playwright, "chromium")
        for size in SIZES:
            with ExitStack() as stack:
                pages = {"as on the first visit": _opened(stack, running, plain, size)}
                pages["isolated"] = _opened(stack, running, isolated, size)
                for count in range(min(4, os.cpu_count() or 1)):
                    pages[f"isolated, always {count} more"] = _opened(stack, running, isolated, size, count)
                took: dict[str, list[float]] = defaultdict(list)
                for _ in range(rounds):
                    for name, tab in pages.items():
                        took[name].append(_epoch(tab))
            print(f"\nBatches of {size}, {rounds} epochs of each\n\n{_table(took)}", flush=True)
        running.close()
    return 0


def _opened(stack: ExitStack, running: Browser, url: str, size: int, count: int | None = None) -> Page:
    """A page that has all images; with a number of threads forced on it, unless that is None."""
    context = stack.enter_context(page.visitor(running))
    if count is not None:
        page.change_worker(context, lambda code: _forced(code, count))
    rate = 0.01 * 32 / size  # the notes sum the gradients over the batch
    tab, _ = page.opened(context, url, batch_size=size, training_images=60_000, epochs=1, learning_rate=rate)
    _epoch(tab)
    return tab


def _epoch(tab: Page) -> float:
    """Train for an epoch; the seconds that took, by the page's own clock."""
    tab.bring_to_front()
    return page.train_to_the_end(tab)


def _forced(code: str, count: int) -> str:
    if code.count(HOOK) != 1:
        raise RuntimeError(f"worker.js has “{HOOK}” {code.count(HOOK)} times")
    return code.replace(HOOK, f"{HOOK}\n    return {count};")


def _table(took: dict[str, list[float]]) -> str:
    first = next(iter(took.values()))
    rows = [
        [name, *(f"{figure(values):.2f}" for figure in (min, median, fmean)), f"{median(values) / median(first):.2f}"]
        for name, values in took.items()
    ]
    return report.table(["s an epoch", "least", "median", "mean", "times the first, by the median"], rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
