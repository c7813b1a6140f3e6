"""Build, then check formatting, types and behaviour: Python here and inside Pyodide, the page in browsers."""

import re
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from builder import assemble, browsers, fetch, pins, typescript, webkit
from builder.jobs import Job, Running, side_by_side
from builder.node import find_node
from builder.paths import ROOT

BROWSER_VARIABLE = "E2E_BROWSER"
"""Tells tests/e2e which browser to run in: chromium or firefox."""
SHARED_VARIABLE = "E2E_SHARED"
"""Tells it that another browser has its share of the tests for which either will do."""
BROWSERS = (*browsers.NAMES, webkit.NAME)
NOTHING_RAN = 5
"""pytest's exit code where no test was run; and Node's of a fatal error."""

type Counts = Counter[str]


@dataclass(frozen=True)
class Choice:
    """What of the tests to run.

    browsers : for all end-to-end tests; None for all browsers, with a share each of the tests for which either will do
    expression : pytest's -k, or "" for all
    """

    browsers: Sequence[str] | None = None
    expression: str = ""


type Part = Callable[[Choice], list[Job]]


def run(parts: Sequence[str], choice: Choice = Choice()) -> int:
    """Run the checks of these parts, all by default; once one has failed, no other begins."""
    started = time.monotonic()
    assemble.build()
    jobs = [job for part in parts or list(PARTS) for job in PARTS[part](choice)]
    done = side_by_side(jobs, is_good)
    if not all(map(is_good, done)):
        return 1
    counts: Counts = Counter()
    for running in done:
        counts += numbers_of(running.lines)
    numbers = ", ".join(f"{counts[kind]} {kind}" for kind in ("passed", "failed", "skipped", "xfailed") if counts[kind])
    print(f"\nAll checks passed in {time.monotonic() - started:.0f} s; tests: {numbers or 'none run'}")
    return 0


def is_good(running: Running) -> bool:
    """Whether a check has passed; that none of pytest's tests was chosen is no failure, as others may be."""
    if running.code == NOTHING_RAN:
        return re.search(r"\d+ deselected", _last(running.lines)) is not None
    return running.code == 0


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


# ── The parts ──────────────────────────────────────────────────────────────────────────────────


def _python(title: str, *arguments: str, **environment: str) -> Job:
    return Job(title, [sys.executable, "-m", *arguments], environment)


def _types(_: Choice) -> list[Job]:
    return [
        _python("Types of Python (mypy)", "mypy"),
        _python("mlp.pyi against mlp.py (stubtest)", "mypy.stubtest", "mlp_py.mlp"),
        Job("Types of JavaScript (tsc)", typescript.command()),
    ]


def _javascript(choice: Choice) -> list[Job]:
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    chosen = ["--test-name-pattern", choice.expression] if choice.expression else []
    return [
        Job("Unit tests of the page's JavaScript", [find_node(), "--test", "--test-reporter=tap", *chosen, *tests]),
    ]


def _chosen(choice: Choice) -> list[str]:
    return ["-k", choice.expression] if choice.expression else []


def _unit(choice: Choice) -> list[Job]:
    return [_python("Unit tests", "pytest", "tests/unit", "--quiet", *_chosen(choice))]


def _pyodide(choice: Choice) -> list[Job]:
    script = str(ROOT / "tests" / "pyodide" / "run.mjs")
    upstream, site_packages = str(fetch.fetch(pins.PYODIDE)), sysconfig.get_path("purelib")
    command = [find_node(), script, upstream, site_packages, *_chosen(choice)]
    return [Job("Unit tests of mlp_py inside Pyodide", command)]


def _end_to_end(choice: Choice) -> list[Job]:
    chosen = [browser for browser in choice.browsers or BROWSERS if _is_to_be_had(browser)]
    shared = {} if choice.browsers else {SHARED_VARIABLE: "1"}
    return [
        _python(
            f"End to end in {browser.capitalize()}",
            "pytest",
            "tests/webkit" if browser == webkit.NAME else "tests/e2e",
            *_chosen(choice),
            **{BROWSER_VARIABLE: browser} | shared,
        )
        for browser in chosen
    ]


def _is_to_be_had(browser: str) -> bool:
    """Whether there is such a browser, now; of WebKit, which not every system has, it is told if there is none."""
    if browser != webkit.NAME:
        browsers.ensure(browser)
    elif not webkit.get():
        print(
            f"== SKIPPED: end to end in WebKit, for it was not found, and could not be got. {webkit.REMEDY}.",
            flush=True,
        )
        return False
    return True


PARTS: dict[str, Part] = {
    "format": lambda _: [_python("Formatting (ruff format)", "ruff", "format", "--check", "--quiet", ".")],
    "lint": lambda _: [_python("Linting (ruff check)", "ruff", "check", "--quiet", ".")],
    "types": _types,
    "js": _javascript,
    "unit": _unit,
    "pyodide": _pyodide,
    "e2e": _end_to_end,
}
