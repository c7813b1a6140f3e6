"""Compiles kernel.c into the page's wheel of mlp_py; hatchling calls it, as pyproject.toml says.

A wheel for any other platform is plain Python: natively, NumPy's own product is as fast.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = "libkernel.so"
# No fused multiply-add: results shall be the same to the bit on every machine.
FLAGS = ["-std=c11", "-O3", "-g0", "-ffp-contract=off", "-fno-sanitize=all", "-fPIC", "-Wall", "-Wextra", "-Werror"]
WASM = ["-target", "wasm32-emscripten", "-msimd128"]  # 128-bit SIMD, not relaxed, for the same reason
FUNCTIONS = (
    *("dot", "normalize_rows", "distort_rows", "all_within"),
    *("add_biases", "subtract_maximum", "divide_by_sum", "times_one_hot", "minus_one_hot", "where_positive"),
    "set_threads",
)
EXPORTS = [f"--export={name}" for name in FUNCTIONS]
THREAD = ["-target", "wasm32-freestanding", "-msimd128", "-matomics", "-mbulk-memory", "-nostdlib"]
THREAD_LINK = ["--no-entry", "--import-memory", "--shared-memory", "--export=multiply", "--export=__stack_pointer"]
THREAD_MEMORY = ["-z,stack-size=65536", "--initial-memory=131072", "--max-memory=67108864"]
"""In bytes: site/js/threads.js has other things behind the first ones."""
WASM_LINK = ["--experimental-pic", "-shared", "--no-entry", "--strip-all", *EXPORTS]


def compile_native(source: Path, library: Path) -> None:
    """Compile the kernel for this machine, which the unit tests do."""
    _zig("cc", *FLAGS, "-shared", str(source), "-o", str(library))


def compile_wasm(source: Path, library: Path) -> None:
    """Compile the kernel to a side module that Pyodide's ctypes loads."""
    compiled = library.with_suffix(".o")
    _zig("cc", *WASM, *FLAGS, "-c", str(source), "-o", str(compiled))
    _zig("wasm-ld", *WASM_LINK, str(compiled), "-o", str(library))


def compile_for_threads(source: Path, module: Path) -> None:
    """Compile the kernel to a module whose memory several threads have in common."""
    link = [f"-Wl,{option}" for option in (*THREAD_LINK, *THREAD_MEMORY, "--strip-all")]
    _zig("cc", *THREAD, *(flag for flag in FLAGS if flag != "-fPIC"), *link, str(source), "-o", str(module))


def _zig(*arguments: str) -> None:
    # What pyodide-build sets for the Python it builds for would confuse the Python that compiles.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("_PYTHON", "PYTHON"))}
    subprocess.run([sys.executable, "-m", "ziglang", *arguments], env=environment, check=True)


class KernelHook(BuildHookInterface[Any]):
    """Puts the compiled kernel into the wheel, and names the wheel after the platform it is then for."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile, if this is a build for Pyodide."""
        if self.target_name != "wheel" or "PYODIDE" not in os.environ:
            return
        self.folder = tempfile.TemporaryDirectory()
        library = Path(self.folder.name) / LIBRARY
        compile_wasm(Path(self.root) / "mlp_py" / "kernel.c", library)
        build_data["force_include"][str(library)] = f"mlp_py/{LIBRARY}"
        build_data["pure_python"] = False
        # It holds no CPython extension module, so any CPython 3 for this platform will do.
        build_data["tag"] = f"py3-none-{os.environ['_PYTHON_HOST_PLATFORM'].replace('-', '_').replace('.', '_')}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Take the compiled library away again."""
        if "PYODIDE" in os.environ:
            self.folder.cleanup()
