"""The Python that is timed, the same natively and inside Pyodide, which gets this file and notes.py as they are.

Times are of whole windows, since a browser's clock has steps of 0.1 ms. What takes microseconds is timed in several,
and the least counts: others on the machine can but add to it. Everything returned is plain.
"""

import contextlib
import io
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from mlp_py import MLP, Split, kernel
from mlp_py.fast import FastMLP
from mlp_py.session import Session

from . import notes

WARM_UP = 20  # batches
WINDOWS = 8
LEARNING_RATE = 0.01
PAPER = 0.8  # the share of a digit's pixels that are 0
ALL_INK = "no pixel 0"
"""Of a product of which nothing can be left out."""


def _window(step: Callable[[int], object], seconds: float) -> float:
    """Milliseconds a step, over about so many seconds."""
    return _windows(step, seconds, 1)[0]


def _least(steps: Mapping[str, Callable[[int], object]], seconds: float) -> dict[str, float]:
    """Milliseconds each of these steps takes at least, in windows of so many seconds in all, in turn."""
    for step in steps.values():
        _warm_up(step)
    took = [{name: _timed(step, seconds / WINDOWS) for name, step in steps.items()} for _ in range(WINDOWS)]
    return {name: min(window[name] for window in took) for name in steps}


def _windows(step: Callable[[int], object], seconds: float, n: int) -> list[float]:
    """Milliseconds a step in each of n windows of about so many seconds."""
    _warm_up(step)
    return [_timed(step, seconds) for _ in range(n)]


def _warm_up(step: Callable[[int], object]) -> None:
    for i in range(WARM_UP):
        step(i)


def _timed(step: Callable[[int], object], seconds: float) -> float:
    started = now = time.perf_counter()
    done = 0
    while now - started < seconds:
        step(done)
        done += 1
        now = time.perf_counter()
    return 1000 * (now - started) / done


# ── The notes' code ──────────────────────────────────────────────────────────────────────────


def notes_batch(data: Split, dtype: str, batch_size: int, seconds: float) -> float:
    """Milliseconds a batch: slicing from float images that are shuffled already, forward, loss, backward."""
    return _window(_notes_step(data, dtype, batch_size), seconds)


def notes_windows(data: Split, dtype: str, batch_size: int, seconds: float, n: int) -> list[float]:
    """The same in each of n windows."""
    return _windows(_notes_step(data, dtype, batch_size), seconds, n)


def _notes_step(data: Split, dtype: str, batch_size: int) -> Callable[[int], object]:
    X, y = np.divide(data.images[:12_800], 255, dtype=dtype), data.labels[:12_800]
    model = notes.MLP(dtype=dtype)

    def step(i: int) -> None:
        start_idx = i * batch_size % len(X)
        X_batch, y_batch = X[start_idx : start_idx + batch_size], y[start_idx : start_idx + batch_size]
        output = model.forward(X_batch)
        model.calculate_loss(y_batch, output)
        model.backward(X_batch, y_batch, LEARNING_RATE / batch_size)

    return step


def notes_epoch(data: Split, dtype: str, batch_size: int, n_images: int) -> float:
    """Seconds of an epoch, with the shuffling of the data that the notes do."""
    X, y = np.divide(data.images[:n_images], 255, dtype=dtype), data.labels[:n_images]
    model = notes.MLP(dtype=dtype)
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        model.train(X, y, epochs=1, batch_size=batch_size)
    return time.perf_counter() - started


# ── Ours ─────────────────────────────────────────────────────────────────────────────────────


def _steps(
    data: Split, n_images: int, batch_size: int, hidden_size: int, epochs: int, network: type[MLP] = FastMLP
) -> Iterator[float]:
    model = network(hidden_size=hidden_size, rng=0, dtype=np.float32)
    images = data[:n_images].normalized(np.float32)
    # The notes sum the gradients over the batch: the larger it is, the smaller the rate has to be.
    rate = LEARNING_RATE * min(1, 32 / batch_size)
    steps = model.training_loop(images, data.labels[:n_images], epochs, batch_size, rate)
    return (loss for ended, loss in steps if ended == "batch")


def ours_batch(data: Split, batch_size: int, seconds: float, hidden_size: int = 128) -> float:
    """Milliseconds a batch of the training loop: shuffling, bytes to floats, forward, loss, backward."""
    steps = _steps(data, 60_000, batch_size, hidden_size, epochs=10_000)
    return _window(lambda _: next(steps), seconds)


def ours_windows(data: Split, batch_size: int, seconds: float, n: int) -> list[float]:
    """The same of 128 hidden units in each of n windows."""
    steps = _steps(data, 60_000, batch_size, 128, epochs=10_000)
    return _windows(lambda _: next(steps), seconds, n)


def readable_batch(data: Split, batch_size: int, seconds: float) -> float:
    """The same of mlp.py as it is to be read, nothing fused, which is what changed code is like."""
    steps = _steps(data, 60_000, batch_size, 128, 10_000, MLP)
    return _window(lambda _: next(steps), seconds)


