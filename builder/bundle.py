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

MAIN, WORKER, THREAD = "main", "worker", "thread"


def join(code: Path) -> None:
    """Put few files in place of the modules in code/js; what is beside that folder stays what it is."""
    with scratch_folder(WORK) as scratch:
        modules = scratch / code.name
        shutil.copytree(code, modules)
        (modules / "catalogue.js").touch()  # it comes last, as it lists the rest
        beside = [f"--external:{path}" for path in (modules / "catalogue.js", modules / "vendor" / "*")]
        for name in (MAIN, WORKER, THREAD):
            written = ["--format=esm", f"--outdir={modules / 'bundles'}"]
            run(modules / "js" / f"{name}.js", *written, *beside, folder=modules)
        shutil.rmtree(code / "js")
        (modules / "bundles").rename(code / "js")


def run(entry: Path, *options: str, folder: Path | None = None) -> bytes:
    """Return what esbuild writes to its standard output.

    folder : against which it names the modules
    """
    command = [
        *(find_node(), str(fetch.unpacked(pins.ESBUILD) / "package" / "bin" / "esbuild")),
        *(str(entry), "--bundle", "--legal-comments=none", "--log-level=error", *options),
    ]
    result = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    if result.returncode:
        raise ToolFailedError(
            f"esbuild could not bundle {entry.name}:\n{result.stderr.decode(errors='replace')}",
            "This is a mistake in the page's modules, or in builder/.",
        )
    return result.stdout
