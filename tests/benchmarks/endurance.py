"""Find out whether the page endures: memory flat, no slow-down, whatever is done for long.

    .venv/bin/python -m tests.benchmarks.endurance                       # an hour and a half a browser
    .venv/bin/python -m tests.benchmarks.endurance --short               # the same, but two minutes instead of the hour
    .venv/bin/python -m tests.benchmarks.endurance --browser firefox
    .venv/bin/python -m tests.benchmarks.endurance --only trainings epochs

It measures dist/ as it is: build first. Memory is that of the browser's tabs, on Linux, after 5 trainings and after
100, and in the same way of what else is done. Times are those that somebody waits for, so they say little on a machine
that has other things to do.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect, sync_playwright

from builder import browsers
from builder.paths import DIST
from builder.serve import serving

from . import browser, report
from .tabs_memory import settled

LARGE = {"training_images": 60_000, "hidden_size": 1_024, "epochs": 1_000}  # more than two hours
SMALL = {"training_images": 1_000, "epochs": 2, "augment": 0, "decay": 0}
FEW, MANY = 5, 100  # trainings
DRAWINGS, WARM = 1_000, 100
EPOCHS = 1_000
HOUR, SHORT = 3_600, 120  # seconds
PATIENCE = 600_000  # ms
MOST_GROWTH, MOST_SLOWER = 1.10, 1.25

REPAINT = """async () => {
  // What a visitor waits for: the chart drawn anew, and the table scrolled to its end.
  const next = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const timed = async (act) => {
    await next();
    const start = performance.now();
    act();
    await next();
    return performance.now() - start;
  };
  const log = document.querySelector("#log-scale");
  const table = document.querySelector("[data-testid=epoch-table]");
  const last = table.rows[table.rows.length - 1];
  return { chart: await timed(() => log.click()), scroll: await timed(() => last.scrollIntoView()) };
}"""

Figures = dict[str, list[float]]


class Endured:
    """What came out, and whether it is as wanted."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.claims: list[tuple[str, float, str, float]] = []

    def tell(self, what: str, figure: str) -> None:
        """Print it now, and keep it for the table."""
        print(f"{what}: {figure}", flush=True)
        self.rows.append([what, figure])

    def flat(self, what: str, before: float, after: float) -> None:
        """Memory, in MB."""
        self.tell(f"{what}, MB", f"{before:.0f}, then {after:.0f}")
        self.claims.append((f"{what}: memory, times", after / before, "<=", MOST_GROWTH))

    def steady(self, what: str, before: list[float], after: list[float]) -> None:
        """Seconds; the medians, so that what else the machine does counts less."""
        self.tell(f"{what}, s", f"{report.spread(before, 3)}, then {report.spread(after, 3)}")
        self.claims.append((f"{what}: time, times", report.ratio(after, before), "<=", MOST_SLOWER))


def main(arguments: list[str]) -> int:
    """Do all, or what was asked for; print as it goes, and Markdown at the end."""
    parts: dict[str, Callable[[Browser, str, Endured, float], None]] = {
        "trainings": trainings,
        "drawings": drawings,
        "epochs": epochs,
        "tabs": two_tabs,
        "hour": hour,
    }
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.endurance",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--browser", choices=list(browsers.NAMES), default="chromium")
    parser.add_argument("--short", action="store_true", help="two minutes of training instead of an hour")
    parser.add_argument("--only", nargs="+", choices=list(parts), default=list(parts))
    chosen = parser.parse_args(arguments)
    endured = Endured()
    with (
        TemporaryDirectory() as folder,  # what is built meanwhile then changes nothing
        sync_playwright() as playwright,
        serving(shutil.copytree(DIST, Path(folder) / "dist")) as url,
        browser.launch(playwright, chosen.browser) as running,
    ):
        try:
            for name in chosen.only:
                parts[name](running, url, endured, SHORT if chosen.short else HOUR)
        finally:  # hours of measuring are not lost to what fails at last
            print(f"\n{report.table(['', chosen.browser], endured.rows)}\n\n{report.must_show(endured.claims)}")
    return 0


@contextmanager
def opened(running: Browser, url: str, **settings: int) -> Iterator[Page]:
    """Open the page with these settings, ready, in a context of its own."""
    context = running.new_context(service_workers="block")
    try:
        page = context.new_page()
        yield visit(page, url, **settings)
    finally:
        context.close()


