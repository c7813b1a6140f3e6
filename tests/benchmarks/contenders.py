"""Whoever trains the network 784-128-10: how each is timed at batch 32 and 128, and over an epoch."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser

from . import browser, native, page

Sample = dict[str, float]
"""Of a round: `ms 32` and `ms 128`, milliseconds a batch; `epoch`, seconds at batch 32."""


@dataclass(frozen=True)
class Bench:
    """What there is to measure with, and how long."""

    browsers: dict[str, Browser]
    site: str
    isolated: str
    seconds: float
    n_images: int


@dataclass(frozen=True)
class Contender:
    """`measure` does one round, with a whole epoch if told so."""

    name: str
    where: str
    measure: Callable[[Bench, bool], Sample]
    browser_peer: bool = False


PAGE = "this page"
SECOND_VISIT = "Chromium, isolated, as from the second visit on"
LOOP = "mlp_py's loop alone, in Pyodide"
READABLE = "the same with mlp.py as it is read, nothing fused"
NATIVE64 = "the notes' code, natively, float64"
NATIVE32 = "the notes' code, natively, float32"
HOW = (("mapped anew", False), ("kept", True))
"""What the allocator does with the memory of an array that is freed: the same code can take three times as long."""


def all_of_them(gpu: str | None) -> list[Contender]:
    """Everyone that this machine can run."""
    us = [
        Contender(PAGE, "Chromium", _page("chromium")),
        Contender(PAGE, "Firefox", _page("firefox")),
        Contender(PAGE, SECOND_VISIT, _page("chromium", isolated=True)),
        Contender(f"{PAGE}, with augmentation and decay", "Chromium", _page("chromium", augment=1, decay=1)),
        Contender(LOOP, "Chromium", _python("ours_batch", "ours_epoch")),
        Contender(READABLE, "Chromium", _python("readable_batch", "readable_epoch")),
    ]
    notes = [
        Contender("the notes' code in Pyodide, float64", "Chromium", _python("notes_batch", "notes_epoch", "float64")),
        *(
            Contender(f"{name}, memory {how}", "1 thread", _native(dtype, False, keeps_memory))
            for name, dtype in ((NATIVE64, "float64"), (NATIVE32, "float32"))
            for how, keeps_memory in HOW
        ),
    ]
    if any(name in os.environ for name in native.OPENBLAS_CHOICE):
        notes.append(
            Contender(f"{NATIVE64}, OpenBLAS as the environment sets it", "1 thread", _native("float64", True))
        )
    peers = [
        _peer("TensorFlow.js, wasm (SIMD)", "tfjs", "wasm"),
        _peer("TensorFlow.js, wasm (SIMD)", "tfjs", "wasm", isolated=True),
        _peer("TensorFlow.js, cpu", "tfjs", "cpu"),
        _peer("jax-js, wasm (relaxed SIMD, fused)", "jax", "wasm"),
        _peer("jax-js, wasm (relaxed SIMD, fused)", "jax", "wasm", isolated=True),
        _peer("ConvNetJS", "convnetjs", "cpu"),
    ]
    if gpu:
        peers.append(Contender("TensorFlow.js, webgl", gpu, _measure_peer("tfjs", "webgl", False)))
    return us + notes + peers


def _page(name: str, isolated: bool = False, **settings: int) -> Callable[[Bench, bool], Sample]:
    def measure(bench: Bench, _epoch: bool) -> Sample:
        url = bench.isolated if isolated else bench.site
        small, large = (page.train(bench.browsers[name], url, size, bench.n_images, **settings) for size in (32, 128))
        return {"ms 32": small["ms"], "ms 128": large["ms"], "epoch": small["seconds"]}

    return measure


def _python(batch: str, epoch_function: str, *options: object) -> Callable[[Bench, bool], Sample]:
    def measure(bench: Bench, epoch: bool) -> Sample:
        with browser.opened(bench.browsers["chromium"], f"{bench.site}peers/python.html") as tab:
            sample = {
                f"ms {size}": browser.call(tab, "call", batch, *options, size, bench.seconds) for size in (32, 128)
            }
            if epoch:
                sample["epoch"] = browser.call(tab, "call", epoch_function, *options, 32, bench.n_images)
            return sample

    return measure


def _native(
    dtype: str, as_the_environment_says: bool, keeps_memory: bool | None = None
) -> Callable[[Bench, bool], Sample]:
    def measure(bench: Bench, epoch: bool) -> Sample:
        def run(function: str, *options: object) -> float:
            took = native.run(
                function,
                dtype,
                *options,
                as_the_environment_says=as_the_environment_says,
                keeps_memory=keeps_memory,
            )
            return float(took)

        sample = {f"ms {size}": run("notes_batch", size, bench.seconds) for size in (32, 128)}
        return sample | ({"epoch": run("notes_epoch", 32, bench.n_images)} if epoch else {})

    return measure


def _peer(name: str, module: str, backend: str, isolated: bool = False) -> Contender:
    where = f"Chromium, isolated: {os.cpu_count()} threads" if isolated else "Chromium"
    return Contender(name, where, _measure_peer(module, backend, isolated), browser_peer=True)


def _measure_peer(module: str, backend: str, isolated: bool) -> Callable[[Bench, bool], Sample]:
    def measure(bench: Bench, epoch: bool) -> Sample:
        url = f"{bench.isolated if isolated else bench.site}peers/peer.html"
        with browser.opened(bench.browsers["chromium"], url, peer=module, backend=backend) as tab:
            sample: Sample = {}
            for size in (32, 128):
                sample[f"ms {size}"] = browser.call(tab, "batches", size, bench.seconds)["ms"]
            if epoch:
                result = browser.call(tab, "epoch", 32, bench.n_images)
                if not 0.05 < result["loss"] < 1:
                    raise RuntimeError(f"{module} does not learn: its mean loss is {result['loss']}")
                sample["epoch"] = result["seconds"]
            return sample

    return measure
