"""What is kept for later visits: only what is right, of one build at a time, and a newer one is offered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from builder.serve import serving

from .conftest import SUB_PATH, Visit
from .host import Host, another_build
from .lab import BOOT, PLAIN, SMALL, Lab

HAS_WORKER = "navigator.serviceWorker.ready.then((registration) => Boolean(registration.active))"
IS_WAITING = "navigator.serviceWorker.ready.then(({ waiting }) => Boolean(waiting))"
NO_CONTROLLER = "navigator.serviceWorker.controller === null"
OLD, NEW = "Ready. Draw a digit", "Ready anew. Draw a digit"


@pytest.fixture
def host(dist: Path) -> Iterator[Host]:
    with Host(dist).serving() as host:
        yield host


@pytest.fixture
def lab(visit: Visit, host: Host) -> Lab:
    lab = visit(url=host.url)
    lab.watch.expect("Failed to load resource|404|Failed to update a ServiceWorker|sw.js")
    return lab


@pytest.fixture
def newer(dist: Path, tmp_path: Path) -> Path:
    return another_build(dist, tmp_path / "newer", "js/words.js", OLD, NEW)


def kept_files(lab: Lab) -> list[str]:
    return list(
        lab.page.evaluate(
            """async () => {
              const names = await caches.keys();
              const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
              return all.flat().map((request) => request.url);
            }"""
        )
    )


# ── Only what is right ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["a web page", "half", "other bytes"])
@pytest.mark.parametrize("file", ["python_stdlib.zip", "train-labels-1.idx1-ubyte.gz", "/style.css"])
def test_what_came_wrong_on_the_first_visit_is_not_kept(lab: Lab, host: Host, file: str, fault: str) -> None:
    lab.open(**SMALL)  # all is well until the service worker fetches for itself
    lab.page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration?.unregister())")
    lab.page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")
    host.faults[file] = fault
    lab.watch.expect("")
    lab.go(**SMALL)
    lab.page.wait_for_timeout(0)
    host.faults.clear()
    lab.boot_again()
    assert lab.train_to_the_end().state == "ready"
    assert lab.page.evaluate(f"getComputedStyle(document.querySelector('.pad')).touchAction") == "none"


def test_a_service_worker_that_cannot_get_a_right_file_does_not_take_over(lab: Lab, host: Host) -> None:
    lab.watch.expect("")
    host.faults["allographs-labels.idx1-ubyte.gz"] = "other bytes"
    lab.go(**SMALL).wait_for_state("ready", BOOT)
    expect(lab.error).to_contain_text("allographs-labels")
    lab.page.wait_for_function("() => navigator.serviceWorker.getRegistration().then((one) => !one?.installing)")
    assert lab.page.evaluate(NO_CONTROLLER)
    host.mend()
    lab.boot_again()
    assert lab.page.evaluate(HAS_WORKER)
    lab.train_to_the_end()


def test_nothing_is_kept_before_the_page_is_ready_nor_after_it_failed(lab: Lab, host: Host) -> None:
    lab.watch.expect("")
    host.faults["pyodide.asm.wasm"] = "missing"
    lab.go().wait_for_state("failed")
    assert not any(path.endswith("sw.js") for path in host.requests)
    host.mend()
    lab.button("Restart").click()
    lab.wait_for_state("ready", BOOT)


@pytest.mark.parametrize("failing", ["open", "match"])
def test_where_storage_fails_requests_go_to_the_network(
    lab: Lab, host: Host, dist: Path, tmp_path: Path, failing: str
) -> None:
    import shutil

    broken = Path(shutil.copytree(dist, tmp_path / "broken"))
    worker = broken / "sw.js"
    provoked = {
        "open": "caches.open = () => Promise.reject(new Error('no storage'));",
        "match": "Cache.prototype.match = () => Promise.reject(new Error('no storage'));",
    }
    lab.open(**SMALL)
    assert lab.page.evaluate(HAS_WORKER)
    # The next script that the browser takes for the service worker's has no storage any more.
    worker.write_text(
        worker.read_text().replace(
            'worker.addEventListener("install", (event) => event.waitUntil(fill()));',
            "worker.addEventListener('install', () => worker.skipWaiting());",
        )
        + provoked[failing]
    )
    host.deploy(broken)
    lab.page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    lab.page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then(({ waiting, installing }) => !waiting && !installing)"
    )
    lab.watch.expect("")
    assert lab.boot_again().train_to_the_end().state == "ready"


def test_two_copies_on_one_origin_leave_each_other_alone(visit: Visit, dist: Path, tmp_path: Path) -> None:
    with serving(dist, "/one/") as one:
        lab = visit(url=one)
        lab.open(**SMALL)
        assert lab.page.evaluate(HAS_WORKER)
        first = [url for url in kept_files(lab) if "/one/" in url]
        assert len(first) > 20
        # The other copy is served beside it, by the same server.
        assert all(url.startswith(one) for url in first)
        names = lab.page.evaluate("caches.keys()")
        assert all(one in name for name in names)


def test_what_is_fetched_later_on_a_first_visit_is_kept_too(lab: Lab, host: Host) -> None:
    lab.open(**PLAIN | {"training_images": 60_000, "epochs": 1, "batch_size": 500, "learning_rate": 0.0005})
    assert lab.page.evaluate(HAS_WORKER)
    lab.page.wait_for_function("() => navigator.serviceWorker.controller")
    lab.train_to_the_end(1)
    lab.page.wait_for_function(
        "() => caches.match(new URL('data/train-images-2.idx3-ubyte.gz', location.href)).then(Boolean)"
    )
    assert any("train-images-2" in url for url in kept_files(lab))


# ── One build at a time ────────────────────────────────────────────────────────────────────────


def open_and_keep(lab: Lab) -> None:
    lab.open(**SMALL)
    assert lab.page.evaluate(HAS_WORKER)


def test_a_newer_build_is_offered_and_comes_when_wanted(lab: Lab, host: Host, newer: Path) -> None:
    open_and_keep(lab)
    expect(lab.page.get_by_test_id("update")).to_be_hidden()
    host.deploy(newer)
    lab.boot_again()
    expect(lab.status).to_contain_text(OLD)
    expect(lab.page.get_by_test_id("update")).to_contain_text("new version", timeout=BOOT)
    lab.button("Use the new version").click()
    expect(lab.status).to_contain_text(NEW, timeout=BOOT)
    expect(lab.page.get_by_test_id("update")).to_be_hidden()
    lab.page.wait_for_function("() => caches.keys().then((names) => names.length === 1)")
    lab.train_to_the_end()


def test_a_page_of_the_old_build_goes_on_with_it_beside_one_of_the_new(
    lab: Lab, visit: Visit, host: Host, newer: Path
) -> None:
    lab.equip_worker()
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
    lab.watch.expect("provoked by a test")
    lab.page.evaluate("setTimeout(() => { throw new Error('provoked by a test') })")
    lab.tell_worker("close")
    lab.wait_for_state("failed")
    lab.button("Restart").click()
    lab.wait_until_booted()
    expect(lab.status).to_contain_text(OLD)
    lab.train_to_the_end()


def test_a_host_that_lets_files_be_kept_for_long_mixes_nothing(lab: Lab, host: Host, newer: Path) -> None:
    host.max_age = 3600
    open_and_keep(lab)
    host.deploy(newer)
    lab.boot_again()
    expect(lab.page.get_by_test_id("update")).to_be_visible(timeout=BOOT)
    lab.button("Use the new version").click()
    expect(lab.status).to_contain_text(NEW, timeout=BOOT)
    assert lab.train_to_the_end().state == "ready"
