"""The catalogue of the site's files, and a folder for each build's code."""

import json
import re
from pathlib import Path

import pytest

from builder import bill, catalogue
from builder.cache import file_hash
from builder.errors import BuildError
from builder.paths import SITE

PAGE = """<meta content="script-src 'GUARD-HASH' 'BEGIN-HASH'"><script>GUARD</script><script>BEGIN</script>
<!-- MODULES -->
<script src="BUILD/js/main.js"></script>"""
FILES = {
    "index.html": PAGE,
    "sw.js": 'importScripts("BUILD/catalogue.js");',
    "BUILD/js/main.js": 'import "./other.js";',
    "BUILD/js/other.js": "",
    "BUILD/js/thread.js": "",
    "BUILD/vendor/uplot/uPlot.esm.js": "",
    "BUILD/style.css": "",
    "vendor/pyodide/numpy-2.4.3-cp314-cp314-any.whl": "numpy",
    "vendor/pyodide/mlp_py-0.1.0-py3-none-any.whl": "wheel",
    "vendor/pyodide/snapshot.zst": "memory",
    "data/t10k-images.idx3-ubyte.gz": "images",
    "data/train-labels-2.idx1-ubyte.gz": "labels",
}


@pytest.fixture(autouse=True)
def _without_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bill, "write", lambda folder, build: (folder / bill.NAME).write_text(build))


def filled(folder: Path, **changes: str) -> Path:
    for name, content in (FILES | changes).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def listed(folder: Path) -> dict[str, dict[str, object]]:
    files: dict[str, dict[str, object]] = json.loads((folder / "build.json").read_text())["files"]
    return files


def test_every_file_is_listed_with_its_hash_and_the_list_stands_where_each_reader_finds_it(tmp_path: Path) -> None:
    build = catalogue.stamp(filled(tmp_path))
    whole = json.loads((tmp_path / "build.json").read_text())
    script = (tmp_path / f"build-{build}" / "catalogue.js").read_text()
    assert json.loads(script.removeprefix("self.CATALOGUE = ").removesuffix(";\n")) == whole
    assert whole["id"] == build
    assert (whole["versions"]["numpy"], whole["versions"]["mlp_py"]) == ("2.4.3", "0.1.0")
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert set(whole["files"]) == found - {"sw.js", "build.json", f"build-{build}/catalogue.js"}
    for name, entry in whole["files"].items():
        assert entry["sha256"] == file_hash(tmp_path / name)
        assert entry["size"] == (tmp_path / name).stat().st_size


def test_each_has_its_time_and_its_role(tmp_path: Path) -> None:
    build = catalogue.stamp(filled(tmp_path))
    roles = {name: (entry["when"], entry["role"]) for name, entry in listed(tmp_path).items()}
    assert roles["index.html"] == roles[f"build-{build}/js/main.js"] == ("start", "page")
    assert roles["vendor/pyodide/numpy-2.4.3-cp314-cp314-any.whl"] == ("ready", "packages")
    assert roles["vendor/pyodide/snapshot.zst"] == ("start", "python")
    assert roles["data/t10k-images.idx3-ubyte.gz"] == ("ready", "held-out-images")
    assert roles["data/train-labels-2.idx1-ubyte.gz"] == ("asked", "training-labels")


def test_a_file_that_nobody_fetches_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"data/new\.bin.*\n.*PLACES"):
        catalogue.stamp(filled(tmp_path, **{"data/new.bin": "?"}))


def test_page_and_service_worker_speak_of_this_builds_folder(tmp_path: Path) -> None:
    build = catalogue.stamp(filled(tmp_path))
    assert (tmp_path / "sw.js").read_text() == f'importScripts("build-{build}/catalogue.js");'
    page = (tmp_path / "index.html").read_text()
    assert "BUILD" not in page
    links = re.findall(r'href="(build-\w+/[^"]+)"', page)
    assert all((tmp_path / link).is_file() for link in links)
    assert f"build-{build}/js/other.js" in links
    assert f"build-{build}/catalogue.js" in links
    # The page starts without it, so its guard has nothing to tell where it does not come.
    assert f"build-{build}/js/thread.js" not in links


def test_the_guard_stands_in_the_page_and_its_hash_in_the_policy(tmp_path: Path) -> None:
    catalogue.stamp(filled(tmp_path))
    page = (tmp_path / "index.html").read_text()
    assert (SITE / "guard.js").read_text() in page
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", page)


def test_another_content_is_another_build(tmp_path: Path) -> None:
    changes: list[dict[str, str]] = [{}, {"BUILD/js/other.js": "changed"}, {"data/t10k-images.idx3-ubyte.gz": "x"}, {}]
    builds = [catalogue.stamp(filled(tmp_path / str(number), **each)) for number, each in enumerate(changes)]
    assert builds[0] == builds[3]
    assert len(set(builds)) == 3
    assert all(re.fullmatch("[0-9a-f]{12}", build) for build in builds)
