"""Running commands side by side, and telling of one after the other."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from builder.paths import ROOT

AT_ONCE = 2
"""So many run side by side, since some wait more than they compute; the next begins when one has ended."""


@dataclass(frozen=True)
class Job:
    """A command, to be run in the project's folder; `environment` is added to that of this process."""

    title: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Running:
    """A job, whose lines are shown as they come, or kept until show().

    Attributes
    ----------
    job : Job
    lines : list of str
        What it has printed so far.
    code : int or None
        Its exit code, once it has ended.
    seconds : float
    settled : threading.Event
        Set once it is known whether it runs.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.lines: list[str] = []
        self.code: int | None = None
        self.seconds = 0.0
        self.settled = threading.Event()
        self._is_shown = False
        self._lock = threading.Lock()

    def run(self) -> None:
        """Run it to its end."""
        self.settled.set()
        began = time.monotonic()
        environment = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(self.job.environment)
        with subprocess.Popen(
            self.job.command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                with self._lock:
                    self.lines.append(line)
                    if self._is_shown:
                        print(line, end="", flush=True)
        self.code = process.returncode
        self.seconds = time.monotonic() - began

    def settle(self, _: "Future[None]") -> None:
        """It has ended, or will never run."""
        self.settled.set()

    def show(self) -> None:
        """Print what it has printed so far, and from now on."""
        with self._lock:
            self._is_shown = True
            print("".join(self.lines), end="", flush=True)


def side_by_side(jobs: Sequence[Job], is_good: Callable[[Running], bool]) -> list[Running]:
    """Run jobs, AT_ONCE of them at a time, until all have ended; once one is not good, no other begins.

    They are told of in their order. Returns those that have run.
    """
    all_running = [Running(job) for job in jobs]
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def run(running: Running) -> None:
            running.run()
            if not is_good(running):
                pool.shutdown(wait=False, cancel_futures=True)

        futures: list[Future[None]] = [pool.submit(run, running) for running in all_running]
        for running, future in zip(all_running, futures, strict=True):
            future.add_done_callback(running.settle)
        try:
            for running, future in zip(all_running, futures, strict=True):
                running.settled.wait()
                if future.cancelled():
                    continue
                print(f"\n== {running.job.title}", flush=True)
                running.show()
                future.result()
                good = "ok" if is_good(running) else "FAILED"
                print(f"== {running.job.title}: {good}, {running.seconds:.1f} s", flush=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return [running for running in all_running if running.code is not None]
