"""Running the checks: what their last lines tell, and what can be chosen."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from builder import __main__ as entry
from builder import checks, webkit


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["....\n", "3 passed in 0.1s\n"], {"passed": 3}),
        (["== 1 failed, 20 passed, 2 skipped, 1 xfailed in 3s ==\n", "\n"],
         {"failed": 1, "passed": 20, "skipped": 2, "xfailed": 1}),
        (["ok 1\n", "1..26\n", "# tests 26\n", "# suites 0\n", "# pass 25\n", "# fail 1\n", "# cancelled 0\n",
          "# skipped 2\n", "# todo 0\n", "# duration_ms 5\n"], {"passed": 25, "failed": 1, "skipped": 2}),
        ([], {}),
    ],
)  # fmt: skip
def test_numbers_are_read_from_the_last_lines(lines: list[str], expected: dict[str, int]) -> None:
    counts = {kind: number for kind, number in checks.numbers_of(lines).items() if number}
    assert counts == expected


def test_browser_and_expression_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    options = entry.parse(["test", "e2e", "--browser", "firefox", "-k", "reset"])
    assert (options.parts, options.browser, options.expression) == (["e2e"], ["firefox"], "reset")
    with pytest.raises(SystemExit):
        entry.parse(["test", "everything"])
    assert "no part 'everything'" in capsys.readouterr().err


def test_a_webkit_that_is_not_to_be_had_is_skipped_with_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(webkit, "get", lambda: None)
    counts: checks.Counts = Counter()
    assert checks._end_to_end(counts, checks.Choice([webkit.NAME])) == 0
    assert counts == {"skipped": 1}
    assert "SKIPPED: end to end in WebKit" in capsys.readouterr().out


def test_a_run_that_fails_is_told_and_counted(capfd: pytest.CaptureFixture[str]) -> None:
    script = "print('hidden until the end'); print('1 failed, 2 passed in 1s'); raise SystemExit(3)"
    counts: checks.Counts = Counter()
    running = checks._Running([sys.executable, "-c", script], is_shown=False)
    assert running.finish(counts) == 3
    assert counts == {"failed": 1, "passed": 2}
    assert "hidden until the end" in capfd.readouterr().out


def test_a_part_of_which_no_test_is_chosen_is_no_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_here.py").write_text("def test_this(): pass")
    counts: checks.Counts = Counter()
    assert checks._Running(checks._pytest(str(tmp_path), checks.Choice(expression="that"))).finish(counts) == 0
    assert not counts
    (tmp_path / "test_here.py").write_text("raise RuntimeError")
    assert checks._Running(checks._pytest(str(tmp_path), checks.Choice(expression="that"))).finish(counts) == 2
    (tmp_path / "test_here.py").write_text("")
    assert checks._Running(checks._pytest(str(tmp_path), checks.Choice())).finish(counts) == checks.NOTHING_RAN


def test_a_fatal_error_of_nodes_is_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    script = f"print('1 deselected'); print('FATAL ERROR: heap'); raise SystemExit({checks.NOTHING_RAN})"
    assert checks._Running([sys.executable, "-c", script]).finish(Counter()) == checks.NOTHING_RAN
