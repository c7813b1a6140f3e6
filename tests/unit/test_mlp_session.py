"""The session that the page's worker talks to: data in pieces, training in slices, files."""

import ctypes
import gc
import io
import signal
import sys
import time
import weakref
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, Split, evaluate, model_file, network_code
from mlp_py.dataset import write_idx
from mlp_py.deadline import EndlessError, limited
from mlp_py.session import Session

from .session_lab import (
    AGES,
    RUN,
    RUN_ID,
    Corrections,
    Files,
    add_data,
    assert_same_weights,
    epoch_records,
    losses_of,
    needs_threads,
    run_slice,
    slices,
    start,
    weights_of,
)


def add_part(session: Session, files: Files, n: int) -> int:
    """Give it the first or the second part of the training set; returns how many images there are now."""
    return session.images.add_training_images(
        files[f"train-images-{n}.idx3-ubyte.gz"], files[f"train-labels-{n}.idx1-ubyte.gz"]
    )


# ── The data ───────────────────────────────────────────────────────────────────────────────────


def test_training_images_are_counted_as_they_come(idx_files_in_parts: Files) -> None:
    session = Session(8)
    assert [add_part(session, idx_files_in_parts, n) for n in (1, 2)] == [150, 400]


def test_a_part_that_comes_between_two_runs_is_trained_on(idx_files_in_parts: Files, session: Session) -> None:
    pieces, files = Session(hidden_size=8, seed=0), idx_files_in_parts
    pieces.images.set_held_out(files["t10k-images-idx3-ubyte.gz"], files["t10k-labels-idx1-ubyte.gz"])
    for part, n_images in ((1, 120), (2, 400)):
        add_part(pieces, files, part)
        for each in (pieces, session):
            start(each, training_images=n_images, epochs=1)
        np.testing.assert_array_equal(losses_of(list(slices(pieces))), losses_of(list(slices(session))))
    assert_same_weights(weights_of(pieces), weights_of(session))


def test_only_the_number_of_images_asked_for_is_trained_on(session: Session) -> None:
    start(session, training_images=130)
    assert run_slice(session)["n_batches"] == 3


def test_a_run_before_its_images_are_here_is_refused(idx_files: Files) -> None:
    session = Session(8)
    session.images.set_held_out(idx_files["t10k-images-idx3-ubyte"], idx_files["t10k-labels-idx1-ubyte"])
    session.images.add_training_images(idx_files["train-images-idx3-ubyte"], idx_files["train-labels-idx1-ubyte"])
    with pytest.raises(ValueError, match="images are not all here"):
        start(session, training_images=401)
    start(session)
    assert len(run_slice(session)["losses"]) == 10


def test_a_run_before_the_held_out_images_are_here_is_refused(idx_files: Files) -> None:
    session = Session(8)
    session.images.add_training_images(idx_files["train-images-idx3-ubyte"], idx_files["train-labels-idx1-ubyte"])
    with pytest.raises(ValueError, match="images are not all here"):
        start(session)


def test_a_run_before_any_images_are_here_is_refused() -> None:
    with pytest.raises(ValueError, match="images are not all here"):
        start(Session(8))


def test_allographs_are_mixed_in_when_augmenting_and_only_then(idx_files: Files, digits: Split) -> None:
    def losses(with_allographs: bool, augment: bool) -> NDArray[np.float32]:
        session = Session(hidden_size=8, seed=0)
        if with_allographs:
            allographs = write_idx(np.full((20, 28, 28), 200, np.uint8)), write_idx(np.full(20, 7, np.uint8))
            session.images.set_allographs(*allographs)
        add_data(session, idx_files)
        start(session, augment=augment)
        return losses_of(list(slices(session)))

    assert np.array_equal(losses(True, augment=False), losses(False, augment=False))
    with_them, without = losses(True, augment=True), losses(False, augment=True)
    assert with_them.shape == without.shape
    assert not np.array_equal(with_them, without)


