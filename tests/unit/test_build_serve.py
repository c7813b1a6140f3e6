"""The local server does what GitHub Pages does."""

import errno
import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from builder import serve as serve_module
from builder.errors import BuildError
from builder.serve import serving

FILES = {
    "index.html": "text/html; charset=utf-8",
    "main.js": "text/javascript; charset=utf-8",
    "pyodide.mjs": "text/javascript; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "pyodide.asm.wasm": "application/wasm",
    "numpy.whl": "application/octet-stream",
    "images.gz": "application/gzip",
    "build.json": "application/json; charset=utf-8",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_text(name)
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.fixture
def connection(site: Path) -> Iterator[http.client.HTTPConnection]:
    with serving(site, "/sub/path") as address:
        assert address.endswith("/sub/path/")
        yield http.client.HTTPConnection(str(urlsplit(address).hostname), urlsplit(address).port, timeout=5)


def get(connection: http.client.HTTPConnection, path: str, method: str = "GET") -> tuple[http.client.HTTPResponse, str]:
    connection.request(method, path)
    response = connection.getresponse()
    return response, response.read().decode()


def test_each_kind_of_file_has_its_type_and_no_encoding_over_one_connection(
    connection: http.client.HTTPConnection,
) -> None:
    connection.connect()
    first_socket = connection.sock
    for name, kind in FILES.items():
        response, content = get(connection, f"/sub/path/{name}?v=1")
        assert (response.status, content) == (200, name)
        assert response.headers["Content-Type"] == kind
        assert response.headers["Content-Encoding"] is None
        assert response.headers["Cross-Origin-Opener-Policy"] is None
    assert connection.sock is first_socket


@pytest.mark.parametrize("path", ["/sub/path/", "/sub/path/index.html"])
def test_a_folder_is_its_index(connection: http.client.HTTPConnection, path: str) -> None:
    assert get(connection, path)[1] == "index.html"


def test_a_path_without_its_slash_is_sent_on(connection: http.client.HTTPConnection) -> None:
    response, _ = get(connection, "/sub/path")
    assert response.status == 301
    assert response.headers["Location"] == "/sub/path/"


@pytest.mark.parametrize("path", ["/", "/main.js", "/sub/pathmain.js", "/sub/path/none.js", "/sub/path/folder/"])
def test_nothing_else_is_there(connection: http.client.HTTPConnection, path: str) -> None:
    assert get(connection, path)[0].status == 404


def test_head_has_no_content(connection: http.client.HTTPConnection) -> None:
    response, content = get(connection, "/sub/path/main.js", "HEAD")
    assert (response.status, content) == (200, "")
    assert response.headers["Content-Length"] == str(len("main.js"))


def test_a_browser_that_goes_away_makes_no_noise(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "large.bin").write_bytes(bytes(20_000_000))
    with serving(site) as address:
        host, port = str(urlsplit(address).hostname), urlsplit(address).port
        for _ in range(3):
            with socket.create_connection((host, port or 0), timeout=5) as client:
                client.sendall(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
                client.recv(1000)
        connection = http.client.HTTPConnection(host, port, timeout=5)
        assert get(connection, "/main.js")[1] == "main.js"
    assert "Traceback" not in capfd.readouterr().err


# ── Where it cannot ────────────────────────────────────────────────────────────────────────────

REASONS: dict[str, tuple[Exception, str]] = {
    "no permission": (PermissionError(errno.EACCES, "Permission denied"), "Port 8000 may not be served at"),
    "another's address": (OSError(errno.EADDRNOTAVAIL, "Cannot assign"), "is no address of this machine"),
    "an unknown host": (socket.gaierror(socket.EAI_NONAME, "Name not known"), "is no address that is known"),
    "no such port": (OverflowError("port must be 0-65535."), "There is no port 8000"),
    "anything else": (OSError(errno.ENOBUFS, "No buffer space"), "No buffer space"),
}


@pytest.mark.parametrize(("error", "words"), REASONS.values(), ids=REASONS.keys())
def test_only_a_port_in_use_is_called_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, words: str
) -> None:
    tried = []

    def refuse(_folder: Path, _host: str, port: int, _path: str) -> object:
        tried.append(port)
        raise error

    monkeypatch.setattr(serve_module, "make_server", refuse)
    with pytest.raises(BuildError, match=words) as caught:
        serve_module.serve("some.host", 8000, "/")
    assert tried == [8000]
    assert caught.value.remedy
    assert "taken" not in capsys.readouterr().out


def test_a_port_in_use_is_passed_over(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_folder: Path, _host: str, _port: int, _path: str) -> object:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr(serve_module, "make_server", refuse)
    with pytest.raises(BuildError, match="Ports 8000 to 8019 are all taken"):
        serve_module.serve("127.0.0.1", 8000, "/")
    assert capsys.readouterr().out.count("is taken") == serve_module.NEXT_PORTS
