"""The code editor's modules, from packages on npm: one file each, importing the others by their place beside it."""

import re
from pathlib import Path

from builder import fetch, pins

IMPORT = re.compile(r"""(\bfrom |\bimport\(?)(["'])(@?[\w-]+(?:/[\w-]+)?)\2""")


def write(folder: Path, suffix: str) -> None:
    """Write each package's file with this suffix, ".js" or ".d.ts", into a folder, as "codemirror-view.js"."""
    folder.mkdir(parents=True, exist_ok=True)
    for pin in pins.EDITOR:
        (name,) = (name for name in pin.files if name.endswith(suffix))
        text = (fetch.fetch(pin) / name).read_text(encoding="utf-8")
        (folder / f"{pin.name}{suffix}").write_text(IMPORT.sub(_beside, text), encoding="utf-8", newline="\n")


def licences() -> dict[str, str]:
    """The text of each package's licence."""
    return {pin.name: (fetch.fetch(pin) / "LICENSE").read_text(encoding="utf-8") for pin in pins.EDITOR}


def _beside(imported: re.Match[str]) -> str:
    """Browsers know no names of packages."""
    name = imported[3].removeprefix("@").replace("/", "-")
    is_ours = name in {pin.name for pin in pins.EDITOR}
    return f"{imported[1]}{imported[2]}./{name}.js{imported[2]}" if is_ours else imported[0]
