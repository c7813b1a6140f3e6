"""What is timed natively: this file, run as a process of its own with one thread, prints its result as JSON."""

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from builder.paths import ROOT

CHAINS = 12  # as in peak.c
KEPT = {"MALLOC_MMAP_THRESHOLD_": "100000000", "MALLOC_TRIM_THRESHOLD_": "100000000000"}
"""glibc's settings with which memory that is freed stays the process's. Without them, arrays as large as the gradients
are mapped, and faulted in, anew at each step, unless something larger has been freed before."""
OPENBLAS_CHOICE = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def run(
    function: str, *options: object, as_the_environment_says: bool = False, keeps_memory: bool | None = None
) -> Any:
    """Call a function of loops.py, or of this file, in a process whose OpenBLAS has one thread.

    OpenBLAS chooses its kernel for this machine by itself, unless `as_the_environment_says`.

    keeps_memory : with KEPT, or without; None for as the environment has it
    """
    drop = () if as_the_environment_says else OPENBLAS_CHOICE
    environment = {name: value for name, value in os.environ.items() if name not in drop}
    if keeps_memory is not None:
        environment = {name: value for name, value in environment.items() if name not in KEPT}
        environment |= KEPT if keeps_memory else {}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.benchmarks.native", function, json.dumps(options)]
    result = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(result.stdout)


def openblas() -> str:
    """Which kernel OpenBLAS runs here, or what else NumPy has."""
    for library in (Path(np.__file__).parent.parent / "numpy.libs").glob("*openblas*"):
        name = ctypes.CDLL(str(library)).scipy_openblas_get_corename64_
        name.restype = ctypes.c_char_p
        return str(name().decode())
    return "unknown"


def peak(library: str, bits: int) -> float:
    """GFLOP/s of peak.c, best of several."""
    function = ctypes.CDLL(library).peak
    function.argtypes = [ctypes.c_int, ctypes.c_float, ctypes.c_float]
    function.restype = ctypes.c_float
    steps, best = 10_000_000, float("inf")
    for _ in range(8):
        started = time.perf_counter()
        function(steps, 0.5, 1.0)
        best = min(best, time.perf_counter() - started)
    return CHAINS * bits / 32 * 2 * steps / best / 1e9


def main(function: str, options: str) -> None:
    """Do what run() asks for."""
    from builder import pins
    from builder.fetch import fetch
    from mlp_py.dataset import load_split

    from . import loops

    arguments = json.loads(options)
    if function in ("openblas", "peak"):
        result = globals()[function](*arguments)
    elif function == "gflops":
        result = loops.gflops(*arguments)
    else:
        result = getattr(loops, function)(load_split(fetch(pins.MNIST), "train"), *arguments)
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
