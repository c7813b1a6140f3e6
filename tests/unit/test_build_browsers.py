"""A browser is looked for where it may be, and if there is none, it is said what to do."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import BrowserType

from builder import browsers
from builder.browsers import ensure, launch_options
from builder.errors import BuildError


def playwrights(name: str, path: str = "/nowhere") -> BrowserType:
    return cast(BrowserType, SimpleNamespace(name=name, executable_path=path))


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in browsers.NAMES:
        monkeypatch.delenv(browsers.variable(name), raising=False)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(browsers, "APPLICATIONS", dict.fromkeys(browsers.NAMES, ()))


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM_PATH", "/mine/chromium")
    monkeypatch.setenv("FIREFOX_PATH", "/mine/firefox")
    assert launch_options(playwrights("chromium", __file__)) == {"executable_path": "/mine/chromium"}
    assert launch_options(playwrights("firefox", __file__)) == {
        "executable_path": "/mine/firefox",
        "channel": "moz-firefox",
    }


def test_playwrights_own_goes_before_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert launch_options(playwrights("firefox", __file__)) == {}
    assert launch_options(playwrights("chromium")) == {"executable_path": "/usr/bin/chromium"}


def test_an_application_is_found_where_systems_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "Firefox"
    program.touch()
    monkeypatch.setattr(browsers, "APPLICATIONS", {"firefox": (str(tmp_path / "none"), str(program))})
    options = launch_options(playwrights("firefox"))
    assert options == {"executable_path": str(program), "channel": "moz-firefox"}


def test_without_any_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr(browsers, "_is_there", lambda _name: False)
    with pytest.raises(BuildError, match=r"apt-get install firefox-esr\), or set FIREFOX_PATH"):
        ensure("firefox")
    assert commands[0][:4] == [sys.executable, "-m", "playwright", "install"]
