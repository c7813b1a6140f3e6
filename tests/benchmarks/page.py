"""This page, measured from outside: as built, with its settings in the URL, by the figures it shows."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, Route

SETTINGS = {"learning_rate": 0.01, "hidden_size": 128, "seed": 0, "augment": 0, "decay": 0}
"""What the figures are for; the page passes over names that it does not know."""

BOOT, RUN = 60_000, 300_000  # ms

DIARY = """
window.diary = { states: [], figures: [], clicks: [], longTasks: [] };
const figures = ["ms-per-batch", "epoch-seconds", "test-accuracy"];
new MutationObserver((records) => {
  const now = performance.now();
  for (const { target } of records) {
    if (target === document.documentElement) diary.states.push([target.dataset.state, now]);
    else if (figures.includes(target.dataset?.testid) && target.dataset.value)
      diary.figures.push([target.dataset.testid, Number(target.dataset.value), now]);
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state", "data-value"] });
addEventListener("click", (event) => diary.clicks.push(event.timeStamp), true);
if (PerformanceObserver.supportedEntryTypes.includes("longtask"))
  new PerformanceObserver((list) => diary.longTasks.push(...list.getEntries().map((t) => [t.startTime, t.duration])))
    .observe({ type: "longtask", buffered: true });
"""
"""Runs before the page's own code and keeps when its states and figures changed."""


@contextmanager
def visitor(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A context without history, keeping the diary."""
    context = browser.new_context(**options)
    context.add_init_script(DIARY)
    try:
        yield context
    finally:
        context.close()


def change_worker(context: BrowserContext, change: Callable[[str], str]) -> None:
    """Give the pages of a context another worker.js, made of its code, to ask for more than a page tells."""

    def fulfill(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=change(answer.text()))

    context.route("**/js/worker.js", fulfill)


def opened(context: BrowserContext, url: str, **settings: object) -> tuple[Page, float]:
    """Open the page; returns it when ready, and the seconds that took, from its own clock."""
    page = context.new_page()
    page.goto(f"{url}page/#{urlencode(SETTINGS | settings)}")
    return page, _ready(page)


def wait_for_start(page: Page) -> None:
    """Wait until the page is ready, or has failed. It tells by itself: to be asked again and again would slow it."""
    page.evaluate(
        """(patience) => new Promise((resolve, reject) => {
          const { dataset } = document.documentElement;
          const look = () => ["ready", "failed"].includes(dataset.state) && resolve(null);
          new MutationObserver(look).observe(document.documentElement, { attributes: true });
          setTimeout(() => reject(new Error(`${dataset.state} after ${patience} ms`)), patience);
          look();
        })""",
        BOOT,
    )


def _ready(page: Page) -> float:
    wait_for_start(page)
    state, milliseconds = page.evaluate("diary.states.findLast(([state]) => state != 'loading')")
    if state != "ready":
        raise RuntimeError(f"the page is {state}: {page.get_by_test_id('error').inner_text()}")
    return float(milliseconds) / 1000


def _figure(page: Page, name: str) -> list[tuple[float, float]]:
    """All values that a figure has had, with their times in ms."""
    entries = page.evaluate("name => diary.figures.filter(([figure]) => figure === name)", name)
    return [(value, at) for _, value, at in entries]


def _press_train(page: Page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()


def train_to_the_end(page: Page) -> float:
    """Press Train and wait until training is over; seconds of the last epoch, as the page shows them."""
    _press_train(page)
    page.wait_for_selector('html[data-state="training"]', timeout=RUN, state="attached")
    page.wait_for_selector('html[data-state="ready"]', timeout=RUN, state="attached")
    return _figure(page, "epoch-seconds")[-1][0]


def train(browser: Browser, url: str, batch_size: int, n_images: int, **settings: int) -> dict[str, float]:
    """Train to the end: ms a batch and seconds an epoch as the page shows them."""
    with visitor(browser) as context:
        page, _ = opened(context, url, batch_size=batch_size, training_images=n_images, epochs=2, **settings)
        train_to_the_end(page)
        shown = [value for value, _ in _figure(page, "ms-per-batch")]
        return {
            "ms": median(shown[len(shown) // 2 :]),  # the figure is an average that begins at the first slice
            "seconds": median(value for value, _ in _figure(page, "epoch-seconds")),
        }


def milliseconds(page: Page, epochs: int, n_batches: int) -> float:
    """Press Train and wait for so many epochs: ms a batch, evaluations left out; the first epoch warms up."""
    _press_train(page)
    rows = page.get_by_test_id("epoch-table").locator("tbody tr")
    rows.nth(epochs - 1).wait_for(state="attached", timeout=RUN)
    seconds = rows.evaluate_all("rows => rows.map((row) => Number(row.cells[4].dataset.value))")
    return 1000 * float(median(seconds[1:])) / n_batches


def boots(browser: Browser, url: str) -> dict[str, float]:
    """Seconds from opening to ready: the first visit, and the second one, from the service worker's cache."""
    with visitor(browser) as context:
        page, first = opened(context, url)
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.close()
        time.sleep(1)
        page, second = opened(context, url)
        if not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
            raise RuntimeError("the second visit did not come from the service worker")
        return {"first": first, "second": second}


def reach(browser: Browser, url: str, accuracy: float, epochs: int = 10, **settings: int) -> dict[str, float]:
    """Press Train with all 60,000 images on a first visit; seconds and epochs until the test accuracy.

    Nothing is returned if that is not reached.
    """
    with visitor(browser) as context:
        page, _ = opened(context, url, training_images=60_000, batch_size=32, epochs=epochs, **settings)
        _press_train(page)
        (start,) = page.evaluate("diary.clicks")
        deadline = time.monotonic() + RUN / 1000
        reached: list[tuple[float, float]] = []
        while not reached and time.monotonic() < deadline and page.evaluate("diary.states.at(-1)[0] != 'failed'"):
            time.sleep(0.5)
            accuracies = [entry for entry in _figure(page, "test-accuracy") if entry[1] > start]
            reached = [entry for entry in accuracies if entry[0] >= accuracy]
            if len(accuracies) >= epochs:
                break
        if not reached:
            return {}
        tasks = page.evaluate("([a, b]) => diary.longTasks.filter(([t]) => t > a && t < b)", [start, reached[0][1]])
        return {
            "seconds": (reached[0][1] - start) / 1000,
            "epochs": accuracies.index(reached[0]) + 1,
            "long_tasks": len(tasks),
            "longest_task_ms": max((task for _, task in tasks), default=0),
        }


# ── Memory ───────────────────────────────────────────────────────────────────────────────────


def memory(browser: Browser, url: str) -> dict[str, float]:
    """MB of the tab's renderer process, with all images loaded, while and after two epochs; Linux and Chromium only."""
    with visitor(browser, service_workers="block") as context:
        change_worker(context, lambda code: f"{code}\nself.wasmHeap = () => python.pyodide._module.HEAP8.length;\n")
        page, _ = opened(context, url, training_images=60_000, batch_size=32, epochs=2)
        process = max(_renderers(browser), key=_pss)
        ready = _pss(process)
        _press_train(page)
        page.wait_for_selector('html[data-state="training"]', timeout=RUN, state="attached")
        peak = 0.0
        while page.evaluate("document.documentElement.dataset.state") != "ready":
            peak = max(peak, _pss(process))
            time.sleep(0.2)
        trained = _pss(process)
        return {
            "ready_pss": ready,
            "trained_pss": trained,
            "peak_pss": max(peak, trained),
            "peak_rss": _status(process, "VmHWM"),
            "trained_rss": _status(process, "VmRSS"),
            "wasm_heap": page.workers[0].evaluate("wasmHeap()") / 1e6,
        }


def _renderers(browser: Browser) -> list[int]:
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [process["id"] for process in processes if process["type"] == "renderer"]


def _pss(process: int) -> float:
    """Megabytes of memory of a process, with its share of what it shares with others."""
    return _field(Path(f"/proc/{process}/smaps_rollup"), "Pss")


def _status(process: int, field: str) -> float:
    return _field(Path(f"/proc/{process}/status"), field)


def _field(file: Path, name: str) -> float:
    (line,) = [line for line in file.read_text().splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024 / 1e6
