"""The page's Python: Pyodide's core, its standard library, NumPy and pyflakes precompiled, our wheel, a lock of ours.

Upstream ships sources, and compiling them is most of a boot; so all modules are compiled here, once, by Pyodide's
own CPython. The lock then carries the new SHA-256, and Pyodide checks them in the browser.
"""

import json
import shutil
from pathlib import Path

from packaging.utils import canonicalize_name
from pyodide_lock import PackageSpec, PyodideLockSpec

from builder import fetch, pins, wheel
from builder.cache import derived, file_hash, write_atomically
from builder.errors import BuildError
from builder.node import IN_PYODIDE, run_in_pyodide

PACK = Path(__file__).with_name("pack_in_pyodide.py")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
STDLIB = "python_stdlib.zip"
SITE_PACKAGES = "/lib/python3.14/site-packages/"

# What can't work in a browser's tab (sockets, processes, terminals) or serves developers only.
STDLIB_DROP = [
    r"^(ensurepip|idlelib|lib2to3|multiprocessing|pydoc_data|tkinter|turtledemo|unittest|venv|wsgiref|xml|xmlrpc)/",
    r"^_pyrepl/",
    r"^(bdb|cProfile|compileall|doctest|ftplib|imaplib|mailbox|modulefinder|optparse|pdb|pickletools|poplib|profile"
    r"|pstats|pty|pyclbr|pydoc|rlcompleter|smtplib|socketserver|tabnanny|trace|turtle|zipapp)\.py$",
    r"^http/(cookiejar|cookies|server)\.py$",
]
NUMPY_DROP = [
    r"/tests/",
    r"^numpy/(_pyinstaller|doc|f2py)/",
    r"^numpy/(_core|random)/(include|lib)/",
    r"^numpy/random/_examples/",
    r"^numpy/(.*/)?(conftest|_configtool)\.py$",
    r"\.(a|c|h|ini|npl|pxd|pyi|pyx)$",
    r"\.dist-info/entry_points\.txt$",
]


PYFLAKES_DROP = [r"/test/", r"^pyflakes/(__main__|api|reporter|scripts/.*)\.py$", r"\.dist-info/entry_points\.txt$"]


def make(folder: Path) -> None:
    """Fill a folder with all that `loadPyodide({packages: ["numpy", "mlp_py"]})` reads, and pyflakes for later."""
    core = fetch.fetch(pins.PYODIDE)
    upstream = PyodideLockSpec.from_json(core / "pyodide-lock.json")
    numpy_wheel = _numpy_wheel(upstream)
    (pyflakes,) = fetch.fetch(pins.PYFLAKES).glob("*.whl")
    library = pack(
        core,
        [
            precompile_step(core / STDLIB, "/lib/python314.zip/", STDLIB_DROP),
            precompile_step(numpy_wheel, SITE_PACKAGES, NUMPY_DROP),
            precompile_step(pyflakes, SITE_PACKAGES, PYFLAKES_DROP),
        ],
    )
    ours = wheel.build(core)
    packed = pack(core, [precompile_step(ours, SITE_PACKAGES, drop=[], keep_sources=True)])
    for source in [
        *(core / name for name in CORE),
        library / STDLIB,
        library / numpy_wheel.name,
        library / pyflakes.name,
        packed / ours.name,
    ]:
        shutil.copyfile(source, folder / source.name)
    _write_lock(upstream, folder, numpy_wheel.name, ours.name)


def _numpy_wheel(upstream: PyodideLockSpec) -> Path:
    """Fetch NumPy's wheel, and see that the pin and Pyodide's own lock mean the same file."""
    (name,) = pins.NUMPY.files
    said = upstream.packages["numpy"]
    if (said.file_name, said.sha256) != (name, pins.NUMPY.files[name]):
        raise BuildError(
            f"Pyodide {pins.PYODIDE.version} goes with {said.file_name}, SHA-256 {said.sha256}.",
            "Put that into the pin NUMPY in builder/pins.py.",
        )
    return fetch.fetch(pins.NUMPY) / name


def gzip_step(path: Path) -> dict[str, object]:
    """Describe a file to be gzipped; the result has its name and `.gz`."""
    return {"kind": "gzip", "path": path, "output": f"{path.name}.gz"}


def precompile_step(path: Path, home: str, drop: list[str], keep_sources: bool = False) -> dict[str, object]:
    """Describe a zip or wheel to be precompiled; see pack_in_pyodide.py."""
    options = {"home": home, "drop": drop, "keep_sources": keep_sources}
    return {"kind": "precompile", "path": path, "output": path.name, **options}


def pack(core: Path, steps: list[dict[str, object]]) -> Path:
    """Do steps inside Pyodide, unless the cache has what they make; return the folder of the results."""
    inputs = [{**step, "path": file_hash(Path(str(step["path"])))} for step in steps]
    recipe = [file_hash(PACK), file_hash(IN_PYODIDE), pins.PYODIDE.files]

    def produce(folder: Path) -> None:
        print("Packing", ", ".join(str(step["output"]) for step in steps), flush=True)
        work = folder.parent / "work"
        work.mkdir()
        jobs = [{**step, "path": None, "input": f"input-{index}"} for index, step in enumerate(steps)]
        for index, step in enumerate(steps):
            shutil.copyfile(str(step["path"]), work / f"input-{index}")
        write_atomically(work / "job.json", json.dumps(jobs).encode())
        run_in_pyodide(core, work, PACK)
        _check_python((work / "python-version.txt").read_text())
        for step in steps:
            (work / str(step["output"])).replace(folder / str(step["output"]))

    return derived("packed", [inputs, recipe], produce)


def _check_python(version: str) -> None:
    if version != pins.PYTHON_VERSION:
        raise BuildError(f"Pyodide's Python is {version}.", "Put that into PYTHON_VERSION in builder/pins.py.")


def _write_lock(upstream: PyodideLockSpec, folder: Path, numpy_name: str, ours_name: str) -> None:
    numpy = upstream.packages["numpy"]
    numpy.sha256 = file_hash(folder / numpy_name)
    ours = PackageSpec(
        name="mlp_py",
        version=wheel.version(ours_name),
        file_name=ours_name,
        install_dir="site",
        sha256=file_hash(folder / ours_name),
        imports=["mlp_py"],
        depends=["numpy"],
    )
    lock = PyodideLockSpec(info=upstream.info, packages={"numpy": numpy, canonicalize_name(ours.name): ours})
    lock.check_wheel_filenames()
    lock.to_json(folder / "pyodide-lock.json", indent=1)
