"""The page's modules and styles in few files, by esbuild: a hundred requests would take longer than what is in them.

What is written stays readable: each follows the other under its own name.
"""

import shutil
import subprocess
from pathlib import Path

from builder import fetch, pins
from builder.cache import scratch_folder
from builder.errors import ToolFailedError
from builder.node import find_node
from builder.paths import WORK

MAIN, WORKER, THREAD, STYLE = Path("js/main.js"), Path("js/worker.js"), Path("js/thread.js"), Path("style/all.css")


def join(code: Path) -> None:
    """Put few files in place of those in code/js and code/style; what is beside these folders stays what it is."""
    with scratch_folder(WORK) as scratch:
        modules = scratch / code.name
        shutil.copytree(code, modules)
        (modules / "catalogue.js").touch()  # it comes last, as it lists the rest
        beside = [f"--external:{path}" for path in (modules / "catalogue.js", modules / "vendor" / "*")]
        for path in (MAIN, WORKER, THREAD, STYLE):
            joined = modules / f"joined {path.parent}"  # as deep as before, for what it names beside it
            run(modules / path, "--format=esm", f"--outdir={joined}", *beside, folder=modules)
        for name in ("js", "style"):
            shutil.rmtree(code / name)
            (modules / f"joined {name}").rename(code / name)


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
