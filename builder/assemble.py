"""Make dist/: the site, what it runs on, and its data."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path

from builder import bundle, catalogue, codemirror, dataset, fetch, icons, pins, pyodide_dist, standalone, starter, wheel
from builder.cache import file_hash, hash_of, scratch_folder, tree_files, tree_hashes, write_atomically
from builder.errors import BuildError
from builder.paths import DIST, ROOT, SITE, WORK

FINGERPRINT = WORK / "fingerprint.json"
AT_ROOT = ("index.html", "sw.js", "icon.svg", "picture.png", "manifest.webmanifest")
"""Of site/, what has its address for good; the rest is in a folder of its build."""


def build() -> None:
    """Make dist/ unless it is there and everything is as it was; a build that fails leaves dist/ as it was."""
    fingerprint = {"inputs": _inputs()}
    if _stored_fingerprint() == fingerprint | {"dist": hash_of(tree_hashes(DIST))}:
        print("dist/ is up to date.", flush=True)
        return
    with scratch_folder(WORK) as scratch:
        made = scratch / "dist"
        made.mkdir()
        _fill(made)
        made.chmod(0o755)
        if DIST.exists():
            DIST.replace(scratch / "old")
        made.replace(DIST)
    fingerprint["dist"] = hash_of(tree_hashes(DIST))
    write_atomically(FINGERPRINT, json.dumps(fingerprint).encode())
    _summarize()


def _inputs() -> str:
    files = {name: file_hash(ROOT / name) for name in ("build.py", "pyproject.toml")}
    return hash_of([files, *(tree_hashes(ROOT / name) for name in ("builder", "mlp_py", "site"))])


def _stored_fingerprint() -> object:
    try:
        return json.loads(FINGERPRINT.read_text())
    except (OSError, ValueError):
        return None


def _fill(folder: Path) -> None:
    if not (SITE / "index.html").is_file():
        raise BuildError("site/index.html is missing.", "The site's own files belong in site/.")
    code = folder / catalogue.CODE
    for path in tree_files(SITE):
        if path not in (catalogue.GUARD, catalogue.BEGIN, standalone.HOST):
            inside = path.relative_to(SITE)
            _copy(path, (folder if inside.as_posix() in AT_ROOT else code) / inside)
    icons.write(folder)
    uplot = fetch.fetch(pins.UPLOT)
    for file in ("uPlot.esm.js", "uPlot.min.css"):
        _copy(uplot / "dist" / file, code / "vendor" / "uplot" / file)
    _copy(fetch.fetch(pins.IDB) / "build" / "index.js", code / "vendor" / "idb" / "index.js")
    codemirror.write(code / "vendor" / "codemirror", ".js")
    _copy(wheel.kernel_for_threads(), code / wheel.KERNEL)
    vendor = folder / "vendor"
    (vendor / "pyodide").mkdir(parents=True)
    pyodide_dist.make(vendor / "pyodide")
    data = dataset.make()
    for path in data.glob("*.gz"):
        _copy(path, folder / "data" / path.name)
    (numpy_sha256,) = pins.NUMPY.files.values()
    model = starter.make(vendor / "pyodide", numpy_sha256, data)
    for name in ("starter.npz", "starter.json"):
        _copy(model / name, folder / "data" / name)
    (folder / ".nojekyll").touch()
    (folder / "THIRD_PARTY_LICENSES.txt").write_text(_licences(), encoding="utf-8", newline="\n")
    standalone.make(folder)
    bundle.join(code)
    catalogue.stamp(folder)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _licences() -> str:
    """Write down what dist/ holds of others, under which licences, with the texts that came along."""
    rule = "=" * 100
    entries = [
        f"{pin.name} {pin.version}: {pin.purpose}\nLicence (SPDX): {pin.licence}\nCopyright: {pin.copyright}\n"
        for pin in pins.IN_DIST
    ]
    texts = {
        f"{pin.name}: LICENSE": (fetch.fetch(pin) / "LICENSE").read_text(encoding="utf-8")
        for pin in (pins.UPLOT, pins.IDB)
    }
    texts |= {f"{name}: LICENSE": text for name, text in codemirror.licences().items()}
    for pin in (pins.NUMPY, pins.PYFLAKES):
        (name,) = pin.files
        with zipfile.ZipFile(fetch.fetch(pin) / name) as archive:
            for member in sorted(archive.namelist()):
                if ".dist-info/licenses/" in member:
                    texts[f"{pin.name}: {member.partition('/licenses/')[2]}"] = archive.read(member).decode()
    return "\n".join([*entries, *(f"{rule}\n{title}\n{rule}\n\n{text}" for title, text in texts.items())])


def _summarize() -> None:
    """Say how big dist/ is, and what a first visit transfers from a host that gzips."""
    files = json.loads((DIST / "build.json").read_text())["files"]
    gzipped = {"start": 0, "ready": 0, "asked": 0, "never": 0}
    for name, entry in files.items():
        content = (DIST / name).read_bytes()
        gzipped[entry["when"]] += min(len(content), len(gzip.compress(content, 6)))
    total = sum(path.stat().st_size for path in tree_files(DIST))
    first, then = gzipped["start"] / 1e6, gzipped["ready"] / 1e6
    print(f"dist/: {len(files)} files, {total / 1e6:.1f} MB; a first visit: {first:.2f} + {then:.2f} MB gzipped")
