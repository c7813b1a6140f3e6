"""How sure a network may claim to be: softer, never another answer; and the temperature that fits."""

import numpy as np
import pytest

from mlp_py import MLP, calibration
from mlp_py.calibration import TRIED, temperature, tempered
from mlp_py.dataset import Split


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("by", [0.5, 1, 1.5, 3])
def test_it_is_softmax_of_the_logits_divided(by: float) -> None:
    logits = np.random.default_rng(0).normal(0, 3, (20, 10))
    np.testing.assert_allclose(tempered(softmax(logits), by), softmax(logits / by), rtol=1e-6)


def test_no_answer_changes_and_none_is_surer() -> None:
    sure = softmax(np.random.default_rng(1).normal(0, 9, (50, 10)))
    claimed = tempered(sure, 2)
    assert (claimed.argmax(axis=1) == sure.argmax(axis=1)).all()
    assert (claimed.max(axis=1) <= sure.max(axis=1)).all()
    np.testing.assert_allclose(claimed.sum(axis=1), 1)


def test_a_certainty_without_doubt_stays_a_number() -> None:
    assert tempered(np.eye(10, dtype=np.float32), 1.5).argmax(axis=1).tolist() == list(range(10))
    assert np.isfinite(tempered(np.eye(10, dtype=np.float32), 4)).all()


def test_a_network_that_claims_too_much_is_cooled_to_how_often_it_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "STRENGTH", 0.0)
    rng = np.random.default_rng(0)
    images = np.zeros((2_000, 784), np.uint8)
    labels = rng.integers(0, 10, 2_000)
    images[np.arange(2_000), 28 * 13 + 9 + labels] = 255  # each kind has a pixel of its own
    model = MLP(hidden_size=10, rng=0)
    model.weights1[:], model.biases1[:], model.biases2[:] = 0, 0, 0
    model.weights1[28 * 13 + 9 + np.arange(10), np.arange(10)] = 1
    model.weights2[:] = 12 * np.eye(10)
    wrong = rng.random(2_000) < 0.3
    labels[wrong] = rng.integers(0, 10, wrong.sum())
    found = temperature(model, Split(images, labels.astype(np.uint8)))
    assert 1.5 < found < TRIED[-1]
    claimed = tempered(model.forward(images / 255), found).max(axis=1).mean()
    assert claimed == pytest.approx(np.mean(model.predict(images / 255) == labels), abs=0.02)
