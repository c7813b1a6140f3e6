"""The page's Python: Pyodide, its standard library, NumPy and pyflakes precompiled, our wheel, and a copy of it all.

Upstream ships sources, and compiling them is most of a boot; so all modules are compiled here, once, by Pyodide's
own CPython. The lock then carries the new SHA-256, and Pyodide checks them in the browser.
"""

import shutil
from pathlib import Path

from packaging.utils import canonicalize_name
from pyodide_lock import PackageSpec, PyodideLockSpec

from builder import fetch, pins, snapshot, wheel
from builder.cache import file_hash
from builder.errors import BuildError
from builder.packing import pack, precompile_step

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
    """Fill a folder: what `loadPyodide({packages: ["numpy", "mlp_py"]})` reads, pyflakes, and the copy of memory."""
    core = fetch.fetch(pins.PYODIDE)
    upstream = PyodideLockSpec.from_json(core / "pyodide-lock.json")
    numpy_wheel = _numpy_wheel(upstream)
    (pyflakes,) = fetch.fetch(pins.PYFLAKES).glob("*.whl")
    library = pack(
        core,
        [
            precompile_step(core / STDLIB, "/lib/python314.zip/", STDLIB_DROP, docstrings=False),
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
    snapshot.make(core, [folder / numpy_wheel.name, folder / ours.name], folder)


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
