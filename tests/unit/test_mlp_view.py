"""Looking at a session: what reads, the phases array by array, the test images; and nothing of it disturbs training."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, evaluate, model_file, network_code
from mlp_py.dataset import Split
from mlp_py.session import Session

from .session_lab import (
    RUN,
    RUN_ID,
    Files,
    add_data,
    assert_same_weights,
    epoch_records,
    losses_of,
    run_slice,
    slices,
    start,
    weights_of,
)

TWO_STROKES = np.array([0.3, 0.2, 0.3, 0.5, 0.7, 0.5, 0.6, 0.2, 0.6, 0.9], np.float32)  # x, y, x, y, …
LENGTHS = np.array([3, 2], np.int32)


def read(session: Session, reader: str = "mine") -> dict[str, Any]:
    [answer] = session.reading.read(TWO_STROKES, LENGTHS, reader)
    return answer


def model_bytes(model: MLP, path: Any) -> bytes:
    model.save(path)
    content: bytes = path.read_bytes()
    return content


# ── Reading ────────────────────────────────────────────────────────────────────────────────────


def test_a_drawing_is_read(session: Session) -> None:
    answer = read(session)
    assert (answer["pixels"].shape, answer["pixels"].dtype) == ((784,), np.uint8)
    assert answer["pixels"].max() == 255
    assert (answer["probabilities"].shape, answer["probabilities"].dtype) == ((10,), np.float32)
    assert answer["probabilities"].sum() == pytest.approx(1, abs=1e-6)
    model = session.network.model
    expected = model.forward(answer["pixels"][np.newaxis].astype(np.float32) / np.float32(255))
    np.testing.assert_array_equal(answer["probabilities"], expected[0])
    np.testing.assert_array_equal(answer["hidden"], model.layer1_output[0])


def test_an_image_is_read_as_the_drawing_that_it_came_of(session: Session) -> None:
    answer = read(session)
    [again, other] = session.reading.read_images(np.concatenate([answer["pixels"], np.zeros(784, np.uint8)]), "mine")
    np.testing.assert_array_equal(again["probabilities"], answer["probabilities"])
    np.testing.assert_array_equal(again["pixels"], answer["pixels"])
    assert not other["pixels"].any()


def test_lengths_tell_where_a_stroke_ends(session: Session) -> None:
    [one] = session.reading.read(TWO_STROKES, np.array([5], np.int32), "mine")
    assert one["pixels"].sum(dtype=int) > read(session)["pixels"].sum(dtype=int)  # the pen was never lifted


def test_a_picture_that_the_network_has_learned_is_read_right(session: Session) -> None:
    [dot] = session.reading.read(np.array([0.5, 0.5], np.float32), np.array([1], np.int32), "mine")
    model = session.network.model
    model.weights1[:, 0], model.biases1[:] = dot["pixels"] / 255, 0  # a unit that sees this picture
    model.weights2[:] = 0
    model.weights2[0, 6] = 10  # and says 6
    [answer] = session.reading.read(np.array([0.2, 0.9], np.float32), np.array([1], np.int32), "mine")
    assert np.argmax(answer["probabilities"]) == 6
    assert answer["probabilities"][6] > 0.99


def test_an_empty_pad_is_not_read(session: Session) -> None:
    assert session.reading.read(np.zeros(0, np.float32), np.zeros(0, np.int32), "mine") == []


def test_each_reader_reads_with_its_own_weights(session: Session, tmp_path: Any) -> None:
    starter = MLP(hidden_size=5, rng=1, dtype=np.float32)
    session.set_starter(model_bytes(starter, tmp_path / "starter.npz"))
    random = MLP(hidden_size=8, rng=0, dtype=np.float32)
    start(session, epochs=1)
    list(slices(session))
    image = read(session)["pixels"][np.newaxis].astype(np.float32) / np.float32(255)
    for name, model in (("starter", starter), ("mine", session.network.model), ("random", random)):
        np.testing.assert_array_equal(read(session, name)["probabilities"], model.forward(image)[0])
    assert session.in_use()["origin"] == "random"
    assert session.network.hidden_size == 8


def test_without_a_starter_mine_reads_in_its_place(session: Session) -> None:
    np.testing.assert_array_equal(read(session, "starter")["probabilities"], read(session)["probabilities"])


# ── Broken on purpose ──────────────────────────────────────────────────────────────────────────


def test_what_is_broken_reads_otherwise_and_is_mended_by_forgetting_it(session: Session) -> None:
    whole, before = read(session), weights_of(session)
    strongest = int(whole["hidden"].argmax())
    for broken in (([strongest], False, 0.0), ([], False, 0.5), ([], True, 0.0)):
        session.network.model.biases1[:] += 0.25 * broken[1]  # or there is nothing to take away
        session.reading.alter(*broken)
        assert (read(session)["probabilities"] != whole["probabilities"]).any() or broken[1]
        if broken[0]:
            assert read(session)["hidden"][strongest] == 0
        session.network.model.biases1[:] = before["biases1"]
    session.reading.alter([], False, 0.0)
    np.testing.assert_array_equal(read(session)["probabilities"], whole["probabilities"])
    assert_same_weights(weights_of(session), before)


def test_biases_of_zero_are_those_that_read(session: Session) -> None:
    session.network.model.biases2[0, 3] = 50
    assert read(session)["probabilities"].argmax() == 3
    session.reading.alter([], True, 0.0)
    assert read(session)["probabilities"][3] < 0.9


def test_a_silenced_unit_that_another_network_does_not_have_is_no_matter(session: Session) -> None:
    session.reading.alter([7, 500], False, 0.0)
    assert read(session)["hidden"][7] == 0


# ── The phases ─────────────────────────────────────────────────────────────────────────────────


def arrays_of(traced: dict[str, Any]) -> dict[str, NDArray[Any]]:
    return {name: array["data"].reshape(array["shape"]) for name, array in traced["arrays"].items()}


@pytest.mark.parametrize(("augment", "decay"), [(0, 0), (1, 1)])
def test_the_first_batch_is_the_one_that_training_learns_from_bit_by_bit(
    session: Session, augment: int, decay: int
) -> None:
    settings: Any = RUN | {"augment": augment, "decay": decay}
    first = session.view.trace("batch", settings)
    assert first["when"] == "first"
    start(session, augment=augment, decay=decay)
    run_slice(session, max_batches=1)
    for name, array in weights_of(session).items():
        np.testing.assert_array_equal(array, arrays_of(first)[f"updated_{name}"])
    last = session.view.trace("batch", settings)
    assert last["when"] == "last"
    for name, array in arrays_of(first).items():
        np.testing.assert_array_equal(arrays_of(last)[name], array)


def test_the_first_batch_is_what_native_code_computes(session: Session, digits: Split) -> None:
    settings: Any = RUN
    shown = arrays_of(session.view.trace("batch", settings))
    model = MLP(hidden_size=8, rng=0)
    rows = model.rng.permutation(400)[:40]
    X, y = digits.images[rows] / 255, digits.labels[rows].astype(int)
    expected = {"X": X, "y": y} | {name: array.copy() for name, array in model_file.parameters(model).items()}
    loss = model.calculate_loss(y, model.forward(X))
    model.backward(X, y, 0.01)
    names = ["layer1_input", "layer1_output", "layer2_input", "output"]
    names += ["d_output", "d_weights2", "d_biases2", "d_hidden", "d_hidden_relu", "d_weights1", "d_biases1"]
    expected |= {name: getattr(model, name) for name in names} | {"loss": np.array(loss)}
    expected |= {f"updated_{name}": array for name, array in model_file.parameters(model).items()}
    for name, array in expected.items():
        np.testing.assert_allclose(shown[name], array, atol=1e-6, rtol=1e-6, err_msg=name)


def test_after_some_slices_the_last_batch_is_read_again_by_the_network_as_it_is(session: Session) -> None:
    start(session)
    run_slice(session, max_batches=3)
    traced = session.view.trace("batch", RUN)  # type: ignore[arg-type]
    assert traced["when"] == "again"
    for name, array in weights_of(session).items():
        np.testing.assert_array_equal(arrays_of(traced)[name], array)
    assert arrays_of(traced)["X"].shape == (40, 784)


def test_the_rate_of_a_step_is_the_one_it_was_made_with(session: Session) -> None:
    start(session, decay=1)
    rates = []
    for _ in range(3):
        run_slice(session, max_batches=1)
        rates.append(session.view.trace("batch", RUN)["learning_rate"])  # type: ignore[arg-type]
    np.testing.assert_allclose(rates, [0.01, 0.01 * 19 / 20, 0.01 * 18 / 20])


def test_one_image_is_followed_through(session: Session, digits: Split) -> None:
    traced = session.view.trace("image", RUN, None, digits.images[3], 3)  # type: ignore[arg-type]
    arrays = arrays_of(traced)
    assert (traced["when"], arrays["X"].shape, arrays["y"].tolist()) == ("image", (1, 784), [3])
    assert arrays["loss_after"] < arrays["loss"] == arrays["losses"][0]


def test_the_first_image_of_the_batch_is_followed_through_as_it_is(session: Session) -> None:
    settings: Any = RUN | {"augment": 1}
    batch, first = (arrays_of(session.view.trace(kind, settings)) for kind in ("batch", "first"))
    for name in ("X", "y"):
        np.testing.assert_array_equal(first[name], batch[name][:1])
    np.testing.assert_allclose(first["losses"], batch["losses"][:1], rtol=1e-6)


def test_the_code_is_cut_into_the_five_phases_of_the_notes(session: Session) -> None:
    code = session.view.code()
    phases = dict.fromkeys(method["phase"] for method in code["methods"])
    assert list(phases) == ["initialization", "forward", "loss", "backward", "training"]
    assert code["text"] == code["shipped"] == network_code.shipped()
    session.use_source(network_code.shipped() + "\n# mine\n")
    assert session.view.code()["text"] == network_code.shipped() + "\n# mine\n"
    assert session.view.code()["shipped"] == network_code.shipped()


def test_the_shipped_gradients_are_right_and_so_is_all_else(session: Session) -> None:
    settings: Any = RUN
    check = session.view.gradient_check(settings)
    assert check["ok"]
    assert check["error"] < 1e-6
    assert [array["name"] for array in check["arrays"]] == ["d_weights2", "d_biases2", "d_weights1", "d_biases1"]
    first_loss, by_heart, _ = session.view.sanity(settings)
    assert first_loss["ok"]
    assert by_heart["ok"]


def test_a_mistake_of_the_learners_is_found_where_it_was_made(session: Session) -> None:
    wrong = "self.d_hidden_relu = self.d_hidden * (self.layer1_output > 0)"
    session.use_source(network_code.shipped().replace(wrong, "self.d_hidden_relu = self.d_hidden"))
    check = session.view.gradient_check(RUN)  # type: ignore[arg-type]
    assert (check["ok"], check["culprit"]) == (False, "d_hidden_relu")


# ── Epochs, units, test images ─────────────────────────────────────────────────────────────────


def test_the_film_shows_each_epochs_own_reading(session: Session) -> None:
    pixels = read(session)["pixels"]
    assert len(session.reading.film(pixels)["epochs"]) == 0
    start(session)
    expected = []
    for result in slices(session):
        if result["epoch_record"]:
            expected.append(read(session)["probabilities"])
    film = session.reading.film(pixels)
    assert film["epochs"].tolist() == [1, 2]
    np.testing.assert_array_equal(film["probabilities"].reshape(-1, 10), expected)


def test_a_unit_is_explained_by_its_exact_sum(session: Session) -> None:
    start(session, epochs=1)
    list(slices(session))
    answer = read(session)
    unit = session.view.unit(2, answer["pixels"], "mine")
    assert unit["products"].sum() + unit["bias"] == pytest.approx(unit["sum"], abs=1e-5)
    assert unit["output"] == pytest.approx(answer["hidden"][2], abs=1e-5)
    np.testing.assert_allclose(unit["given"], unit["output"] * unit["outgoing"], rtol=1e-5)
    assert (np.diff(unit["activations"]) <= 0).all()
    failure = session.answer("view.unit", 8, None, "mine")["failure"]
    assert "there is no hidden unit 8" in failure["message"]


def test_weights_become_tiles_a_unit_each(session: Session) -> None:
    weights = session.view.weights("mine")
    tiles = weights["tiles"].reshape(8, 784)
    own = session.network.model.weights1[:, 5]
    assert np.abs(tiles).max(axis=1).tolist() == [127] * 8
    assert np.corrcoef(tiles[5], own)[0, 1] > 0.99


def test_the_results_are_those_of_the_test_images_now(session: Session) -> None:
    start(session)
    list(slices(session))
    results = session.view.results("mine")
    test = session.images.test()
    answers = results["probabilities"].reshape(-1, 10).argmax(axis=1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (results["labels"], answers), 1)
    evaluation = evaluate(session.network.model, test)
    np.testing.assert_array_equal(confusion, evaluation.confusion)
    assert results["losses"].mean() == pytest.approx(evaluation.loss, rel=1e-5)
    for name in ("weights1", "weights2"):
        low, high, *counts = results[name]
        own = getattr(session.network.model, name)
        np.testing.assert_allclose([low, high, sum(counts)], [own.min(), own.max(), own.size], rtol=1e-6)
    images = session.view.test_images(np.array([4, 2], np.int32))
    np.testing.assert_array_equal(images.reshape(2, 784), test.images[[4, 2]])


def test_a_test_image_is_chosen_by_its_digit_and_all_of_them_can_be(session: Session) -> None:
    test = session.images.test()
    for digit in (0, 7):
        rows = np.flatnonzero(test.labels == digit)
        for i, row in enumerate(rows):
            chosen = session.view.test_digit(digit, (i + 0.5) / len(rows))
            assert chosen["label"] == digit
            np.testing.assert_array_equal(chosen["pixels"], test.images[row])
    labels = {session.view.test_digit(None, i / len(test))["label"] for i in range(len(test))}
    assert labels == set(test.labels.tolist())


def test_results_say_whether_they_are_of_a_broken_network(session: Session) -> None:
    assert session.view.results("mine")["is_broken"] is False
    session.reading.alter([1], False, 0.0)
    assert session.view.results("mine")["is_broken"] is True


def test_looking_in_the_middle_of_training_changes_no_digit_of_it(session: Session, idx_files: Files) -> None:
    undisturbed = add_data(Session(hidden_size=8, seed=0), idx_files)
    settings: Any = RUN | {"augment": 1}
    look_at_all(session, settings)
    start(session, augment=1)
    start(undisturbed, augment=1)
    results = []
    for number, result in enumerate(slices(session, 0.0)):
        left_behind = session.network.model.layer1_output
        results.append(result)
        if number % 6 == 0:
            look_at_all(session, settings)
        assert session.network.model.layer1_output is left_behind
    expected = list(slices(undisturbed))
    np.testing.assert_array_equal(losses_of(results), losses_of(expected))
    assert epoch_records(results)[-1]["validation_loss"] == epoch_records(expected)[-1]["validation_loss"]
    assert_same_weights(weights_of(session), weights_of(undisturbed))
    assert not session.is_under_way(RUN_ID)


def look_at_all(session: Session, settings: Any) -> None:
    pixels = read(session)["pixels"]
    read(session, "random")
    session.reading.film(pixels)
    for request, arguments in {
        "trace": ("batch", settings), "gradient_check": (settings,), "sanity": (settings,),
        "results": ("mine",), "weights": ("mine",), "unit": (1, pixels, "mine"), "code": (),
    }.items():  # fmt: skip
        assert "result" in session.answer(f"view.{request}", *arguments), request
