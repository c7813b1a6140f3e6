"""Build, then check formatting, types and behaviour: Python here and inside Pyodide, the page in two browsers."""

import os
import re
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Mapping

from builder import assemble, browsers, fetch, pins, typescript
from builder.node import find_node
from builder.paths import ROOT

BROWSER_VARIABLE = "E2E_BROWSER"
"""Tells tests/e2e which browser to run in: chromium or firefox."""

type Counts = Counter[str]
type Check = Callable[[Counts], int]


def run(parts: list[str]) -> int:
    """Run the checks of these parts, all by default; stop at the first that fails."""
    counts: Counts = Counter()
    started = time.monotonic()
    assemble.build()
    for part in parts or list(PARTS):
        for title, check in PARTS[part]:
            print(f"\n== {title}", flush=True)
            began = time.monotonic()
            code = check(counts)
            print(f"== {title}: {'FAILED' if code else 'ok'}, {time.monotonic() - began:.1f} s", flush=True)
            if code:
                return code
    numbers = ", ".join(f"{counts[kind]} {kind}" for kind in ("passed", "failed", "skipped", "xfailed") if counts[kind])
    print(f"\nAll checks passed in {time.monotonic() - started:.0f} s; tests: {numbers or 'none run'}")
    return 0


def _tool(*arguments: str) -> Check:
    return lambda _counts: subprocess.call([sys.executable, "-m", *arguments], cwd=ROOT)


def _unit(counts: Counts) -> int:
    return _counted([sys.executable, "-m", "pytest", "tests/unit", "--quiet"], counts)


def _pyodide(counts: Counts) -> int:
    site_packages = sysconfig.get_path("purelib")
    script = ROOT / "tests" / "pyodide" / "run.mjs"
    return _counted([find_node(), str(script), str(fetch.fetch(pins.PYODIDE)), site_packages], counts)


def _e2e(browser: str) -> Check:
    def check(counts: Counts) -> int:
        browsers.ensure(browser)
        return _counted([sys.executable, "-m", "pytest", "tests/e2e"], counts, {BROWSER_VARIABLE: browser})

    return check


def _counted(command: list[str], counts: Counts, extra: Mapping[str, str] | None = None) -> int:
    """Run pytest, showing what it says, and add the numbers of its last line to the counts."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(extra or {})
    last = ""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=pipe, text=True, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line if line.strip() else last
    for number, kind in re.findall(r"(\d+) (passed|failed|skipped|xfailed)", last):
        counts[kind] += int(number)
    return process.returncode


PARTS: dict[str, list[tuple[str, Check]]] = {
    "format": [("Formatting (ruff format)", _tool("ruff", "format", "--check", "--quiet", "."))],
    "lint": [("Linting (ruff check)", _tool("ruff", "check", "--quiet", "."))],
    "types": [
        ("Types of Python (mypy)", _tool("mypy")),
        ("Types of JavaScript (tsc)", lambda _counts: typescript.check()),
    ],
    "unit": [("Unit tests", _unit)],
    "pyodide": [("Unit tests of mlp_py inside Pyodide", _pyodide)],
    "e2e": [(f"End to end in {name.capitalize()}", _e2e(name)) for name in browsers.NAMES],
}
