"""The session that the page's worker talks to: data in pieces, training in slices, files, drawings."""

import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, Split, evaluate, model_file
from mlp_py.dataset import write_idx
from mlp_py.session import Session

Files = dict[str, bytes]
Slice = dict[str, Any]

AGES = 1000.0  # seconds: no slice ends for lack of time
RUN = {"epochs": 2, "batch_size": 40, "learning_rate": 0.01, "training_images": 400}  # ten batches an epoch
NAMES = model_file.NAMES


def add_data(session: Session, files: Files) -> Session:
    """Give a session the official files, in one piece each."""
    session.add_training_images(files["train-images-idx3-ubyte"], files["train-labels-idx1-ubyte"])
    session.set_held_out(files["t10k-images-idx3-ubyte"], files["t10k-labels-idx1-ubyte"])
    return session


@pytest.fixture
def session(idx_files: Files) -> Session:
    """A small network, and all its data."""
    return add_data(Session(hidden_size=8, seed=0), idx_files)


def start(session: Session, **changes: float) -> None:
    session.start(**(RUN | changes))  # type: ignore[arg-type]


def slices(session: Session, seconds: float = AGES) -> Iterator[Slice]:
    """The slices of the run that was started, up to its end."""
    for _ in range(2000):
        result = session.run_slice(seconds)
        yield result
        if result["finished"]:
            return
    pytest.fail("the run does not end")


def losses_of(results: list[Slice]) -> NDArray[np.float32]:
    return np.concatenate([result["losses"] for result in results])


def epoch_records(results: list[Slice]) -> list[dict[str, float]]:
    return [result["epoch_record"] for result in results if result["epoch_record"]]


def weights_of(session: Session) -> dict[str, NDArray[np.floating]]:
    return {name: array.copy() for name, array in session.model.parameters().items()}


def assert_same_weights(a: dict[str, NDArray[np.floating]], b: dict[str, NDArray[np.floating]]) -> None:
    for name in NAMES:
        np.testing.assert_array_equal(a[name], b[name])


def add_part(session: Session, files: Files, n: int) -> int:
    """Give it the first or the second part of the training set; returns how many images there are now."""
    return session.add_training_images(
        files[f"train-images-{n}.idx3-ubyte.gz"], files[f"train-labels-{n}.idx1-ubyte.gz"]
    )


# ── The data ───────────────────────────────────────────────────────────────────────────────────


def test_training_images_are_counted_as_they_come(idx_files_in_parts: Files) -> None:
    session = Session(8)
    assert [add_part(session, idx_files_in_parts, n) for n in (1, 2)] == [150, 400]


def test_a_part_that_comes_between_two_runs_is_trained_on(idx_files_in_parts: Files, session: Session) -> None:
    pieces, files = Session(hidden_size=8, seed=0), idx_files_in_parts
    pieces.set_held_out(files["t10k-images-idx3-ubyte.gz"], files["t10k-labels-idx1-ubyte.gz"])
    for part, n_images in ((1, 120), (2, 400)):
        add_part(pieces, files, part)
        for each in (pieces, session):
            start(each, training_images=n_images, epochs=1)
        np.testing.assert_array_equal(losses_of(list(slices(pieces))), losses_of(list(slices(session))))
    assert_same_weights(weights_of(pieces), weights_of(session))


def test_only_the_number_of_images_asked_for_is_trained_on(session: Session) -> None:
    start(session, training_images=130)
    assert session.run_slice(AGES)["n_batches"] == 3


def test_a_run_before_its_images_are_here_is_refused(idx_files: Files) -> None:
    session = Session(8)
    session.set_held_out(idx_files["t10k-images-idx3-ubyte"], idx_files["t10k-labels-idx1-ubyte"])
    session.add_training_images(idx_files["train-images-idx3-ubyte"], idx_files["train-labels-idx1-ubyte"])
    with pytest.raises(ValueError, match="images are not all here"):
        start(session, training_images=401)
    start(session)
    assert len(session.run_slice(AGES)["losses"]) == 10


