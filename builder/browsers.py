"""Find a Chromium and a Firefox for Playwright, or get them, or say what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, sync_playwright

from builder.errors import BuildError

NAMES = ("chromium", "firefox")
COMMANDS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge"),
    "firefox": ("firefox-esr", "firefox"),
}
APPLICATIONS = {
    "chromium": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
    "firefox": (
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        r"C:\Program Files\Mozilla Firefox\firefox.exe",
    ),
}
DEBIAN_PACKAGES = {"chromium": "chromium", "firefox": "firefox-esr"}


def variable(name: str) -> str:
    """Return the environment variable that names the browser's program."""
    return f"{name.upper()}_PATH"


def launch_options(browser: BrowserType) -> dict[str, Any] | None:
    """Return what to pass to `browser.launch` so that it finds a browser on this machine; None if there is none.

    The order is: CHROMIUM_PATH or FIREFOX_PATH, Playwright's own, the system's.
    """
    if chosen := os.environ.get(variable(browser.name)):
        return _system_options(browser.name, chosen)
    if Path(browser.executable_path).is_file():
        return {}
    found = _system_browser(browser.name)
    return _system_options(browser.name, found) if found else None


def _system_options(name: str, path: str) -> dict[str, Any]:
    # Playwright drives its own, patched Firefox unless told that this is Mozilla's.
    return {"executable_path": path} | ({"channel": "moz-firefox"} if name == "firefox" else {})


def _system_browser(name: str) -> str | None:
    for command in COMMANDS[name]:
        if path := shutil.which(command):
            return path
    return next((path for path in APPLICATIONS[name] if Path(path).is_file()), None)


def ensure(name: str) -> None:
    """See that there is a browser of this name; try to get one where there is none."""
    if _is_there(name):
        return
    for command in _ways_to_get(name):
        print(f"No {name} here; trying: {' '.join(command)}", flush=True)
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode == 0 and _is_there(name):
            return
        print("  that did not work", flush=True)
    raise BuildError(
        f"No {name} was found, and none could be got.",
        f"Install one (Debian: apt-get install {DEBIAN_PACKAGES[name]}), or set {variable(name)} to its program.",
    )


def _is_there(name: str) -> bool:
    with sync_playwright() as playwright:
        return launch_options(getattr(playwright, name)) is not None


def _ways_to_get(name: str) -> list[list[str]]:
    ways = [[sys.executable, "-m", "playwright", "install", name]]
    if may_install():
        install = f"apt-get update && apt-get install --yes --no-install-recommends {DEBIAN_PACKAGES[name]}"
        ways.append(["sh", "-c", install])
        ways[0].append("--with-deps")
    return ways


def may_install() -> bool:
    """Whether packages of the system may be installed."""
    # Nobody's system is changed without being asked, except a container's or a CI machine's, where we are root.
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None
