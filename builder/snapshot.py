"""A copy of the memory of the page's Python, once it has started and imported NumPy and mlp_py, to go on from.

site/js/snapshot.js does so. What Python imports later it takes from the same files as ever; they come when the page
is ready.
"""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

from builder.cache import derived, file_hash, write_atomically
from builder.errors import ToolFailedError
from builder.node import find_node
from builder.packing import gzip_step, pack, zstandard_step
from builder.paths import SITE

MAKE = Path(__file__).with_name("make_snapshot.mjs")
REHEARSAL = Path(__file__).with_name("rehearsal.py")
RESTORE = SITE / "js" / "snapshot.js"
ABOUT, MEMORY = "snapshot.json", "snapshot.zst"
WASM = "pyodide.asm.wasm"
DICTIONARY = 3_400_000
"""Bytes at the end of the WebAssembly: Python's data, much of which is in memory, too; whoever unpacks that has it."""
CORE = ("pyodide.mjs", "pyodide.asm.mjs", WASM, "python_stdlib.zip", "pyodide-lock.json")


def make(core: Path, wheels: list[Path], folder: Path) -> None:
    """Put into a folder what to go on from.

    Parameters
    ----------
    core : the folder with Pyodide as published
    wheels : what is imported, as the page has it
    folder : has the page's Pyodide; gets snapshot.json, snapshot.zst, and NAME-libraries.gz of each package
    """
    inputs = [file_hash(path) for path in [*(folder / name for name in CORE), *wheels, MAKE, REHEARSAL, RESTORE]]

    def produce(made: Path) -> None:
        print("Making the copy of Python's memory", flush=True)
        packages = made.parent / "packages"
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(packages)
        command = [find_node(), *map(str, (MAKE, folder, packages, REHEARSAL, made))]
        write_atomically(made / "dictionary.bin", (folder / WASM).read_bytes()[-DICTIONARY:])
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if run.returncode != 0:
            raise ToolFailedError(
                f"{MAKE.name} failed:\n{run.stdout}{run.stderr[-4000:]}",
                "This is a mistake in the build, or a Node too old for Pyodide.",
            )

    made = derived("snapshot", inputs, produce)
    libraries = sorted(made.glob("*-libraries.bin"))
    packed = pack(core, [zstandard_step(made / "memory.bin", made / "dictionary.bin"), *map(gzip_step, libraries)])
    shutil.copyfile(packed / "memory.bin.zst", folder / MEMORY)
    about = json.loads((made / "about.json").read_text())
    names = {path.name.removesuffix("-libraries.bin"): f"{path.stem}.gz" for path in libraries}
    for path in libraries:
        shutil.copyfile(packed / f"{path.name}.gz", folder / f"{path.stem}.gz")
    about["dictionary"] = DICTIONARY
    about["libraries"] = {names[package]: contents for package, contents in about["libraries"].items()}
    write_atomically(folder / ABOUT, json.dumps(about, separators=(",", ":")).encode())
