"""Running the checks: what their last lines tell, and what can be chosen."""

import sys
from pathlib import Path

import pytest

from builder import __main__ as entry
from builder import browsers, checks, webkit
from builder.jobs import Job, Running


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
    assert checks.PARTS["e2e"](checks.Choice([webkit.NAME])) == []
    assert "SKIPPED: end to end in WebKit" in capsys.readouterr().out


def test_a_browser_that_is_chosen_has_all_tests_and_without_a_choice_each_has_a_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(browsers, "ensure", lambda _: None)
    monkeypatch.setattr(webkit, "get", lambda: None)
    both = [{"E2E_BROWSER": name, "E2E_SHARED": "1"} for name in browsers.NAMES]
    assert [job.environment for job in checks.PARTS["e2e"](checks.Choice())] == both
    assert [job.environment for job in checks.PARTS["e2e"](checks.Choice(["firefox"]))] == [{"E2E_BROWSER": "firefox"}]


def ran(*command: str) -> Running:
    running = Running(Job("it", command))
    running.run()
    return running


def test_a_part_of_which_no_test_is_chosen_is_no_failure(tmp_path: Path) -> None:
    pytests = (sys.executable, "-m", "pytest", str(tmp_path))
    (tmp_path / "test_here.py").write_text("def test_this(): pass")
    running = ran(*pytests, "-k", "that")
    assert checks.is_good(running)
    assert not checks.numbers_of(running.lines)
    assert checks.is_good(ran(*pytests, "-k", "this"))
    (tmp_path / "test_here.py").write_text("raise RuntimeError")
    assert not checks.is_good(ran(*pytests, "-k", "that"))
    (tmp_path / "test_here.py").write_text("")
    assert not checks.is_good(ran(*pytests))


def test_a_fatal_error_of_nodes_is_a_failure() -> None:
    script = f"print('1 deselected'); print('FATAL ERROR: heap'); raise SystemExit({checks.NOTHING_RAN})"
    assert not checks.is_good(ran(sys.executable, "-c", script))
