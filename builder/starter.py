"""The starter model, which reads drawings before any training: trained here, once, by the page's own Python."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

from builder.cache import derived, file_hash, tree_hashes
from builder.node import IN_PYODIDE, run_in_pyodide
from builder.paths import ROOT

SCRIPT = Path(__file__).with_name("train_starter.py")
PACKAGE = ROOT / "mlp_py"


def what_matters(script: Path = SCRIPT) -> list[Path]:
    """Return the files of mlp_py that the result depends on; the rest may change without another training.

    They are those that the script imports, those that they import, and so on, and the kernel.
    """
    found = {PACKAGE / "__init__.py", PACKAGE / "kernel.c"}
    waiting = [script, PACKAGE / "__init__.py"]
    while waiting:
        for path in _imports(waiting.pop()):
            if path not in found:
                found.add(path)
                waiting.append(path)
    return sorted(found)


def _imports(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        inside = "mlp_py." * bool(node.level) + (node.module or "")
        if not (inside + ".").startswith("mlp_py."):
            continue
        names = [inside.rstrip(".")] + [f"{inside.rstrip('.')}.{alias.name}" for alias in node.names]
        candidates = (PACKAGE.parent / name.replace(".", "/") for name in names)
        yield from (file for each in candidates if (file := each.with_suffix(".py")).is_file())


def make(pyodide: Path, numpy_sha256: str, data: Path) -> Path:
    """Return a folder with starter.npz and starter.json.

    Parameters
    ----------
    pyodide : the page's Pyodide, with the wheels of NumPy and mlp_py beside it
    numpy_sha256 : of NumPy's wheel as published
    data : the page's data files
    """
    inputs = [
        [file_hash(path) for path in what_matters()],
        [file_hash(SCRIPT), file_hash(IN_PYODIDE), file_hash(pyodide / "pyodide.asm.wasm"), numpy_sha256],
        tree_hashes(data),
    ]

    def produce(folder: Path) -> None:
        print("Training the starter model (about a minute, and kept)", flush=True)
        work = folder.parent / "work"
        shutil.copytree(data, work / "data", ignore=shutil.ignore_patterns("*.json"))
        run_in_pyodide(pyodide, work, SCRIPT, packages=["numpy", "mlp_py"])
        for name in ("starter.npz", "starter.json"):
            (work / name).replace(folder / name)

    return derived("starter", inputs, produce)
