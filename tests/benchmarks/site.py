"""What the browsers load: a copy of dist/, the peers, MNIST, and the Python that is timed, served from one folder."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from builder import pins
from builder.errors import BuildError
from builder.fetch import fetch
from builder.paths import DIST, WORK
from builder.serve import Handler

from . import peers

HERE = Path(__file__).parent
FOLDER = WORK / "benchmarks"
SITE = FOLDER / "site"
PEAK = HERE / "peak.c"
PYTHON = ("__init__.py", "loops.py", "notes.py")


class IsolatedHandler(Handler):
    """Sends the headers that give a page shared memory, and with it threads; a plain static host sends none."""

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()


def make(with_peers: bool = True) -> Path:
    """Make the folder anew; what is built meanwhile then changes nothing."""
    if not (DIST / "build.json").is_file():
        raise BuildError("dist/ is not there.", "Build it first: python3 build.py build")
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree(DIST, SITE / "page")
    shutil.copytree(HERE / "peers", SITE / "peers")
    _begin_alone(SITE / "peers" / "worker.html")
    for pin in peers.PINS if with_peers else ():
        shutil.copytree(fetch(pin), SITE / "vendor" / pin.name)
    shutil.copytree(fetch(pins.MNIST), SITE / "data")
    (SITE / "python").mkdir()
    for name in PYTHON:
        shutil.copyfile(HERE / name, SITE / "python" / name)
    _zig("-target", "wasm32-freestanding", "-msimd128", "-DBYTES=16", "-nostdlib", "-Wl,--no-entry",
         "-Wl,--export=peak", "-o", str(SITE / "peak.wasm"))  # fmt: skip
    return SITE


def _begin_alone(page: Path) -> None:
    """Have a page begin the worker as the built index.html does."""
    index = (SITE / "page" / "index.html").read_text(encoding="utf-8")
    (begin,) = re.findall(r"<script data-worker=.*?</script>", index, re.DOTALL)
    begin = begin.replace('data-worker="', 'data-worker="../page/', 1)
    page.write_text(page.read_text(encoding="utf-8").replace("BEGIN", begin), encoding="utf-8")


def compile_native_peak(bits: int, fused: bool) -> Path:
    """Compile peak.c for this machine, with vectors of so many bits."""
    library = FOLDER / f"peak-{bits}{'-fused' if fused else ''}.so"
    contract = "fast" if fused else "off"
    _zig("-march=native", f"-ffp-contract={contract}", f"-DBYTES={bits // 8}", "-shared", "-fPIC", "-o", str(library))
    return library


def _zig(*flags: str) -> None:
    zig = [sys.executable, "-m", "ziglang", "cc", "-O3", "-g0", "-fno-sanitize=all"]
    subprocess.run([*zig, *flags, str(PEAK)], check=True)
