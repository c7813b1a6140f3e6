"""WebKit is looked for where it may be, and got only where we are root."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from urllib3.exceptions import HTTPError

from builder import webkit
from tests.webkit import browser

PROGRAMS = {"WebKitWebDriver": "/usr/bin/WebKitWebDriver", "Xvfb": "/usr/bin/Xvfb", "locale": "/usr/bin/locale"}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A machine with all that is needed: what it has, which locales, who we are, and what is run on it."""
    machine: dict[str, Any] = {"has": dict(PROGRAMS), "locales": "C\nen_US.utf8\n", "user": 0, "ran": []}

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        machine["ran"].append(command)
        return subprocess.CompletedProcess(command, 0, stdout=machine["locales"])

    monkeypatch.delenv(webkit.VARIABLE, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: machine["has"].get(name))
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: machine["user"], raising=False)
    return machine


def test_it_is_found_where_the_environment_says_or_on_the_path(
    machine: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert webkit.find() == webkit.WebKit("/usr/bin/WebKitWebDriver", "/usr/bin/Xvfb")
    monkeypatch.setenv(webkit.VARIABLE, "/mine/WebKitWebDriver")
    assert webkit.find() == webkit.WebKit("/mine/WebKitWebDriver", "/usr/bin/Xvfb")


def test_without_a_part_or_the_locale_it_is_not_there(machine: dict[str, Any]) -> None:
    machine["locales"] = "C\nC.utf8\n"
    assert webkit.find() is None
    machine["locales"] = "en_US.UTF-8\n"
    assert webkit.find() is not None
    del machine["has"]["Xvfb"]
    assert webkit.find() is None


def test_only_root_installs_it_and_makes_the_locale(machine: dict[str, Any]) -> None:
    machine["has"] = PROGRAMS | {"apt-get": "/usr/bin/apt-get"}
    machine["locales"] = "C\n"
    machine["user"] = 1000
    assert webkit.get() is None
    assert not [command for command in machine["ran"] if command[0] == "sh"]
    machine["user"] = 0
    assert webkit.get() is None
    (script,) = [command[-1] for command in machine["ran"] if command[0] == "sh"]
    assert webkit.PACKAGES in script
    assert "localedef -i en_US -f UTF-8 en_US.UTF-8" in script


def script(path: Path, text: str) -> str:
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return str(path)


def test_a_screen_that_ends_at_once_is_told(tmp_path: Path) -> None:
    found = webkit.WebKit("driver", script(tmp_path / "Xvfb", "raise SystemExit(1)"))
    with pytest.raises(AssertionError, match="Xvfb has ended at once"), browser.screen(found):
        pass


SILENT = """
import os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Silent(BaseHTTPRequestHandler):
    def do_GET(self):
        self.wfile.write(b'HTTP/1.0 200 OK\\r\\n\\r\\n{"value": {"ready": true}}')
        if self.path == "/shutdown":
            self.wfile.flush()
            os._exit(0)

    def do_POST(self):  # a session is to begin
        time.sleep(60)

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Silent).serve_forever()
"""


@pytest.mark.filterwarnings("ignore:setting remote_server_addr")  # Selenium's own
def test_a_driver_that_begins_no_session_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "TIMEOUT", 0.2)
    found = webkit.WebKit(script(tmp_path / "driver", SILENT), "Xvfb")
    with pytest.raises(HTTPError, match="timed out"), browser.started(found, ":9"):
        pass
