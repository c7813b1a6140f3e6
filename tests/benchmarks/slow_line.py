"""A host at the other end of a slow line: so many bits a second for all connections together, and a delay.

What GitHub Pages gzips is gzipped here as well, so that the bytes on the line are those that a visitor would wait for.
"""

import gzip
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

from builder.serve import Handler

GZIPPED = (".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest")
LEVEL = 6
PIECE = 16 * 1024  # bytes


class Line:
    """What all connections share.

    Parameters
    ----------
    bits : a second
    delay : seconds from a request to the first byte of its answer
    """

    def __init__(self, bits: float, delay: float) -> None:
        self.bits, self.delay = bits, delay
        self._sent: list[tuple[float, int]] = []
        self._free_at = 0.0
        self._lock = threading.Lock()

    def send(self, size: int) -> None:
        """Wait until so many bytes have gone through."""
        with self._lock:
            self._sent.append((time.time(), size))
            self._free_at = max(self._free_at, time.monotonic()) + 8 * size / self.bits
            wait = self._free_at - time.monotonic()
        time.sleep(max(wait, 0))

    def sent(self, until: float) -> int:
        """Bytes that had gone out by then, in seconds since the epoch."""
        return sum(size for when, size in self._sent if when <= until)

    def handler(self) -> type[Handler]:
        """Return what serves a folder over this line."""
        line = self

        class SlowHandler(Handler):
            def do_GET(self) -> None:  # noqa: N802 - the base class's name
                time.sleep(line.delay)
                path = Path(self.translate_path(self.path))
                if path.is_dir():
                    path /= "index.html"
                if not path.is_file():
                    super().do_GET()
                    return
                body, headers = path.read_bytes(), {"Content-Type": self.guess_type(str(path))}
                if path.suffix in GZIPPED:
                    body, headers["Content-Encoding"] = _gzipped(path), "gzip"
                self.send_response(200)
                for name, value in headers.items() | {("Content-Length", str(len(body)))}:
                    self.send_header(name, value)
                self.end_headers()
                for start in range(0, len(body), PIECE):
                    piece = body[start : start + PIECE]
                    line.send(len(piece))
                    self.wfile.write(piece)

            def send_header(self, keyword: str, value: str) -> None:
                # As GitHub Pages: what has come is not fetched again.
                super().send_header(keyword, "max-age=600" if keyword == "Cache-Control" else value)

            def log_message(self, *_: Any) -> None:
                """Tell nothing."""

        return SlowHandler


@cache
def _gzipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL)