def test_damaged_images_are_refused_and_not_counted(session: Session, idx_files: Files) -> None:
    images, labels = idx_files["train-images-idx3-ubyte"], idx_files["train-labels-idx1-ubyte"]
    with pytest.raises(ValueError, match="Fetch it again"):
        session.images.add_training_images(images[:-1], labels)
    assert session.images.add_training_images(images, labels) == 800


# ── Training in slices ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seconds", [0.0, 0.0005, 0.004], ids=["a record", "0.5 ms", "4 ms"])
def test_slices_of_any_length_give_the_same_losses(session: Session, idx_files: Files, seconds: float) -> None:
    whole = add_data(Session(hidden_size=8, seed=0), idx_files)
    start(session)
    start(whole)
    short, long = list(slices(session, seconds)), list(slices(whole))
    assert len(short) >= len(long) == 2
    assert seconds > 0 or len(short) > 22  # each batch and each evaluation apart
    assert losses_of(short).dtype == np.float32
    assert len(losses_of(short)) == 20
    np.testing.assert_array_equal(losses_of(short), losses_of(long))
    assert_same_weights(weights_of(session), weights_of(whole))
    without_time = [
        [{k: v for k, v in record.items() if k != "seconds"} for record in epoch_records(results)]
        for results in (short, long)
    ]
    assert without_time[0] == without_time[1]


def test_a_slice_without_time_is_one_batch_long(session: Session) -> None:
    start(session)
    result = run_slice(session, 0.0)
    assert len(result["losses"]) == 1
    assert (result["epoch"], result["batch"], result["n_batches"]) == (1, 1, 10)
    assert not any(result[name] for name in ("evaluating", "epoch_record", "finished", "failure"))


def test_a_slice_ends_with_the_epoch(session: Session) -> None:
    start(session)
    first, last = slices(session)
    for number, result in enumerate((first, last), 1):
        assert (result["epoch"], result["batch"], len(result["losses"])) == (number, 10, 10)
        assert result["epoch_record"]["epoch"] == number
        assert not result["evaluating"]
    assert (first["finished"], last["finished"]) == (False, True)


def test_evaluation_can_be_interrupted_and_says_so(session: Session) -> None:
    start(session, epochs=1)
    results = list(slices(session, 0.0))
    evaluating = [result["evaluating"] for result in results]
    assert evaluating[:9] == [False] * 9
    assert all(evaluating[9:-1])
    assert not evaluating[-1]
    assert len(evaluating) > 11
    assert {result["batch"] for result in results[9:]} == {10}
    assert losses_of(results[10:]).size == 0
    assert results[-1]["epoch_record"]


def test_the_epochs_figures_are_those_of_the_network(session: Session) -> None:
    start(session, epochs=1)
    (result,) = slices(session)
    record, held_out = result["epoch_record"], session.images.held_out
    assert held_out is not None
    validation, test = (
        evaluate(session.network.model, held_out[:2000]),
        evaluate(session.network.model, held_out[2000:]),
    )
    assert record["training_loss"] == pytest.approx(result["losses"].mean(), rel=1e-6)
    assert record["validation_loss"] == validation.loss
    assert record["validation_accuracy"] == validation.accuracy
    assert record["test_accuracy"] == test.accuracy
    assert record["validation_accuracy"] > 0.9


def test_training_is_that_of_the_network_alone(session: Session, digits: Split) -> None:
    start(session)
    losses = losses_of(list(slices(session)))
    model = MLP(hidden_size=8, rng=0, dtype=np.float32)
    images: Any = digits.normalized(np.float32)
    steps = model.training_loop(images, digits.labels, epochs=2, batch_size=40)
    expected = [loss for ended, loss in steps if ended == "batch"]
    np.testing.assert_array_equal(losses, np.array(expected, np.float32))


def test_a_step_is_one_batch(session: Session) -> None:
    start(session)
    for number in (1, 2, 3):
        result = run_slice(session, max_batches=1)
        assert (len(result["losses"]), result["batch"]) == (1, number)


