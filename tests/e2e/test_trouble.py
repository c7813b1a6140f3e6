"""Files that do not come, come wrong, or stand still: told by name within ten seconds, with one thing to do."""

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .host import Host
from .lab import BOOT, SMALL, Lab

AT_ONCE = 9_000  # on a machine that does other things as well; what waits for a silence takes ten seconds and more
TEN_SECONDS = 20_000  # which begin when the page's code runs
RELOAD, RESTART = "Reload", "Restart"
FILES = {
    # of the page itself
    ("js/main.js", "missing"): ("main.js", RELOAD),
    ("js/main.js", "half"): ("main.js", RELOAD),
    # of its worker
    ("js/worker.js", "a web page"): ("worker.js", RESTART),
    # of Python's
    ("pyodide.asm.wasm", "half"): ("pyodide.asm.wasm", RESTART),
    ("pyodide.asm.wasm", "stalled"): ("pyodide.asm.wasm", RESTART),
    ("numpy-libraries.gz", "other bytes"): ("numpy-libraries.gz", RESTART),
}
"""What is wrong with which file; how that is then named, and what is offered."""
MORE_FILES = {
    ("js/main.js", "a web page"): ("main.js", RELOAD),
    ("catalogue.js", "a web page"): ("catalogue.js", RELOAD),
    ("js/worker.js", "missing"): ("worker.js", RESTART),
    ("js/worker.js", "stalled"): ("worker.js", RESTART),
    ("js/worker.js", "half"): ("did not come", RESTART),  # browsers tell no more of an import that fails
    **{
        ("pyodide.asm.wasm", fault): ("pyodide.asm.wasm", RESTART) for fault in ("missing", "a web page", "other bytes")
    },
    ("snapshot.zst", "half"): ("snapshot.zst", RESTART),
    ("snapshot.json", "missing"): ("snapshot.json", RESTART),
    ("pyodide.mjs", "other bytes"): ("pyodide.mjs", RESTART),
    ("pyodide.asm.mjs", "missing"): ("pyodide.asm.mjs", RESTART),
    ("pyodide-lock.json", "a web page"): ("pyodide-lock.json", RESTART),
}


@pytest.fixture
def lab(visit: Visit, host: Host) -> Lab:
    lab = visit(url=host.url)
    lab.watch.expect("")  # what a browser says to its console of each fault is its own affair
    return lab


def tells(lab: Lab, name: str, button: str, timeout: float = AT_ONCE) -> None:
    """The page says what did not come, in plain words, and offers this one thing to do."""
    expect(lab.error).to_contain_text(name, timeout=timeout)
    lab.wait_for_state("failed")
    expect(lab.error.get_by_role("button")).to_have_text([button])
    for jargon in ("[object", "micropip", "unsafely", "Traceback", "protocol", "undefined", "null", "NaN"):
        expect(lab.error).not_to_contain_text(jargon)


def gets_well(lab: Lab, host: Host, button: str) -> None:
    """Once the fault is gone, the one thing to do helps."""
    host.mend()
    lab.button(button).click()
    lab.wait_for_state("ready", BOOT)
    expect(lab.error).to_be_hidden()


@pytest.mark.parametrize(("file", "fault"), FILES)
def test_a_file_that_does_not_come_or_comes_wrong(lab: Lab, host: Host, file: str, fault: str) -> None:
    host.faults[file] = fault
    lab.go()
    tells(lab, *FILES[file, fault], TEN_SECONDS if fault == "stalled" else AT_ONCE)


@pytest.mark.only("chromium")  # Firefox has its share above
@pytest.mark.parametrize(("file", "fault"), MORE_FILES)
def test_each_other_file(lab: Lab, host: Host, file: str, fault: str) -> None:
    host.faults[file] = fault
    lab.go()
    tells(lab, *MORE_FILES[file, fault], TEN_SECONDS if fault == "stalled" else AT_ONCE)


def test_a_style_sheet_that_does_not_come_stops_nothing(lab: Lab, host: Host) -> None:
    host.faults["/style/all.css"] = "missing"
    lab.go().wait_for_state("ready", BOOT)


@pytest.mark.parametrize(
    ("file", "button"), [("js/main.js", RELOAD), ("js/worker.js", RESTART), ("pyodide.asm.wasm", RESTART)]
)
def test_it_gets_well_even_where_the_browser_may_keep_what_came_wrong(
    lab: Lab, host: Host, file: str, button: str
) -> None:
    host.max_age = 3600
    host.faults[file] = "a web page"
    lab.go()
    tells(lab, file.rpartition("/")[2], button)
    gets_well(lab, host, button)


def test_a_file_that_comes_late_after_all_ends_the_alarm(lab: Lab, host: Host) -> None:
    host.faults["js/main.js"] = "stalled"
    lab.go()
    tells(lab, "main.js", RELOAD, TEN_SECONDS)
    host.mend()
    lab.wait_for_state("ready", BOOT)
    expect(lab.error).to_be_hidden()


@pytest.mark.parametrize("fault", ["other bytes", "stalled"])
def test_the_starter_model_is_but_a_comfort(lab: Lab, host: Host, fault: str) -> None:
    host.faults["starter.npz"] = fault
    lab.go(**SMALL).wait_for_state("ready", TEN_SECONDS)
    expect(lab.page.get_by_test_id("model")).to_contain_text("random weights")
    lab.train_to_the_end()


@pytest.mark.parametrize("how", ["missing", "throwing"])
def test_without_the_charts_library_all_else_works(lab: Lab, host: Host, how: str) -> None:
    if how == "missing":
        host.faults["uPlot.esm.js"] = "missing"
    else:  # as it does where the browser's language is "C"
        lab.page.add_init_script("Intl.NumberFormat = () => { throw new RangeError('Incorrect locale information') }")
    lab.open(**SMALL).train_to_the_end()
    expect(lab.page.get_by_test_id("loss-chart")).to_contain_text("All numbers")
    expect(lab.epochs).to_have_count(2)


@pytest.mark.parametrize("death", ["throw", "close"])
def test_a_worker_that_dies_while_it_starts(lab: Lab, host: Host, death: str) -> None:
    host.faults["pyodide.asm.wasm"] = "stalled"
    lab.equip_worker().go()
    lab.page.wait_for_function("() => diary.messages.includes('hello')")
    lab.tell_worker(death)
    tells(lab, "Python could not be started", RESTART)
    gets_well(lab, host, RESTART)


def test_a_part_of_mnist_that_stands_still_is_told_and_fetched_again(lab: Lab, host: Host) -> None:
    host.faults["train-images-1.idx3-ubyte.gz"] = "stalled"
    lab.go(**SMALL).wait_for_state("ready", BOOT)
    lab.train()
    expect(lab.error).to_contain_text("train-images-1", timeout=TEN_SECONDS)
    expect(lab.error).to_contain_text("press Train again")
    host.mend()
    lab.train_to_the_end()
