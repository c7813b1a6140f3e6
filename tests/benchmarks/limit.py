"""Measure how near the page comes to native code, and to the most that one core can do with 128-bit vectors.

    .venv/bin/python -m tests.benchmarks.limit               # about five minutes, on a machine that does nothing else

Who shares a machine with others gets a varying part of it: the same batch takes 0.6 ms in one second and 1.2 in the
next. So all take turns, and what is timed are windows of 40 ms, ten in each turn: the page as it trains in its tab,
whose slices are as long, on the first visit and isolated, as from the second on; the loop of mlp_py in Pyodide; the
notes' code natively, in both ways of its allocator; and peak.c in the tab. The least of a contender's windows is what
it takes undisturbed, the median what one gets here. The limit is the time of all of a batch's multiplications and
additions at the speed of peak.c, were all else for nothing; the page leaves out those with paper, pixels that are 0.
"""

import argparse
import sys
from collections import defaultdict
from itertools import pairwise
from statistics import median

from playwright.sync_api import BrowserContext, Page, sync_playwright

from builder.serve import serving

from . import browser, contenders, native, page, quiet, report, site

SIZES = (32, 128)
ROUNDS = 20
WINDOW, WINDOWS = 0.04, 10  # seconds, in a turn
PATIENCE = 60.0  # seconds for an idle machine
TIMES_NATIVE = {32: 1.0, 128: 1.2}
ISOLATED_TIMES_NATIVE = 0.8  # at the larger size
TIMES_LIMIT = 1.25

ALONE, ISOLATED, LIMIT = "this page", "this page, isolated", "the limit of 128-bit vectors"
DIARY = """
window.batches = [];
new MutationObserver((records) => {
  for (const { target } of records) {
    if (target.dataset?.testid === "batch" && target.dataset.value)
      batches.push([Number(target.dataset.value), performance.now()]);
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-value"] });
"""

Took = dict[str, list[float]]
"""Milliseconds a batch, of each window of each contender."""


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.limit", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each; default: {ROUNDS}")
    rounds = parser.parse_args(arguments).rounds
    folder, claims = site.make(with_peers=False), []
    with (
        sync_playwright() as playwright,
        serving(folder) as plain,
        serving(folder, handler=site.IsolatedHandler) as isolated,
    ):
        running = browser.launch(playwright, "chromium")
        for size in SIZES:
            quiet.wait(PATIENCE)
            with (
                page.visitor(running) as alone,
                page.visitor(running) as together,
                browser.opened(running, f"{plain}peers/python.html") as tab,
            ):
                pages = {ALONE: _trainer(alone, plain, size), ISOLATED: _trainer(together, isolated, size)}
                took = measure(pages, tab, size, rounds)
            print(f"\nBatches of {size}, {rounds} turns of each\n\n{_table(took)}", flush=True)
            claims += _claims(took, size)
        running.close()
    print(f"\n{report.must_show(claims)}")
    return 0


def measure(pages: dict[str, Page], tab: Page, size: int, rounds: int) -> Took:
    """All turns at one batch size."""
    took: Took = defaultdict(list)
    windows = (size, WINDOW, WINDOWS)
    for _ in range(rounds):
        for name, trainer in pages.items():
            took[name] += _train(trainer)
        took[contenders.LOOP] += browser.call(tab, "call", "ours_windows", *windows)
        for how, keeps_memory in contenders.HOW:
            took[f"{contenders.NATIVE64}, memory {how}"] += native.run(
                "notes_windows", "float64", *windows, keeps_memory=keeps_memory
            )
        took[LIMIT].append(operations(size) / browser.call(tab, "peak") / 1e6)  # the best of eight windows
    return took


def operations(batch_size: int, inputs: int = 784, hidden: int = 128, outputs: int = 10) -> int:
    """Multiplications and additions of a batch's five products: two of the first layer, three of the second."""
    return 2 * batch_size * (2 * inputs * hidden + 3 * hidden * outputs)


def _trainer(context: BrowserContext, url: str, size: int) -> Page:
    context.add_init_script(DIARY)
    rate = 0.01 * 32 / size  # the notes sum the gradients over the batch
    tab, _ = page.opened(context, url, batch_size=size, training_images=60_000, epochs=1_000, learning_rate=rate)
    _train(tab)  # all images come
    return tab


def _train(tab: Page) -> list[float]:
    """Let the page train for a turn; milliseconds a batch, from the end of each slice to that of the next."""
    tab.bring_to_front()
    tab.evaluate("batches.length = 0")
    tab.get_by_role("button", name="Train", exact=True).click()
    tab.wait_for_function("n => batches.length > n", arg=WINDOWS, timeout=page.RUN)
    tab.get_by_role("button", name="Pause", exact=True).click()
    tab.wait_for_selector('html[data-state="paused"]', state="attached")
    told: list[list[float]] = tab.evaluate("batches")
    # Where an epoch ends the count begins anew, and its evaluation takes time.
    return [(now - then) / (batch - last) for (last, then), (batch, now) in pairwise(told) if batch > last]


def _table(took: Took) -> str:
    rows = [
        [name, f"{min(values):.2f}", f"{median(values):.2f}", f"{max(values):.2f}"] for name, values in took.items()
    ]
    return report.table(["ms a batch", "least", "median", "greatest"], rows)


def _claims(took: Took, size: int) -> list[tuple[str, float, str, float]]:
    """What must be shown, undisturbed; and as it is here."""
    ways = [values for name, values in took.items() if name.startswith(contenders.NATIVE64)]
    least, middle = min(map(min, ways)), min(map(median, ways))
    limit = min(took[LIMIT])
    claims = [
        (f"batch {size}, undisturbed: times native", min(took[ALONE]) / least, "<=", TIMES_NATIVE[size]),
        (f"batch {size}, undisturbed: times the limit", min(took[ALONE]) / limit, "<=", TIMES_LIMIT),
        (f"batch {size}, as it is here: times native", median(took[ALONE]) / middle, "<=", TIMES_NATIVE[size]),
    ]
    if size == max(SIZES):
        times = min(took[ISOLATED]) / least
        claims.append((f"batch {size}, isolated, undisturbed: times native", times, "<=", ISOLATED_TIMES_NATIVE))
    return claims


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
