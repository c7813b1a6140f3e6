"""What nobody would do, and what no one can help: junk in messages and addresses, no memory, deaths, a sleeping laptop.

Each file and fault, each state to die in, and clocks are tried one by one under Node (tests/js/files.test.mjs,
deaths.test.mjs, engine.test.mjs, anything.test.mjs); here a few of them in real browsers. FUZZ=1000 tries so many
messages and addresses, others each time.
"""

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .digits import DIGITS
from .host import FAULTS, Host
from .lab import BOOT, SETTINGS, SMALL, Lab
from .test_editor import RELU, run, tells
from .test_exercises import answer

FUZZ = int(os.environ.get("FUZZ", "0"))
SEED = random.randrange(2**31) if FUZZ else 0

# ── Junk ───────────────────────────────────────────────────────────────────────────────────────

SEND_JUNK = """
async ([seed, count, types]) => {
  const share = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const one = (things) => things[Math.floor(things.length * share())];
  const FIELDS = `runId settings corrections maxBatches points lengths pixels reader width height frame silenced noise
    bytes seed hidden_size text name packed answers indices index kind label value names pictures count epochs
    batch_size learning_rate training_images`.split(/\\s+/);
  const ODD = [null, undefined, true, NaN, -1, 0, 1, 5, 1e9, 0.5, 2n ** 70n, "", "mine", "image", "\\ud800"];
  const drawing = new Float32Array([0.1, 0.1, NaN, 0.9]);
  const ARRAYS = [new Uint8Array(784), drawing, new Int32Array([2]), new Int32Array([-7]), new Date(0), /x/];
  const value = (depth = 2) => one([
    () => one(ODD),
    () => one(ARRAYS),
    () => (depth ? Array.from({ length: 3 * share() }, () => value(depth - 1)) : []),
    () => (depth ? Object.fromEntries(Array.from({ length: 5 * share() }, () => [one(FIELDS), value(depth - 1)])) : {}),
  ])();
  const replies = new Map();
  const hear = ({ data }) => data.type === "reply" && replies.set(data.id, (replies.get(data.id) ?? 0) + 1);
  diary.worker.addEventListener("message", hear);
  const post = (message) => Worker.prototype.postMessage.call(diary.worker, message);
  const ids = Array.from({ length: count }, (_, i) => 1e6 + i);
  for (const id of ids) {
    const fields = Object.fromEntries(Array.from({ length: 6 * share() }, () => [one(FIELDS), value()]));
    post({ ...fields, type: one([...types, "nonsense", "constructor", "__proto__", 7, null]), id });
  }
  // Junk may have it read with broken networks, or look for a run.
  post({ id: 2e6, type: "alter", silenced: [], zeroBiases: false, noise: 0 });
  while (!replies.has(2e6)) await new Promise((resolve) => setTimeout(resolve, 20));
  while (!ids.every((id) => replies.has(id))) await new Promise((resolve) => setTimeout(resolve, 20));
  diary.worker.removeEventListener("message", hear);
  return ids.filter((id) => replies.get(id) !== 1);
}
"""
"""Sends so many messages with something wrong in them; the ids of those that had not exactly one reply."""


def request_types() -> list[str]:
    """All that the worker answers, but for its start."""
    text = (Path(__file__).parents[2] / "site" / "js" / "worker.js").read_text(encoding="utf-8")
    handlers = text[text.index("const HANDLERS = {") : text.index("self.onmessage")]
    found = re.findall(r'^  "?([\w-]+)"?[:(,]', handlers, re.MULTILINE)
    assert {"begin", "read", "fetch-images", "use-code", "names"} <= set(found)
    return [name for name in found if name != "boot"]