def test_the_step_that_ends_an_epoch_evaluates_it_too(session: Session) -> None:
    start(session)
    steps = [run_slice(session, max_batches=1) for _ in range(20)]
    assert [len(step["losses"]) for step in steps] == [1] * 20
    assert [bool(step["epoch_record"]) for step in steps] == [n in (10, 20) for n in range(1, 21)]
    assert [step["finished"] for step in steps] == [False] * 19 + [True]


def test_steps_give_the_same_losses_as_a_run(session: Session, idx_files: Files) -> None:
    whole = add_data(Session(hidden_size=8, seed=0), idx_files)
    start(session)
    start(whole)
    steps = [run_slice(session, max_batches=1) for _ in range(20)]
    np.testing.assert_array_equal(losses_of(steps), losses_of(list(slices(whole))))


def test_the_learning_rate_acts_from_the_next_batch_on(session: Session) -> None:
    start(session)
    run_slice(session, max_batches=2)
    before = weights_of(session)
    session.set_learning_rate(RUN_ID, 1e-30)
    run_slice(session, max_batches=2)
    assert_same_weights(weights_of(session), before)
    session.set_learning_rate(RUN_ID, 0.01)
    run_slice(session, max_batches=1)
    assert (session.network.model.weights2 != before["weights2"]).any()


