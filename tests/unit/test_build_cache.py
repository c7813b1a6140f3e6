"""What is kept between builds."""

from pathlib import Path

import pytest

from builder.cache import derived, scratch_folder, tree_hashes, write_atomically
from builder.paths import cache_dir


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLP_PY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_derived_is_made_once_for_the_same_inputs() -> None:
    made: list[str] = []

    def produce(folder: Path) -> None:
        made.append("again")
        (folder / "file").write_text("content")

    folder = derived("thing", ["a"], produce)
    assert derived("thing", ["a"], produce) == folder
    assert derived("thing", ["b"], produce) != folder
    assert (folder / "file").read_text() == "content"
    assert len(made) == 2


@pytest.mark.parametrize("damage", ["change", "remove", "add"])
def test_what_is_derived_is_made_again_when_it_is_damaged(damage: str) -> None:
    def produce(folder: Path) -> None:
        (folder / "file").write_text("content")

    folder = derived("thing", [], produce)
    match damage:
        case "change":
            (folder / "file").write_text("changed")
        case "remove":
            (folder / "file").unlink()
        case "add":
            (folder / "more").write_text("more")
    assert derived("thing", [], produce) == folder
    assert (folder / "file").read_text() == "content"
    assert not (folder / "more").exists()


def test_what_fails_while_it_is_derived_leaves_nothing(cache: Path) -> None:
    def produce(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        derived("thing", [], produce)
    assert list((cache / "derived").iterdir()) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    write_atomically(path, b"one")
    with pytest.raises(TypeError):
        write_atomically(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"one"
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


def test_a_tree_is_told_by_path_and_content_and_not_by_pythons_caches(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "b" / "__pycache__").mkdir(parents=True)
        (folder / "b" / "__pycache__" / "x.pyc").write_bytes(b"")
        (folder / "b" / "x.py").write_bytes(b"")
        (folder / "a").write_bytes(b"a")
        assert list(tree_hashes(folder)) == ["a", "b/x.py"]
    assert list(tmp_path.iterdir()) == []


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_dir() == tmp_path / "cache"
    monkeypatch.delenv("MLP_PY_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg" / "mlp_py-build"
