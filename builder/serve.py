"""A local web server that does what GitHub Pages does, and no more."""

import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from builder.errors import BuildError
from builder.paths import DIST

NEXT_PORTS = 20
"""How many ports after a busy one are tried."""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder under a path, with GitHub Pages' MIME types and none but the plain headers."""

    protocol_version = "HTTP/1.1"  # keep connections
    server_version = "mlp_py"
    extensions_map = {  # noqa: RUF012 - as the base class has it
        ".css": "text/css; charset=utf-8",
        ".gz": "application/gzip",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/vnd.microsoft.icon",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".py": "text/x-python; charset=utf-8",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".whl": "application/octet-stream",
        ".zip": "application/zip",
        "": "application/octet-stream",
    }

    def __init__(self, *args: object, prefix: str, quiet: bool, directory: str) -> None:
        self.prefix = prefix
        self.quiet = quiet
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer GET."""
        if not self._redirected():
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer HEAD."""
        if not self._redirected():
            super().do_HEAD()

    def _redirected(self) -> bool:
        """Send `/sub` to `/sub/`, and what is outside of it nowhere."""
        path = unquote(urlsplit(self.path).path)
        if path + "/" == self.prefix:
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", self.prefix)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return True
        if not path.startswith(self.prefix):
            self.send_error(HTTPStatus.NOT_FOUND, f"The site is at {self.prefix}")
            return True
        return False

    def translate_path(self, path: str) -> str:
        """Return the file a path means, the prefix taken off."""
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def list_directory(self, path: object) -> None:  # noqa: ARG002
        """Refuse: there are no listings on GitHub Pages."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Ask browsers to look for a newer file each time; GitHub Pages lets them keep it for ten minutes."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tell of each request unless quiet."""
        if not self.quiet:
            super().log_message(format, *args)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Tell of what went wrong only."""
        if int(code) >= HTTPStatus.BAD_REQUEST:
            super().log_request(code, size)


class Server(ThreadingHTTPServer):
    """One thread a connection; a browser that goes away in the middle is nothing to tell of."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Show a traceback, except for connections the other side closed."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def make_server(
    directory: Path, host: str, port: int, path: str = "/", quiet: bool = False, handler: type[Handler] = Handler
) -> Server:
    """Return a server for a folder under a path, listening; port 0 is any free one."""
    prefix = "/" + path.strip("/") + "/" if path.strip("/") else "/"
    return Server((host, port), partial(handler, prefix=prefix, quiet=quiet, directory=str(directory)))


@contextmanager
def serving(directory: Path = DIST, path: str = "/", handler: type[Handler] = Handler) -> Iterator[str]:
    """Serve a folder under a path on a free port while the context lasts; gives the address, with `/` at its end."""
    with make_server(directory, "127.0.0.1", 0, path, quiet=True, handler=handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield address(server, path)
        finally:
            server.shutdown()
            thread.join()


def address(server: Server, path: str) -> str:
    """Return the address to open in a browser."""
    host, port = server.server_address[:2]
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0") else str(host)
    inside = path.strip("/")
    return f"http://{shown}:{port}/" + (f"{inside}/" if inside else "")


def serve(host: str, port: int, path: str) -> None:
    """Serve dist/ until Ctrl-C, on this port or the next free one."""
    for candidate in range(port, port + NEXT_PORTS):
        try:
            server = make_server(DIST, host, candidate, path)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                print(f"Port {candidate} is taken.", flush=True)
                continue
            raise BuildError(*_why_not(error, host, candidate)) from error
        with server, contextlib.suppress(KeyboardInterrupt):
            print(f"Serving dist/ at {address(server, path)}   (Ctrl-C to stop)", flush=True)
            server.serve_forever()
        print()
        return
    raise BuildError(f"Ports {port} to {candidate} are all taken.", "Give another one: build.py serve --port 9000")


def _why_not(error: OSError | OverflowError, host: str, port: int) -> tuple[str, str]:
    """Say why this address cannot be served at, and what to do."""
    if isinstance(error, OverflowError):
        return f"There is no port {port}.", "Ports go from 0 to 65535: build.py serve --port 8000"
    if isinstance(error, socket.gaierror):
        return f"{host} is no address that is known here.", "For this machine alone: build.py serve --host 127.0.0.1"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine.", "For all that it has: build.py serve --host 0.0.0.0"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be served at: {error.strerror}.", "Give one above 1023: build.py serve --port 8000"
    return f"{host} port {port} cannot be served at: {error}.", "Choose another host or port."