def test_time_spent_paused_does_not_count(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    start(session)
    run_slice(session, max_batches=3)
    now += 2
    run_slice(session, max_batches=3)
    session.pause(RUN_ID)
    now += 5000
    (result,) = [result for result in slices(session) if result["epoch"] == 1]
    assert result["epoch_record"]["seconds"] == 2


def test_a_second_run_goes_on_from_the_weights_and_counts_on(session: Session) -> None:
    start(session)
    first = list(slices(session))
    start(session, epochs=1)
    second = list(slices(session))
    assert [record["epoch"] for record in epoch_records(first + second)] == [1, 2, 3]
    assert [result["epoch"] for result in second] == [3]
    assert second[-1]["finished"]
    assert losses_of(second).mean() < losses_of(first)[10:].mean()


def test_what_comes_too_late_for_a_run_is_answered_and_does_nothing(session: Session) -> None:
    def ask_all(run_id: int) -> list[object]:
        asked: dict[str, list[float]] = {
            "run_slice": [AGES],
            "pause": [],
            "set_learning_rate": [5.0],
            "is_under_way": [],
        }
        return [session.answer(name, run_id, *rest) for name, rest in asked.items()]

    nothing = [{"result": None}, *[{"result": False}] * 3]
    assert ask_all(RUN_ID) == nothing
    start(session, epochs=1)
    assert ask_all(RUN_ID - 1) == nothing
    list(slices(session))
    trained = weights_of(session)
    assert ask_all(RUN_ID) == nothing
    start(session)
    session.reset(8, 0)
    assert ask_all(RUN_ID) == nothing
    load(session, file_of(trained))
    assert ask_all(RUN_ID) == nothing
    assert_same_weights(weights_of(session), trained)


def test_a_run_can_be_given_up_for_another(session: Session) -> None:
    start(session)
    run_slice(session, max_batches=4)
    start(session, epochs=1, batch_size=100)
    (result,) = slices(session)
    assert (result["epoch"], result["n_batches"], len(result["losses"])) == (1, 4, 4)


def test_reset_begins_again(session: Session) -> None:
    fresh = weights_of(session)
    start(session)
    first = list(slices(session))
    session.reset(hidden_size=8, seed=0)
    assert_same_weights(weights_of(session), fresh)
    start(session)
    again = list(slices(session))
    np.testing.assert_array_equal(losses_of(again), losses_of(first))
    assert [record["epoch"] for record in epoch_records(again)] == [1, 2]


def test_reset_takes_a_new_size_and_a_new_seed(session: Session) -> None:
    before = weights_of(session)
    session.reset(hidden_size=8, seed=1)
    assert (session.network.model.weights1 != before["weights1"]).any()
    session.reset(hidden_size=5, seed=0)
    assert session.network.model.weights1.shape == (784, 5)


# ── Divergence ─────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_diverges_says_why_and_goes_back_to_its_last_epoch(session: Session) -> None:
    start(session, epochs=5)
    run_slice(session)
    good = weights_of(session)
    run_slice(session, max_batches=3)
    session.set_learning_rate(RUN_ID, 1e30)
    result = run_slice(session)
    assert result["failure"]["message"].startswith("the loss is nan at batch 5 of epoch 2")
    assert result["finished"]
    assert result["epoch_record"] is None
    assert np.isfinite(result["losses"]).all()
    assert_same_weights(weights_of(session), good)

    start(session, epochs=1)
    assert run_slice(session)["epoch_record"]["epoch"] == 2


def test_a_run_that_diverges_in_its_first_epoch_goes_back_to_its_first_weights(session: Session) -> None:
    fresh = weights_of(session)
    start(session, learning_rate=1e30)
    assert run_slice(session)["failure"]
    assert_same_weights(weights_of(session), fresh)


def test_weights_broken_by_an_epochs_last_batch_are_not_kept(session: Session) -> None:
    fresh = weights_of(session)
    start(session, epochs=2, batch_size=400, learning_rate=1e30)
    results = list(slices(session))
    assert results[-1]["failure"]
    assert_same_weights(weights_of(session), fresh)


def test_a_first_batch_that_diverges_is_told_as_any_other(session: Session) -> None:
    load(session, file_of({name: np.full_like(array, 1e30) for name, array in weights_of(session).items()}))
    start(session)
    assert "loss is nan" in run_slice(session)["failure"]["message"]


# ── Files ──────────────────────────────────────────────────────────────────────────────────────


def load(session: Session, content: bytes) -> dict[str, Any]:
    return session.load(content, 0)


def file_of(arrays: dict[str, NDArray[np.floating]]) -> bytes:
    file = io.BytesIO()
    model_file.save(arrays, file)
    return file.getvalue()


def test_a_saved_network_is_loaded_as_it_was(session: Session) -> None:
    start(session)
    list(slices(session))
    trained, content = weights_of(session), session.save()
    session.reset(hidden_size=20, seed=5)
    assert load(session, content)["hidden_size"] == 8
    assert_same_weights(weights_of(session), trained)
    assert_same_weights(model_file.parameters(MLP.load(io.BytesIO(content))), trained)


@pytest.mark.parametrize(("n_epochs", "numbers"), [(0, [1, 2]), (7, [8, 9])])
def test_a_loaded_network_is_trained_on_and_its_epochs_are_counted_on(
    session: Session, n_epochs: int, numbers: list[int]
) -> None:
    start(session)
    before = losses_of(list(slices(session)))
    session.take_up(session.save(), 0, "file", n_epochs, None)
    start(session)
    results = list(slices(session))
    assert [record["epoch"] for record in epoch_records(results)] == numbers
    assert [result["epoch"] for result in results] == numbers
    assert losses_of(results).mean() < before.mean() / 2


def test_a_float64_network_is_loaded_as_float32(session: Session) -> None:
    model = MLP(hidden_size=3, rng=0)
    assert load(session, file_of(model_file.parameters(model)))["hidden_size"] == 3
    assert session.network.model.weights1.dtype == np.float32
    np.testing.assert_array_equal(session.network.model.weights1, model.weights1.astype(np.float32))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a model file"),
        (b"not a network", "not a model file"),
        (file_of(model_file.parameters(MLP(784, 8, 10)))[:-50], "not a model file"),
        (file_of(model_file.parameters(MLP(100, 8, 10))), "reads 100 numbers and knows 10 classes"),
        (file_of(model_file.parameters(MLP(784, 8, 26))), "reads 784 numbers and knows 26 classes"),
    ],
    ids=["empty", "text", "truncated", "other images", "other classes"],
)
def test_a_file_that_is_refused_leaves_the_network_and_its_run_alone(
    session: Session, content: bytes, message: str
) -> None:
    start(session)
    run_slice(session, max_batches=2)
    before = weights_of(session)
    with pytest.raises(ValueError, match=message):
        load(session, content)
    assert_same_weights(weights_of(session), before)
    assert run_slice(session, max_batches=1)["batch"] == 3


