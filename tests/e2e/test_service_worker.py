"""What is kept for later visits: only what is right, of one build at a time, and a newer one is offered."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from builder.serve import serving

from .conftest import Visit
from .host import Host, another_build
from .lab import BOOT, PLAIN, SMALL, Lab

REGISTRATION = "() => navigator.serviceWorker.getRegistration().then((one) => ({}))"
ACTIVE = REGISTRATION.format("one?.active?.state === 'activated'")
NOTHING_INSTALLING = REGISTRATION.format("!one?.installing")
NEITHER_INSTALLING_NOR_WAITING = REGISTRATION.format("!one?.installing && !one?.waiting")
OLD, NEW = "Ready. Draw", "Ready anew. Draw"


@pytest.fixture
def lab(visit: Visit, host: Host) -> Lab:
    lab = visit(url=host.url, is_kept=True)
    lab.watch.expect("Failed to load resource|404|Failed to update a ServiceWorker|sw.js")
    return lab


@pytest.fixture
def newer(dist: Path, tmp_path: Path) -> Path:
    return another_build(dist, tmp_path / "newer", "js/main.js", OLD, NEW)


def keeps_all(lab: Lab) -> None:
    lab.wait_until(ACTIVE)


# ── Only what is right ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        pytest.param("snapshot.zst", "a web page", marks=pytest.mark.only("chromium")),
        ("/style/all.css", "a web page"),
    ],
)
def test_what_came_wrong_on_the_first_visit_is_not_kept(lab: Lab, host: Host, file: str, fault: str) -> None:
    lab.watch.expect("")
    host.faults[file] = fault
    lab.go(**SMALL)
    expect(lab.page.locator("html")).to_have_attribute("data-state", re.compile("ready|failed"), timeout=BOOT)
    lab.wait_until(NOTHING_INSTALLING)
    host.mend()
    lab.boot_again()
    assert lab.page.evaluate("getComputedStyle(document.querySelector('.pad')).touchAction") == "none"
    keeps_all(lab)
    assert lab.boot_again().train_to_the_end().state == "ready"


@pytest.mark.only("chromium")  # the same code and the same caches
def test_a_service_worker_that_cannot_get_a_right_file_does_not_take_over(lab: Lab, host: Host) -> None:
    lab.watch.expect("")
    host.faults["allographs-labels.idx1-ubyte.gz"] = "other bytes"
    lab.go(**SMALL).wait_for_state("ready", BOOT)
    expect(lab.error).to_contain_text("allographs-labels")
    lab.wait_until(NOTHING_INSTALLING)
    assert lab.page.evaluate("navigator.serviceWorker.controller === null")
    host.mend()
    lab.boot_again()
    keeps_all(lab)
    lab.train_to_the_end()


@pytest.mark.either
def test_nothing_is_kept_before_the_page_is_ready_nor_after_it_failed(lab: Lab, host: Host) -> None:
    lab.watch.expect("")
    host.faults["pyodide.asm.wasm"] = "missing"
    lab.go().wait_for_state("failed")
    assert not any(path.endswith("sw.js") for path in host.requests)
    host.mend()
    lab.button("Restart").click()
    lab.wait_for_state("ready", BOOT)


@pytest.mark.only("chromium")  # whose storage can be made to fail from within
def test_where_storage_fails_requests_go_to_the_network(lab: Lab, host: Host, dist: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(dist, tmp_path / "broken"))
    worker = broken / "sw.js"
    lab.open(**SMALL)
    keeps_all(lab)
    # The next script that the browser takes for the service worker's has no storage any more.
    fill = 'worker.addEventListener("install", (event) => event.waitUntil(fill()));'
    text = worker.read_text()
    assert fill in text
    host.deploy(broken)
    for no_storage in (
        "caches.open = () => Promise.reject(new Error('no storage'));",
        "Cache.prototype.match = () => Promise.reject(new Error('no storage'));",
        "CacheStorage.prototype.keys = Cache.prototype.match = () => { throw new Error('no storage') };",
    ):
        instead = "worker.addEventListener('install', () => worker.skipWaiting());"
        worker.write_text(text.replace(fill, instead) + no_storage)
        lab.page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
        lab.wait_until(NEITHER_INSTALLING_NOR_WAITING)
        assert lab.boot_again().train_to_the_end().state == "ready", no_storage


@pytest.mark.only("chromium")  # the same code and the same caches
def test_two_copies_on_one_origin_leave_each_other_alone(visit: Visit, dist: Path, tmp_path: Path) -> None:
    both = tmp_path / "both"
    for name in ("one", "two"):
        shutil.copytree(dist, both / name)
    with serving(both, "/") as origin:
        lab = visit(url=origin, is_kept=True)
        for name in ("one", "two"):
            lab.page.goto(f"{origin}{name}/")
            lab.wait_until_booted()
            keeps_all(lab)
        caches = lab.page.evaluate("caches.keys()")
        assert sorted(name.split()[1] for name in caches) == [f"{origin}one/", f"{origin}two/"]


@pytest.mark.either
def test_what_is_fetched_later_on_a_first_visit_is_kept_too(lab: Lab, host: Host) -> None:
    lab.open(**PLAIN | {"training_images": 60_000, "epochs": 1, "batch_size": 500, "learning_rate": 0.0005})
    keeps_all(lab)
    lab.wait_until("() => navigator.serviceWorker.controller !== null")
    lab.train_to_the_end(1)
    lab.wait_until("() => caches.match(new URL('data/train-images-2.idx3-ubyte.gz', location.href)).then(Boolean)")


@pytest.mark.either
def test_licences_and_bill_of_materials_are_linked_and_come_from_the_host(lab: Lab, dist: Path) -> None:
    keeps_all(lab.open())
    lab.wait_until("async () => Boolean(navigator.serviceWorker.controller)")
    for name, file in (("Licences", "THIRD_PARTY_LICENSES.txt"), ("Bill of materials", "sbom.cdx.json")):
        link = lab.page.get_by_role("contentinfo").get_by_role("link", name=name)
        expect(link).to_have_attribute("target", "_blank")  # or a training would end with the page
        text = link.evaluate("async (link) => (await fetch(link.href)).text()")
        assert text == (dist / file).read_text(encoding="utf-8")
        assert lab.page.evaluate("async (file) => !(await caches.match(file))", file)


# ── One build at a time ────────────────────────────────────────────────────────────────────────


def open_and_keep(lab: Lab) -> None:
    lab.open(**SMALL)
    keeps_all(lab)


def test_a_newer_build_is_offered_and_comes_when_wanted(lab: Lab, host: Host, newer: Path) -> None:
    open_and_keep(lab)
    expect(lab.page.get_by_test_id("update")).to_be_hidden()
    host.deploy(newer)
    lab.page.reload()
    expect(lab.status).to_contain_text(OLD, timeout=BOOT)
    expect(lab.page.get_by_test_id("update")).to_contain_text("new version", timeout=BOOT)
    lab.button("Use the new version").click()
    expect(lab.status).to_contain_text(NEW, timeout=BOOT)
    expect(lab.page.get_by_test_id("update")).to_be_hidden()
    lab.wait_until("() => caches.keys().then((names) => names.length === 1)")
    lab.train_to_the_end()


@pytest.mark.either
def test_a_page_of_the_old_build_goes_on_with_it_beside_one_of_the_new(
    lab: Lab, visit: Visit, host: Host, newer: Path
) -> None:
    open_and_keep(lab)
    host.deploy(newer)
    other = Lab(lab.page.context.new_page(), host.url, lab.watch, lab.downloads)
    other.open(**SMALL)
    expect(other.status).to_contain_text(OLD)
    expect(other.page.get_by_test_id("update")).to_be_visible(timeout=BOOT)
    other.button("Use the new version").click()
    expect(other.status).to_contain_text(NEW, timeout=BOOT)
    # The first page is still of the old build, and so is a worker that it starts only now.
    lab.page.bring_to_front()
    lab.page.evaluate("diary.worker.terminate()")
    lab.wait_for_state("failed")
    lab.button("Restart").click()
    lab.wait_until_booted()
    expect(lab.status).to_contain_text(OLD)
    # And it can have the new one as well, though that waits for nobody any more.
    lab.train_to_the_end().reset().button("Use the new version").click()
    expect(lab.status).to_contain_text(NEW, timeout=BOOT)


@pytest.mark.only("chromium")  # the same code and the same caches
def test_a_host_that_lets_files_be_kept_for_long_mixes_nothing(lab: Lab, host: Host, newer: Path) -> None:
    host.max_age = 3600
    open_and_keep(lab)
    host.deploy(newer)
    lab.boot_again()
    expect(lab.page.get_by_test_id("update")).to_be_visible(timeout=BOOT)
    lab.button("Use the new version").click()
    expect(lab.status).to_contain_text(NEW, timeout=BOOT)
    assert lab.train_to_the_end().state == "ready"
