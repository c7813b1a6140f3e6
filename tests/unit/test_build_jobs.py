"""Commands side by side: told of in their order, and no other begins once one has failed."""

import sys
from pathlib import Path

import pytest

from builder.jobs import AT_ONCE, Job, Running, side_by_side


def is_good(running: Running) -> bool:
    return running.code == 0


def python(title: str, script: str, **environment: str) -> Job:
    return Job(title, [sys.executable, "-c", script], environment)


def wait_for(file: Path) -> str:
    return f"import pathlib, time\nwhile not pathlib.Path({str(file)!r}).exists(): time.sleep(0.01)\n"


def test_they_run_side_by_side_and_are_told_of_in_their_order(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "there"
    first = python("first", wait_for(there) + "print('one')")  # which the second makes
    second = python("second", f"import os; print('two'); print(os.environ['X']); open({str(there)!r}, 'w')", X="three")
    done = side_by_side([first, second], is_good)
    assert [running.lines for running in done] == [["one\n"], ["two\n", "three\n"]]
    lines = [line for line in capfd.readouterr().out.splitlines() if line]
    assert [line.partition(",")[0] for line in lines] == [
        "== first", "one", "== first: ok", "== second", "two", "three", "== second: ok",
    ]  # fmt: skip


def test_once_one_has_failed_no_other_begins_and_those_that_run_come_to_their_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    failed = tmp_path / "failed"
    jobs = [
        python("slow", wait_for(failed) + "import time; time.sleep(0.2); print('done')"),
        python("bad", f"open({str(failed)!r}, 'w'); print('why', flush=True); raise SystemExit(3)"),
        *[python("never", "print('never')")] * AT_ONCE,
    ]
    done = side_by_side(jobs, is_good)
    assert [(running.job.title, running.code) for running in done] == [("slow", 0), ("bad", 3)]
    told = capfd.readouterr().out
    assert "== bad: FAILED" in told
    assert "why" in told
    assert "never" not in told
