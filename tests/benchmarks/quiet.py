"""Waiting until nobody else uses the machine: a figure measured beside other work says nothing."""

import time
from pathlib import Path

STAT = Path("/proc/stat")  # Linux's; elsewhere nothing is waited for
IDLE = 0.9


def idle_share(seconds: float = 1.0) -> float:
    """The share of all cores' time, over the next so many seconds, in which they had nothing to do."""
    before = _ticks()
    time.sleep(seconds)
    total, idle = (now - then for now, then in zip(_ticks(), before, strict=True))
    return idle / total if total else 1.0


def wait(patience: float) -> bool:
    """Wait until the machine is idle, so many seconds at most; tells whether it is."""
    deadline = time.monotonic() + patience
    while STAT.exists():
        if idle_share() >= IDLE:
            return True
        if time.monotonic() >= deadline:
            return False
    return True


def _ticks() -> tuple[int, int]:
    ticks = [int(field) for field in STAT.read_text().splitlines()[0].split()[1:]]
    return sum(ticks), ticks[3] + ticks[4]  # of these, idle and waiting for a disk
