"""Where things are: the project's own folders, and the cache outside it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
DIST = ROOT / "dist"
WORK = ROOT / ".build"
"""What the build keeps between runs inside the project: its fingerprint, type declarations, reports."""


def cache_dir() -> Path:
    """Return the folder for downloads and what is costly to make from them; `MLP_PY_CACHE` overrides it."""
    if chosen := os.environ.get("MLP_PY_CACHE"):
        return Path(chosen).expanduser().resolve()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "mlp_py-build"
