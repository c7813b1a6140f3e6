"""Weights of every epoch, within bounds."""

import numpy as np

from mlp_py import snapshots
from mlp_py.snapshots import Parameters, Snapshots


def test_each_epoch_is_kept_as_it_was() -> None:
    weights: Parameters = {"weights1": np.zeros((2, 3))}
    kept = Snapshots(0, weights)
    weights["weights1"] += 1
    kept.keep(1, weights)
    assert [(epoch, parameters["weights1"][0, 0]) for epoch, parameters in kept] == [(0, 0), (1, 1)]
    assert kept.last["weights1"].sum() == 6


def test_more_than_the_budget_is_thinned_out_between_the_first_and_the_last() -> None:
    size = snapshots.BUDGET // 10
    kept = Snapshots(0, {"weights1": np.zeros(size // 2, np.float16)})
    for epoch in range(1, 41):
        kept.keep(epoch, {"weights1": np.full(size // 2, epoch, np.float16)})
        epochs = [each for each, _ in kept]
        assert len(epochs) <= 10
        assert (epochs[0], epochs[-1]) == (0, epoch)
    assert all(parameters["weights1"][0] == epoch for epoch, parameters in kept)
    assert max(np.diff(epochs)) <= 8
