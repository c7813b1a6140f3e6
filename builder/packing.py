"""Files packed the way the page wants them, by Pyodide's own Python, so that they are the same on every machine."""

import json
import shutil
from pathlib import Path

from builder import pins
from builder.cache import derived, file_hash, write_atomically
from builder.errors import BuildError
from builder.node import IN_PYODIDE, run_in_pyodide

PACK = Path(__file__).with_name("pack_in_pyodide.py")


def gzip_step(path: Path) -> dict[str, object]:
    """Describe a file to be gzipped; the result has its name and `.gz`."""
    return {"kind": "gzip", "path": path, "output": f"{path.name}.gz"}


def zstandard_step(path: Path, dictionary: Path) -> dict[str, object]:
    """Describe a file to be compressed by Zstandard for whoever has another one; the result has its name and `.zst`."""
    return {"kind": "zstandard", "path": path, "dictionary": dictionary, "output": f"{path.name}.zst"}


def precompile_step(
    path: Path, home: str, drop: list[str], keep_sources: bool = False, docstrings: bool = True
) -> dict[str, object]:
    """Describe a zip or wheel to be precompiled; see pack_in_pyodide.py."""
    options = {"home": home, "drop": drop, "keep_sources": keep_sources, "docstrings": docstrings}
    return {"kind": "precompile", "path": path, "output": path.name, **options}


def pack(core: Path, steps: list[dict[str, object]]) -> Path:
    """Do steps inside Pyodide, unless the cache has what they make; return the folder of the results."""
    inputs = [step | {name: file_hash(path) for name, path in _files(step).items()} for step in steps]
    recipe = [file_hash(PACK), file_hash(IN_PYODIDE), pins.PYODIDE.files]

    def produce(folder: Path) -> None:
        print("Packing", ", ".join(str(step["output"]) for step in steps), flush=True)
        work = folder.parent / "work"
        work.mkdir()
        jobs = []
        for index, step in enumerate(steps):
            names = {name: f"{name}-{index}" for name in _files(step)}
            for name, path in _files(step).items():
                shutil.copyfile(path, work / names[name])
            jobs.append(step | names)
        write_atomically(work / "job.json", json.dumps(jobs).encode())
        run_in_pyodide(core, work, PACK)
        _check_python((work / "python-version.txt").read_text())
        for step in steps:
            (work / str(step["output"])).replace(folder / str(step["output"]))

    return derived("packed", [inputs, recipe], produce)


def _files(step: dict[str, object]) -> dict[str, Path]:
    return {name: value for name, value in step.items() if isinstance(value, Path)}


def _check_python(version: str) -> None:
    if version != pins.PYTHON_VERSION:
        raise BuildError(f"Pyodide's Python is {version}.", "Put that into PYTHON_VERSION in builder/pins.py.")
