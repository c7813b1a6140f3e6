"""Running Node, and Pyodide under it."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from builder.errors import ToolFailedError, ToolMissingError

MINIMUM = 18
MOST_OF_AN_ERROR = 4_000  # characters: before it Node shows the line, and all of Pyodide's code is one
IN_PYODIDE = Path(__file__).with_name("in_pyodide.mjs")


def find_node() -> str:
    """Return Node's path, having asked it for its version."""
    remedy = f"Install Node.js {MINIMUM} or newer and try again."
    node = shutil.which("node")
    if node is None:
        raise ToolMissingError("node is not on PATH.", remedy)
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = re.match(r"v(\d+)", version)
    if found is None or int(found[1]) < MINIMUM:
        raise ToolMissingError(f"{node} is {version or 'broken'}; the build needs {MINIMUM} or newer.", remedy)
    return node


def run_in_pyodide(core: Path, work: Path, script: Path, packages: Sequence[str] = ()) -> None:
    """Run a Python script inside Pyodide under Node; it sees the folder `work` as /work, and may import packages."""
    run_module(IN_PYODIDE, core, work, script, *packages)


def run_module(module: Path, *arguments: Path | str) -> None:
    """Run a module of the build that starts Pyodide."""
    command = [find_node(), str(module), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if run.returncode != 0:
        names = " ".join(Path(path).name for path in (module, *arguments))
        raise ToolFailedError(
            f"{names} failed inside Pyodide:\n{run.stdout}{run.stderr[-MOST_OF_AN_ERROR:]}",
            "This is a mistake in the build, or a Node too old for Pyodide.",
        )