def ours_epoch(data: Split, batch_size: int, n_images: int) -> float:
    """Seconds of an epoch of the same."""
    return _epoch(_steps(data, n_images, batch_size, 128, epochs=1))


def readable_epoch(data: Split, batch_size: int, n_images: int) -> float:
    """Seconds of an epoch of mlp.py as it is to be read."""
    return _epoch(_steps(data, n_images, batch_size, 128, 1, MLP))


def _epoch(steps: Iterator[float]) -> float:
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in steps:
            pass
    return time.perf_counter() - started


def ours_parts(data: Split, batch_size: int, seconds: float) -> dict[str, float]:
    """Microseconds of a batch by part, each timed by itself, so many seconds."""
    model = FastMLP(rng=0, dtype=np.float32)
    images = data.normalized(np.float32)
    orders = np.random.default_rng(0).permutation(len(images))[: 100 * batch_size].reshape(100, -1)
    order = orders[0]
    X, y = images[order], data.labels[order]
    output = model.forward(X)
    rate = 1e-30  # which moves no weight
    model.backward(X, y, rate)
    a, d, w, hidden = model.layer1_output, model.d_output, model.weights2, model.d_hidden_relu
    parts: dict[str, Callable[[int], object]] = {
        "images to floats": lambda i: (images[orders[i % 100]], data.labels[orders[i % 100]]),
        "forward": lambda _: model.forward(X),
        "loss": lambda _: model.calculate_loss(y, output),
        "backward": lambda _: model.backward(X, y, rate),
        "of these, the product X W1": lambda _: kernel.dot(X, model.weights1),
        "the product H W2": lambda _: kernel.dot(a, w),
        "the product d W2'": lambda _: kernel.dot(d, w.T),
        "the update H' d": lambda _: kernel.subtract_dot(model.weights2, rate, a.T, d),
        "the update X' d": lambda _: kernel.subtract_dot(model.weights1, rate, X.T, hidden),
    }
    took = {name: 1000 * milliseconds for name, milliseconds in _least(parts, seconds).items()}
    products = sum(took[name] for name in list(parts)[4:])
    return took | {"all but the products": sum(took[name] for name in list(parts)[:4]) - products}


def reading(_data: Split, n_points: int, seconds: float) -> float:
    """Milliseconds in which Python reads a drawing of so many points, from strokes to probabilities."""
    turn = np.linspace(0, 4 * np.pi, n_points)
    points = 0.5 + 0.3 * np.stack([np.sin(turn) * np.cos(turn / 2), np.cos(turn / 2)], axis=1).astype(np.float32)
    session, lengths = Session(), np.array([n_points], np.int32)
    return _window(lambda _: session.reading.read(points.ravel(), lengths, "mine"), seconds)


# ── The matrix product ───────────────────────────────────────────────────────────────────────


def products(batch_size: int, hidden_size: int) -> list[dict[str, Any]]:
    """Describe the network's five products, the large ones also of images without paper, and make their arrays."""
    rng = np.random.default_rng(0)
    X, W1, H, W2, d2, d1 = (
        rng.standard_normal(shape, np.float32)
        for shape in (
            (batch_size, 784),
            (784, hidden_size),
            (batch_size, hidden_size),
            (hidden_size, 10),
            (batch_size, 10),
            (batch_size, hidden_size),
        )
    )
    digits = np.where(rng.random(X.shape) < PAPER, np.float32(0), X)
    cases = [
        ("X W1", digits, W1, None),
        ("H W2", H, W2, None),
        ("d2 W2'", d2, W2.T, None),
        ("W2 -= H' d2", H.T, d2, W2),
        ("W1 -= X' d1", digits.T, d1, W1),
        (f"X W1, {ALL_INK}", X, W1, None),
        (f"W1 -= X' d1, {ALL_INK}", X.T, d1, W1),
    ]
    return [{"name": name, "a": a, "b": b, "target": target} for name, a, b, target in cases]


def gflops(batch_size: int, hidden_size: int, seconds: float, blas: bool) -> list[dict[str, Any]]:
    """GFLOP/s of each product, calls included: of kernel.dot() and subtract_dot(), or of np.dot() alone."""
    cases = products(batch_size, hidden_size)
    calls = {case["name"]: _call(case["a"], case["b"], case["target"], blas) for case in cases}
    rows = []
    for case, milliseconds in zip(cases, _least(calls, seconds).values(), strict=True):
        (m, k), n = case["a"].shape, case["b"].shape[1]
        rows.append({"name": case["name"], "m": m, "k": k, "n": n, "gflops": 2e-6 * m * n * k / milliseconds})
    return rows


def _call(a: Any, b: Any, target: Any, blas: bool) -> Callable[[int], object]:
    if blas:
        out = np.empty((a.shape[0], b.shape[1]), a.dtype)
        return lambda _: np.dot(a, b, out)
    if target is None:
        return lambda _: kernel.dot(a, b)
    return lambda _: kernel.subtract_dot(target, 1e-9, a, b)
