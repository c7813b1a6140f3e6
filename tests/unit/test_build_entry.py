"""build.py itself: finds a Python that is new enough, makes .venv whole or anew, and says what to do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import build


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ".venv"
    folder.mkdir()
    monkeypatch.setattr(build, "VENV", folder)
    monkeypatch.setattr(build, "VENV_PYTHON", Path(sys.executable))
    monkeypatch.setattr(build, "STAMP", folder / "installed.sha256")
    return folder


def test_candidates_are_judged_by_running_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setattr(build, "candidates", lambda: [["/nowhere/python"], [str(shim)], [sys.executable]])
    assert build.find_python() == [sys.executable]


def test_no_candidate_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "candidates", lambda: [["/nowhere/python"]])
    with pytest.raises(SystemExit, match=r"(?s)needs Python 3\.12 or newer.*Install one"):
        build.find_python()


def test_this_python_is_the_first_candidate_and_pyenvs_are_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("3.9.18", "3.12.1", "3.13.0"):
        python = tmp_path / "versions" / version / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.touch()
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    found = build.candidates()
    assert found[0] == [sys.executable]
    assert [Path(command[0]).parts[-3] for command in found[-2:]] == ["3.13.0", "3.12.1"]


def test_a_venv_without_its_stamp_or_with_another_is_not_whole(venv: Path) -> None:
    assert not build.venv_is_whole("wanted")
    (venv / "installed.sha256").write_text("other")
    assert not build.venv_is_whole("wanted")
    (venv / "installed.sha256").write_text("wanted")
    assert build.venv_is_whole("wanted")


def test_a_venv_whose_python_is_gone_is_not_whole(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (venv / "installed.sha256").write_text("wanted")
    monkeypatch.setattr(build, "VENV_PYTHON", venv / "gone")
    assert not build.venv_is_whole("wanted")


def test_a_python_without_venv_is_told_with_the_remedy(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, b"ensurepip is not available")
    monkeypatch.setattr(build, "find_python", lambda: ["python"])
    monkeypatch.setattr("subprocess.run", lambda *_arguments, **_options: failed)
    with pytest.raises(SystemExit, match=r"(?s)ensurepip is not available.*apt-get install python3-venv"):
        build.make_venv("wanted")


def test_a_failed_install_leaves_no_stamp(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_command: list[str], **_options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], 0, b"")

    monkeypatch.setattr(build, "find_python", lambda: ["python"])
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("subprocess.call", lambda _command: 1)
    with pytest.raises(SystemExit, match=r"pip could not install"):
        build.make_venv("wanted")
    assert not (venv / "installed.sha256").exists()


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_says_what_each_command_does(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["build.py", *arguments])
    assert build.main() == 0
    said = capsys.readouterr().out
    assert all(f"python3 build.py {command}" in said for command in ("build", "serve", "test"))
