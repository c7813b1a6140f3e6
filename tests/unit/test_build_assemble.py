"""dist/ is made when something changed, and is there whole or as it was."""

import json
from pathlib import Path

import pytest

from builder import assemble


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose dist/ holds one file, with the content of `source`."""
    monkeypatch.setattr(assemble, "DIST", tmp_path / "dist")
    monkeypatch.setattr(assemble, "WORK", tmp_path / ".build")
    monkeypatch.setattr(assemble, "FINGERPRINT", tmp_path / ".build" / "fingerprint.json")
    source = tmp_path / "source"
    source.write_text("one")
    monkeypatch.setattr(assemble, "_inputs", source.read_text)

    def fill(folder: Path) -> None:
        (folder / "file").write_text(source.read_text())
        if source.read_text() == "bad":
            raise RuntimeError("stop")

    monkeypatch.setattr(assemble, "_fill", fill)
    return tmp_path / "dist"


def test_nothing_changed_means_nothing_done(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assemble.build()
    made = (dist / "file").stat().st_mtime_ns
    assemble.build()
    assert (dist / "file").stat().st_mtime_ns == made
    assert "up to date" in capsys.readouterr().out


def test_a_changed_input_and_a_changed_dist_are_both_seen(dist: Path) -> None:
    assemble.build()
    (dist.parent / "source").write_text("two")
    assemble.build()
    assert (dist / "file").read_text() == "two"
    (dist / "file").write_text("meddled with")
    assemble.build()
    assert (dist / "file").read_text() == "two"


def test_a_failed_build_leaves_dist_as_it_was(dist: Path) -> None:
    assemble.build()
    (dist.parent / "source").write_text("bad")
    with pytest.raises(RuntimeError, match="stop"):
        assemble.build()
    assert (dist / "file").read_text() == "one"
    assert [path.name for path in (dist.parent / ".build").iterdir()] == ["fingerprint.json"]


def test_the_manifest_lists_every_file_twice_over(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    for name in ("numpy-2.4.3-cp314-cp314-any.whl", "mlp_py-0.1.0-py3-none-any.whl"):
        (vendor / name).write_bytes(b"wheel")
    assemble._write_manifest(tmp_path)
    manifest = json.loads((tmp_path / "build.json").read_text())
    assert manifest["files"] == {path.relative_to(tmp_path).as_posix(): 5 for path in sorted(vendor.iterdir())}
    assert manifest["versions"]["numpy"] == "2.4.3"
    assert manifest["versions"]["mlp_py"] == "0.1.0"
    script = (tmp_path / "sw-manifest.js").read_text()
    assert json.loads(script.removeprefix("self.MANIFEST = ").removesuffix(";\n")) == manifest


def test_the_manifests_id_follows_the_content(tmp_path: Path) -> None:
    ids = []
    for number, content in enumerate((b"a", b"b", b"a")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "mlp_py-0.1.0-py3-none-any.whl").write_bytes(content)
        (folder / "numpy-2.4.3-cp314-cp314-any.whl").write_bytes(b"")
        assemble._write_manifest(folder)
        ids.append(json.loads((folder / "build.json").read_text())["id"])
    assert ids[0] == ids[2] != ids[1]
    assert len(ids[0]) == 12
