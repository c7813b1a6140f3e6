"""Measure how long the page takes to start, beside what Pyodide alone takes in the same browser.

    .venv/bin/python -m tests.benchmarks.start                     # about ten minutes, on an idle machine
    .venv/bin/python -m tests.benchmarks.start --browser firefox --rounds 3

In each round, in a visitor's fresh profile: `loadPyodide()` without any package, twice, timed by itself; the page's
worker on a page with nothing else, twice, from opening: what the page would take did it nothing but start Python; then
the page, from opening to ready, on a first visit (cold) and on the next one (warm, from the service worker's cache).
The ratios are of the medians: cold to cold, warm to warm. Last, first visits over a line of 20 Mbit/s with 40 ms of
delay, where the bytes that came before the page was ready are counted, with gzip as GitHub Pages has it.

It measures dist/ as it is: build first.
"""

import sys
from contextlib import ExitStack
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from builder.serve import serving

from . import browser, page, quiet, report, site
from .slow_line import Line

ROUNDS = 7
WARM, COLD = 1.2, 1.6  # times bare
BITS, DELAY = 20e6, 0.040  # a second; seconds
SECONDS, BYTES = 7.0, 10e6  # until ready over that line
SLOW_ROUNDS = 3
PATIENCE = 60.0  # seconds for an idle machine


def main(arguments: list[str]) -> int:
    """Measure and print."""
    rounds, names = browser.options("start", __doc__, ROUNDS, arguments)
    site.make(with_peers=False)
    claims = []
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        url = stack.enter_context(serving(site.SITE))
        for name in names:
            running = browser.launch(playwright, name)
            stack.callback(running.close)
            samples = measure(running, url, rounds)
            rows = [
                [f"{who}, {kind}", report.spread(values), f"{report.ratio(values, samples['bare', kind]):.2f}"]
                for (who, kind), values in samples.items()
            ]
            table = report.table(["", "s", "times bare"], rows)
            print(f"\n{name.capitalize()} {running.version}, {rounds} rounds\n\n{table}")
            claims += [
                (
                    f"{name}: {kind}, times bare",
                    report.ratio(samples["page", kind], samples["bare", kind]),
                    "<=",
                    most,
                )
                for kind, most in (("warm", WARM), ("cold", COLD))
            ]
            slow = [over_a_slow_line(running) for _ in range(min(SLOW_ROUNDS, rounds))]
            claims += [
                (f"{name}: s to ready over a slow line", median(seconds for seconds, _ in slow), "<=", SECONDS),
                (f"{name}: MB before ready", max(size for _, size in slow) / 1e6, "<=", BYTES / 1e6),
            ]
    print(f"\n{report.must_show(claims)}")
    return 0


def measure(running: Browser, url: str, rounds: int) -> dict[tuple[str, str], list[float]]:
    """All rounds in one browser: seconds by what was started, and whether cold or warm."""
    samples: dict[tuple[str, str], list[float]] = {
        (who, kind): [] for who in ("bare", "worker alone", "page") for kind in ("cold", "warm")
    }
    for _ in range(rounds):
        quiet.wait(PATIENCE)
        took = [
            *twice(running, f"{url}peers/bare.html"),
            *twice(running, f"{url}peers/worker.html"),
            *page.boots(running, url).values(),
        ]
        for values, seconds in zip(samples.values(), took, strict=True):
            values.append(seconds)
    return samples


def twice(running: Browser, address: str) -> list[float]:
    """Seconds that one of peers/*.html tells of: on a first visit, and on the next."""
    context = running.new_context()
    try:
        return [_told(context.new_page(), address) for _ in range(2)]
    finally:
        context.close()


def _told(tab: Page, address: str) -> float:
    tab.goto(address)
    page.wait_for_start(tab)
    milliseconds: Any = browser.call(tab, "milliseconds")
    tab.close()
    return float(milliseconds) / 1000


def over_a_slow_line(running: Browser) -> tuple[float, float]:
    """Seconds of a first visit, and bytes that had come by then."""
    line = Line(BITS, DELAY)
    with serving(site.SITE, handler=line.handler()) as url, page.visitor(running) as context:
        tab, seconds = page.opened(context, url)
        began = tab.evaluate("performance.timeOrigin") / 1000
        return seconds, line.sent(began + seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
