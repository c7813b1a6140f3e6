"""The bill of materials: what dist/ is made of and by whom, for the tools that ask, as CycloneDX 1.6 in JSON.

It tells the same for the same build: it bears no time, and its serial number comes of the build's id.
"""

import json
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder import pins, wheel
from builder.cache import file_hash, tree_files
from builder.errors import BuildError

NAME = "sbom.cdx.json"
SOURCE = Path(__file__)
ROOT = "mlp_py"
"""What the bill is of: the site itself."""

OWNERS = (
    (r"vendor/pyodide/(pyodide\..*|pyodide-lock\.json|python_stdlib\.zip|snapshot\..*)", pins.PYODIDE),
    (r"vendor/pyodide/numpy-.*", pins.NUMPY),
    (r"vendor/pyodide/pyflakes-.*", pins.PYFLAKES),
    (r"build-\w+/vendor/uplot/.*", pins.UPLOT),
    (r"build-\w+/vendor/idb/.*", pins.IDB),
    *((rf"build-\w+/vendor/codemirror/{re.escape(pin.name)}\.js", pin) for pin in pins.EDITOR),
    (r"data/(train|t10k)-.*", pins.MNIST),
)
"""Whose a file is; one that is not listed is the site's own."""

OURS = re.compile(r"(?!.*vendor/).*|vendor/pyodide/mlp_py-.*")
NOT_USED = (".d.ts", "LICENSE")
"""Of a pin's files, those that no file of the site is made of."""

CPYTHON = {
    "type": "platform",
    "bom-ref": f"pkg:generic/cpython@{pins.PYTHON_VERSION}",
    "name": "cpython",
    "version": pins.PYTHON_VERSION,
    "licenses": [{"license": {"id": "Python-2.0"}}],
    "cpe": f"cpe:2.3:a:python:python:{pins.PYTHON_VERSION}:*:*:*:*:*:*:*",
    "purl": f"pkg:generic/cpython@{pins.PYTHON_VERSION}",
}
"""Is inside Pyodide, and what is found wrong with Python is told under this name."""


def write(folder: Path, build: str) -> None:
    """Write the bill of a filled folder, of the build with this id."""
    text = json.dumps(bill(folder, build), indent=1, ensure_ascii=False)
    (folder / NAME).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def bill(folder: Path, build: str) -> dict[str, Any]:
    """Return the bill; every file that lies in the folder is in it."""
    own: list[Path] = []
    theirs: dict[pins.Pin, list[Path]] = {pin: [] for pin in pins.IN_DIST}
    for path in tree_files(folder):
        pin = _owner(path.relative_to(folder).as_posix())
        (theirs[pin] if pin else own).append(path)
    components = [_component(pin, folder, files) for pin, files in theirs.items()]
    (version,) = {wheel.version(path.name) for path in own if path.suffix == ".whl"}
    site = {
        "type": "application",
        "bom-ref": ROOT,
        "name": ROOT,
        "version": f"{version}+{build}",
        "description": "A neural network that learns to read, in a browser tab: the site as it is hosted",
        "licenses": [{"license": {"id": "MIT"}}],
        "components": _files(folder, own),
    }
    vendored = [_purl(pins.PYODIDE), _purl(pins.NUMPY)]  # hold code of yet others, as their licences tell
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'{ROOT} {build}')}",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "build"}], "component": site},
        "components": components,
        "dependencies": [
            {"ref": ROOT, "dependsOn": [component["bom-ref"] for component in components]},
            {"ref": _purl(pins.NUMPY), "dependsOn": [CPYTHON["bom-ref"]]},
            {"ref": _purl(pins.PYFLAKES), "dependsOn": [CPYTHON["bom-ref"]]},
        ],
        "compositions": [
            {"aggregate": "complete", "assemblies": [ROOT]},
            {"aggregate": "incomplete", "assemblies": vendored},
        ],
    }


def _owner(name: str) -> pins.Pin | None:
    """The pin that a file comes of; None for the site's own."""
    for pattern, pin in OWNERS:
        if re.fullmatch(pattern, name):
            return pin
    if not OURS.fullmatch(name):
        raise BuildError(f"Nobody knows whose {name} is.", "Say so in OWNERS, in builder/bill.py.")
    return None


def _component(pin: pins.Pin, folder: Path, files: Sequence[Path]) -> dict[str, Any]:
    if not files:
        raise BuildError(f"Nothing in the site is of {pin.name}.", "Put OWNERS right, in builder/bill.py, or the pin.")
    component: dict[str, Any] = {
        "type": "data" if pin is pins.MNIST else "library",
        "bom-ref": _purl(pin),
        "name": pin.name,
        "version": pin.version,
        "description": pin.purpose,
        "licenses": _licences(pin),
        "copyright": pin.copyright,
        "purl": _purl(pin),
        "components": [*([CPYTHON] if pin is pins.PYODIDE else []), *_files(folder, files)],
    }
    as_they_are = {file_hash(path) for path in files}
    changed = {
        name: sha256 for name, sha256 in pin.files.items() if sha256 not in as_they_are and not name.endswith(NOT_USED)
    }
    if changed:
        component["pedigree"] = {
            "ancestors": [_file(name, sha256) for name, sha256 in changed.items()],
            "notes": "Of these files as published, the build has made files of this component.",
        }
    return component


def _licences(pin: pins.Pin) -> list[dict[str, Any]]:
    """An SPDX identifier, or where it takes several, an expression."""
    return [{"expression": pin.licence} if " " in pin.licence else {"license": {"id": pin.licence}}]


def _purl(pin: pins.Pin) -> str:
    """The package's address among all packages, whatever mirror it is fetched from."""
    for source in pin.sources:
        if isinstance(source, pins.Npm):
            return f"pkg:npm/{source.package.replace('@', '%40', 1) if source.package[0] == '@' else source.package}"
    return f"pkg:pypi/{pin.name}@{pin.version}"


def _files(folder: Path, paths: Sequence[Path]) -> list[dict[str, Any]]:
    names = {path.relative_to(folder).as_posix(): file_hash(path) for path in paths}
    return [_file(name, sha256) | {"bom-ref": name} for name, sha256 in names.items()]


def _file(name: str, sha256: str) -> dict[str, Any]:
    return {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": sha256}]}