# ── About itself ───────────────────────────────────────────────────────────────────────────────


def test_it_says_which_matrix_product_and_which_numpy_run(session: Session) -> None:
    about = session.about()
    assert about["backend"] in {"simd", "numpy"}
    assert about["numpy"] == np.__version__


# ── Corrections ────────────────────────────────────────────────────────────────────────────────


def corrections(labels: list[int]) -> Corrections:
    return {
        "points": np.tile(np.array([0.3, 0.2, 0.7, 0.2, 0.4, 0.8], np.float32), len(labels)),
        "lengths": np.full(len(labels), 3, np.int32),
        "strokes": np.ones(len(labels), np.int32),
        "labels": np.array(labels, np.uint8),
    }


def test_corrections_are_mixed_into_a_run_several_times_each_and_that_is_said(session: Session) -> None:
    assert start(session, corrections([7, 7]))["corrections"] == 40
    assert run_slice(session)["n_batches"] == (400 + 40) // 40


@pytest.mark.parametrize("none", [None, corrections([])], ids=["none", "an empty list"])
def test_no_corrections_leave_the_training_images_as_they_are(session: Session, none: Corrections | None) -> None:
    start(session, corrections([7]))
    assert start(session, none)["corrections"] == 0
    assert run_slice(session)["n_batches"] == 10


def test_what_one_run_has_mixed_in_is_not_in_the_next(session: Session) -> None:
    def losses(labels: list[int]) -> NDArray[np.float32]:
        session.reset(8, 0)
        start(session, corrections(labels))
        return losses_of(list(slices(session)))

    before = losses([])
    assert losses([7, 1]).shape > before.shape
    np.testing.assert_array_equal(losses([]), before)


def test_of_thousands_of_corrections_the_latest_are_taken_once_each(session: Session) -> None:
    pool = session.images
    assert pool.set_corrections(**corrections([3] * 500)) == 4_000
    assert pool.set_corrections(**corrections([3] * 50 + [8] * 4_000)) == 4_000
    assert set(pool.corrections.labels) == {8}


# ── What is in use, and what a run begins with ─────────────────────────────────────────────────


def test_a_run_of_other_settings_makes_an_untouched_network_anew(session: Session) -> None:
    assert session.in_use()["touched"] is False
    in_use = start(session, hidden_size=6, seed=5)
    expected = {"origin": "random", "hidden_size": 6, "seed": 5, "epochs": 0, "touched": True, "code": "shipped"}
    assert in_use == expected | {"corrections": 0}
    fresh = MLP(hidden_size=6, rng=5, dtype=np.float32)
    np.testing.assert_array_equal(session.network.model.weights1, fresh.weights1)


def test_a_network_that_was_trained_is_trained_on_whatever_the_settings_say(session: Session) -> None:
    start(session, epochs=1)
    list(slices(session))
    in_use = start(session, hidden_size=6, seed=5, epochs=1)
    assert (in_use["hidden_size"], in_use["seed"], in_use["epochs"]) == (8, 0, 1)


def test_a_network_that_is_taken_up_again_is_not_made_anew(session: Session) -> None:
    start(session, epochs=1)
    list(slices(session))
    trained, content = weights_of(session), session.save()
    session.reset(8, 0)
    in_use = session.take_up(content, 0, "random", 1, None)
    assert (in_use["touched"], in_use["exactly"]) == (True, False)
    in_use = start(session, hidden_size=6, seed=5)
    assert (in_use["hidden_size"], in_use["epochs"]) == (8, 1)
    assert_same_weights(weights_of(session), trained)


