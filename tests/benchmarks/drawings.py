"""Measure how well drawings by real people are read: with the mouse, on the page's own pad, in a real browser.

    .venv/bin/python -m tests.benchmarks.drawings FILE.json                 # the starter model
    .venv/bin/python -m tests.benchmarks.drawings FILE.json --train 60000   # after one default training
    .venv/bin/python -m tests.benchmarks.drawings FILE.json --places 50     # 50 of them at 30 % to 100 % of the pad,
                                                                            # in all corners, at density 1, 2 and 3
    .venv/bin/python -m tests.benchmarks.drawings FILE.json --model M.npz   # no browser: the same Python, for tuning

In a browser each drawing takes about a second; what was read is printed when all are.

FILE.json holds [{"label": 3, "strokes": [[[x, y], ...], ...]}, ...] with coordinates from 0 to 255, as the page's
Export writes it.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect, sync_playwright

from builder.serve import serving
from mlp_py import MLP
from mlp_py.calibration import tempered
from mlp_py.drawing import Stroke, from_file, to_mnist
from mlp_py.kernel import normalize_rows

from . import browser, report

BINS = (0, 0.5, 0.8, 0.95, 0.99, 1.0000001)
SIZES = (0.3, 0.5, 0.75, 1.0)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5))
DENSITIES = (1, 2, 3)
AFTER_READING = """async () => {
  // The reading of the last stroke has come when what is shown no longer changes.
  const shown = () => document.querySelector('[data-testid=probability-0]').dataset.value;
  for (let still = 0, before = null; still < 3; ) {
    await new Promise((done) => setTimeout(done, 15));
    still = shown() === before ? still + 1 : 0;
    before = shown();
  }
  const find = (testid) => document.querySelector(`[data-testid=${testid}]`);
  const probabilities = Array.from({length: 10}, (_, digit) => Number(find(`probability-${digit}`).dataset.value));
  return [find("prediction").textContent, ...probabilities];
}"""


class Drawing(NamedTuple):
    """A digit as somebody has drawn it."""

    label: int
    strokes: list[Stroke]


class Answer(NamedTuple):
    """What was read: a digit or `?`, and how sure."""

    text: str
    confidence: float


def load(path: Path) -> list[Drawing]:
    """Read a file of drawings."""
    return [Drawing(each["label"], from_file(each["strokes"])) for each in json.loads(path.read_text())]


@contextmanager
def pad(opened: Browser, url: str, density: float = 1, train: int = 0) -> Iterator[Page]:
    """Open the page with its pad, having trained if asked to."""
    context = opened.new_context(viewport={"width": 1280, "height": 900}, device_scale_factor=density)
    page = context.new_page()
    page.goto(f"{url}#training_images={train or 10_000}")
    expect(page.locator("html")).to_have_attribute("data-state", "ready", timeout=60_000)
    # Registered once MNIST is in; taking that in, the worker cannot read for a moment.
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    if train:
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.get_by_test_id("epoch-table").locator("tbody tr")).to_have_count(10, timeout=600_000)
        expect(page.locator("html")).to_have_attribute("data-state", "ready")
        print("test accuracy", page.get_by_test_id("test-accuracy").get_attribute("data-value"), flush=True)
    yield page
    context.close()


def draw(page: Page, strokes: Sequence[Stroke], size: float = 0.8, corner: tuple[float, float] = (0.5, 0.5)) -> Answer:
    """Draw with the mouse, the square of the drawing taking this share of the pad, in this corner of what is left."""
    if page.get_by_role("button", name="Clear").is_enabled():
        page.get_by_role("button", name="Clear").click()
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    side, free = size * box["width"], (1 - size) * box["width"]
    left, top = box["x"] + free * corner[0], box["y"] + free * corner[1]
    for stroke in strokes:
        places = [(left + x * side, top + y * side) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()
    text, *probabilities = page.evaluate(AFTER_READING)
    return Answer(text, float(tempered(np.array([probabilities])).max()))


def read_natively(drawings: Sequence[Drawing], model: MLP) -> list[Answer]:
    """Read without a browser, by the same code; without the page's `?` for what is no digit."""
    pictures = [to_mnist(drawing.strokes) for drawing in drawings]
    pixels = np.array([picture.ravel() for picture in pictures if picture is not None])
    probabilities = tempered(model.forward(normalize_rows(pixels, slice(None), model.weights1.dtype)))
    return [Answer(str(row.argmax()), float(row.max())) for row in probabilities]


