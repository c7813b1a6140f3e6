"""Make dist/: the site, what it runs on, its data, and a list of it all."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path

from builder import dataset, fetch, pins, pyodide_dist, starter, wheel
from builder.cache import file_hash, hash_of, scratch_folder, tree_files, tree_hashes, write_atomically
from builder.errors import BuildError
from builder.paths import DIST, ROOT, SITE, WORK

FINGERPRINT = WORK / "fingerprint.json"
LATER = ("data/train-images-2", "data/train-labels-2")
"""What a first visit does not load."""

NOT_LOADED = (".nojekyll", "THIRD_PARTY_LICENSES.txt", "build.json")


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
    for path in tree_files(SITE):
        _copy(path, folder / path.relative_to(SITE))
    vendor = folder / "vendor"
    (vendor / "pyodide").mkdir(parents=True)
    pyodide_dist.make(vendor / "pyodide")
    uplot = fetch.fetch(pins.UPLOT)
    for name in ("uPlot.esm.js", "uPlot.min.css"):
        _copy(uplot / "dist" / name, vendor / "uplot" / name)
    data = dataset.make()
    for path in data.glob("*.gz"):
        _copy(path, folder / "data" / path.name)
    (numpy_sha256,) = pins.NUMPY.files.values()
    model = starter.make(vendor / "pyodide", numpy_sha256, data)
    for name in ("starter.npz", "starter.json"):
        _copy(model / name, folder / "data" / name)
    (folder / ".nojekyll").touch()
    (folder / "THIRD_PARTY_LICENSES.txt").write_text(_licences(uplot), encoding="utf-8", newline="\n")
    _write_manifest(folder)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _licences(uplot: Path) -> str:
    """Write down what dist/ holds of others, under which licences, with the texts that came along."""
    rule = "=" * 100
    entries = [
        f"{pin.name} {pin.version}: {pin.purpose}\nLicence (SPDX): {pin.licence}\nCopyright: {pin.copyright}\n"
        for pin in pins.IN_DIST
    ]
    texts = {"uplot: LICENSE": (uplot / "LICENSE").read_text(encoding="utf-8")}
    (name,) = pins.NUMPY.files
    with zipfile.ZipFile(fetch.fetch(pins.NUMPY) / name) as archive:
        for member in sorted(archive.namelist()):
            if ".dist-info/licenses/" in member:
                texts[f"numpy: {member.partition('/licenses/')[2]}"] = archive.read(member).decode()
    return "\n".join([*entries, *(f"{rule}\n{title}\n{rule}\n\n{text}" for title, text in texts.items())])


def _write_manifest(folder: Path) -> None:
    """Write build.json, and the same as a script for the service worker."""
    files = tree_files(folder)
    wheels = {path.name.partition("-")[0]: path.name for path in files if path.suffix == ".whl"}
    manifest = {
        "id": hash_of(tree_hashes(folder))[:12],
        "versions": {
            "pyodide": pins.PYODIDE.version,
            "python": pins.PYTHON_VERSION,
            "numpy": wheel.version(wheels["numpy"]),
            "mlp_py": wheel.version(wheels["mlp_py"]),
            "uplot": pins.UPLOT.version,
        },
        "files": {path.relative_to(folder).as_posix(): path.stat().st_size for path in files},
    }
    text = json.dumps(manifest, indent=1)
    write_atomically(folder / "build.json", f"{text}\n".encode())
    write_atomically(folder / "sw-manifest.js", f"self.MANIFEST = {text};\n".encode())


def _summarize() -> None:
    """Say how big dist/ is, and what a first visit transfers from a host that gzips."""
    sizes, first_visit = {}, 0
    for path in tree_files(DIST):
        name = path.relative_to(DIST).as_posix()
        content = path.read_bytes()
        sizes[name] = len(content)
        if name not in NOT_LOADED and not name.startswith(LATER):
            first_visit += min(len(content), len(gzip.compress(content, 6)))
    print(
        f"dist/: {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB; first visit {first_visit / 1e6:.2f} MB gzipped"
    )
