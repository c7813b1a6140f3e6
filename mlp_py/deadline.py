"""Stops changed code that does not come to an end.

Somebody raises SIGINT now and then while Python is at work: in the browser a clock that Python looks at
(site/js/python.js), natively a thread of limited(). Each time it is seen whose lines are at work, and only those of the
changed file are stopped, so that nothing of ours is left half done.
"""

import _thread
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from .network_code import FILE

SECONDS = 2.0
"""How long a call of changed code may take; a batch takes a hundredth of it, loops over pixels all of it."""
LOOK = 0.1  # seconds between two looks, at most
SWALLOWED = 3  # times that a bare `except:` may catch what is to stop it


class EndlessError(BaseException):
    """Changed code has used up its time; no `except Exception` of its own keeps this from getting out.

    line : that was at work, counted from 1
    """

    def __init__(self, line: int, seconds: float) -> None:
        self.line = line
        super().__init__(
            f"Stopped after {seconds:g} seconds in this line: its loop does not end, or is far too slow. "
            "NumPy works on whole arrays at once."
        )


class Watchdog:
    """Looks, at each SIGINT, how long one and the same call of changed code has been at work.

    Parameters
    ----------
    seconds : how long it may
    alive : called at each look, as long as whoever is at work may be
    hung : called with its line when changed code catches what is to stop it, and goes on
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        alive: Callable[[], object] = lambda: None,
        hung: Callable[[int], object] = lambda _line: None,
    ) -> None:
        self.seconds, self.alive, self.hung = seconds, alive, hung
        self.every = min(LOOK, seconds / 2)  # seconds between two looks
        self._call: FrameType | None = None
        self._began = self._looked = 0.0
        self._raised = 0

    def look(self, _signal: int, frame: FrameType | None) -> None:
        """Handle the signal; EndlessError when the time is up."""
        frames = []
        while frame is not None:
            if frame.f_code.co_filename == FILE:
                frames.append(frame)
            frame = frame.f_back
        now, call = time.perf_counter(), frames[-1] if frames else None
        # Where nobody looked for a while Python was at rest, and what it does now has begun since.
        if call is not self._call or now - self._looked > 5 * self.every:
            self._call, self._began, self._raised = call, now - self.every, 0
        self._looked = now
        if call is None or now - self._began < self.seconds:
            self.alive()
            return
        self._raised += 1
        if self._raised > SWALLOWED:
            self.hung(frames[0].f_lineno)
        raise EndlessError(frames[0].f_lineno, self.seconds)

    def rest(self) -> None:
        """Let go of the call that was looked at, and of all that it holds: whoever was at work is done."""
        self._call = None


def watch(alive: Callable[[], object], hung: Callable[[int], object]) -> Watchdog:
    """From now on stop changed code, and it alone, at SIGINT; in the main thread only."""
    watchdog = Watchdog(alive=alive, hung=hung)
    signal.signal(signal.SIGINT, watchdog.look)
    return watchdog


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Let each call of changed code take so long at most, natively."""
    is_over, watchdog = threading.Event(), Watchdog(seconds)

    def clock() -> None:
        while not is_over.wait(watchdog.every):
            _thread.interrupt_main()

    before = signal.signal(signal.SIGINT, watchdog.look)
    thread = threading.Thread(target=clock, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        signal.signal(signal.SIGINT, before)