def test_any_message_to_the_worker_has_one_reply_and_it_lives_on(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.use(**SMALL)
    assert bench.page.evaluate(SEND_JUNK, [SEED, FUZZ or 250, request_types()]) == [], f"seed {SEED}"
    assert bench.state == "ready"
    expect(bench.error).to_be_hidden()
    assert bench.use(**SMALL).train_to_the_end().losses() == small_losses


GO_THROUGH = """
async (hashes) => {
  for (const hash of hashes) {
    location.hash = hash;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
"""


def addresses(draw: random.Random, count: int) -> Iterator[str]:
    names = [*SETTINGS, "tab", "phase", "exercise", "code", "__proto__", "", "seed[]"]
    values = ["", "-1", "1e99", "NaN", "0x10", "%", "%zz", "%ED%A0%80", "code", "watch", "loss", "softmax", "__proto__"]
    values += ["eJyLjgUAARUAuQ", "'\"><b>", "9" * 300, "5", "0.5", "constructor"]
    for _ in range(count):
        pairs = (f"{draw.choice(names)}={draw.choice(values)}" for _ in range(draw.randrange(7)))
        yield draw.choice(["#", "##", "#&", "#?"]) + "&".join(pairs)


def test_any_address_is_put_right_and_the_page_goes_on(bench: Lab, small_losses: list[list[str]]) -> None:
    bench.page.evaluate(GO_THROUGH, list(addresses(random.Random(SEED), FUZZ or 60)))
    assert bench.state == "ready", f"seed {SEED}"
    assert all(name in bench.hash for name in SETTINGS)
    for name in SETTINGS:
        assert bench.field(name).evaluate("field => field.validity.valid"), name
    assert bench.use(**SMALL).train_to_the_end().losses() == small_losses


# ── No memory ──────────────────────────────────────────────────────────────────────────────────

HOARDS = "while True: globals().setdefault('HOARD', []).append(np.ones(30_000_000))"
FILLS = "kept = []\n        while True:\n            kept.append(np.ones(30_000_000))"


def test_an_array_larger_than_any_memory_is_told_at_its_line(coding: Lab) -> None:
    text = run(coding, RELU, "return np.zeros((10**6, 10**5))")
    tells(coding, text, "np.zeros((10**6", "not enough memory")
    coding.runs_code("shipped")
    assert coding.train_to_the_end().state == "ready"


def test_python_never_has_more_than_two_gigabytes(coding: Lab) -> None:
    """Pyodide would take addresses beyond for negative numbers."""
    takes = "try:\n            bytearray(2**31 - 2**26)\n            print('too much')\n        except MemoryError:\n"
    run(coding, RELU, f"{takes}            print('no more')\n        {RELU}")
    printed = coding.page.get_by_test_id("printed")
    expect(printed).to_contain_text("no more")
    expect(printed).not_to_contain_text("too much")


@pytest.mark.parametrize("code", [FILLS, HOARDS], ids=["and lets go", "and keeps"])
def test_a_loop_that_fills_the_memory_is_told_and_the_network_goes_on(coding: Lab, code: str) -> None:
    coding.train_to_the_end()
    trained = coding.losses()
    run(coding, RELU, code)
    # Whichever comes first: that it is full, or that it takes too long.
    told = re.compile("not enough memory|Stopped after 2 seconds|did not come to an end")
    expect(coding.page.get_by_test_id("editor-error")).to_contain_text(told)
    coding.wait_until_booted().runs_code("shipped")
    assert coding.losses() == trained
    assert coding.train_to_the_end(4).state == "ready"


def test_an_answer_that_wants_more_memory_than_there_is_is_told(coding: Lab) -> None:
    found = answer(coding, "relu", "def relu(self, x):\n    return np.zeros((10**6, 10**5))\n")
    expect(found.get_by_role("status")).to_contain_text("not enough memory")
    assert coding.train_to_the_end().state == "ready"


def test_the_largest_network_and_batch_learn_from_all_images(bench: Lab) -> None:
    largest = {"hidden_size": 1024, "batch_size": 1000, "training_images": 60_000, "learning_rate": 0.0005}
    bench.use(**SMALL | largest)
    bench.button("One batch").click()
    expect(bench.page.get_by_test_id("batch")).to_have_attribute("data-value", "1", timeout=60_000)
    expect(bench.error).to_be_hidden()


# ── Deaths ─────────────────────────────────────────────────────────────────────────────────────

DIES_AT_WORK = "button => { button.click(); diary.worker.terminate(); }"


def test_a_worker_that_dies_while_paused_looking_or_trying_code_is_replaced(coding: Lab) -> None:
    coding.train_to_the_end()
    coding.draw(DIGITS[7])
    read = coding.probabilities()
    coding.step(1).look_at("Code")
    coding.page.get_by_role("button", name=re.compile("Backward")).click()
    for button in ("Check gradients", "Run my code"):
        coding.button(button).evaluate(DIES_AT_WORK)
        coding.wait_for_state("failed", 9_000)
        expect(coding.error).to_contain_text("The network as it was after epoch 2 is kept. Press Restart")
        coding.button("Restart").click()
        coding.wait_until_booted().expect_probabilities(read)
        coding.runs_code("shipped")
    assert coding.train_to_the_end(4).state == "ready"


# ── Sleep ──────────────────────────────────────────────────────────────────────────────────────

HIDE = """
() => {
  window.hidden = { frames: [], real: window.requestAnimationFrame };
  window.requestAnimationFrame = (callback) => hidden.frames.push(callback);
}
"""
SHOW = """
() => {
  window.requestAnimationFrame = hidden.real;
  const { length } = hidden.frames;
  for (const callback of hidden.frames) callback(performance.now());
  return length;
}
"""
"""A hidden tab paints nothing, until it is looked at again."""


def test_a_laptops_sleep_and_a_hidden_tab_change_nothing(lab: Lab) -> None:
    lab.page.clock.install()
    lab.open(**SMALL | {"epochs": 1000}).train().wait_for_an_epoch()
    lab.page.clock.fast_forward("08:00:00")  # each timer that is due fires once, and all clocks are put
    lab.wait_for_more_epochs()
    assert lab.state == "training"
    lab.page.evaluate(HIDE)
    for _ in range(5):
        lab.page.clock.fast_forward("01:00")  # timers of a hidden tab fire but once a minute
        lab.wait_for_more_epochs()
    assert lab.page.evaluate(SHOW) < 20, "what is to be painted piles up"
    assert lab.state == "training"
    lab.button("Pause").click()
    lab.wait_for_state("paused")
    expect(lab.error).to_be_hidden()
    seconds = lab.epochs.evaluate_all("rows => rows.map((row) => Number(row.cells[4].dataset.value))")
    assert all(0 <= each < 60 for each in seconds)
    lab.draw(DIGITS[2])
    expect(lab.prediction).to_have_text(re.compile(r"^\d$"))


@pytest.mark.only("chromium")  # which alone can be told to freeze a page
def test_a_frozen_page_goes_on_where_it_was(bench: Lab) -> None:
    bench.use(**SMALL | {"epochs": 1000}).train().wait_for_an_epoch()
    session = bench.page.context.new_cdp_session(bench.page)
    for _ in range(3):
        session.send("Page.setWebLifecycleState", {"state": "frozen"})
        session.send("Page.setWebLifecycleState", {"state": "active"})
        bench.wait_for_more_epochs()
    assert bench.state == "training"
    expect(bench.error).to_be_hidden()


# ── The page's own files ───────────────────────────────────────────────────────────────────────


@pytest.mark.only("chromium")  # Firefox has its share in test_trouble.py
def test_some_of_the_pages_files_with_some_fault_each(visit: Visit, host: Host, dist: Path) -> None:
    lab = visit(url=host.url)
    lab.watch.expect("")
    draw = random.Random(SEED)
    code = next(dist.glob("build-*"))
    modules = sorted(path.relative_to(code).as_posix() for path in (code / "js").rglob("*.js"))
    page = lab.page
    start = (dist / "index.html").read_text(encoding="utf-8")
    loaded = [name for name in modules if f'modulepreload" href="{code.name}/{name}">' in start]  # and no optional ones
    for name in loaded:
        fault = draw.choice([fault for fault in FAULTS if fault != "stalled"])
        host.faults = {f"/{name}": fault}
        page.goto("about:blank")
        lab.go()
        told = re.compile(f"{re.escape(name.rpartition('/')[2])}|its code did not come")  # the latter by a worker
        expect(lab.error, f"{name}, {fault}").to_contain_text(told, timeout=BOOT)
        expect(lab.error.get_by_role("button")).to_have_count(1)
    host.mend()
    lab.boot_again()
