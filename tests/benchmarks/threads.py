"""Measure what other threads bring: how long the page's network takes a batch with each way that it tries.

    .venv/bin/python -m tests.benchmarks.threads            # a minute or two, on a machine that does nothing else

In the page itself, isolated as from the second visit on, in Chromium. Forward, loss and backward, each way for some
batches, in turn; printed are medians in milliseconds, and the least that a batch took.
"""

import argparse
import sys
from collections import defaultdict
from statistics import median

from playwright.sync_api import sync_playwright

from builder.serve import serving

from . import browser, page, report, site
from .loops import PAPER

SIZES = (32, 128, 1024)
HOOK = "next() {"
FORCED = "next() {\n    if (self.way !== undefined) return self.way;"
MORE = "\nself.pythonHere = () => python;\nself.threadCount = () => threads.jobs.length;\n"
TIMES = f"""
import time
import numpy as np
from mlp_py.fast import FastMLP

def times(batch_size, n):
    rng = np.random.default_rng(0)
    X = rng.random((batch_size, 784), np.float32)
    X[rng.random(X.shape) < {PAPER}] = 0  # as of digits
    y = rng.integers(0, 10, batch_size).astype(np.uint8)
    model, took = FastMLP(rng=0, dtype=np.float32), []
    for _ in range(n):
        started = time.perf_counter()
        model.calculate_loss(y, model.forward(X))
        model.backward(X, y, 1e-30)  # which moves no weight
        took.append(1000 * (time.perf_counter() - started))
    return took
"""


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.threads", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=6)
    rounds = parser.parse_args(arguments).rounds
    with sync_playwright() as playwright, serving(site.make(with_peers=False), handler=site.IsolatedHandler) as url:
        running = browser.launch(playwright, "chromium")
        with page.visitor(running) as context:
            page.change_worker(context, _with_hook)
            tab, _ = page.opened(context, url, batch_size=128, training_images=1_000, epochs=1)
            tab.get_by_role("button", name="Train", exact=True).click()
            with tab.expect_worker():
                pass
            tab.wait_for_selector('html[data-state="ready"]', state="attached")
            worker = tab.workers[0]
            worker.evaluate("code => pythonHere().pyodide.runPython(code)", TIMES)
            ways = range(1 + worker.evaluate("threadCount()"))
            took: dict[tuple[int, int], list[float]] = defaultdict(list)
            for _ in range(rounds):
                for size in SIZES:
                    for way in ways:
                        took[size, way] += worker.evaluate(
                            "([way, size, n]) => {"
                            "  self.way = way;"
                            "  return pythonHere().pyodide.globals.get('times')(size, n).toJs();"
                            "}",
                            [way, size, max(20, 6_400 // size)],
                        )
        running.close()
    rows = [
        [
            f"{way} more" if way else "alone",
            *(f"{median(took[size, way]):.2f} ({min(took[size, way]):.2f})" for size in SIZES),
            *(f"{median(took[size, way]) / median(took[size, 0]):.2f}" for size in SIZES),
        ]
        for way in ways
    ]
    head = ["", *(f"ms a batch of {size}" for size in SIZES), *(f"times alone, {size}" for size in SIZES)]
    print(report.table(head, rows))
    return 0


def _with_hook(code: str) -> str:
    """Let each product be done in a way that is asked for."""
    if code.count(HOOK) != 1:
        raise RuntimeError(f"worker.js has “{HOOK}” {code.count(HOOK)} times")
    return code.replace(HOOK, FORCED) + MORE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
