"""`pyodide build --no-isolation SOURCE --outdir FOLDER`, for machines that lack make and a compiler.

Runs as a program of its own, since pyodide-build changes the environment of its process:

    python pyodide_build_wheel.py SOURCE FOLDER
"""

import sys
from pathlib import Path

from pyodide_build import config, pypabuild
from pyodide_build.out_of_tree import build


def no_compilers(_folder: Path) -> dict[str, str]:
    """Wrap no compiler: none is called through pyodide-build."""
    return {}


# It has its own reader for Makefile.envs, for Windows, where make is rare. It is rare on bare machines, too.
config.IS_WIN = True
# The wrappers are symbolic links, which Windows allows to administrators only.
pypabuild.make_command_wrapper_symlinks = no_compilers

if __name__ == "__main__":
    source, folder = map(Path, sys.argv[1:])
    build.run(source, folder, "requested", {}, isolation=False, skip_dependency_check=True)
