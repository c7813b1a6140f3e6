"""Three checks before training: passed by the network of the notes, failed by one with a mistake."""

import linecache
from collections.abc import Iterator

import numpy as np
import pytest

from mlp_py import MLP, network_code
from mlp_py.checks import Labels
from mlp_py.dataset import Split
from mlp_py.fast import FastMLP
from mlp_py.kernel import FloatArray
from mlp_py.sanity import first_loss, learns_by_heart, update_size

Batch = tuple[FloatArray, Labels]


def changed(old: str, new: str) -> type[MLP]:
    text = network_code.shipped()
    assert old in text
    return network_code.network_class(text.replace(old, new))


@pytest.fixture
def batch(digits: Split) -> Batch:
    return (digits.images[:32] / 255).astype(np.float32), digits.labels[:32]


@pytest.fixture(autouse=True)
def _no_lines_left() -> Iterator[None]:
    yield
    linecache.cache.pop(network_code.FILE, None)


@pytest.mark.parametrize("kind", [MLP, FastMLP])
@pytest.mark.parametrize("seed", range(3))
def test_the_network_of_the_notes_passes(kind: type[MLP], seed: int, batch: Batch) -> None:
    for check in (first_loss(kind, *batch, 128, seed), learns_by_heart(kind, *batch, 128, seed)):
        assert check.ok, check
    check = learns_by_heart(kind, *batch, 128, seed)
    assert 1 < check.value < 500
    assert update_size(kind(rng=seed), *batch, 0.01 / 32).ok


def test_plain() -> None:
    X = np.zeros((10, 784))
    assert first_loss(MLP, X, np.arange(10), 16, 0).plain() == {
        "name": "first loss",
        "value": pytest.approx(np.log(10), abs=1e-5),
        "expected": "2.303 ± 0.5",
        "ok": True,
    }


def test_weights_that_are_far_too_large_show_in_the_first_loss(batch: Batch) -> None:
    check = first_loss(changed("np.sqrt(2 / input_size)", "1"), *batch, 64, 0)
    assert not check.ok
    assert check.value > 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("self.weights2 -=", "self.weights2 +="),
        ("self.d_output = self.output - y_one_hot", "self.d_output = 1e-5 * (self.output - y_one_hot)"),
        ("self.d_output = self.output - y_one_hot", "self.d_output = 1e20 * (self.output - y_one_hot)"),
        ("y_one_hot[np.arange(batch_size), y] = 1", "y_one_hot[np.arange(batch_size), y[::-1]] = 1"),
    ],
)
def test_what_does_not_learn(old: str, new: str, batch: Batch) -> None:
    assert not learns_by_heart(changed(old, new), *batch, 32, 0).ok


def test_size_of_the_update_is_relative_and_touches_nothing(batch: Batch) -> None:
    model = FastMLP(hidden_size=16, rng=0, dtype=np.float32)
    before, state = model.weights1.copy(), str(model.rng.bit_generator.state)  # type: ignore[union-attr]
    sizes = [update_size(model, *batch, rate) for rate in (1e-7, 1e-4, 1.0)]
    assert [size.ok for size in sizes] == [False, True, False]
    assert sizes[2].value == pytest.approx(1e4 * sizes[1].value, rel=1e-3)
    np.testing.assert_array_equal(model.weights1, before)
    assert str(model.rng.bit_generator.state) == state  # type: ignore[union-attr]
    assert not hasattr(model, "output")