@pytest.mark.parametrize("changes", [{}, {"augment": 1, "decay": 1, "batch_size": 30}])
def test_a_run_that_another_session_goes_on_with_is_the_same_to_the_last_bit(
    session: Session, idx_files: dict[str, bytes], changes: dict[str, Any]
) -> None:
    start(session, epochs=4, **changes)
    results, checkpoints = [], []
    for result in slices(session):
        results.append(result)
        checkpoints += [session.checkpoint()] if result["epoch_record"] else []
    kept = checkpoints[1]
    other = add_data(Session(8, 0), idx_files)
    assert other.take_up(kept["bytes"], 0, "random", 2, kept["random"])["exactly"] is True
    settings: Any = RUN | {"epochs": 4} | changes
    other.begin(RUN_ID, settings, None, {"epochs": 2, "order": kept["order"]})
    rest = list(slices(other))
    np.testing.assert_array_equal(losses_of(rest), losses_of(results[2:]))
    records = [{**record, "seconds": 0} for record in epoch_records(rest)]
    assert records == [{**record, "seconds": 0} for record in epoch_records(results[2:])]
    assert_same_weights(weights_of(other), weights_of(session))
    start(session, epochs=1)
    start(other, epochs=1)
    np.testing.assert_array_equal(losses_of(list(slices(other))), losses_of(list(slices(session))))


@pytest.mark.parametrize(
    ("shuffle", "is_known"),
    [
        ("indices = indices[self.rng.permutation(n_samples)]", True),
        ("pass", True),
        ("indices = self.rng.permutation(indices)", False),
        ("self.rng.shuffle(indices)", False),
        ("indices = self.rng.permutation(n_samples)", False),
        ("indices = np.argsort(self.rng.random(n_samples))", False),
        ("indices = indices[np.random.default_rng(epoch).permutation(n_samples)]", False),
        ("self.rng.permutation(n_samples)", False),
    ],
)
def test_the_order_of_the_images_is_known_or_none_however_code_draws_it(
    idx_files: dict[str, bytes], shuffle: str, is_known: bool
) -> None:
    text = network_code.shipped().replace("indices = indices[self.rng.permutation(n_samples)]", shuffle)
    session = add_data(Session(hidden_size=8, source=f"{text}\n"), idx_files)
    start(session)
    *_, last = slices(session)
    assert last["failure"] is None
    assert last["finished"]
    order = session.checkpoint()["order"]
    assert (order is not None) == is_known
    run = session.last_run
    assert run is not None
    if order is not None:
        assert run.images.rows is not None
        np.testing.assert_array_equal(order[-len(run.images.rows) :], run.images.rows)


@pytest.mark.parametrize(
    "done", [{"epochs": 2, "order": [0] * 400}, {"epochs": 1, "order": [0]}, {"epochs": 9, "order": list(range(400))}]
)
def test_what_cannot_have_been_done_of_a_run_is_refused(session: Session, done: Any) -> None:
    settings: Any = RUN
    with pytest.raises(ValueError, match=r"order|cannot have been done"):
        session.begin(RUN_ID, settings, None, done)


@pytest.mark.parametrize(
    "random",
    [
        "",
        pytest.param("[" * 100_000, id="deep"),
        "{}",
        "[]",
        '{"bit_generator": "PCG64"}',
        '{"bit_generator": "PCG64", "state": 3}',
    ],
)
def test_random_numbers_that_are_damaged_are_refused_and_the_network_stays(session: Session, random: str) -> None:
    before = session.network
    with pytest.raises(ValueError, match="random numbers is damaged"):
        session.take_up(session.save(), 0, "random", 1, random)
    assert session.network is before


def test_the_seed_orders_the_images_of_a_loaded_network_too(session: Session) -> None:
    content = session.save()

    def losses(seed: int) -> NDArray[np.float32]:
        load(session, content)
        in_use = start(session, seed=seed, epochs=1)
        assert (in_use["origin"], in_use["seed"]) == ("file", seed)
        return losses_of(list(slices(session)))

    np.testing.assert_array_equal(losses(3), losses(3))
    assert (losses(3) != losses(4)).any()


def test_a_run_given_up_in_its_first_epoch_leaves_no_trained_network(session: Session) -> None:
    start(session, learning_rate=1e30)
    assert run_slice(session)["failure"]
    assert session.in_use()["touched"] is False
    assert start(session, seed=5)["seed"] == 5


