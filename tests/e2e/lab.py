"""The page as a visitor has it before them: what to press, what to read, what to wait for."""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Error, Locator, Page, Route, expect

from builder.node import run_in_pyodide

from .digits import Point, Stroke
from .watch import Watch

SETTINGS = {
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "epochs": "Epochs",
    "hidden_size": "Hidden units",
    "training_images": "Training images",
    "seed": "Seed",
    "augment": "Augment",
    "decay": "Decay",
}
"""The settings' names in the URL, and their labels."""

DEFAULTS: dict[str, object] = {
    "learning_rate": 0.01,
    "batch_size": 32,
    "epochs": 10,
    "hidden_size": 128,
    "training_images": 10000,
    "seed": 0,
    "augment": 1,
    "decay": 1,
}

SWITCHES = ("augment", "decay")

PLAIN = {"augment": 0, "decay": 0, "hidden_size": 32}
"""The notes' own algorithm, in a network that learns quickly."""

SMALL = PLAIN | {"training_images": 1000, "epochs": 2}
"""Settings of a training that takes a moment."""

BOOT = 30_000
"""How long, in ms, the page may take until it is ready on a busy machine."""

DIARY = """
window.diary = { states: [], clicks: [], messages: [], slices: [], asked: [], reads: new Set() };
new MutationObserver(() => diary.states.push([document.documentElement.dataset.state, performance.now()]))
  .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
addEventListener("click", (event) => diary.clicks.push([event.target.textContent, event.timeStamp]), true);
window.Worker = class extends Worker {
  constructor(...options) {
    super(...options);
    diary.worker = this;
    diary.reads.clear();
    const post = this.postMessage.bind(this);
    this.postMessage = (message, ...rest) => {
      diary.asked.push(message.type);
      if (message.type === "read") diary.reads.add(message.id);
      post(message, ...rest);
    };
    this.addEventListener("message", ({ data }) => {
      diary.messages.push(data.type);
      diary.reads.delete(data.id);
      if (data.type === "slice") diary.slices.push(performance.now());
    });
  }
};
"""
"""Runs before the page's own code, and keeps what a test cannot see from outside in time."""

NEW_HASH = """
(hash) => new Promise((resolve) => {
  if (location.hash === hash) return resolve();
  addEventListener("hashchange", () => resolve(), { once: true });
  location.hash = hash;
})
"""
"""Ends when the page has seen the new hash."""

WORKER_TOOLS = """
addEventListener("message", async ({ data: { test, url } }) => {
  if (test === "throw") setTimeout(() => { throw new Error("provoked by a test"); });
  if (test === "close") self.close();
  if (test === "fetch") {
    const outcome = await fetch(url, { mode: "no-cors" }).then(() => "fetched", () => "refused");
    new BroadcastChannel("test").postMessage(outcome);
  }
});
"""
"""Added to the worker's code by Lab.equip_worker()."""

QUIET = """
(quiet) => new Promise((resolve) => {
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(look, quiet);
  };
  const look = () => {
    if (diary.reads.size) return wait();
    resolve([...Array(10).keys()].map((digit) =>
      Number(document.querySelector(`[data-testid="probability-${digit}"]`).dataset.value)));
  };
  new MutationObserver(wait).observe(document.querySelector('[data-testid="probability-0"]'), { attributes: true });
  wait();
})
"""
"""The ten probabilities, once they have not been written for a while and no reading is under way."""

READ_BACK = """
canvas => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
  // From a copy: Chromium warns of reading from a canvas that is for painting.
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  resolve([...copy.getImageData(0, 0, width, height).data]);
})))
"""
"""The bytes of a canvas, red, green, blue, alpha, a frame from now."""


LOOK_OF = """
canvas => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(canvas.toDataURL()))))
"""


SOURCE = """
(text) => {
  const source = document.createElement("textarea");
  source.id = "source";
  source.value = text;
  document.body.append(source);
  source.select();
}
"""
"""Somewhere else, from where a text is copied."""


def train_in_node(dist: Path, work: Path, settings: Mapping[str, object]) -> list[list[float]]:
    """Train as the page's worker does, but under Node; returns what the epoch table would hold."""
    shutil.copytree(dist / "data", work)
    (work / "settings.json").write_text(json.dumps(settings))
    script = Path(__file__).with_name("train_in_node.py")
    run_in_pyodide(dist / "vendor" / "pyodide", work, script, packages=["numpy", "mlp_py"])
    return cast("list[list[float]]", json.loads((work / "losses.json").read_text()))


