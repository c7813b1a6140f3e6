"""WebKit on a screen in memory, the site under a sub-path, and a page that is ready."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import WebKitGTK

from builder import webkit
from builder.serve import serving
from tests.e2e.conftest import SUB_PATH
from tests.e2e.lab import SMALL

from .browser import copy_site, screen, started
from .page import Page


@pytest.fixture(scope="session")
def found() -> webkit.WebKit:
    """The programs; without them there is nothing to test here."""
    found = webkit.find()
    if not found:
        pytest.skip(f"no WebKit here. {webkit.REMEDY}.")
    return found


@pytest.fixture(scope="session")
def dist(found: webkit.WebKit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of dist/ that keeps a diary."""
    return copy_site(tmp_path_factory.mktemp("site") / "dist")


@pytest.fixture(scope="session")
def browser(found: webkit.WebKit) -> Iterator[WebKitGTK]:
    """One browser for all: it takes longer to start than the page."""
    with screen(found) as display, started(found, display) as browser:
        yield browser


@pytest.fixture(scope="session")
def opened(browser: WebKitGTK, dist: Path) -> Iterator[Page]:
    with serving(dist, SUB_PATH) as url:
        yield Page(browser, url).open(**SMALL)


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """A page that is ready and shared, with nothing on its pad; what goes wrong behind a test's back fails it."""
    yield opened.clear()
    opened.verify()
