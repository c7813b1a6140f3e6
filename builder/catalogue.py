"""What the site holds, said once: which file is fetched when, for what, and its SHA-256.

The page's worker fetches and checks by it, the service worker keeps by it, and the build's summary counts by it. All
code of the page lies in a folder named after the build, so that a page, its worker and whatever they import late are
of one build, whatever caches do in between.
"""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from builder import bill, pins, wheel
from builder.cache import file_hash, hash_of, tree_files, tree_hashes, write_atomically
from builder.errors import BuildError
from builder.paths import SITE

CODE = "BUILD"
"""The folder of the code before it has its name, which index.html and sw.js use as well."""
GUARD, BEGIN = SITE / "guard.js", SITE / "begin.js"
"""They stand in index.html itself."""

PLACES = (
    (rf"({CODE}|build-\w+)/vendor/codemirror/.*", "ready", "editor"),
    (rf"({CODE}|build-\w+)/kernel\.wasm", "ready", "threads"),
    (rf"({CODE}|build-\w+)/js/thread\.js", "ready", "thread"),
    (r"vendor/pyodide/pyflakes-.*", "ready", "names"),
    (rf"index\.html|icon\.svg|({CODE}|build-\w+)/.*", "start", "page"),
    (r"manifest\.webmanifest|icon-\d+\.png", "ready", "installing"),
    (r"vendor/pyodide/(python_stdlib\.zip|.*\.whl)", "ready", "packages"),
    (r"vendor/pyodide/.*", "start", "python"),
    (r"data/starter\.json", "start", "starter-about"),
    (r"data/starter\.npz", "start", "starter-model"),
    (r"data/t10k-images\..*", "ready", "held-out-images"),
    (r"data/t10k-labels\..*", "ready", "held-out-labels"),
    (r"data/allographs-images\..*", "ready", "allographs-images"),
    (r"data/allographs-labels\..*", "ready", "allographs-labels"),
    (r"data/train-images-1\..*", "ready", "training-images"),
    (r"data/train-labels-1\..*", "ready", "training-labels"),
    (r"data/train-images-2\..*", "asked", "training-images"),
    (r"data/train-labels-2\..*", "asked", "training-labels"),
    (r"standalone\.html|\.nojekyll|picture\.png|THIRD_PARTY_LICENSES\.txt|sbom\.cdx\.json", "never", "about"),
)
"""Of each file, when it is fetched (before the page is ready, once it is, on wish, not by the page), and its role."""

OPTIONAL = re.compile(r"/vendor/")
"""Modules without which the page works, if less well."""

NOT_LISTED = ("sw.js", "build.json")
"""They bring the list."""


def stamp(folder: Path) -> str:
    """Give a filled folder its build's id, its bill of materials and its catalogue; returns the id.

    The folder has the page's code in CODE, and index.html and sw.js that speak of it.
    """
    sources = {source.name: file_hash(source) for source in (GUARD, BEGIN, bill.SOURCE)}
    build = hash_of(tree_hashes(folder) | sources)[:12]
    code = (folder / CODE).rename(folder / f"build-{build}")
    for name in ("index.html", "sw.js"):
        text = (folder / name).read_text(encoding="utf-8").replace(f"{CODE}/", f"{code.name}/")
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    page = folder / "index.html"
    text = _with_modules(page.read_text(encoding="utf-8"), folder, code)
    page.write_text(with_script(with_script(text, GUARD), BEGIN), encoding="utf-8")
    bill.write(folder, build)
    _write(folder, code, build)
    return build


def _with_modules(page: str, folder: Path, code: Path) -> str:
    """Let the page fetch all its modules at once, each with a link that tells when one does not come."""
    names = [path.relative_to(folder).as_posix() for path in tree_files(code) if path.suffix == ".js"]
    modules = [name for name in names if _place(name)[0] == "start"]
    modules.append(f"{code.name}/catalogue.js")
    links = [
        f'<link rel="modulepreload" href="{module}"{" data-optional" if OPTIONAL.search(module) else ""}>'
        for module in modules
    ]
    return replaced(page, "<!-- MODULES -->", "\n    ".join(links))


def with_script(page: str, path: Path) -> str:
    """Put a script into a page that has its name in capitals, and its hash into the page's policy."""
    name, script = path.stem.upper(), f"\n{path.read_text(encoding='utf-8')}"
    page = replaced(page, f"{name}-HASH", hash_source(script))
    return replaced(page, f">{name}</script>", f">{script}</script>")


def hash_source(text: str) -> str:
    """Return what a Content-Security-Policy calls a script or style that stands in the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def replaced(text: str, placeholder: str, value: str) -> str:
    """Put a value in place of what stands in a text once."""
    if text.count(placeholder) != 1:
        raise BuildError(f"site/index.html has {placeholder} {text.count(placeholder)} times.", "It needs it once.")
    return text.replace(placeholder, value)


def describe(folder: Path, build: str) -> dict[str, Any]:
    """Return the catalogue of a folder: the build's id, the versions of what it holds, and its files."""
    files = tree_files(folder)
    wheels = {path.name.partition("-")[0]: path.name for path in files if path.suffix == ".whl"}
    names = [path.relative_to(folder).as_posix() for path in files]
    return {
        "id": build,
        "versions": {
            "pyodide": pins.PYODIDE.version,
            "python": pins.PYTHON_VERSION,
            "numpy": wheel.version(wheels["numpy"]),
            "mlp_py": wheel.version(wheels["mlp_py"]),
            "uplot": pins.UPLOT.version,
        },
        "files": {name: _entry(folder, name) for name in names if name not in NOT_LISTED},
    }


def as_script(catalogue: dict[str, Any]) -> str:
    """Write a catalogue as the page and the service worker read it."""
    return f"self.CATALOGUE = {json.dumps(catalogue, indent=1)};\n"


def _write(folder: Path, code: Path, build: str) -> None:
    catalogue = describe(folder, build)
    write_atomically(folder / "build.json", f"{json.dumps(catalogue, indent=1)}\n".encode())
    write_atomically(code / "catalogue.js", as_script(catalogue).encode())


def _entry(folder: Path, name: str) -> dict[str, object]:
    path, (when, role) = folder / name, _place(name)
    return {"size": path.stat().st_size, "sha256": file_hash(path), "when": when, "role": role}


def _place(name: str) -> tuple[str, str]:
    """When a file is fetched, and its role."""
    for pattern, when, role in PLACES:
        if re.fullmatch(pattern, name):
            return when, role
    raise BuildError(
        f"{name} is in the site, but no page knows when to fetch it.", "Say so in PLACES, in builder/catalogue.py."
    )