def test_a_run_before_the_held_out_images_are_here_is_refused(idx_files: Files) -> None:
    session = Session(8)
    session.add_training_images(idx_files["train-images-idx3-ubyte"], idx_files["train-labels-idx1-ubyte"])
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
            session.set_allographs(*allographs)
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
        session.add_training_images(images[:-1], labels)
    assert session.add_training_images(images, labels) == 800


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
    result = session.run_slice(0.0)
    assert len(result["losses"]) == 1
    assert (result["epoch"], result["batch"], result["n_batches"]) == (1, 1, 10)
    assert not any(result[name] for name in ("evaluating", "epoch_record", "finished", "diverged"))


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
    record, held_out = result["epoch_record"], session.held_out
    assert held_out is not None
    validation, test = evaluate(session.model, held_out[:2000]), evaluate(session.model, held_out[2000:])
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
    batches = model.train_batches(images, digits.labels, epochs=2, batch_size=40)
    np.testing.assert_array_equal(losses, np.array([batch.loss for batch in batches], np.float32))


def test_a_step_is_one_batch(session: Session) -> None:
    start(session)
    for number in (1, 2, 3):
        result = session.run_slice(AGES, max_batches=1)
        assert (len(result["losses"]), result["batch"]) == (1, number)


def test_the_step_that_ends_an_epoch_evaluates_it_too(session: Session) -> None:
    start(session)
    steps = [session.run_slice(AGES, max_batches=1) for _ in range(20)]
    assert [len(step["losses"]) for step in steps] == [1] * 20
    assert [bool(step["epoch_record"]) for step in steps] == [n in (10, 20) for n in range(1, 21)]
    assert [step["finished"] for step in steps] == [False] * 19 + [True]


def test_steps_give_the_same_losses_as_a_run(session: Session, idx_files: Files) -> None:
    whole = add_data(Session(hidden_size=8, seed=0), idx_files)
    start(session)
    start(whole)
    steps = [session.run_slice(AGES, max_batches=1) for _ in range(20)]
    np.testing.assert_array_equal(losses_of(steps), losses_of(list(slices(whole))))


def test_the_learning_rate_acts_from_the_next_batch_on(session: Session) -> None:
    start(session)
    session.run_slice(AGES, max_batches=2)
    before = weights_of(session)
    session.set_learning_rate(0.0)
    session.run_slice(AGES, max_batches=2)
    assert_same_weights(weights_of(session), before)
    session.set_learning_rate(0.01)
    session.run_slice(AGES, max_batches=1)
    assert (session.model.weights2 != before["weights2"]).any()


