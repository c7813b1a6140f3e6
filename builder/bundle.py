"""The page's modules in few files, by esbuild: a hundred requests would take longer than what is in them.

What is written stays readable: each module follows the other under its own name.
"""

import shutil
import subprocess
from pathlib import Path

from builder import fetch, pins
from builder.cache import scratch_folder
from builder.errors import ToolFailedError
from builder.node import find_node
from builder.paths import WORK

PAGE = ("begin", "main")
"""What index.html begins with; what both import is in a third file."""
WORKER, THREAD = "worker", "thread"


def join(code: Path) -> None:
    """Put few files in place of the modules in code/js; what is beside that folder stays what it is."""
    with scratch_folder(WORK) as scratch:
        modules = scratch / code.name
        shutil.copytree(code, modules)
        (modules / "catalogue.js").touch()  # it comes last, as it lists the rest
        beside = [f"--external:{path}" for path in (modules / "catalogue.js", modules / "vendor" / "*")]
        written = ["--format=esm", "--splitting", "--chunk-names=shared", f"--outdir={modules / 'bundles'}"]
        for names in (PAGE, (WORKER,), (THREAD,)):
            run([modules / "js" / f"{name}.js" for name in names], *written, *beside, folder=modules)
        shutil.rmtree(code / "js")
        (modules / "bundles").rename(code / "js")


def run(entries: list[Path], *options: str, folder: Path | None = None) -> bytes:
    """Return what esbuild writes to its standard output.

    folder : against which it names the modules
    """
    command = [
        *(find_node(), str(fetch.unpacked(pins.ESBUILD) / "package" / "bin" / "esbuild")),
        *(*map(str, entries), "--bundle", "--legal-comments=none", "--log-level=error", *options),
    ]
    result = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    if result.returncode:
        names = " and ".join(entry.name for entry in entries)
        raise ToolFailedError(
            f"esbuild could not bundle {names}:\n{result.stderr.decode(errors='replace')}",
            "This is a mistake in the page's modules, or in builder/.",
        )
    return result.stdout
