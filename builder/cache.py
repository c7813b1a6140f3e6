"""What is kept between builds, and checked again on every use."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from builder.paths import cache_dir

SUMS = "sha256sums.json"


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_files(folder: Path) -> list[Path]:
    """Return all files under a folder, in one order on every machine, without Python's own caches."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def tree_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file under a folder, by its path in it."""
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in tree_files(folder)}


def hash_of(value: object) -> str:
    """Return one SHA-256 for a value made of dicts, lists and strings."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Give an empty folder beside where its content will go, and remove what is left of it afterwards."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=".part-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def derived(name: str, inputs: object, produce: Callable[[Path], None]) -> Path:
    """Return a folder made from the inputs by `produce`, which runs only if the cache has no whole copy of it."""
    folder = cache_dir() / "derived" / f"{name}-{hash_of(inputs)[:16]}"
    if _is_whole(folder):
        return folder
    with scratch_folder(folder.parent) as scratch:
        content = scratch / "content"
        content.mkdir()
        produce(content)
        (content / SUMS).write_text(json.dumps(tree_hashes(content), indent=1, sort_keys=True))
        shutil.rmtree(folder, ignore_errors=True)
        content.replace(folder)
    return folder


def _is_whole(folder: Path) -> bool:
    try:
        sums = json.loads((folder / SUMS).read_text())
    except (OSError, ValueError):
        return False
    found = tree_hashes(folder)
    found.pop(SUMS, None)
    return bool(found == sums)