class Lab:
    """The page object."""

    def __init__(self, page: Page, url: str, watch: Watch, downloads: Path) -> None:
        self.page = page
        self.url = url
        self.watch = watch
        self.downloads = downloads
        self.pad = page.get_by_test_id("pad")
        self.status = page.get_by_test_id("status")
        self.error = page.get_by_test_id("error")
        self.editor = page.get_by_test_id("editor")
        self.prediction = page.get_by_test_id("prediction")
        self.epochs = page.get_by_test_id("epoch-table").locator("tbody tr")

    # ── Opening ──────────────────────────────────────────────────────────────────────────────

    def open(self, **settings: object) -> "Lab":
        """Open the page with these settings in the URL, wait until it is ready, and wipe off the example."""
        return self.go(**settings).wait_until_booted().clear()

    def go(self, **settings: object) -> "Lab":
        """Open the page with these settings in the URL, and do not wait."""
        self.page.goto(self.url + ("#" + urlencode(settings) if settings else ""), wait_until="commit")
        return self

    def wait_until_booted(self) -> "Lab":
        """Wait until the page is ready; when it fails, tell why."""
        expect(self.page.locator("html")).not_to_have_attribute("data-state", "loading", timeout=BOOT)
        assert self.state == "ready", self.error.inner_text()
        return self

    def use(self, **settings: object) -> "Lab":
        """Put these settings, and the others' defaults, into the URL of the open page, and begin afresh."""
        self.page.evaluate(NEW_HASH, "#" + urlencode(DEFAULTS | settings | {"tab": "watch"}))
        return self.clear().reset()

    def boot_again(self) -> "Lab":
        """Load the page anew, and begin afresh: it brings back what was there before."""
        self.page.reload()
        return self.wait_until_booted().clear().reset()

    def forget(self) -> "Lab":
        """Press Forget everything, and wait until the page is as it was on the first visit."""
        with self.page.expect_event("framenavigated"):
            self.button("Forget everything").click()
            self.button("Yes, forget it all").click()
        return self.wait_until_booted().clear()

    @property
    def hash(self) -> str:
        """What the address has after its #."""
        return self.page.url.partition("#")[2]

    @property
    def in_firefox(self) -> bool:
        """Whether the browser is Firefox, whose automation has some holes."""
        browser = self.page.context.browser
        return browser is not None and browser.browser_type.name == "firefox"

    # ── Finding ──────────────────────────────────────────────────────────────────────────────

    def button(self, name: str) -> Locator:
        """The button of this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        """The field of a setting, by its name in the URL."""
        return self.page.get_by_label(SETTINGS[name], exact=True)

    def figure(self, testid: str) -> float:
        """The number that a live figure has now."""
        locator = self.page.get_by_test_id(testid)
        expect(locator).to_have_attribute("data-value", re.compile(r"\d"))
        return float(locator.get_attribute("data-value") or "nan")

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> str:
        """The page's data-state now."""
        return self.page.locator("html").get_attribute("data-state") or ""

    def wait_for_state(self, state: str, timeout: float = 30_000) -> "Lab":
        """Wait until the page is in this state."""
        expect(self.page.locator("html")).to_have_attribute("data-state", state, timeout=timeout)
        return self

    def wait_until(self, condition: str) -> "Lab":
        """Wait until the promise of this function comes true, which wait_for_function() takes for true itself."""
        self.page.evaluate(f"""async () => {{
          const [isSo, end] = [{condition}, performance.now() + {BOOT}];
          while (!(await isSo())) {{
            if (performance.now() > end) throw new Error("it does not come true");
            await new Promise((resolve) => setTimeout(resolve, 50));
          }}
        }}""")
        return self

    def wait_for_epochs(self, number: int, timeout: float = 60_000) -> "Lab":
        """Wait until so many epochs are in the table."""
        expect(self.epochs).to_have_count(number, timeout=timeout)
        return self

    def wait_for_an_epoch(self) -> "Lab":
        """Wait until one epoch, or more, is in the table."""
        expect(self.epochs.first).to_be_attached(timeout=60_000)
        return self

    def wait_for_more_epochs(self) -> "Lab":
        """Wait until two more epochs are in the table, whatever comes meanwhile."""
        expect(self.epochs.nth(self.epochs.count() + 1)).to_be_attached(timeout=60_000)
        return self

    # ── Training ─────────────────────────────────────────────────────────────────────────────

    def train(self) -> "Lab":
        """Press Train."""
        self.button("Train").click()
        return self

    def train_to_the_end(self, epochs: int = SMALL["epochs"], timeout: float = 60_000) -> "Lab":
        """Press Train and wait until so many epochs are in the table, and training is over."""
        return self.train().wait_for_epochs(epochs, timeout).wait_for_state("ready")

    def pause(self) -> "Lab":
        """Press Pause and wait until training rests."""
        self.button("Pause").click()
        return self.wait_for_state("paused")

    def step(self, batch: int) -> "Lab":
        """Press One batch and wait until this batch is the last one done."""
        self.button("One batch").click()
        expect(self.page.get_by_test_id("batch")).to_have_attribute("data-value", str(batch))
        return self

    def reset(self) -> "Lab":
        """Press New network and wait until it is fresh."""
        before = self.page.evaluate("diary.states.length")
        self.button("New network").click()
        # A page may look fresh before; a fresh network has its state written anew.
        self.page.wait_for_function("before => diary.states.length > before", arg=before)
        expect(self.epochs).to_have_count(0)
        expect(self.page.get_by_test_id("batch")).to_have_attribute("data-value", "")
        return self.wait_for_state("ready")

    def change(self, name: str, text: str) -> "Lab":
        """Type into a setting's field and leave it; a switch is put to "1" or "0"."""
        with self.drawer():
            if name in SWITCHES:
                self.field(name).set_checked(text == "1")
                return self
            self.field(name).press("ControlOrMeta+a")
            self.field(name).press("Delete")
            self.field(name).press_sequentially(text)
            self.field(name).press("Tab")
        return self

    @contextmanager
    def drawer(self) -> Iterator[None]:
        """Have the settings open meanwhile."""
        drawer = self.page.get_by_role("complementary", name="Settings")
        self.button("Settings").click()
        expect(drawer).to_be_visible()
        yield
        drawer.get_by_role("button", name="Close").click()
        expect(drawer).to_be_hidden()

    def losses(self) -> list[list[str]]:
        """The epoch table without the seconds, each number in full."""
        rows = self.epochs.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.dataset.value))")
        return [cells[:4] for cells in cast("list[list[str]]", rows)]

    # ── Drawing ──────────────────────────────────────────────────────────────────────────────

    def draw(self, strokes: Iterable[Stroke]) -> "Lab":
        """Draw with the mouse."""
        for places in self.places(strokes):
            self.page.mouse.move(*places[0])
            self.page.mouse.down()
            for place in places[1:]:
                self.page.mouse.move(*place)
            self.page.mouse.up()
        return self

    def places(self, strokes: Iterable[Stroke]) -> list[list[Point]]:
        """Where the points of strokes are in the window."""
        self.pad.scroll_into_view_if_needed()
        self.page.evaluate("scrollTo(0, 0)")  # at the page's end the bar covers the pad's top
        inside = "pad => [pad.clientLeft, pad.clientTop, pad.clientWidth, pad.clientHeight]"
        box = self.pad.bounding_box()
        assert box
        right, down, width, height = self.pad.evaluate(inside)
        left, top = box["x"] + right, box["y"] + down
        return [[(left + x * width, top + y * height) for x, y in stroke] for stroke in strokes]

    def read_by(self, name: str) -> "Lab":
        """Choose who reads: starter, mine or random."""
        self.page.get_by_label("Reads").select_option(name)
        return self

    def correct(self, digit: int) -> "Lab":
        """Tell which digit the drawing is."""
        self.button("Wrong? Tell it.").click()
        self.page.get_by_test_id("correct").get_by_role("button", name=str(digit)).click()
        return self

    def look_at(self, tab: str) -> "Lab":
        """Choose a tab."""
        self.page.get_by_role("tab", name=tab).click()
        expect(self.page.get_by_role("tabpanel", name=tab)).to_be_visible()
        return self

    def clear(self) -> "Lab":
        """Press Clear unless the pad is empty."""
        if self.button("Clear").is_enabled():
            self.button("Clear").click()
        expect(self.prediction).to_have_text("?")
        return self

    def probabilities(self, quiet: int = 300) -> list[float]:
        """The ten probabilities, once they have come to rest, for so many ms."""
        return cast("list[float]", self.page.evaluate(QUIET, quiet))

    def expect_probabilities(self, expected: list[float]) -> None:
        """Wait until the ten probabilities are these, to the last digit."""
        for digit, value in enumerate(expected):
            shown = self.page.get_by_test_id(f"probability-{digit}")
            shares = re.compile(f"^{re.escape(self.in_javascript(value))}$")
            expect(shown).to_have_attribute("data-value", shares)

    def in_javascript(self, number: float) -> str:
        """The number as JavaScript writes it."""
        return cast("str", self.page.evaluate("number => String(number)", number))

    def picture(self) -> list[list[int]]:
        """What the network sees: 28 rows of 28 numbers, 0 for paper and 255 for ink."""
        pixels = self.page.get_by_test_id("pad-28").evaluate(READ_BACK)[::4]
        return [pixels[28 * row : 28 * row + 28] for row in range(28)]

    def look_of(self, canvas: Locator) -> str:
        """What a canvas shows, a frame from now, as a text that changes with it."""
        return cast("str", canvas.evaluate(LOOK_OF))

    # ── Model files ──────────────────────────────────────────────────────────────────────────

    def save_model(self) -> Path:
        """Press Save model; returns the file that the browser has saved."""
        return self.save_file("Save model", ".npz")

    def save_file(self, button: str, suffix: str, press: Callable[[], None] | None = None) -> Path:
        """Press a button that saves a file, with the mouse or in another way; returns the file."""
        press = press or self.button(button).click
        if self.in_firefox:
            return self._save_in_firefox(press, suffix)
        with self.page.expect_download() as download:
            press()
        assert download.value.suggested_filename.endswith(suffix)
        return download.value.path()

    def _save_in_firefox(self, press: Callable[[], None], suffix: str) -> Path:
        # Firefox tells nobody of the download of a blob, but makes it.
        before = set(self.downloads.rglob(f"*{suffix}"))
        press()
        for _ in range(200):
            for path in set(self.downloads.rglob(f"*{suffix}")) - before:
                if path.stat().st_size and not path.with_name(path.name + ".part").exists():
                    return path
            self.page.wait_for_timeout(25)
        raise AssertionError(f"no {suffix} file was saved")

    def load_model(self, path: Path) -> "Lab":
        """Press Load model and choose this file."""
        if self.in_firefox:
            # Its file dialog opens once only, since automation does not close it.
            self.page.get_by_label("Model file").set_input_files(path)
        else:
            with self.page.expect_file_chooser() as chooser:
                self.button("Load model").click()
            chooser.value.set_files(path)
        return self

    # ── Trouble ──────────────────────────────────────────────────────────────────────────────

    def hold(self, files: str) -> Callable[[], None]:
        """Keep the site's files that match from arriving; returns what lets them go on."""
        held: list[Route] = []
        self.page.context.route(f"**/{files}", lambda route: held.append(route))

        def release() -> None:
            self.page.context.unroute(f"**/{files}")  # first, or one that comes meanwhile would be held for ever
            for route in held:
                with suppress(Error):  # where nothing else is held, all goes on by itself
                    route.continue_()

        return release

    def break_network(self, files: str | re.Pattern[str], how: Callable[[Route], None]) -> Callable[[], None]:
        """Answer requests for the site's files that match in another way; returns what mends it."""
        where = f"**/{files}" if isinstance(files, str) else files
        self.page.context.route(where, how)
        return lambda: self.page.context.unroute(where)

    def equip_worker(self) -> "Lab":
        """Have the worker obey tell_worker(); call before open()."""

        def add_tools(route: Route) -> None:
            response = route.fetch()
            route.fulfill(response=response, body=response.text() + WORKER_TOOLS)

        self.page.context.route("**/js/worker.js", add_tools)
        return self

    def tell_worker(self, what: str) -> None:
        """Have the worker "throw" an error outside of any handler, or "close" itself in silence."""
        self.page.evaluate("test => { diary.worker.postMessage({ test }) }", what)

    def fetch_in_worker(self, url: str) -> str:
        """Let the worker fetch an address; returns "fetched" or "refused"."""
        outcome = self.page.evaluate(
            """url => new Promise((resolve) => {
              new BroadcastChannel("test").onmessage = ({ data }) => resolve(data);
              diary.worker.postMessage({ test: "fetch", url });
            })""",
            url,
        )
        return str(outcome)

    # ── Code ─────────────────────────────────────────────────────────────────────────────────

    def write(self, text: str, into: Locator | None = None) -> "Lab":
        """Put this text in place of all that is in an editor; that of mlp.py, unless it is another."""
        into = into or self.editor
        self.page.evaluate(SOURCE, text)
        self.page.locator("#source").press("ControlOrMeta+c")
        self.page.evaluate("document.querySelector('#source').remove()")
        into.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("ControlOrMeta+v")
        return self

    def runs_code(self, whose: str) -> "Lab":
        """Wait until the page says whose code runs: shipped or mine."""
        expect(self.page.get_by_test_id("code-in-use")).to_have_attribute("data-value", whose)
        return self

    def asked(self) -> set[str]:
        """What the worker has been asked since this was called last."""
        return set(self.page.evaluate("diary.asked.splice(0)"))

    def array(self, name: str) -> NDArray[np.float64]:
        """The numbers of an array in the Code tab, in its shape."""
        place = self.page.get_by_test_id(f"array-{name}")
        numbers = self.page.evaluate("name => arrays(name)", name)
        shape = place.get_attribute("data-shape") or ""
        return np.array(numbers).reshape([int(size) for size in shape.split(",") if size])

    def diary(self) -> dict[str, Any]:
        """What DIARY has written: states and clicks, each with its time in ms, and the times of slices."""
        entries = self.page.evaluate("({ states: diary.states, clicks: diary.clicks, slices: diary.slices })")
        return cast("dict[str, Any]", entries)