def test_time_spent_paused_does_not_count(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    start(session)
    session.run_slice(AGES, max_batches=3)
    now += 2
    session.run_slice(AGES, max_batches=3)
    session.pause()
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


def test_without_a_run_there_is_no_slice(session: Session) -> None:
    with pytest.raises(ValueError, match="no run"):
        session.run_slice(AGES)
    start(session)
    list(slices(session))
    with pytest.raises(ValueError, match="no run"):
        session.run_slice(AGES)


def test_a_run_can_be_given_up_for_another(session: Session) -> None:
    start(session)
    session.run_slice(AGES, max_batches=4)
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
    assert (session.model.weights1 != before["weights1"]).any()
    session.reset(hidden_size=5, seed=0)
    assert session.model.weights1.shape == (784, 5)


# ── Divergence ─────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_diverges_says_why_and_goes_back_to_its_last_epoch(session: Session) -> None:
    start(session, epochs=5)
    session.run_slice(AGES)
    good = weights_of(session)
    session.run_slice(AGES, max_batches=3)
    session.set_learning_rate(1e30)
    result = session.run_slice(AGES)
    assert result["diverged"].startswith("the loss is nan at batch 5 of epoch 2")
    assert result["finished"]
    assert result["epoch_record"] is None
    assert np.isfinite(result["losses"]).all()
    assert_same_weights(weights_of(session), good)

    start(session, epochs=1)
    assert session.run_slice(AGES)["epoch_record"]["epoch"] == 2


def test_a_run_that_diverges_in_its_first_epoch_goes_back_to_its_first_weights(session: Session) -> None:
    fresh = weights_of(session)
    start(session, learning_rate=1e30)
    assert session.run_slice(AGES)["diverged"]
    assert_same_weights(weights_of(session), fresh)


def test_weights_broken_by_an_epochs_last_batch_are_not_kept(session: Session) -> None:
    fresh = weights_of(session)
    start(session, epochs=2, batch_size=400, learning_rate=1e30)
    results = list(slices(session))
    assert results[-1]["diverged"]
    assert_same_weights(weights_of(session), fresh)


def test_a_first_batch_that_diverges_is_told_as_any_other(session: Session) -> None:
    session.load(file_of({name: np.full_like(array, 1e30) for name, array in weights_of(session).items()}))
    start(session)
    assert "loss is nan" in session.run_slice(AGES)["diverged"]


# ── Files ──────────────────────────────────────────────────────────────────────────────────────


def file_of(arrays: dict[str, NDArray[np.floating]]) -> bytes:
    file = io.BytesIO()
    model_file.save(arrays, file)
    return file.getvalue()


def test_a_saved_network_is_loaded_as_it_was(session: Session) -> None:
    start(session)
    list(slices(session))
    trained, content = weights_of(session), session.save()
    session.reset(hidden_size=20, seed=5)
    assert session.load(content) == 8
    assert_same_weights(weights_of(session), trained)
    assert_same_weights(MLP.load(io.BytesIO(content)).parameters(), trained)


@pytest.mark.parametrize(("n_epochs", "numbers"), [((), [1, 2]), ((7,), [8, 9])])
def test_a_loaded_network_is_trained_on_and_its_epochs_are_counted_on(
    session: Session, n_epochs: tuple[int, ...], numbers: list[int]
) -> None:
    start(session)
    before = losses_of(list(slices(session)))
    session.load(session.save(), *n_epochs)
    start(session)
    results = list(slices(session))
    assert [record["epoch"] for record in epoch_records(results)] == numbers
    assert [result["epoch"] for result in results] == numbers
    assert losses_of(results).mean() < before.mean() / 2


def test_a_float64_network_is_loaded_as_float32(session: Session) -> None:
    model = MLP(hidden_size=3, rng=0)
    assert session.load(file_of(model.parameters())) == 3
    assert session.model.weights1.dtype == np.float32
    np.testing.assert_array_equal(session.model.weights1, model.weights1.astype(np.float32))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a model file"),
        (b"not a network", "not a model file"),
        (file_of(MLP(784, 8, 10).parameters())[:-50], "not a model file"),
        (file_of(MLP(100, 8, 10).parameters()), "reads 100 numbers and knows 10 classes"),
        (file_of(MLP(784, 8, 26).parameters()), "reads 784 numbers and knows 26 classes"),
    ],
    ids=["empty", "text", "truncated", "other images", "other classes"],
)
def test_a_file_that_is_refused_leaves_the_network_and_its_run_alone(
    session: Session, content: bytes, message: str
) -> None:
    start(session)
    session.run_slice(AGES, max_batches=2)
    before = weights_of(session)
    with pytest.raises(ValueError, match=message):
        session.load(content)
    assert_same_weights(weights_of(session), before)
    assert session.run_slice(AGES, max_batches=1)["batch"] == 3


# ── Drawings ───────────────────────────────────────────────────────────────────────────────────

TWO_STROKES = np.array([0.3, 0.2, 0.3, 0.5, 0.7, 0.5, 0.6, 0.2, 0.6, 0.9], np.float32)  # x, y, x, y, …


