"""Check the types of the page's JavaScript, which are in its JSDoc comments."""

import shutil
from pathlib import Path

from builder import codemirror, fetch, pins
from builder.node import find_node
from builder.paths import WORK

PROJECT = Path(__file__).with_name("tsconfig.json")


def command() -> list[str]:
    """What runs TypeScript over site/, once the declarations that it needs are in their place."""
    _place_declarations(WORK / "types" / "vendor")
    return [
        find_node(),
        str(fetch.unpacked(pins.TYPESCRIPT) / "package" / "lib" / "tsc.js"),
        "--project",
        str(PROJECT),
    ]


def _place_declarations(vendor: Path) -> None:
    """Put the declarations of the vendored modules where a path into vendor/ finds them."""
    pyodide, uplot, idb = fetch.fetch(pins.PYODIDE), fetch.fetch(pins.UPLOT), fetch.fetch(pins.IDB)
    places = {
        pyodide / "pyodide.d.ts": vendor / "pyodide" / "pyodide.d.ts",
        pyodide / "ffi.d.ts": vendor / "pyodide" / "ffi.d.ts",
        uplot / "dist" / "uPlot.d.ts": vendor / "uplot" / "uPlot.esm.d.ts",
    }
    places |= {path: vendor / "idb" / path.name for path in (idb / "build").glob("*.d.ts")}
    for source, target in places.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    codemirror.write(vendor / "codemirror", ".d.ts")
