#!/usr/bin/env python3
"""Build, serve and test the site. The one command of this project.

    python3 build.py build    make dist/, the whole site, ready for any static host
    python3 build.py serve    build, then serve dist/ on this machine and print the address
    python3 build.py test     build, then check formatting, types and behaviour, in Python and in browsers

Each takes --help. The first run makes .venv and fetches what the build needs; later runs find it there.
This file uses the standard library alone and runs on old Pythons as well: it finds a Python that is new
enough, makes .venv with it, and hands over to the package builder/ inside.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

MINIMUM = (3, 12)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "builder" / "requirements.txt"
STAMP = VENV / "installed.sha256"  # written last: a .venv without it is half-made


def candidates() -> list[list[str]]:
    """Commands that may start a Python that is new enough, the likeliest first."""
    commands = [[sys.executable]]
    versions = ["3.14", "3.13", "3.12"]
    commands += [[path] for path in (shutil.which("python" + version) for version in versions) if path]
    if shutil.which("py"):
        commands += [["py", "-" + version] for version in versions]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    commands += [[str(path)] for path in sorted(pyenv.glob("3.1[2-9]*/bin/python"), reverse=True)]
    return commands


def is_new_enough(command: list[str]) -> bool:
    """Whether the command really starts a Python that is new enough; pyenv's shims exist but fail."""
    code = "import sys; sys.exit(sys.version_info < {!r})".format(MINIMUM)
    try:
        run = subprocess.run([*command, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0


def find_python() -> list[str]:
    """The first candidate that is new enough."""
    for command in candidates():
        if is_new_enough(command):
            return command
    wanted = ".".join(map(str, MINIMUM))
    found = "{}.{}.{}".format(*sys.version_info[:3])
    sys.exit(
        "build.py needs Python {0} or newer; this is {1} and no newer one was found on PATH, by the py\n"
        "launcher or in ~/.pyenv. Install one (`uv python install {0}`, `brew install python`, your system's\n"
        "package manager, or the installer from Python's home page) and run build.py again.".format(wanted, found)
    )


def make_venv(wanted: str) -> None:
    """Make .venv anew and install builder/requirements.txt into it, every file checked by its SHA-256."""
    python = find_python()
    shutil.rmtree(VENV, ignore_errors=True)
    print("Making .venv with", " ".join(python), flush=True)
    made = subprocess.run([*python, "-m", "venv", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode != 0:
        sys.exit(
            made.stdout.decode(errors="replace").strip()
            + "\n\nPython could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"
            "\nElsewhere, install a complete Python (with venv and ensurepip). Then run build.py again."
        )
    print("Installing builder/requirements.txt into .venv", flush=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--require-hashes", "--only-binary=:all:", "-r", str(REQUIREMENTS)]
    if subprocess.call(pip) != 0:
        sys.exit(
            "\npip could not install builder/requirements.txt; what it says is above. Check the network, then run\n"
            "build.py again. (A wrong hash means that a package isn't the one this project was made with.)"
        )
    STAMP.write_text(wanted)


def venv_is_whole(wanted: str) -> bool:
    """Whether .venv was made to the end, from these requirements, and its Python still starts."""
    return STAMP.is_file() and STAMP.read_text() == wanted and is_new_enough([str(VENV_PYTHON)])


def main() -> int:
    """Hand over to builder/ inside .venv."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not venv_is_whole(wanted):
        make_venv(wanted)
    # What the caller's shell adds to Python's path has no place in a build.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        return subprocess.call([str(VENV_PYTHON), "-m", "builder", *arguments], cwd=str(ROOT), env=environment)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
