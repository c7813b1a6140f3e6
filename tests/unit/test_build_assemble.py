"""dist/ is made when something changed, and is there whole or as it was."""

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
        (folder / "build.json").write_text('{"files": {"file": {"when": "start"}}}')
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
