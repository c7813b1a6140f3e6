"""The network against the notes it follows, against numbers worked out by hand, and against calculus."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import DTypeLike, NDArray

from mlp_py import MLP, NormalizedImages
from mlp_py.dataset import Split
from tests.benchmarks import notes

Floats = NDArray[np.float64]
Labels = NDArray[np.integer]

NAMES = ("weights1", "biases1", "weights2", "biases2")
ALMOST_0 = 1e-30  # a learning rate that moves no weight by a bit


def largest_difference(a: MLP | notes.MLP, b: MLP | notes.MLP) -> float:
    return max(float(np.abs(getattr(a, name) - getattr(b, name)).max()) for name in NAMES)


# ── The notes ──────────────────────────────────────────────────────────────────────────────────


def test_training_is_that_of_the_notes(digits: Split, capsys: pytest.CaptureFixture[str]) -> None:
    X = digits.images / 255  # 400 images: 12 batches of 32 an epoch, and 16 images dropped
    np.random.seed(0)  # noqa: NPY002
    theirs = notes.MLP()
    theirs.train(X, digits.labels, epochs=3)
    lines_of_the_notes = capsys.readouterr().out

    model = MLP(rng=np.random.RandomState(0))
    model.train(X, digits.labels, epochs=3)

    assert capsys.readouterr().out == lines_of_the_notes
    assert lines_of_the_notes.count("\n") == 3
    assert largest_difference(model, theirs) < 1e-12
    assert np.abs(model.forward(X) - theirs.forward(X)).max() < 1e-12


def test_single_batches_are_those_of_the_notes(digits: Split) -> None:
    np.random.seed(7)  # noqa: NPY002
    theirs, model = notes.MLP(hidden_size=20), MLP(hidden_size=20, rng=np.random.RandomState(7))
    assert largest_difference(model, theirs) == 0
    for start in range(0, 400, 10):
        X, y = digits.images[start : start + 10] / 255, digits.labels[start : start + 10]
        loss, expected = model.calculate_loss(y, model.forward(X)), theirs.calculate_loss(y, theirs.forward(X))
        assert abs(loss - expected) < 1e-12
        for name in ("layer1_input", "layer1_output", "layer2_input", "output"):
            assert np.abs(getattr(model, name) - getattr(theirs, name)).max() < 1e-12
        model.backward(X, y, 0.02)
        theirs.backward(X, y, 0.02)
        assert largest_difference(model, theirs) < 1e-12


def test_the_printed_lines_are_those_of_the_contract(digits: Split, capsys: pytest.CaptureFixture[str]) -> None:
    model = MLP(hidden_size=4, rng=0)
    with np.errstate(all="raise"):
        model.train(digits.images / 255, digits.labels, epochs=2, learning_rate=ALMOST_0)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:27] for line in lines] == ["Epoch 1/2, Average Loss: 2.", "Epoch 2/2, Average Loss: 2."]
    assert all(len(line) == len("Epoch 1/10, Average Loss: 0.1234") - 1 for line in lines)


# ── By hand ────────────────────────────────────────────────────────────────────────────────────


def by_hand() -> tuple[MLP, Floats, NDArray[np.intp]]:
    """A 2-2-2 network, one image, and its label."""
    model = MLP(2, 2, 2)
    model.weights1 = np.array([[0.5, 1.0], [0.25, -1.0]])
    model.biases1 = np.array([[0.0, 0.5]])
    model.weights2 = np.array([[np.log(3), 0.0], [5.0, 7.0]])
    model.biases2 = np.array([[1.0, 1.0]])
    return model, np.array([[1.0, 2.0]]), np.array([1])


def test_the_forward_pass_worked_out_by_hand() -> None:
    model, X, y = by_hand()
    output = model.forward(X)
    # 1 * 0.5 + 2 * 0.25 + 0 = 1;   1 * 1 + 2 * -1 + 0.5 = -0.5, which ReLU makes 0
    np.testing.assert_allclose(model.layer1_input, [[1.0, -0.5]], rtol=1e-15)
    np.testing.assert_allclose(model.layer1_output, [[1.0, 0.0]], rtol=1e-15)
    # 1 * ln 3 + 0 * 5 + 1 = ln 3 + 1;   1 * 0 + 0 * 7 + 1 = 1
    np.testing.assert_allclose(model.layer2_input, [[np.log(3) + 1, 1.0]], rtol=1e-15)
    # exp: 3e and e, whose shares are 3/4 and 1/4
    np.testing.assert_allclose(output, [[0.75, 0.25]], rtol=1e-15)
    assert output is model.output
    # the label is 1, so the loss is -ln(1/4 + 1e-7) = 1.386294... - 4e-7
    assert model.calculate_loss(y, output) == pytest.approx(1.3862939611, abs=1e-9)
    assert model.predict(X).tolist() == [0]


def test_an_update_worked_out_by_hand() -> None:
    model, X, y = by_hand()
    model.forward(X)
    model.backward(X, y, learning_rate=0.1)
    # output less one-hot: (3/4 - 0, 1/4 - 1) = (3/4, -3/4), the gradient of biases2;
    # weights2's: unit 1 gave 1, so the same; unit 2 gave 0, so 0.
    np.testing.assert_allclose(model.biases2, [[1 - 0.075, 1 + 0.075]], rtol=1e-15)
    np.testing.assert_allclose(model.weights2, [[np.log(3) - 0.075, 0.075], [5.0, 7.0]], rtol=1e-15)
    # back through the weights2 of before the update: unit 1: 3/4 * ln 3 - 3/4 * 0 = 0.8239592...;
    # unit 2: 3/4 * 5 - 3/4 * 7 = -3/2, but it is off, so 0. Times the image (1, 2) for weights1.
    step = 0.1 * 0.8239592165010823
    np.testing.assert_allclose(model.biases1, [[-step, 0.5]], rtol=1e-15)
    np.testing.assert_allclose(model.weights1, [[0.5 - step, 1.0], [0.25 - 2 * step, -1.0]], rtol=1e-15)


def test_gradients_are_summed_over_the_batch_and_the_loss_is_averaged() -> None:
    once, X, y = by_hand()
    twice, *_ = by_hand()
    X2, y2 = np.repeat(X, 2, axis=0), np.repeat(y, 2)
    loss = once.calculate_loss(y, once.forward(X))
    assert twice.calculate_loss(y2, twice.forward(X2)) == pytest.approx(loss, rel=1e-12)
    once.backward(X, y, learning_rate=0.2)
    twice.backward(X2, y2, learning_rate=0.1)
    assert largest_difference(once, twice) < 1e-15


def test_softmax_of_huge_logits_is_still_a_probability() -> None:
    with np.errstate(over="raise", invalid="raise"):
        probabilities = MLP(2, 2, 3).softmax(np.array([[1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]]))
    np.testing.assert_allclose(probabilities, [[0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-15)


def test_the_loss_of_an_impossible_label_is_finite() -> None:
    loss = MLP(2, 2, 2).calculate_loss(np.array([1]), np.array([[1.0, 0.0]]))
    assert loss == pytest.approx(-np.log(1e-7))
    assert isinstance(loss, float)


# ── By calculus ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_backward_agrees_with_central_differences(name: str) -> None:
    rng = np.random.default_rng(5)
    X, y = rng.random((9, 6)), rng.integers(0, 4, 9)

    def fresh() -> MLP:
        model = MLP(6, 5, 4, rng=3)
        model.biases1 += 0.1
        return model

    model = fresh()
    before = getattr(model, name).copy()
    model.forward(X)
    model.backward(X, y, learning_rate=1)
    gradient = before - getattr(model, name)

    model, step = fresh(), 1e-5
    parameter: Floats = getattr(model, name)
    for index in np.ndindex(parameter.shape):
        at = parameter[index]
        losses = []
        for parameter[index] in (at + step, at - step):
            losses.append(len(X) * model.calculate_loss(y, model.forward(X)))
        parameter[index] = at
        # The 1e-7 in the loss, which backward() leaves out, costs about that much.
        assert gradient[index] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-5, abs=1e-5)
    assert np.count_nonzero(gradient) > gradient.size / 2


# ── Its options ────────────────────────────────────────────────────────────────────────────────


def test_weights_begin_with_he_variance_and_biases_at_zero() -> None:
    model = MLP(rng=0)
    assert [getattr(model, name).shape for name in NAMES] == [(784, 128), (1, 128), (128, 10), (1, 10)]
    assert model.weights1.std() == pytest.approx(np.sqrt(2 / 784), rel=0.02)
    assert model.weights2.std() == pytest.approx(np.sqrt(2 / 128), rel=0.06)
    assert not model.biases1.any()
    assert not model.biases2.any()


def test_weights1_are_drawn_first_then_weights2() -> None:
    model, rng = MLP(6, 5, 4, rng=np.random.default_rng(8)), np.random.default_rng(8)
    np.testing.assert_array_equal(model.weights1, rng.standard_normal((6, 5)) * np.sqrt(2 / 6))
    np.testing.assert_array_equal(model.weights2, rng.standard_normal((5, 4)) * np.sqrt(2 / 5))


@pytest.mark.parametrize("name", ["input_size", "hidden_size", "output_size"])
def test_a_layer_without_units_is_refused(name: str) -> None:
    sizes: Any = {name: 0}
    with pytest.raises(ValueError, match=name):
        MLP(**sizes)


def trained(digits: Split, seed: int | None, dtype: DTypeLike = np.float64) -> MLP:
    model = MLP(hidden_size=16, rng=seed, dtype=dtype)
    for _ in model.training_loop((digits.images / 255).astype(dtype), digits.labels, epochs=2):
        pass
    return model


def test_the_same_seed_gives_the_same_network(digits: Split) -> None:
    assert largest_difference(trained(digits, 4), trained(digits, 4)) == 0


@pytest.mark.parametrize("seed", [5, None])
def test_another_seed_gives_another_network(digits: Split, seed: int | None) -> None:
    assert largest_difference(MLP(rng=4), MLP(rng=seed)) > 0.01


def test_training_learns(digits: Split) -> None:
    model = trained(digits[:300], 0)
    assert np.mean(model.predict(digits.images[300:] / 255) == digits.labels[300:]) > 0.95


def test_float32_stays_close_to_float64(digits: Split) -> None:
    small, large = trained(digits, 0, np.float32), trained(digits, 0)
    assert 0 < largest_difference(small, large) < 1e-5
    assert {getattr(small, name).dtype for name in NAMES} == {np.dtype(np.float32)}
    assert small.forward((digits.images[:5] / 255).astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_images_kept_as_bytes_train_as_floats_do(digits: Split, dtype: DTypeLike) -> None:
    floats = trained(digits, 0, dtype)
    model = MLP(hidden_size=16, rng=0, dtype=dtype)
    images: Any = NormalizedImages(digits.images, dtype)
    for _ in model.training_loop(images, digits.labels, epochs=2):
        pass
    # exact in float64; in float32 the division may round once more on one way than on the other
    assert largest_difference(model, floats) < (1e-6 if dtype == np.float32 else 1e-15)


def test_training_leaves_its_data_as_they_were(digits: Split) -> None:
    X, y = digits.images[:64] / 255, digits.labels[:64].copy()
    X_before, y_before = X.copy(), y.copy()
    for _ in MLP(hidden_size=4, rng=0).training_loop(X, y, epochs=2):
        pass
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(y, y_before)


def test_every_image_is_seen_once_an_epoch_in_a_new_order() -> None:
    class Recorder(MLP):
        def forward(self, X: NDArray[np.floating]) -> NDArray[np.floating]:
            seen.append(X[:, 0].tolist())
            return super().forward(X)

    seen: list[list[float]] = []
    for _ in Recorder(1, 2, 2, rng=0).training_loop(np.arange(10.0)[:, np.newaxis], np.zeros(10, int), 2, 5):
        pass
    first, second = seen[0] + seen[1], seen[2] + seen[3]
    assert [len(batch) for batch in seen] == [5, 5, 5, 5]
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_the_learning_rate_can_be_changed_between_batches(digits: Split) -> None:
    model = MLP(hidden_size=4, rng=0)
    batches = model.training_loop(digits.images / 255, digits.labels, learning_rate=0.01)
    weights = [model.weights1.copy()]
    for rate in (ALMOST_0, ALMOST_0, 0.02, ALMOST_0):
        next(batches)
        weights.append(model.weights1.copy())
        model.learning_rate = rate
    moved = [bool((a != b).any()) for a, b in itertools.pairwise(weights)]
    assert moved == [True, False, False, True]


def test_the_loop_hands_over_after_each_batch_and_each_epoch(digits: Split) -> None:
    steps = list(MLP(hidden_size=4, rng=0).training_loop(digits.images[:100] / 255, digits.labels[:100], 2, 32))
    assert [ended for ended, _ in steps] == [*["batch"] * 3, "epoch"] * 2
    losses = [loss for _, loss in steps]
    assert losses[3] == sum(losses[:3]) / 3
    assert losses[7] == sum(losses[4:7]) / 3


def test_a_batch_larger_than_the_data_is_refused_with_both_numbers(digits: Split) -> None:
    with pytest.raises(ValueError, match=r"(?s)\b32\b.*\b20\b"):
        MLP(hidden_size=4).train(digits.images[:20] / 255, digits.labels[:20])


def test_a_batch_of_all_the_data_is_trained(digits: Split, capsys: pytest.CaptureFixture[str]) -> None:
    MLP(hidden_size=4).train(digits.images[:20] / 255, digits.labels[:20], epochs=1, batch_size=20)
    assert capsys.readouterr().out.startswith("Epoch 1/1, ")


def test_predict_gives_one_whole_number_an_image(digits: Split) -> None:
    model = trained(digits, 0)
    answers = model.predict(digits.images / 255)
    assert answers.shape == (400,)
    assert np.issubdtype(answers.dtype, np.integer)
    np.testing.assert_array_equal(answers, np.argmax(model.forward(digits.images / 255), axis=1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_saved_network_is_the_same_after_loading(digits: Split, tmp_path: Path, dtype: DTypeLike) -> None:
    model, X = trained(digits, 0, dtype), (digits.images / 255).astype(dtype)
    model.save(tmp_path / "model.npz")
    loaded = MLP.load(tmp_path / "model.npz")
    assert largest_difference(model, loaded) == 0
    assert loaded.weights1.dtype == dtype
    np.testing.assert_array_equal(loaded.forward(X), model.forward(X))


def test_a_loaded_network_can_be_trained_on(digits: Split, tmp_path: Path) -> None:
    trained(digits, 0).save(tmp_path / "model.npz")
    loaded = MLP.load(tmp_path / "model.npz")
    steps = list(loaded.training_loop(digits.images / 255, digits.labels, epochs=2))
    first, second = (loss for ended, loss in steps if ended == "epoch")
    assert second < first < 0.2