def test_a_network_larger_than_the_page_allows_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match=r"1,025 hidden units.*1,024"):
        load(session, file_of(model_file.parameters(MLP(hidden_size=1025))))
    assert session.network.hidden_size == 8


# ── Another mlp.py ─────────────────────────────────────────────────────────────────────────────

WORSE = network_code.shipped().replace(
    "/ batch_size\n        return float(loss)", "/ batch_size + 1\n        return float(loss)"
)


def test_a_session_can_be_given_another_networks_text(idx_files: Files) -> None:
    session = add_data(Session(8, 0, source=WORSE), idx_files)
    usual = add_data(Session(8, 0), idx_files)
    assert (session.in_use()["code"], usual.in_use()["code"]) == ("mine", "shipped")
    for each in (session, usual):
        start(each, epochs=1)
    np.testing.assert_allclose(losses_of(list(slices(session))), losses_of(list(slices(usual))) + 1, rtol=1e-6)
    assert_same_weights(weights_of(session), weights_of(usual))


def test_the_last_good_text_stays_when_another_fails(session: Session) -> None:
    assert session.use_source(WORSE)["code"] == "mine"
    start(session, epochs=1)
    list(slices(session))
    trained = weights_of(session)
    for bad in ("class MLP:", "1 / 0", "MLP = 3", WORSE.replace("def backward", "def sideways")):
        failure = session.answer("use_source", bad)["failure"]
        assert failure["kind"] == "code"
    assert session.in_use()["code"] == "mine"
    assert_same_weights(weights_of(session), trained)
    assert session.use_source(network_code.shipped())["code"] == "shipped"


def test_code_that_fails_while_training_ends_the_run_with_its_line_and_phase(session: Session) -> None:
    text = WORSE.replace("loss = -np.sum(", "loss = -np.sum(self.no_such_thing if batch_size == 40 else ")
    line = next(n for n, each in enumerate(text.splitlines(), start=1) if "no_such_thing" in each)
    session.use_source(text)
    before = weights_of(session)
    start(session)
    result = run_slice(session)
    assert result["finished"]
    assert result["failure"] == {
        "kind": "code",
        "message": "The network has no no_such_thing.",
        "line": line,
        "phase": "loss",
    }
    assert_same_weights(weights_of(session), before)
    assert session.run_slice(RUN_ID, AGES) is None


def test_a_loop_that_ends_early_ends_the_run(session: Session) -> None:
    session.use_source(WORSE.replace("for epoch in range(epochs):", "for epoch in range(1):"))
    start(session, epochs=5)
    assert len(epoch_records(list(slices(session)))) == 1


@needs_threads
def test_an_endless_loop_is_a_failure_with_its_line_and_the_code_before_stays(session: Session) -> None:
    text = WORSE.replace("return np.maximum(0, x)", "while True: pass")
    line = next(n for n, each in enumerate(text.splitlines(), start=1) if "while True" in each)
    before = weights_of(session)
    with limited(0.1):
        failure = session.answer("use_source", text)["failure"]
    assert (failure["kind"], failure["line"], failure["phase"]) == ("code", line, "forward")
    assert session.in_use()["code"] == "shipped"
    assert_same_weights(weights_of(session), before)


@needs_threads
def test_a_loop_that_becomes_endless_while_training_ends_the_run(session: Session) -> None:
    session.use_source(WORSE.replace("loss = -np.sum(", "while batch_size == 40: pass\n        loss = -np.sum("))
    before = weights_of(session)
    start(session)
    with limited(0.1):
        result = run_slice(session)
    assert result["finished"]
    assert "does not end" in result["failure"]["message"]
    assert_same_weights(weights_of(session), before)


