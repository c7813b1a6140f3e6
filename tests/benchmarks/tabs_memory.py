"""How much memory a browser's tabs take, in Chromium and in Firefox, by what Linux says of their processes."""

import os
from pathlib import Path

from playwright.sync_api import Error, Page

PROC = Path("/proc")
TABS = (b"--type=renderer", b"-contentproc")  # by which Chromium and Firefox start the processes of tabs
SETTLE = 1_500  # ms


def settled(page: Page) -> float:
    """Megabytes of all tabs of the browsers that this process has started, once what is no longer used is collected.

    Each process counts with its share of what it shares with others.
    """
    for _ in range(2):
        try:
            page.request_gc()
        except Error:  # Firefox collects by itself only, when it has nothing else to do
            page.wait_for_timeout(SETTLE)
        page.wait_for_timeout(SETTLE)
    return sum(_share(process) for process in _descendants(os.getpid()) if _is_tab(process))


def _descendants(process: int) -> list[int]:
    parents = {int(folder.name): _parent(folder) for folder in PROC.iterdir() if folder.name.isdigit()}
    found, new = set[int](), {process}
    while new:
        found |= new
        new = {child for child, parent in parents.items() if parent in found} - found
    return sorted(found - {process})


def _parent(folder: Path) -> int:
    try:
        # Behind the name, which is in parentheses and may hold anything.
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has ended meanwhile


def _is_tab(process: int) -> bool:
    try:
        command = (PROC / str(process) / "cmdline").read_bytes()
    except OSError:
        return False
    return any(tab in command for tab in TABS)


def _share(process: int) -> float:
    try:
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
