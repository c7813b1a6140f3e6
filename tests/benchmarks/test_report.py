"""The arithmetic of the report; nothing here takes time. Run with `pytest tests/benchmarks`."""

from . import report


def test_spread_is_the_median_between_least_and_greatest() -> None:
    assert report.spread([3, 1, 2]) == "2.00 (1.00 to 3.00)"
    assert report.spread([1.25], 1) == "1.2"
    assert report.spread([]) == "n/a"


def test_ratio_is_of_medians() -> None:
    assert report.ratio([1, 2, 30], [4, 4, 4]) == 0.5


def test_claims_say_whether_they_hold() -> None:
    text = report.must_show([("fast", 0.9, "<=", 1), ("faster", 9, ">=", 10)])
    assert text.splitlines()[2:] == ["| fast | 0.90 | <= 1 | yes |", "| faster | 9.00 | >= 10 | NO |"]
