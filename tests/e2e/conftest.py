"""The site under a sub-path, a browser, and a fresh page for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from builder.browsers import NAMES, launch_options
from builder.paths import DIST
from builder.serve import serving

from .host import Host
from .lab import BOOT, DIARY, SMALL, Lab
from .watch import Watch

SUB_PATH = "/some/where/"
CHOSEN = os.environ.get("E2E_BROWSER")
IS_SHARED = bool(os.environ.get("E2E_SHARED"))
"""Whether another browser has its share of the tests that are for either, to take half the time."""

NO_SERVICE_WORKER = "if (navigator.serviceWorker) navigator.serviceWorker.register = () => new Promise(() => {})"
"""It would fetch the whole site once more for each fresh page, which takes a second of a processor."""

FAILED = pytest.StashKey[int]()
"""How many tests had failed when the shared page was loaded last."""

Visit = Callable[..., Lab]
"""Makes a fresh page; `is_kept`: by a service worker; other options are those of a browser's context."""


def pytest_configure() -> None:
    # Two browsers share two cores, and what is waited for comes when it comes.
    expect.set_options(timeout=30_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "browser" in metafunc.fixturenames:
        names = [CHOSEN] if CHOSEN else list(NAMES)
        metafunc.parametrize("browser", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for another browser."""
    left_out = [item for item in items if not _is_for_its_browser(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_for_its_browser(item: pytest.Item) -> bool:
    browser = item.callspec.params.get("browser") if isinstance(item, pytest.Function) else None
    if only := item.get_closest_marker("only"):
        return browser in only.args
    if IS_SHARED and item.get_closest_marker("either"):
        # Chromium has more that is for it alone.
        number = crc32(item.nodeid.replace(str(browser), "").encode()) % 10
        return browser == ("chromium" if number < 3 else "firefox")
    return True


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of dist/, so that a build that is made meanwhile changes nothing."""
    return shutil.copytree(DIST, tmp_path_factory.mktemp("site") / "dist")


@pytest.fixture(scope="session")
def site(dist: Path) -> Iterator[str]:
    """The address of dist/, served as a static host would, under a sub-path."""
    with serving(dist, SUB_PATH) as address:
        yield address


@pytest.fixture
def host(dist: Path) -> Iterator[Host]:
    """Serves dist/, and goes wrong when told to."""
    with Host(dist).serving() as host:
        yield host


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest, playwright: Playwright, downloads: Path) -> Iterator[Browser]:
    kind = getattr(playwright, request.param)
    options = launch_options(kind)
    assert options is not None, f"no {request.param} here; `python3 build.py test` gets one"
    # Firefox would show its own list of downloads after the first, and give that the keys.
    no_list = {"firefox_user_prefs": {"browser.download.alwaysOpenPanel": False}} if kind.name == "firefox" else {}
    browser = kind.launch(**options, **no_list, downloads_path=downloads)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def new_lab(browser: Browser, site: str, downloads: Path) -> Callable[..., tuple[Lab, ExitStack]]:
    """Makes a page in a context of its own, with what ends it."""

    def make(url: str = site, is_kept: bool = False, **options: Any) -> tuple[Lab, ExitStack]:
        end = ExitStack()
        context = browser.new_context(**options)
        end.callback(context.close)
        context.add_init_script(DIARY)
        if not is_kept:
            context.add_init_script(NO_SERVICE_WORKER)
        watch = Watch(context, url)
        end.callback(watch.verify)
        return Lab(context.new_page(), url, watch, downloads), end

    return make


@pytest.fixture
def visit(new_lab: Callable[..., tuple[Lab, ExitStack]]) -> Iterator[Visit]:
    """Makes a fresh page, as often as it is called; what goes wrong in any of them fails the test."""
    with ExitStack() as stack:

        def make(**options: Any) -> Lab:
            lab, end = new_lab(**options)
            stack.enter_context(end)
            return lab

        yield make


@pytest.fixture
def lab(visit: Visit) -> Lab:
    """A fresh page, not opened yet."""
    return visit()


@pytest.fixture(scope="session")
def trained_once(new_lab: Callable[..., tuple[Lab, ExitStack]]) -> Iterator[Lab]:
    lab, end = new_lab()
    with end:
        lab.open()
        yield lab.train_to_the_end(10, timeout=180_000)


@pytest.fixture
def trained(trained_once: Lab) -> Iterator[Lab]:
    """A page after a default training, shared: draw there, but leave the network alone."""
    trained_once.page.bring_to_front()
    yield trained_once.clear()
    trained_once.watch.verify()


@pytest.fixture(scope="session")
def bench_once(new_lab: Callable[..., tuple[Lab, ExitStack]]) -> Iterator[Lab]:
    lab, end = new_lab()
    with end:
        yield lab.open(**SMALL)


@pytest.fixture
def bench(bench_once: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A page that is ready and shared, to save the time of booting: begin with its use()."""
    bench_once.page.bring_to_front()
    failed = request.session.testsfailed
    if failed > request.session.stash.get(FAILED, 0) or bench_once.button("New network").is_disabled():
        request.session.stash[FAILED] = failed
        bench_once.boot_again()  # a test before has left it in a bad state
    bench_once.page.evaluate("diary.states.length = diary.clicks.length = 0")
    yield bench_once
    bench_once.watch.verify()


@pytest.fixture
def coding(bench: Lab) -> Iterator[Lab]:
    """The Code tab of a page in which the shipped code runs, and is in the editor; and will be so again."""
    bench.use(**SMALL).look_at("Code")
    expect(bench.editor).to_be_visible(timeout=BOOT)
    yield bench
    bench.look_at("Code")
    if bench.button("Restore").is_enabled():
        bench.button("Restore").click()
    bench.runs_code("shipped")


@pytest.fixture(scope="session")
def small_losses(new_lab: Callable[..., tuple[Lab, ExitStack]]) -> list[list[str]]:
    """What the epoch table holds after the small training."""
    lab, end = new_lab()
    with end:
        return lab.open(**SMALL).train_to_the_end().losses()
