"""The starter model, which reads drawings before any training: trained here, once, by the page's own Python."""

import shutil
from pathlib import Path

from builder.cache import derived, file_hash, tree_hashes
from builder.node import IN_PYODIDE, run_in_pyodide
from builder.paths import ROOT

SCRIPT = Path(__file__).with_name("train_starter.py")
MATTERS = (
    "allographs.py", "augment.py", "dataset.py", "evaluation.py", "kernel.c", "kernel.py", "mlp.py", "training.py",
)  # fmt: skip
"""What of mlp_py the result depends on; the rest may change without another training."""


def make(pyodide: Path, numpy_sha256: str, data: Path) -> Path:
    """Return a folder with starter.npz and starter.json.

    Parameters
    ----------
    pyodide : the page's Pyodide, with the wheels of NumPy and mlp_py beside it
    numpy_sha256 : of NumPy's wheel as published
    data : the page's data files
    """
    inputs = [
        [file_hash(ROOT / "mlp_py" / name) for name in MATTERS],
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