def test_what_code_prints_comes_with_the_answer_and_an_endless_stream_is_cut(session: Session) -> None:
    assert "printed" not in session.answer("in_use")
    session.use_source(WORSE.replace("return np.maximum(0, x)", "print(x.shape)\n        return np.maximum(0, x)"))
    answer = session.answer("reading.read_images", np.zeros(784, np.uint8), "mine")
    assert answer["printed"] == "(1, 784)\n".replace("784", str(session.network.hidden_size))
    session.use_source(WORSE.replace("return np.maximum(0, x)", "print('x' * 10_000)\n        return np.maximum(0, x)"))
    printed = session.answer("reading.read_images", np.zeros(784, np.uint8), "mine")["printed"]
    assert printed.startswith("xxx")
    assert printed.endswith("and 6,001 characters more\n")
    assert len(printed) < 5_000


def test_once_all_batches_are_done_the_learning_rate_to_look_at_is_that_of_the_last(session: Session) -> None:
    start(session, epochs=1, decay=1)
    rates = []
    while session.run is not None and not session.run.evaluating:
        rates.append(session.run.rate())
        session.run_slice(RUN_ID, 0)
    assert session.run is not None
    assert session.run.rate() == rates[-1] > 0


def test_exercises_are_told_checked_and_made_into_a_network_that_trains(session: Session) -> None:
    told = session.workbench.exercises()
    assert [each["name"] for each in told][:3] == ["he_init", "relu", "softmax"]
    assert all(
        set(each) == {"name", "title", "phase", "notes", "method", "task", "blank", "solution", "hints"}
        for each in told
    )
    solved = session.workbench.check_answer("relu", told[1]["solution"])
    assert (solved["solved"], len(solved["passed"])) == (True, 4)
    wrong = session.workbench.check_answer("relu", told[1]["blank"])
    assert (wrong["solved"], wrong["line"]) == (False, 4)
    text = session.workbench.own_network({"relu": "def relu(self, x):\n    return np.maximum(0, x)  # mine"})
    assert session.use_source(text)["code"] == "mine"
    start(session)
    assert len(epoch_records(list(slices(session)))) == 2
    assert session.save()


@pytest.mark.skipif(sys.platform == "emscripten", reason="needs Python's own functions in C, which only ctypes gives")
def test_arguments_that_found_no_room_are_a_lack_of_memory_and_a_mistake_in_code_is_not(session: Session) -> None:
    session.fails_in_c = ctypes.pythonapi.PyErr_BadInternalCall  # type: ignore[attr-defined]
    with pytest.raises(MemoryError):
        session.answer("fails_in_c")

    def fails() -> None:
        raise SystemError("mine")

    session.fails = fails  # type: ignore[attr-defined]
    assert "mine" in session.answer("fails")["failure"]["message"]


@pytest.mark.parametrize("error", [MemoryError(), EndlessError(1, 2.0)], ids=["full", "stopped while it fills"])
def test_what_has_filled_the_memory_is_let_go_at_once(session: Session, error: BaseException) -> None:
    class Ring:
        def __init__(self) -> None:
            self.itself = self

    rings: list[weakref.ref[Ring]] = []

    def fills() -> None:
        rings.append(weakref.ref(Ring()))
        raise error

    session.fills = fills  # type: ignore[attr-defined]
    gc.disable()
    try:
        assert "failure" in session.answer("fills")
        assert rings[0]() is None
    finally:
        gc.enable()


def test_what_a_call_held_is_let_go_though_it_was_seen_at_work(session: Session) -> None:
    class Large:
        pass

    held: list[weakref.ref[Large]] = []

    def hold(large: Large) -> Large:
        held.append(weakref.ref(large))
        signal.raise_signal(signal.SIGINT)  # the watchdog looks
        return large

    text = "def call():\n    large = hold(Large())\n    raise ValueError(large)\n"
    names = {"hold": hold, "Large": Large}
    exec(compile(text, network_code.FILE, "exec"), names)
    session.call = names["call"]  # type: ignore[attr-defined]
    before = signal.getsignal(signal.SIGINT)
    looks: list[bool] = []
    session.watch(lambda: looks.append(True), lambda _line: None)
    try:
        assert "failure" in session.answer("call")
    finally:
        signal.signal(signal.SIGINT, before)
    assert looks
    assert held[0]() is None
