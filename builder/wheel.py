"""The wheel of mlp_py, built by pyodide-build.

pyodide-build wants a cross-build environment, which it would download: headers and libraries of CPython for
WebAssembly. A wheel without CPython C code needs none of that, only to know what it is built for; so a small
environment is made from Pyodide's npm package.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from packaging.utils import parse_wheel_filename

from builder import pins
from builder.cache import derived, file_hash, tree_hashes
from builder.errors import ToolFailedError
from builder.paths import ROOT
from builder.wheel_hook import compile_for_threads

KERNEL = "kernel.wasm"
HOOK = "builder/wheel_hook.py"
SOURCES = ("pyproject.toml", "LICENSE", "mlp_py", HOOK)
PYODIDE_BUILD = Path(__file__).with_name("pyodide_build_wheel.py")
ABI, EMSCRIPTEN = "2026_0", "5.0.3"
SYSCONFIG = "_sysconfigdata__emscripten_wasm32-emscripten"
EPOCH = "315532800"  # 1980-01-01, the first day a zip can tell


def build(core: Path) -> Path:
    """Return the wheel of mlp_py as it is in the tree now."""
    inputs = [
        file_hash(ROOT / "pyproject.toml"),
        file_hash(ROOT / "LICENSE"),
        tree_hashes(ROOT / "mlp_py"),
        pins.PYODIDE.files,
    ]
    recipe = [
        file_hash(Path(__file__)),
        file_hash(PYODIDE_BUILD),
        file_hash(ROOT / HOOK),
        file_hash(ROOT / "builder" / "requirements.txt"),
    ]

    def produce(folder: Path) -> None:
        print("Building the wheel of mlp_py", flush=True)
        scratch = folder.parent
        source = _copy_sources(scratch / "source")
        _run_pyodide_build(source, folder, _cross_build_environment(scratch / "environment", core))

    (wheel,) = derived("wheel", [inputs, recipe], produce).glob("*.whl")
    return wheel


def kernel_for_threads() -> Path:
    """Return the wheel's kernel, compiled for site/js/thread.js."""
    source = ROOT / "mlp_py" / "kernel.c"
    inputs = [file_hash(path) for path in (source, ROOT / HOOK, ROOT / "builder" / "requirements.txt")]
    return derived("threads", inputs, lambda folder: compile_for_threads(source, folder / KERNEL)) / KERNEL


def version(wheel_name: str) -> str:
    """Return the version a wheel's file name tells."""
    return str(parse_wheel_filename(wheel_name)[1])


def _copy_sources(folder: Path) -> Path:
    # pyodide-build leaves a folder in the source tree; it shall not be the project's own.
    folder.mkdir()
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, folder / name)
    return folder


def _cross_build_environment(folder: Path, core: Path) -> Path:
    """Make the part of a cross-build environment that is read; return its pyodide-root."""
    root = folder / "xbuildenv" / "pyodide-root"
    install = root / "cpython"
    (install / "sysconfigdata").mkdir(parents=True)
    (root / "dist").mkdir()
    (root.parent / "requirements.txt").touch()
    shutil.copyfile(core / "pyodide-lock.json", root / "dist" / "pyodide-lock.json")
    with zipfile.ZipFile(core / "python_stdlib.zip") as stdlib:
        (install / "sysconfigdata" / f"{SYSCONFIG}.py").write_bytes(stdlib.read(f"{SYSCONFIG}.py"))
    major, minor, micro = pins.PYTHON_VERSION.split(".")
    variables = {
        "PYODIDE_VERSION": pins.PYODIDE.version,
        "PYODIDE_ABI_VERSION": ABI,
        "PYODIDE_EMSCRIPTEN_VERSION": EMSCRIPTEN,
        "PYVERSION": pins.PYTHON_VERSION,
        "PYMAJOR": major,
        "PYMINOR": minor,
        "PYMICRO": micro,
        "PLATFORM_TRIPLET": "wasm32-emscripten",
        "SYSCONFIG_NAME": SYSCONFIG,
        "CPYTHONINSTALL": str(install),
        "TARGETINSTALLDIR": str(install),
        "PYTHONINCLUDE": str(install / "include"),
        "CFLAGS_BASE": "",
        "LDFLAGS_BASE": "",
        "PIP_CONSTRAINT": "",
    }
    lines = [f"export {name}={value}\n" for name, value in variables.items()]
    (root / "Makefile.envs").write_text("".join(lines), encoding="utf-8")
    return root


def _run_pyodide_build(source: Path, folder: Path, root: Path) -> None:
    environment = os.environ | {"PYODIDE_ROOT": str(root), "SOURCE_DATE_EPOCH": EPOCH}
    environment |= {"SKIP_EMSCRIPTEN_VERSION_CHECK": "1"}  # no C for CPython, no Emscripten
    command = [sys.executable, str(PYODIDE_BUILD), str(source), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=source, check=False)
    if run.returncode != 0 or not list(folder.glob("*.whl")):
        raise ToolFailedError(
            f"pyodide-build could not build the wheel of mlp_py:\n{run.stdout}{run.stderr}",
            "What it says above is about pyproject.toml or mlp_py/.",
        )
