"""Save model and Load model."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import expect

from mlp_py import MLP

from .conftest import Visit
from .digits import DIGITS
from .lab import SMALL, Lab

Arrays = Mapping[str, NDArray[np.generic]]


def npz(arrays: Arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=True, **arrays)
    return file.getvalue()


def network(inputs: int = 784, hidden: int = 8, outputs: int = 10) -> dict[str, NDArray[np.generic]]:
    return {
        "weights1": np.zeros((inputs, hidden)),
        "biases1": np.zeros((1, hidden)),
        "weights2": np.zeros((hidden, outputs)),
        "biases2": np.zeros((1, outputs)),
    }


BAD_FILES: dict[str, Callable[[], tuple[bytes, str]]] = {
    "empty": lambda: (b"", "not a model file"),
    "text": lambda: (b"Dear network, please read.", "not a model file"),
    "an array missing": lambda: (npz({"weights1": np.zeros((784, 8))}), "biases1"),
    "of other inputs": lambda: (npz(network(inputs=100)), "784"),
    "not finite": lambda: (npz(network() | {"biases2": np.full((1, 10), np.nan)}), "finite"),
    "pickled": lambda: (npz(network() | {"weights1": np.array([{}], dtype=object)}), "not a model file"),
    "cut short": lambda: (npz(network())[:3000], "not a model file"),
    "a web page": lambda: (b"<!doctype html><title>Sign in</title>", "it is a web page"),
    "of too many units": lambda: (npz(network(hidden=1025)), "1,024"),
}


def test_the_file_is_read_by_numpy_and_by_mlp_py(bench: Lab) -> None:
    lab = bench.use(**SMALL).train_to_the_end().draw(DIGITS[3])
    shown = lab.probabilities()
    file = lab.save_model()
    with np.load(file, allow_pickle=False) as arrays:
        shapes = {name: arrays[name].shape for name in arrays.files}
    assert shapes == {"weights1": (784, 32), "biases1": (1, 32), "weights2": (32, 10), "biases2": (1, 10)}
    picture = np.array(lab.picture(), np.float64).reshape(1, 784) / 255
    assert np.allclose(MLP.load(file).forward(picture)[0], shown, atol=1e-5)


def test_a_fresh_page_with_the_file_reads_the_same(bench: Lab, visit: Visit) -> None:
    lab = bench.use(**SMALL).train_to_the_end().draw(DIGITS[5])
    shown = lab.probabilities()
    file = lab.save_model()
    other = visit().open().draw(DIGITS[5])
    assert other.probabilities() != shown
    other.load_model(file)
    other.expect_probabilities(shown)
    expect(other.status).to_contain_text("Loaded")
    expect(other.field("hidden_size")).to_have_value("32")
    other.change("training_images", "1000").change("epochs", "1").change("augment", "0").train_to_the_end(1)
    assert float(other.losses()[0][1]) < 0.6, "it did not go on from what it had learned"


def test_a_file_that_is_no_model_is_refused_and_nothing_changes(bench: Lab, tmp_path: Path) -> None:
    lab = bench.use(**SMALL).train_to_the_end().draw(DIGITS[6])
    before = lab.probabilities(), lab.losses(), lab.hash
    for name, make in BAD_FILES.items():
        content, reason = make()
        file = tmp_path / f"{name}.npz"
        file.write_bytes(content)
        lab.load_model(file)
        expect(lab.error).to_contain_text(file.name)
        expect(lab.error).to_contain_text(reason)
        for jargon in ("Traceback", "allow_pickle", "context manager"):
            expect(lab.error).not_to_contain_text(jargon)
        assert (lab.probabilities(), lab.losses(), lab.hash) == before
    lab.train_to_the_end(4)
    expect(lab.error).to_be_hidden()


def test_the_seed_orders_the_training_of_a_loaded_network_and_the_address_does_not_claim_the_rest(
    bench: Lab, tmp_path: Path
) -> None:
    lab = bench.use(**SMALL | {"epochs": 1})
    file = lab.save_model()

    def losses(seed: str) -> list[list[str]]:
        lab.load_model(file)
        expect(lab.page.get_by_test_id("address")).to_contain_text(f"the network in {file.name}")
        return lab.change("seed", seed).train_to_the_end(1).losses()

    assert losses("3") == losses("3") != losses("4")
    lab.reset()
    expect(lab.page.get_by_test_id("address")).to_contain_text("others see the same numbers")


def test_what_others_turned_is_turned_back_and_said(bench: Lab, tmp_path: Path) -> None:
    arrays = {name: array.T for name, array in network().items()}
    (tmp_path / "turned.npz").write_bytes(npz(arrays | {"biases1": np.zeros(8), "biases2": np.zeros(10)}))
    bench.use(**SMALL).load_model(tmp_path / "turned.npz")
    expect(bench.status).to_contain_text("Loaded turned.npz, a network of 8 hidden units")
    expect(bench.status).to_contain_text("weights1 of shape (8, 784) was transposed")