def test_a_drawing_is_read(session: Session) -> None:
    answer = session.read(TWO_STROKES, np.array([3, 2], np.int32))
    assert answer is not None
    assert (answer["pixels"].shape, answer["pixels"].dtype) == ((784,), np.uint8)
    assert answer["pixels"].max() == 255
    assert (answer["probabilities"].shape, answer["probabilities"].dtype) == ((10,), np.float32)
    assert answer["probabilities"].sum() == pytest.approx(1, abs=1e-6)
    expected = session.model.forward(answer["pixels"][np.newaxis].astype(np.float32) / np.float32(255))
    np.testing.assert_array_equal(answer["probabilities"], expected[0])


def test_lengths_tell_where_a_stroke_ends(session: Session) -> None:
    two, one = (session.read(TWO_STROKES, np.array(lengths, np.int32)) for lengths in ([3, 2], [5]))
    assert two is not None
    assert one is not None
    assert one["pixels"].sum(dtype=int) > two["pixels"].sum(dtype=int)  # the pen was never lifted


def test_a_picture_that_the_network_has_learned_is_read_right(session: Session) -> None:
    dot = session.read(np.array([0.5, 0.5], np.float32), np.array([1], np.int32))
    assert dot is not None
    model = session.model
    model.weights1[:, 0], model.biases1[:] = dot["pixels"] / 255, 0  # a unit that sees this picture
    model.weights2[:] = 0
    model.weights2[0, 6] = 10  # and says 6
    answer = session.read(np.array([0.2, 0.9], np.float32), np.array([1], np.int32))
    assert answer is not None
    assert np.argmax(answer["probabilities"]) == 6
    assert answer["probabilities"][6] > 0.99


def test_an_empty_pad_is_not_read(session: Session) -> None:
    assert session.read(np.zeros(0, np.float32), np.zeros(0, np.int32)) is None


def test_reading_in_the_middle_of_training_changes_nothing(session: Session, idx_files: Files) -> None:
    undisturbed = add_data(Session(hidden_size=8, seed=0), idx_files)
    start(session)
    start(undisturbed)
    results = []
    for result in slices(session, 0.0):
        results.append(result)
        assert session.read(TWO_STROKES, np.array([3, 2], np.int32)) is not None
    expected = list(slices(undisturbed))
    np.testing.assert_array_equal(losses_of(results), losses_of(expected))
    assert epoch_records(results)[-1]["validation_loss"] == epoch_records(expected)[-1]["validation_loss"]


# ── About itself ───────────────────────────────────────────────────────────────────────────────


def test_it_says_which_matrix_product_and_which_numpy_run(session: Session) -> None:
    about = session.about()
    assert about["backend"] in {"simd", "numpy"}
    assert about["numpy"] == np.__version__


# ── Corrections ────────────────────────────────────────────────────────────────────────────────


def correct(session: Session, labels: list[int]) -> int:
    points = np.tile(np.array([0.3, 0.2, 0.7, 0.2, 0.4, 0.8], np.float32), len(labels))
    lengths, strokes = np.full(len(labels), 3, np.int32), np.ones(len(labels), np.int32)
    return session.set_corrections(points, lengths, strokes, np.array(labels, np.uint8))


def test_corrections_are_mixed_into_the_next_run_several_times_each(session: Session) -> None:
    assert correct(session, [7, 7]) == 40
    start(session)
    assert session.run_slice(AGES)["n_batches"] == (400 + 40) // 40


def test_no_corrections_leave_the_training_images_as_they_are(session: Session) -> None:
    correct(session, [7])
    assert correct(session, []) == 0
    start(session)
    assert session.run_slice(AGES)["n_batches"] == 10


def test_what_one_run_has_mixed_in_is_not_in_the_next(session: Session) -> None:
    def losses() -> NDArray[np.float32]:
        session.reset(8, 0)
        start(session)
        return losses_of(list(slices(session)))

    before = losses()
    correct(session, [7, 1])
    assert losses().shape > before.shape
    correct(session, [])
    np.testing.assert_array_equal(losses(), before)


def test_of_thousands_of_corrections_the_latest_are_taken_once_each(session: Session) -> None:
    assert correct(session, [3] * 500) == 4_000
    assert correct(session, [3] * 50 + [8] * 4_000) == 4_000
    assert set(session.corrections.labels) == {8}
