"""Pages in real browsers: a fresh one for each measurement, so that none inherits another's compiled code."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, Playwright, expect

from builder import browsers
from builder.errors import BuildError

BOOT = 120_000  # ms
NO_GPU = ("swiftshader", "llvmpipe", "software", "basic render")


def options(name: str, description: str | None, rounds: int, arguments: list[str]) -> tuple[int, list[str]]:
    """How many rounds, and in which browsers: what the benchmark of this name is asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog=f"python -m tests.benchmarks.{name}",
        description=description,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--browser", choices=list(browsers.NAMES))
    chosen = parser.parse_args(arguments)
    return chosen.rounds, [chosen.browser] if chosen.browser else list(browsers.NAMES)


def launch(playwright: Playwright, name: str) -> Browser:
    """Start a browser of this machine, chromium or firefox."""
    kind = getattr(playwright, name)
    options = browsers.launch_options(kind)
    if options is None:
        raise BuildError(f"There is no {name} here.", "`python3 build.py test` gets one.")
    browser: Browser = kind.launch(**options)
    return browser


@contextmanager
def opened(browser: Browser, url: str, **query: str) -> Iterator[Page]:
    """Open one of peers/*.html in a fresh context and wait until it is ready."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_default_timeout(BOOT)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url + ("?" + urlencode(query) if query else ""))
        try:
            expect(page.locator("html")).to_have_attribute("data-state", "ready", timeout=BOOT)
        except AssertionError as error:
            raise RuntimeError(f"{url} {query}: {errors or error}") from error
        yield page
    finally:
        context.close()


def call(page: Page, method: str, *options: object) -> Any:
    """Call a method of the page's `bench`."""
    return page.evaluate("([method, options]) => bench[method](...options)", [method, list(options)])


def gpu(browser: Browser) -> str | None:
    """The GPU that WebGL runs on, or None where it is drawn in software."""
    page = browser.new_page()
    renderer = page.evaluate("""() => {
      const gl = document.createElement("canvas").getContext("webgl2");
      const info = gl?.getExtension("WEBGL_debug_renderer_info");
      return info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : null;
    }""")
    page.close()
    return None if not renderer or any(name in renderer.lower() for name in NO_GPU) else str(renderer)
