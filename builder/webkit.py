"""Find WebKit, which is Safari's engine, as Linux distributions have it; or get it, or say why it can't be had."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from builder import browsers

NAME = "webkit"
VARIABLE = "WEBKIT_DRIVER_PATH"
LOCALE = "en_US.UTF-8"
"""Without one that is made on this machine WebKit's language is "C", of which its own Intl makes errors."""
PACKAGES = "webkit2gtk-driver xvfb locales"
REMEDY = f"Debian: apt-get install {PACKAGES}, and the locale {LOCALE}; or {VARIABLE}"


@dataclass(frozen=True)
class WebKit:
    """The programs that are needed.

    driver : WebKitWebDriver, which starts the browser that it was installed with
    screen : Xvfb, which draws windows into memory
    """

    driver: str
    screen: str


def find() -> WebKit | None:
    """Find what is needed; None where something is missing."""
    driver, screen = os.environ.get(VARIABLE) or shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    return WebKit(driver, screen) if driver and screen and _has_locale() else None


def get() -> WebKit | None:
    """Find what is needed, or try to get it; None where that does not work."""
    found = find()
    if found or not browsers.may_install():
        return found
    print(f"No {NAME} here; trying: apt-get install {PACKAGES}", flush=True)
    install = f"apt-get update && apt-get install --yes --no-install-recommends {PACKAGES}"
    make_locale = f"localedef -i {LOCALE.partition('.')[0]} -f UTF-8 {LOCALE}"
    subprocess.run(["sh", "-c", f"{install} && {make_locale}"], capture_output=True, check=False)
    return find()


def _has_locale() -> bool:
    if not (program := shutil.which("locale")):
        return False
    made = subprocess.run([program, "-a"], capture_output=True, text=True, check=False).stdout.splitlines()
    return LOCALE.lower().replace("-", "") in [name.lower().replace("-", "") for name in made]
