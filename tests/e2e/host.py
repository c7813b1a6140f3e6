"""A static host that goes wrong when told to, lets browsers keep files for long, and takes a new build."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder import catalogue
from builder.paths import SITE
from builder.serve import Handler, serving

A_WEB_PAGE = b"<!doctype html><title>Welcome to our wireless network</title>"
FAULTS = ("missing", "a web page", "half", "other bytes", "stalled")


class Host:
    """What is served, and how; each can be changed at any time.

    faults : by the end of a file's path, one of FAULTS
    max_age : seconds that browsers may keep a file without asking
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: dict[str, str] = {}
        self.max_age = 0
        self.url = ""
        self.requests: list[str] = []
        self.goes_on = threading.Event()

    def fault_of(self, path: str) -> str | None:
        """What is wrong with this file now."""
        return next((fault for end, fault in self.faults.items() if path.endswith(end)), None)

    def mend(self) -> None:
        """Let all be well from now on; what stands still goes on."""
        self.faults.clear()
        self.goes_on.set()

    def deploy(self, folder: Path) -> None:
        """Serve another build from now on."""
        self.folder = folder

    @contextmanager
    def serving(self, path: str = "/some/where/") -> Iterator["Host"]:
        """Serve while the context lasts."""
        state = self

        class FaultyHandler(Handler):
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options | {"directory": str(state.folder)})

            def do_GET(self) -> None:  # noqa: N802
                self.directory = str(state.folder)
                address = self.path.partition("?")[0]
                state.requests.append(address)
                file = Path(self.translate_path(self.path))
                fault = state.fault_of(address)
                if fault and file.is_file():
                    self.go_wrong(fault, file.read_bytes())
                else:
                    super().do_GET()

            def go_wrong(self, fault: str, content: bytes) -> None:
                if fault == "missing":
                    self.send_error(404)
                    return
                kind = "text/html" if fault == "a web page" else self.guess_type(self.path)
                half = len(content) // 2
                body = {
                    "a web page": A_WEB_PAGE,
                    "half": content[:half],
                    "other bytes": content[:half] + bytes(len(content) - half),
                }
                whole = body.get(fault, content)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                if fault == "stalled":
                    self.wfile.write(whole[:half])
                    self.wfile.flush()
                    state.goes_on.wait(60)
                    whole = whole[half:]
                self.wfile.write(whole)

            def send_header(self, keyword: str, value: str) -> None:
                if keyword == "Cache-Control" and state.max_age:
                    value = f"max-age={state.max_age}"
                super().send_header(keyword, value)

        with serving(self.folder, path, FaultyHandler) as self.url:
            try:
                yield self
            finally:
                self.goes_on.set()


def another_build(dist: Path, folder: Path, file: str, old: str, new: str) -> Path:
    """A build of the same site in which one file of its code is changed."""
    shutil.copytree(dist, folder)
    (code,) = folder.glob("build-*")
    code = code.rename(folder / catalogue.CODE)
    (code / "catalogue.js").unlink()
    (folder / "build.json").unlink()
    for name in ("index.html", "sw.js"):
        shutil.copyfile(SITE / name, folder / name)
    text = (code / file).read_text(encoding="utf-8")
    assert old in text
    (code / file).write_text(text.replace(old, new), encoding="utf-8")
    catalogue.stamp(folder)
    return folder
