"""What the tips say is what one sees."""

import re

import pytest

from mlp_py.network_code import network_class
from mlp_py.tips import TIPS, Tip, printed_by


@pytest.mark.parametrize("tip", TIPS, ids=lambda tip: tip.name)
def test_each_asks_first_and_has_something_to_try(tip: Tip) -> None:
    assert "?" in tip.question
    assert bool(tip.code) != bool(tip.trials)
    assert tip.explanation
    for trial in tip.trials:
        source = trial.source()
        assert source is None or network_class(source)
        assert trial.all_settings()["seed"] == 0
    assert len({trial.label for trial in tip.trials}) == len(tip.trials)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("softmax", r"without: \[\[nan nan nan\]\]\nwith: +\[\[0\.09\d+ 0\.24\d+ 0\.66\d+\]\]"),
        ("epsilon", r"wrong, without: inf\n.*with: +16\.1181\n.*right, without: nan\n.*with: +-0\.0000"),
        ("loops", r"the same: True\nloops: [\d.]+ ms, vectorized: [\d.]+ ms, [\d,]+ times"),
    ],
)
def test_code_prints_what_is_explained(name: str, words: str) -> None:
    assert re.search(words, printed_by(name))
