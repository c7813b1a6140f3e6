"""What can only be a mistake is refused, up front, in words that name what was given and what is expected."""

from typing import Any

import numpy as np
import pytest

import mlp_py
from mlp_py import MLP
from mlp_py.dataset import Split

X = np.linspace(0, 1, 40 * 784).reshape(40, 784)
Y = np.arange(40) % 10


def with_number(number: float) -> Any:
    images = X.copy()
    images[33, 700] = number
    return images


BAD_IMAGES: dict[str, tuple[Any, str]] = {
    "bytes": ((255 * X).astype(np.uint8), r"0 to 255.*divide bytes by 255"),
    "floats up to 255": (255 * X, r"0 to 255.*divide bytes by 255"),
    "float32 up to 255": ((255 * X).astype(np.float32), r"divide bytes by 255"),
    "one image": (X[0], r"shape \(784,\).*X\w*\[np.newaxis\]"),
    "squares": (X.reshape(40, 28, 28), r"shape \(40, 28, 28\).*\(batch, 784\)"),
    "of another size": (X[:, :783], r"shape \(40, 783\).*\(batch, 784\)"),
    "NaN": (with_number(np.nan), "not finite"),
    "infinite": (with_number(np.inf), "not finite"),
    "minus infinite": (with_number(-np.inf), "not finite"),
    "a list": (X.tolist(), "a list"),
    "words": (X.astype(str), "array of <U"),
    "complex": (X.astype(complex), "array of complex128"),
}

BAD_LABELS: dict[str, tuple[Any, str]] = {
    "a column": (Y[:, np.newaxis], r"shape \(40, 1\).*shape \(40,\)"),
    "one-hot": (np.eye(10, dtype=int)[Y], r"shape \(40, 10\).*argmax\(axis=1\)"),
    "-1": (Y - 1, "from -1 to 8.*from 0 to 9"),
    "10": (Y + 1, "from 1 to 10.*from 0 to 9"),
    "floats": (Y.astype(float), "array of float64"),
    "words": (Y.astype(str), "array of <U"),
    "truths": (Y > 4, "array of bool"),
    "too many": (np.append(Y, 3), r"shape \(41,\).*shape \(40,\)"),
    "too few": (Y[1:], r"shape \(39,\).*shape \(40,\)"),
    "a list": (Y.tolist(), "a list"),
}

BAD_RATES: dict[str, tuple[Any, str]] = {
    "negative": (-0.01, "-0.01.*greater than 0"),
    "zero": (0, "0.*greater than 0"),
    "NaN": (float("nan"), "nan.*greater than 0"),
    "infinite": (float("inf"), "inf.*greater than 0"),
    "a word": ("0.01", "a str"),
    "an array": (np.array([0.1, 0.2]), "a ndarray"),
    "true": (True, "a bool"),
}


def cases(bad: dict[str, tuple[Any, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("given", "words"), bad.values(), ids=bad.keys())


def state(model: MLP) -> list[bytes]:
    assert isinstance(model.rng, np.random.Generator)
    arrays = [model.weights1, model.biases1, model.weights2, model.biases2]
    return [*(array.tobytes() for array in arrays), str(model.rng.bit_generator.state).encode()]


def refused(model: MLP, call: Any, words: str) -> None:
    before = state(model)
    with pytest.raises((ValueError, TypeError), match=f"(?s){words}"):
        call()
    assert state(model) == before


@cases(BAD_IMAGES)
def test_images(given: Any, words: str) -> None:
    model = MLP(hidden_size=4, rng=0)
    refused(model, lambda: model.forward(given), words)
    assert not hasattr(model, "layer1_input")
    refused(model, lambda: model.predict(given), words)
    refused(model, lambda: model.train(given, Y, epochs=1), words)


@cases(BAD_LABELS)
def test_labels(given: Any, words: str) -> None:
    model = MLP(hidden_size=4, rng=0)
    refused(model, lambda: model.train(X, given, epochs=1), words)
    output = model.forward(X)
    refused(model, lambda: model.calculate_loss(given, output), words)
    refused(model, lambda: model.backward(X, given), words)


@cases(BAD_RATES)
def test_learning_rates(given: Any, words: str) -> None:
    model = MLP(hidden_size=4, rng=0)
    refused(model, lambda: model.train(X, Y, epochs=1, learning_rate=given), words)
    model.forward(X)
    refused(model, lambda: model.backward(X, Y, given), words)


@pytest.mark.parametrize("name", ["epochs", "batch_size"])
@pytest.mark.parametrize("given", [0, -1, 1.5, "2", True, None])
def test_counts(name: str, given: Any) -> None:
    model = MLP(hidden_size=4, rng=0)
    refused(model, lambda: model.train(X, Y, **{name: given}), name)


@pytest.mark.parametrize("given", [1.5, "0", -1, [1], object()])
def test_sources_of_random_numbers(given: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="rng is"):
        MLP(rng=given)


@pytest.mark.parametrize("given", [0, -3, 1.5, "8", None])
def test_sizes(given: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="hidden_size is"):
        MLP(hidden_size=given)


def test_backward_wants_the_batch_that_forward_has_seen() -> None:
    model = MLP(hidden_size=4, rng=0)
    refused(model, lambda: model.backward(X, Y), r"forward\(\) has seen nothing; call forward\(X\) first")
    model.forward(X[:7])
    refused(model, lambda: model.backward(X, Y), r"40 images.*seen 7 images")


@pytest.mark.parametrize(
    "images",
    [X, X.astype(np.float32), X[::2], np.asfortranarray(X), (X > 0.5).astype(int), (X - 0.13) / 0.31, 300 * (X - 0.5)],
    ids=["plain", "float32", "strided", "Fortran", "ink or none", "standardized", "standardized by pixel"],
)
def test_what_may_be_meant_is_taken(images: Any) -> None:
    model = MLP(hidden_size=4, rng=0, dtype=images.dtype if images.dtype.kind == "f" else np.float64)
    assert np.isfinite(model.forward(images)).all()


@pytest.mark.parametrize("rate", [1e-300, 1, 1e300, np.float32(0.1), np.float64(0.1), np.int64(1)])
def test_extreme_rates_stay_possible(rate: float) -> None:
    model = MLP(hidden_size=4, rng=0)
    model.forward(X)
    with np.errstate(all="ignore"):
        model.backward(X, Y, rate)


def test_the_packages_own_example_learns(
    digits: Split, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = mlp_py.Mnist(digits, digits, digits)
    monkeypatch.setattr(mlp_py, "load_mnist", lambda _directory: whole)
    example = [line.removeprefix(">>> ") for line in (mlp_py.__doc__ or "").splitlines() if line.startswith(">>> ")]
    assert len(example) == 4
    exec("\n".join(example), {})
    loss = float(capsys.readouterr().out.rpartition(" ")[2])
    assert 0 < loss < 2
