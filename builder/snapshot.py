"""A copy of the memory of the page's Python, once it has started and imported NumPy and mlp_py, to go on from.

site/js/snapshot.js does so. What Python imports later it takes from the same files as ever; they come when the page
is ready.
"""

import json
import shutil
import zipfile
from pathlib import Path

from builder.cache import derived, file_hash, write_atomically
from builder.node import run_module
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
        run_module(MAKE, folder, packages, REHEARSAL, made)
        write_atomically(made / "dictionary.bin", (folder / WASM).read_bytes()[-DICTIONARY:])

    made = derived("snapshot", inputs, produce)
    libraries = sorted(made.glob("*-libraries"))
    packed = pack(core, [zstandard_step(made / "memory.bin", made / "dictionary.bin"), *map(gzip_step, libraries)])
    shutil.copyfile(packed / "memory.bin.zst", folder / MEMORY)
    for path in libraries:
        shutil.copyfile(packed / f"{path.name}.gz", folder / f"{path.name}.gz")
    about = json.loads((made / "about.json").read_text()) | {"dictionary": DICTIONARY}
    write_atomically(folder / ABOUT, json.dumps(about, separators=(",", ":")).encode())
