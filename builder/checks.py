"""Build, then check formatting, types and behaviour: Python here and inside Pyodide, the page in browsers."""

import os
import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from builder import assemble, browsers, fetch, pins, typescript, webkit
from builder.node import find_node
from builder.paths import ROOT

BROWSER_VARIABLE = "E2E_BROWSER"
"""Tells tests/e2e which browser to run in: chromium or firefox."""
BROWSERS = (*browsers.NAMES, webkit.NAME)
AT_ONCE = 2
"""How many browsers run side by side, since they wait more than they compute; the next begins when one has ended."""

NOTHING_RAN = 5
"""pytest's exit code where no test was run; and Node's of a fatal error."""

type Counts = Counter[str]


@dataclass(frozen=True)
class Choice:
    """What of the tests to run.

    browsers : for the end-to-end tests
    expression : pytest's -k, or "" for all
    """

    browsers: Sequence[str] = BROWSERS
    expression: str = ""


type Check = Callable[[Counts, Choice], int]


def run(parts: Sequence[str], choice: Choice = Choice()) -> int:
    """Run the checks of these parts, all by default; stop at the first that fails."""
    counts: Counts = Counter()
    started = time.monotonic()
    assemble.build()
    for part in parts or list(PARTS):
        for title, check in PARTS[part]:
            print(f"\n== {title}", flush=True)
            began = time.monotonic()
            code = check(counts, choice)
            print(f"== {title}: {'FAILED' if code else 'ok'}, {time.monotonic() - began:.1f} s", flush=True)
            if code:
                return code
    numbers = ", ".join(f"{counts[kind]} {kind}" for kind in ("passed", "failed", "skipped", "xfailed") if counts[kind])
    print(f"\nAll checks passed in {time.monotonic() - started:.0f} s; tests: {numbers or 'none run'}")
    return 0


def _tool(*arguments: str) -> Check:
    return lambda _counts, _choice: subprocess.call([sys.executable, "-m", *arguments], cwd=ROOT)


def _pytest(folder: str, choice: Choice, *options: str) -> list[str]:
    chosen = ["-k", choice.expression] if choice.expression else []
    return [sys.executable, "-m", "pytest", folder, *options, *chosen]


def _unit(counts: Counts, choice: Choice) -> int:
    return _Running(_pytest("tests/unit", choice, "--quiet")).finish(counts)


def _javascript(counts: Counts, choice: Choice) -> int:
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    chosen = ["--test-name-pattern", choice.expression] if choice.expression else []
    return _Running([find_node(), "--test", "--test-reporter=tap", *chosen, *tests]).finish(counts)


def _pyodide(counts: Counts, choice: Choice) -> int:
    script = str(ROOT / "tests" / "pyodide" / "run.mjs")
    upstream, site_packages = str(fetch.fetch(pins.PYODIDE)), sysconfig.get_path("purelib")
    chosen = ["-k", choice.expression] if choice.expression else []
    return _Running([find_node(), script, upstream, site_packages, *chosen]).finish(counts)


def _end_to_end(counts: Counts, choice: Choice) -> int:
    chosen = [browser for browser in choice.browsers if _is_to_be_had(browser, counts)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [pool.submit(_run_browser, browser, choice, number == 0) for number, browser in enumerate(chosen)]
        try:
            codes = []
            for browser, run in zip(chosen, runs, strict=True):
                running = run.result()
                if not running.is_shown:
                    print(f"\n== End to end in {browser.capitalize()}, meanwhile", flush=True)
                codes.append(running.finish(counts))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return max(codes, default=0)


def _is_to_be_had(browser: str, counts: Counts) -> bool:
    """Whether there is such a browser, now; of WebKit, which not every system has, it is told if there is none."""
    if browser != webkit.NAME:
        browsers.ensure(browser)
    elif not webkit.get():
        print(
            f"== SKIPPED: end to end in WebKit, for it was not found, and could not be got. {webkit.REMEDY}.",
            flush=True,
        )
        counts["skipped"] += 1
        return False
    return True


def _run_browser(browser: str, choice: Choice, is_shown: bool) -> "_Running":
    """Run a browser's tests to their end."""
    folder = "tests/webkit" if browser == webkit.NAME else "tests/e2e"
    running = _Running(_pytest(folder, choice), {BROWSER_VARIABLE: browser}, is_shown)
    running.process.wait()
    return running


class _Running:
    """A test run under way, which tells as it goes, or keeps what it has to tell until finish()."""

    def __init__(self, command: Sequence[str], extra: Mapping[str, str] | None = None, is_shown: bool = True) -> None:
        environment = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(extra or {})
        self.is_shown = is_shown
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
        )
        # Read all the time, or a run that is not shown would wait for somebody who listens.
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if self.is_shown:
                print(line, end="", flush=True)

    def finish(self, counts: Counts) -> int:
        """Wait for the end; add the numbers that its last lines tell to the counts, and return its exit code.

        That none of pytest's tests was chosen is no failure: the next part may have some.
        """
        code = self.process.wait()
        self.reader.join()
        if not self.is_shown:
            print("".join(self.lines), end="", flush=True)
        counts.update(numbers_of(self.lines))
        return 0 if code == NOTHING_RAN and re.search(r"\d+ deselected", _last(self.lines)) else code


def numbers_of(lines: Sequence[str]) -> Counts:
    """How many tests passed, failed, ..., by the last lines of pytest or of Node's test runner."""
    counts: Counts = Counter()
    for number, kind in re.findall(r"(\d+) (passed|failed|skipped|xfailed)", _last(lines)):
        counts[kind] += int(number)
    for kind, number in re.findall(r"^# (pass|fail|skipped) (\d+)$", _last(lines, 8), re.MULTILINE):
        counts[{"pass": "passed", "fail": "failed"}.get(kind, kind)] += int(number)
    return counts


def _last(lines: Sequence[str], n: int = 1) -> str:
    """The last n lines that are not blank."""
    return "".join([line for line in lines if line.strip()][-n:])


PARTS: dict[str, list[tuple[str, Check]]] = {
    "format": [("Formatting (ruff format)", _tool("ruff", "format", "--check", "--quiet", "."))],
    "lint": [("Linting (ruff check)", _tool("ruff", "check", "--quiet", "."))],
    "types": [
        ("Types of Python (mypy)", _tool("mypy")),
        ("mlp.pyi against mlp.py (stubtest)", _tool("mypy.stubtest", "mlp_py.mlp")),
        ("Types of JavaScript (tsc)", lambda _counts, _choice: typescript.check()),
    ],
    "js": [("Unit tests of the page's JavaScript", _javascript)],
    "unit": [("Unit tests", _unit)],
    "pyodide": [("Unit tests of mlp_py inside Pyodide", _pyodide)],
    "e2e": [("End to end", _end_to_end)],
}
