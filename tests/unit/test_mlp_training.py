"""The training run as records: their order, their figures, the time they took, and how a run ends badly."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mlp_py import MLP, Mnist, evaluate
from mlp_py.training import Batch, DivergedError, Epoch, LearningRate, Stopwatch, train

Record = Batch | Epoch | None


def run(mnist: Mnist, seed: int = 0, epochs: int = 2, learning_rate: float = 0.01) -> tuple[MLP, Iterator[Record]]:
    """Ten batches of 20 an epoch."""
    model = MLP(hidden_size=8, rng=seed, dtype=np.float32)
    return model, train(model, mnist, epochs=epochs, batch_size=20, learning_rate=LearningRate(learning_rate))


def epochs_of(records: list[Record]) -> list[Epoch]:
    return [record for record in records if isinstance(record, Epoch)]


def losses_of(records: list[Record]) -> list[float]:
    return [record.loss for record in records if isinstance(record, Batch)]


def test_an_epoch_is_its_batches_then_its_evaluation_then_its_record(mnist: Mnist) -> None:
    _, records = run(mnist)
    kinds = [kind for kind, _ in itertools.groupby(type(record) for record in records)]
    assert kinds == [Batch, type(None), Epoch] * 2

    _, records = run(mnist)
    batches = [record for record in records if isinstance(record, Batch)]
    assert [record[:3] for record in batches] == [(epoch, batch, 10) for epoch in range(2) for batch in range(10)]
    _, records = run(mnist)
    assert [record.epoch for record in epochs_of(list(records))] == [0, 1]


def test_the_training_loss_is_the_mean_of_the_batches_losses(mnist: Mnist) -> None:
    records = list(run(mnist)[1])
    first, second = epochs_of(records)
    losses = losses_of(records)
    assert first.training_loss == pytest.approx(np.mean(losses[:10]), rel=1e-12)
    assert second.training_loss == pytest.approx(np.mean(losses[10:]), rel=1e-12)
    assert second.training_loss < first.training_loss


def test_the_epochs_figures_are_those_of_the_network_at_its_end(mnist: Mnist) -> None:
    model, records = run(mnist)
    for record in records:
        if isinstance(record, Epoch):
            for result, split in ((record.validation, mnist.validation), (record.test, mnist.test)):
                expected = evaluate(model, split)
                assert result.loss == expected.loss
                np.testing.assert_array_equal(result.confusion, expected.confusion)


def test_the_network_is_that_of_the_plain_training_loop(mnist: Mnist) -> None:
    model, records = run(mnist)
    losses = losses_of(list(records))
    plain = MLP(hidden_size=8, rng=0, dtype=np.float32)
    images: Any = mnist.train.normalized(np.float32)
    steps = plain.training_loop(images, mnist.train.labels, epochs=2, batch_size=20)
    assert [loss for ended, loss in steps if ended == "batch"] == losses
    np.testing.assert_array_equal(plain.weights1, model.weights1)


def test_the_same_seed_gives_the_same_losses(mnist: Mnist) -> None:
    assert losses_of(list(run(mnist, seed=3)[1])) == losses_of(list(run(mnist, seed=3)[1]))
    assert losses_of(list(run(mnist, seed=3)[1])) != losses_of(list(run(mnist, seed=4)[1]))


def test_training_learns(mnist: Mnist) -> None:
    last = epochs_of(list(run(mnist, epochs=5)[1]))[-1]
    assert last.validation.accuracy > 0.9
    assert last.test.accuracy > 0.9


def test_the_learning_rate_can_be_changed_between_records(mnist: Mnist) -> None:
    model, rate = MLP(hidden_size=8, rng=0), LearningRate(0.01)
    records = train(model, mnist, epochs=1, batch_size=20, learning_rate=rate)
    next(records)
    before = model.weights1.copy()
    rate.start = 1e-30
    next(records)
    np.testing.assert_array_equal(model.weights1, before)


def test_a_decaying_learning_rate_falls_evenly_to_zero(mnist: Mnist) -> None:
    model, rate = MLP(hidden_size=8, rng=0), LearningRate(0.02, decay=True)
    used = []
    for record in train(model, mnist, epochs=2, batch_size=20, learning_rate=rate):
        if isinstance(record, Batch):
            used.append(model.learning_rate)
    np.testing.assert_allclose(used, 0.02 * (1 - np.arange(len(used)) / len(used)))


def test_augmented_images_differ_from_one_epoch_to_the_next_and_are_drawn_from_the_seed(mnist: Mnist) -> None:
    def losses(augment: bool) -> list[float]:
        model = MLP(hidden_size=8, rng=0, dtype=np.float32)
        rate = LearningRate(1e-30)  # so that only the images change
        return losses_of(list(train(model, mnist, epochs=2, batch_size=200, learning_rate=rate, augment=augment)))

    first, second = losses(augment=True)
    assert first != second
    assert losses(augment=True) == [first, second]
    plain_first, plain_second = losses(augment=False)
    np.testing.assert_allclose(plain_first, plain_second, rtol=1e-5)
    assert first != plain_first


# ── Time ───────────────────────────────────────────────────────────────────────────────────────


def test_an_epochs_seconds_are_those_of_its_batches_alone(mnist: Mnist) -> None:
    now = 0.0
    model = MLP(hidden_size=4, rng=0)
    records = train(model, mnist, epochs=2, batch_size=20, learning_rate=LearningRate(0.01), clock=lambda: now)
    epochs = []
    for record in records:
        if isinstance(record, Epoch):
            epochs.append(record)
        now += 1 if isinstance(record, Batch) else 100
    # The first batch of the second epoch begins after the 100 s that the page took with the first record.
    assert [record.seconds for record in epochs] == [10, 10]


def test_a_stopwatch_stands_still_while_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 50.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    stopwatch = Stopwatch()
    assert stopwatch() == 0
    now += 7
    assert stopwatch() == 0  # not yet started

    stopwatch.start()
    now += 3
    assert stopwatch() == 3
    stopwatch.start()  # it goes already
    now += 1
    assert stopwatch() == 4

    stopwatch.stop()
    now += 1000
    stopwatch.stop()  # it stands already
    assert stopwatch() == 4
    stopwatch.start()
    now += 2
    assert stopwatch() == 6


# ── Bad ends ───────────────────────────────────────────────────────────────────────────────────


def test_a_loss_that_is_no_number_ends_the_run_at_once(mnist: Mnist) -> None:
    _, records = run(mnist, learning_rate=1e30)
    seen: list[Record] = []
    with (
        np.errstate(all="ignore"),
        pytest.raises(DivergedError, match="loss is nan at batch 2 of epoch 1"),
    ):
        seen.extend(records)
    assert np.isfinite(losses_of(seen)).all()
    assert len(seen) == 1


def test_a_network_broken_by_the_last_batch_of_an_epoch_is_not_recorded(mnist: Mnist) -> None:
    model = MLP(hidden_size=8, rng=0, dtype=np.float32)
    records = train(model, mnist, epochs=1, batch_size=200, learning_rate=LearningRate(1e30))
    with np.errstate(all="ignore"), pytest.raises(DivergedError):
        list(records)


def test_a_batch_larger_than_the_training_set_is_refused(mnist: Mnist) -> None:
    with pytest.raises(ValueError, match=r"(?s)\b201\b.*\b200\b"):
        next(train(MLP(hidden_size=4), mnist, epochs=1, batch_size=201, learning_rate=LearningRate(0.01)))


def test_a_loss_far_above_a_blind_guess_ends_the_run(mnist: Mnist) -> None:
    # At such a rate all hidden units die in the first steps; the loss stays finite, and hopeless.
    _, records = run(mnist, learning_rate=100.0, epochs=50)
    with np.errstate(all="ignore"), pytest.raises(DivergedError, match="the loss is"):
        list(records)


def test_neither_a_laptops_sleep_nor_a_clock_that_is_put_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    stopwatch = Stopwatch()
    stopwatch.start()
    for passed, counted in ((1, 1), (8 * 3600, 1), (2, 3), (-3600, 3), (0.5, 3.5)):
        now += passed
        assert stopwatch() == counted
    stopwatch.stop()
    now += 1
    assert stopwatch() == 3.5
