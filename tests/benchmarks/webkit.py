"""Measure why training is slower in WebKit than in Chromium: what draws, what compiles, and what remains.

    .venv/bin/python -m tests.benchmarks.webkit            # ten minutes, on an idle machine; Linux, with WebKit
    .venv/bin/python -m tests.benchmarks.webkit --rounds 1

First the page trains 10,000 images for eight epochs (batches of 32, without Augment and Decay). Printed are ms a batch
of its slices, in the first epoch, while code is being compiled, and in the last four: the quickest tenth, which other
work on the machine hardly touches, and the median; for WebKit also the seconds of processor that its kinds of threads
took. Then Python is timed alone, in a page that draws nothing, the best of some windows: a batch and its parts, also
with each of WebKit's compilers for WebAssembly (BBQ, quick, and OMG, thorough) switched off.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright
from selenium.webdriver.support.ui import WebDriverWait

from builder import webkit
from builder.serve import serving
from tests.webkit.browser import DRAWN_BY_CPU, copy_site, screen, started
from tests.webkit.page import Page

from . import browser, site

EPOCHS, SETTLED = 8, 5
SETTINGS = {"augment": 0, "decay": 0, "training_images": 10_000, "epochs": EPOCHS, "learning_rate": 0.005}
PROCESS = "WebKitWebProces"  # as Linux shortens it
THREADS = {"re: Worker": "Python", "llvmpipe": "drawing by Mesa", "elper Thread": "compiling", PROCESS: "the page"}
PAGES: dict[str, dict[str, str]] = {"WebKit": {}, "WebKit, drawn without Mesa": DRAWN_BY_CPU}
COMPILERS: dict[str, dict[str, str]] = {
    "WebKit": {},
    "WebKit without OMG": {"JSC_useOMGJIT": "0"},
    "WebKit without BBQ": {"JSC_useBBQJIT": "0"},
}
PARTS = ("forward", "of these, the product X W1", "loss", "backward", "the update X' d")
WINDOWS, SECONDS, WARM_UP, PATIENCE = 8, 0.15, 4.0, 180.0

type Slices = list[tuple[int, int, float]]


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.webkit", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args(arguments).rounds
    found = webkit.find()
    if not found:
        print(f"webkit: there is none here. {webkit.REMEDY}.", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        chromium = browser.launch(stack.enter_context(sync_playwright()), "chromium")
        stack.callback(chromium.close)
        display = stack.enter_context(screen(found))
        page = stack.enter_context(serving(copy_site(folder / "dist")))
        python = f"{stack.enter_context(serving(site.make(with_peers=False)))}peers/python.html"
        for _ in range(rounds):
            tell("Chromium", train_in_chromium(chromium, page))
            for name, environment in PAGES.items():
                tell(name, *train_in_webkit(found, display, page, environment))
        for _ in range(rounds):
            parts_in_chromium(chromium, python)
            for name, environment in COMPILERS.items():
                parts_in_webkit(name, found, display, python, environment)
    return 0


# ── The page ─────────────────────────────────────────────────────────────────────────────────


def train_in_chromium(running: Browser, url: str) -> Slices:
    """Train in a fresh page; returns of each slice its epoch, batches and ms."""
    context = running.new_context()
    try:
        page = context.new_page()
        page.goto(f"{url}#{urlencode(SETTINGS)}")
        page.locator("html[data-state=ready]").wait_for(state="attached")
        page.get_by_role("button", name="Train", exact=True).click()
        rows = page.get_by_test_id("epoch-table").locator("tbody tr")
        rows.nth(EPOCHS - 1).wait_for(state="attached", timeout=1000 * PATIENCE)
        slices: Slices = page.evaluate("diary.slices")
        return slices
    finally:
        context.close()


def train_in_webkit(
    found: webkit.WebKit, display: str, url: str, environment: Mapping[str, str]
) -> tuple[Slices, Counter[str]]:
    """The same in WebKit, with the seconds of processor that each kind of its threads took meanwhile."""
    others = processes()
    with started(found, display, environment) as running:
        page = Page(running, url).open(**SETTINGS)
        before = spent(processes() - others)
        page.train_to_the_end(EPOCHS)
        took = spent(processes() - others)
        took.subtract(before)
        slices: Slices = page.script("return diary.slices")
        return slices, took


def processes() -> set[Path]:
    """WebKit's processes for pages, by their folders in /proc."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == PROCESS:
                found.add(folder)
        except OSError:
            continue  # it has ended
    return found


def spent(folders: set[Path]) -> Counter[str]:
    """Seconds of processor that the threads of these processes have taken so far, by kind."""
    seconds: Counter[str] = Counter()
    for file in (file for folder in folders for file in folder.glob("task/*/stat")):
        try:
            name, _, rest = file.read_text().partition("(")[2].rpartition(") ")
        except OSError:
            continue  # the thread has ended
        kind = next((kind for part, kind in THREADS.items() if part in name), "else")
        ticks = sum(int(field) for field in rest.split()[11:13])
        seconds[kind] += ticks / os.sysconf("SC_CLK_TCK")  # type: ignore[assignment]
    return seconds


def tell(name: str, slices: Slices, took: Counter[str] | None = None) -> None:
    """Print what one training came to."""
    parts = []
    for words, first, last in (("epoch 1", 1, 1), (f"epochs {SETTLED} to {EPOCHS}", SETTLED, EPOCHS)):
        each = sorted(ms / count for epoch, count, ms in slices if first <= epoch <= last and count > 1)
        parts.append(f"{words} {each[len(each) // 10]:.2f} to {median(each):.2f} ms a batch")
    if took:
        parts.append("s of processor: " + ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in took.most_common()))
    print(f"{name}: {'; '.join(parts)}", flush=True)


# ── Python alone ─────────────────────────────────────────────────────────────────────────────


def parts_in_chromium(running: Browser, url: str) -> None:
    """Time it in Chromium, and print that."""
    with browser.opened(running, url) as tab:
        tell_parts("Chromium", lambda name, *options: browser.call(tab, "call", name, *options))


def parts_in_webkit(name: str, found: webkit.WebKit, display: str, url: str, environment: Mapping[str, str]) -> None:
    """Time it in WebKit, and print that."""
    with started(found, display, {**DRAWN_BY_CPU, **environment}) as running:
        running.set_script_timeout(PATIENCE)
        running.get(url)
        ready = "return document.documentElement.dataset.state === 'ready'"
        WebDriverWait(running, PATIENCE).until(lambda running: running.execute_script(ready))
        call = "return bench.call(arguments[0], ...arguments[1])"
        tell_parts(name, lambda method, *options: running.execute_script(call, method, list(options)))


def tell_parts(name: str, call: Any) -> None:
    """Print how long a batch takes, and its parts: the best of some windows, after one in which code is compiled."""
    call("ours_batch", 32, WARM_UP)
    batch = min(call("ours_batch", 32, SECONDS) for _ in range(WINDOWS))
    windows = [call("ours_parts", 32, SECONDS / 5) for _ in range(WINDOWS)]
    parts = ", ".join(f"{part} {min(window[part] for window in windows):.0f}" for part in PARTS)
    print(f"{name}, Python alone: {batch:.2f} ms a batch; µs: {parts}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
