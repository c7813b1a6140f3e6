"""The copy of Python's memory: the same, wherever and whenever it is made."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from builder import snapshot
from builder.node import find_node
from builder.paths import DIST

CORE = DIST / "vendor" / "pyodide"


def made(place: Path, step: int = 1, timezone: str = "UTC") -> Path:
    """What the build makes before it is compressed, with all of it in a place of its own, its files written in this
    order or from the last to the first, which some file systems keep.
    """
    shutil.copytree(CORE, place / "core")
    for wheel in CORE.glob("*.whl"):
        if not wheel.name.startswith("pyflakes"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(place / "packages", archive.namelist()[::step])
    (place / "out").mkdir()
    rehearsal = Path(shutil.copy(snapshot.REHEARSAL, place))
    paths = snapshot.MAKE, place / "core", place / "packages", rehearsal, place / "out"
    subprocess.run([find_node(), *map(str, paths)], check=True, env=os.environ | {"TZ": timezone})
    return place / "out"


@pytest.mark.skipif(not CORE.is_dir(), reason="dist/ is not built")
def test_it_is_the_same_wherever_it_is_made(tmp_path: Path) -> None:
    one = made(tmp_path / "one")
    other = made(tmp_path / "another" / "place" / "with a longer name", -1, "Asia/Tokyo")
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in other.iterdir()
    }
    about = json.loads((one / "about.json").read_text())
    # And it is what the page has.
    assert about["pages"] == json.loads((CORE / snapshot.ABOUT).read_text())["pages"]
    content = (one / "memory.bin").read_bytes()
    assert str(tmp_path).encode() not in content