def visit(page: Page, url: str, **settings: int) -> Page:
    """Open the page in this tab."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}#{urlencode(settings)}")
    in_state(page, "ready")
    return page


def in_state(page: Page, state: str) -> None:
    """Wait until the page is in this state."""
    expect(page.locator("html")).to_have_attribute("data-state", state, timeout=PATIENCE)


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()


def train(page: Page, n_epochs: int) -> float:
    """Train a fresh network to the end; seconds."""
    press(page, "New network")
    rows = page.get_by_test_id("epoch-table").locator("tbody tr")
    expect(rows).to_have_count(0)
    start = time.monotonic()
    press(page, "Train")
    expect(rows).to_have_count(n_epochs, timeout=PATIENCE)
    in_state(page, "ready")
    return time.monotonic() - start


def trainings(running: Browser, url: str, endured: Endured, _: float) -> None:
    """100 trainings in a row, each of a new network."""
    with opened(running, url, **SMALL) as page:
        times = [train(page, SMALL["epochs"]) for _ in range(FEW)]
        few = settled(page)
        times += [train(page, SMALL["epochs"]) for _ in range(MANY - FEW)]
        endured.flat(f"after {FEW} trainings, after {MANY}", few, settled(page))
        endured.steady("a training, of the first 20, of the last 20", times[1:21], times[-20:])
        page.get_by_role("tab", name="Compare").click()
        expect(page.get_by_test_id("runs").locator("tbody tr")).to_have_count(MANY)


def drawings(running: Browser, url: str, endured: Endured, _: float) -> None:
    """1,000 drawings, each read and wiped off."""
    with opened(running, url) as page:
        times = [draw(page) for _ in range(WARM)]
        few = settled(page)
        times += [draw(page) for _ in range(DRAWINGS - WARM)]
        endured.flat(f"after {WARM} drawings, after {DRAWINGS}", few, settled(page))
        endured.steady("a drawing, of the first 100, of the last 100", times[:100], times[-100:])


def draw(page: Page) -> float:
    """Draw a one, wait for the answer, and wipe it off; seconds."""
    pad = page.get_by_test_id("pad").bounding_box()
    assert pad
    x, y, side = pad["x"], pad["y"], pad["width"]
    start = time.monotonic()
    page.mouse.move(x + 0.5 * side, y + 0.2 * side)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(x + 0.5 * side, y + (0.2 + 0.1 * step) * side)
    page.mouse.up()
    expect(page.get_by_test_id("prediction")).to_have_text("1", timeout=PATIENCE)
    press(page, "Clear")
    expect(page.get_by_test_id("prediction")).to_have_text("?")
    return time.monotonic() - start


def epochs(running: Browser, url: str, endured: Endured, _: float) -> None:
    """1,000 epochs in one run, with a drawing on the pad, the table open and the Watch tab in view."""
    with opened(running, url, **SMALL | {"training_images": 500, "hidden_size": 32, "epochs": EPOCHS}) as page:
        for summary in page.locator("#watch summary").all():
            summary.click()
        rows = page.get_by_test_id("epoch-table").locator("tbody tr")
        marks = [100, 200, EPOCHS - 100, EPOCHS]
        press(page, "Train")
        at = {0: time.monotonic()}
        figures: dict[int, dict[str, float]] = {}
        for mark in marks:
            rows.nth(mark - 1).wait_for(state="attached")
            at[mark] = time.monotonic()
            if mark in (100, EPOCHS):
                figures[mark] = page.evaluate(REPAINT)
        in_state(page, "ready")
        expect(rows).to_have_count(EPOCHS)
        # Between marks at which nothing else was measured.
        early, late = (at[200] - at[100]) / 100, (at[EPOCHS] - at[EPOCHS - 100]) / 100
        endured.steady("an epoch, after the first 100, of the last 100", [early], [late])
        for what in ("chart", "scroll"):
            few, many = figures[100][what], figures[EPOCHS][what]
            endured.tell(f"{what}, ms after 100 epochs, after {EPOCHS}", f"{few:.0f}, {many:.0f}")
        endured.claims.append(("the chart of 1,000 epochs, ms", figures[EPOCHS]["chart"], "<=", 200))
        endured.claims.append(("the table of 1,000 epochs, ms", figures[EPOCHS]["scroll"], "<=", 200))


def two_tabs(running: Browser, url: str, endured: Endured, _: float) -> None:
    """Two tabs at once, of different seeds: each has the losses that it has alone."""
    with opened(running, url, **SMALL | {"seed": 1, "epochs": 10}) as page:
        pages = [page, visit(page.context.new_page(), url, **SMALL | {"seed": 2, "epochs": 10})]
        for each in pages:
            press(each, "Train")
        together = [losses(each, 10) for each in pages]
        endured.tell("two tabs at once, MB", f"{settled(page):.0f}")
    with opened(running, url, **SMALL | {"seed": 2, "epochs": 10}) as page:
        press(page, "Train")
        alone = losses(page, 10)
    same = together[1] == alone and together[0] != alone
    endured.claims.append(("two tabs at once: losses as alone", float(same), ">=", 1))


def losses(page: Page, n_epochs: int) -> list[str]:
    """The validation losses of all epochs, once they are here."""
    rows = page.get_by_test_id("epoch-table").locator("tbody tr")
    expect(rows).to_have_count(n_epochs, timeout=PATIENCE)
    return [str(value) for value in rows.evaluate_all("rows => rows.map((row) => row.cells[2].dataset.value)")]


def hour(running: Browser, url: str, endured: Endured, seconds: float) -> None:
    """An hour of training the largest network on all images, and a drawing on the pad, as when it is opened."""
    with opened(running, url, **LARGE) as page:
        rows = page.get_by_test_id("epoch-table").locator("tbody tr")
        press(page, "Train")
        in_state(page, "training")
        start = time.monotonic()
        page.wait_for_timeout(1_000 * seconds / 10)
        early = settled_in_training(page)
        page.wait_for_timeout(1_000 * max(0, seconds - (time.monotonic() - start)))
        late = settled_in_training(page)
        endured.flat(f"after {seconds / 10:.0f} s of training, after {seconds:.0f} s", early, late)
        times = rows.evaluate_all("rows => rows.map((row) => Number(row.cells[4].dataset.value))")
        tenth = max(1, len(times) // 10)
        endured.steady("an epoch, of the first tenth, of the last tenth", times[1 : tenth + 1], times[-tenth:])
        endured.tell("epochs", f"{len(times)}, {median(times):.2f} s each")
        press(page, "Pause")
        in_state(page, "paused")


def settled_in_training(page: Page) -> float:
    """As settled(), of a page that still trains afterwards."""
    megabytes = settled(page)
    state = page.locator("html").get_attribute("data-state")
    assert state == "training", f"it was measured too late: the page is {state}"
    return megabytes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
