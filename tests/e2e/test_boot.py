"""From the address to a page that is ready."""

import json
import re

from playwright.sync_api import Route, expect

from builder.paths import DIST

from .digits import DIGITS
from .lab import BOOT, Lab

BUTTONS = ("Train", "One batch", "New network", "Save model", "Load model")


def test_it_gets_ready_and_says_which_versions_run(lab: Lab) -> None:
    lab.open()
    expect(lab.status).to_contain_text("Ready")
    expect(lab.error).to_be_hidden()
    expect(lab.page.get_by_test_id("boot-progress")).to_be_hidden()
    expect(lab.page.get_by_test_id("backend")).to_have_attribute("data-value", re.compile("^(simd|numpy)$"))
    versions = json.loads((DIST / "build.json").read_text())["versions"]
    for program in ("Python", "NumPy", "Pyodide"):
        expect(lab.page.get_by_test_id("versions")).to_contain_text(f"{program} {versions[program.lower()]}")


def test_while_loading_all_is_there_and_says_what_it_waits_for(lab: Lab) -> None:
    release = lab.hold("vendor/pyodide/numpy*")
    lab.go()
    for name in BUTTONS:
        expect(lab.button(name)).to_be_disabled()
    expect(lab.status).to_contain_text("Starting Python")
    progress = lab.page.get_by_test_id("boot-progress")
    expect(progress).to_have_role("progressbar")
    expect(progress).to_contain_text(re.compile(r"\d\.\d of \d\d\.\d MB"))
    expect(progress).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d$"), timeout=BOOT)
    lab.draw(DIGITS[1])
    expect(lab.button("Undo")).to_be_enabled()
    assert lab.state == "loading"
    release()
    lab.wait_for_state("ready", BOOT)
    expect(lab.prediction).to_have_text(re.compile(r"^\d$"))
    expect(lab.button("Train")).to_be_enabled()


def test_when_numpy_cannot_be_fetched_it_says_so_and_restarts(lab: Lab) -> None:
    lab.watch.expect(r"Failed to (load|fetch)|NetworkError|numpy|404")

    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="not here")

    mend = lab.break_network("vendor/pyodide/numpy*", refuse)
    lab.go().wait_for_state("failed", BOOT)
    expect(lab.error).to_have_role("alert")
    expect(lab.error).to_contain_text("Restart")
    expect(lab.error).not_to_contain_text("Traceback")
    mend()
    lab.button("Restart").click()
    lab.wait_for_state("ready", BOOT)
    expect(lab.error).to_be_hidden()