def print_accuracy(drawings: Sequence[Drawing], answers: Sequence[Answer]) -> None:
    """Print how many are read right, of each digit, and how sure the network was when it was."""
    right = np.array([answer.text == str(drawing.label) for drawing, answer in zip(drawings, answers, strict=True)])
    labels = np.array([drawing.label for drawing in drawings])
    sure = np.array([answer.confidence for answer in answers])
    unread = sum(answer.text == "?" for answer in answers)
    print(f"\nread right: {right.mean():.4f} ({right.sum()} of {len(right)}; ? for {unread})\n")
    print(
        report.table(["digit", "read right"], [[str(d), f"{right[labels == d].mean():.3f}"] for d in np.unique(labels)])
    )
    rows = []
    for low, high in pairwise(BINS):
        chosen = (sure >= low) & (sure < high)
        if chosen.any():
            rows.append(
                [
                    f"{low:.2f} to {min(high, 1):.2f}",
                    str(chosen.sum()),
                    f"{sure[chosen].mean():.3f}",
                    f"{right[chosen].mean():.3f}",
                ]
            )
    print("\nReliability: how sure it claims to be, and how often it is right\n")
    print(report.table(["claimed", "drawings", "claimed on average", "read right"], rows))
    print(f"\nexpected calibration error, 10 bins: {calibration_error(sure, right):.4f}")


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """How far what is claimed is from how often it is right, on average: in ten bins of certainty."""
    bins = np.minimum((10 * sure).astype(int), 9)
    shares = [(np.mean(bins == each), sure[bins == each], right[bins == each]) for each in np.unique(bins)]
    return float(sum(share * abs(claimed.mean() - true.mean()) for share, claimed, true in shares))


def compare_places(opened: Browser, url: str, drawings: Sequence[Drawing]) -> None:
    """Print how often a drawing gets the same answer wherever, however large and however densely it is drawn."""
    rows, same_in_all, in_all = [], 0, 0
    for density in DENSITIES:
        with pad(opened, url, density) as page:
            usual = [draw(page, drawing.strokes).text for drawing in drawings]
            for size in SIZES:
                corners = CORNERS if size < 1 else CORNERS[:1]
                same = sum(
                    draw(page, drawing.strokes, size, corner).text == answer
                    for drawing, answer in zip(drawings, usual, strict=True)
                    for corner in corners
                )
                count = len(drawings) * len(corners)
                rows.append([str(density), f"{size:.0%}", f"{same / count:.4f}", str(count)])
                same_in_all, in_all = same_in_all + same, in_all + count
    print(report.table(["density", "size", "same answer as at 80 %, in the middle", "drawings"], rows))
    print(f"\nin all: {same_in_all / in_all:.4f} of {in_all}")


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.drawings", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--train", type=int, default=0, metavar="N", help="train on N images first")
    parser.add_argument("--places", type=int, default=0, metavar="N", help="compare places for N of the drawings")
    parser.add_argument("--model", metavar="FILE", help="read natively with this model")
    parser.add_argument("--browser", choices=("chromium", "firefox"), default="chromium")
    options = parser.parse_args(arguments)
    drawings = load(options.file)
    if options.model:
        print_accuracy(drawings, read_natively(drawings, MLP.load(options.model)))
        return 0
    with serving() as url, sync_playwright() as playwright:
        opened = browser.launch(playwright, options.browser)
        if options.places:
            step = max(1, len(drawings) // options.places)
            compare_places(opened, url, drawings[::step][: options.places])
        else:
            with pad(opened, url, train=options.train) as page:
                print_accuracy(drawings, [draw(page, drawing.strokes) for drawing in drawings])
        opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
