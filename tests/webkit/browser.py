"""WebKit on a screen in memory, and a copy of the site that keeps a diary of what WebDriver does not tell."""

import base64
import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import WebKitGTK, WebKitGTKOptions, WebKitGTKService

from builder.cache import file_hash
from builder.paths import DIST
from builder.webkit import LOCALE, WebKit

SIZE = (1280, 1000)

TIMEOUT = 90
"""How long, in seconds, the driver may take for one command; by itself it would be waited for for ever."""

DRAWN_BY_CPU = {"WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
"""Without a GPU, Mesa would play one with all cores, and leave few of them for Python (tests/benchmarks/webkit.py)."""

DIARY = """
window.diary = { trouble: [], slices: [] };
for (const kind of ["error", "warn"]) {
  const tell = console[kind];
  console[kind] = (...words) => {
    diary.trouble.push(`console ${kind}: ${words.join(" ")}`);
    tell(...words);
  };
}
addEventListener("error", ({ message, target }) => {
  diary.trouble.push(message ?? `${target.src ?? target.href} did not come`);
}, true);
addEventListener("unhandledrejection", ({ reason }) => diary.trouble.push(`unhandled: ${reason}`));
addEventListener("securitypolicyviolation", ({ blockedURI }) => diary.trouble.push(`forbidden: ${blockedURI}`));
window.Worker = class extends Worker {
  constructor(...options) {
    super(...options);
    this.addEventListener("error", ({ message }) => diary.trouble.push(`in the worker: ${message}`));
    this.addEventListener("message", ({ data }) => {
      if (data.type === "slice") diary.slices.push([data.epoch, data.losses.length, data.milliseconds]);
    });
  }
};
"""
"""Runs before the page's own code: what goes wrong, and of each slice its epoch, batches and ms."""


def copy_site(folder: Path) -> Path:
    """Copy dist/, with the diary in its page; the page's policy and the catalogue know of it."""
    site = shutil.copytree(DIST, folder)
    page, (catalogue,) = site / "index.html", site.glob("build-*/catalogue.js")
    before, size = file_hash(page), page.stat().st_size
    digest = base64.b64encode(hashlib.sha256(DIARY.encode()).digest()).decode()
    text = page.read_text(encoding="utf-8").replace("script-src 'self'", f"script-src 'self' 'sha256-{digest}'", 1)
    page.write_text(text.replace("<script>", f"<script>{DIARY}</script><script>", 1), encoding="utf-8")
    listed = catalogue.read_text(encoding="utf-8")
    assert before in listed
    listed = listed.replace(before, file_hash(page)).replace(f'"size": {size},', f'"size": {page.stat().st_size},')
    catalogue.write_text(listed, encoding="utf-8")
    return site


@contextmanager
def screen(webkit: WebKit) -> Iterator[str]:
    """A screen in memory while the context lasts; gives the name by which programs find it."""
    told, tells = os.pipe()
    options = ["-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-displayfd", str(tells)]
    with subprocess.Popen([webkit.screen, *options], pass_fds=[tells], stderr=subprocess.DEVNULL) as process:
        os.close(tells)
        try:
            with os.fdopen(told) as opened:
                number = opened.readline().strip()
            assert number, f"{webkit.screen} has ended at once, and has no screen to give"
            yield f":{number}"
        finally:
            process.terminate()


@contextmanager
def started(webkit: WebKit, display: str, environment: Mapping[str, str] = DRAWN_BY_CPU) -> Iterator[WebKitGTK]:
    """A fresh browser, with nothing kept, while the context lasts."""
    options = WebKitGTKOptions()
    variables = {"DISPLAY": display, "LANG": LOCALE, "LC_ALL": LOCALE, **environment}
    service = WebKitGTKService(webkit.driver, env=os.environ | variables)
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)  # which Selenium takes over; to begin a session is a command as well
    try:
        browser = WebKitGTK(options, service)
    finally:
        socket.setdefaulttimeout(before)
    try:
        browser.set_window_size(*SIZE)
        yield browser
    finally:
        browser.quit()
