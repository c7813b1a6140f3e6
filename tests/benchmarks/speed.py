"""Measure how fast this page trains, natively and in real browsers, in one go, against whoever else does it.

    .venv/bin/python -m tests.benchmarks.speed            # ten to fifteen minutes, on a machine that does nothing else
    .venv/bin/python -m tests.benchmarks.speed --quick    # a minute or two, to see that it works

Prints Markdown tables; they are also in .build/benchmarks/speed.md, with every sample in speed.json beside it. It
measures dist/ as it is: build first. Peers are fetched, checked by SHA-256 and cached as the build's files are.

Everything is measured in rounds, one contender after the other, each in a fresh tab or process; a table has the
median of the rounds, and in parentheses the least and the greatest. The network is 784-128-10 for all, with plain
SGD, and every loss is read. Peers have all images in memory in the form that they like best, cut into batches
already, in an order that is not shuffled; so have the notes in the figures for a batch, while their epochs shuffle.
This page shuffles, and makes floats of bytes a batch at a time; its figures are those that it shows, and include
all that it does for its visitor. What others are held against is the notes' code natively, in the faster of two ways
of its allocator.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from builder.cache import write_atomically
from builder.errors import BuildError
from builder.serve import serving

from . import browser, contenders, native, page, quiet, report, site
from .contenders import Bench
from .loops import ALL_INK

SIZES = [(batch, hidden) for hidden in (32, 128, 512) for batch in (32, 128)]
GROWTH = {"images": (10_000, 20_000, 40_000, 60_000), "hidden": (32, 64, 128, 256, 512, 1024)}
BATCH_SIZES = (1, 8, 32, 128, 512)
POINTS = (30, 100, 300, 1000)  # of a drawing; a pen's has 30, a fast mouse's several hundred
EPOCH_ROUNDS = 3  # of those whose epochs take long
TARGET_ACCURACY = 0.975
CEILING_WASM = "wasm, 128-bit vectors, mul and add"
REST = "all but the products"  # as loops.py names it
SECTIONS = ("kernel", "ceiling", "growth", "parts", "reading", "visit", "memory")

Results = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.speed", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one short round, epochs of 10,000 images")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument(
        "--patience", type=float, default=60, metavar="SECONDS", help="wait so long for an idle machine; default: 60"
    )
    options = parser.parse_args(arguments)
    try:
        results = measure(1, True, 0) if options.quick else measure(options.rounds, False, options.patience)
    except BuildError as error:
        print(f"speed: {error}", file=sys.stderr)
        return 1
    text = write(results)
    write_atomically(site.FOLDER / "speed.md", text.encode())
    print(f"\n{text}")
    return 0


def measure(rounds: int, quick: bool, patience: float) -> Results:
    """Do all rounds; every sample is kept."""
    site.make()
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browsers = {name: browser.launch(playwright, name) for name in ("chromium", "firefox")}
        for running in browsers.values():
            stack.callback(running.close)
        bench = Bench(
            browsers,
            stack.enter_context(serving(site.SITE)),
            stack.enter_context(serving(site.SITE, handler=site.IsolatedHandler)),
            seconds=0.3 if quick else 1.0,
            n_images=10_000 if quick else 60_000,
        )
        gpu = browser.gpu(browsers["chromium"])
        who = contenders.all_of_them(gpu)
        results: Results = {"machine": machine(browsers, gpu), "images an epoch": bench.n_images}
        results["training"] = [
            {"name": one.name, "where": one.where, "peer": one.browser_peer, "ms 32": [], "ms 128": [], "epoch": []}
            for one in who
        ]
        samples: dict[str, Any] = {name: {} for name in SECTIONS} | {"busy": []}
        for number in range(rounds):
            for one, row in zip(who, results["training"], strict=True):
                begin(f"round {number + 1} of {rounds}: {one.name}, {one.where}", patience, samples)
                for name, value in one.measure(bench, number < EPOCH_ROUNDS).items():
                    row[name].append(value)
            begin("kernel, growth, parts", patience, samples)
            inside(bench, samples)
            begin("visits, memory", patience, samples)
            visits(bench, samples)
            write_atomically(site.FOLDER / "speed.json", json.dumps(results | samples, indent=1).encode())
        return results | samples


def begin(what: str, patience: float, samples: dict[str, Any]) -> None:
    """Tell how far it is, once the machine is idle; if it does not become so, that is written down."""
    if not quiet.wait(patience):
        samples["busy"].append(what)
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def machine(browsers: dict[str, Any], gpu: str | None) -> dict[str, str]:
    """What it all ran on."""
    cpus = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]  # noqa: SIM115, PTH123
    return {
        "machine": f"{platform.system()}, {cpus[0].partition(':')[2].strip() if cpus else '?'}, {os.cpu_count()} cores",
        "GPU": gpu or "none",
        "allocator": " ".join(platform.libc_ver()) or "unknown",
        "OpenBLAS's kernel": native.run("openblas"),
        "OpenBLAS's kernel as the environment sets it": native.run("openblas", as_the_environment_says=True),
        **{name.capitalize(): one.version for name, one in browsers.items()},
    }


def add(samples: dict[str, Any], name: str, value: float) -> None:
    """Append a sample to those of its name."""
    samples.setdefault(name, []).append(value)


def inside(bench: Bench, samples: dict[str, Any]) -> None:
    """One round of the kernel's speed, of what one core can do, of growth, and of a batch's parts."""
    seconds = bench.seconds / 10
    with browser.opened(bench.browsers["chromium"], f"{bench.site}peers/python.html") as tab:
        add(samples["ceiling"], CEILING_WASM, browser.call(tab, "peak"))
        for batch, hidden in SIZES:
            ours = browser.call(tab, "gflops", batch, hidden, seconds, False)
            blas = native.run("gflops", batch, hidden, seconds, True)
            for row, other in zip(ours, blas, strict=True):
                key = f"{row['name']} {batch} {hidden}"
                entry = samples["kernel"].setdefault(
                    key, row | {"batch": batch, "hidden": hidden, "ours": [], "blas": []}
                )
                entry["ours"].append(row["gflops"])
                entry["blas"].append(other["gflops"])
        growth = defaultdict(dict, samples["growth"])
        for n_images in GROWTH["images"]:
            took = browser.call(tab, "call", "ours_epoch", 32, n_images)
            add(growth["training images: seconds an epoch, batch 32"], f"{n_images:,}", took)
        for hidden in GROWTH["hidden"]:
            took = browser.call(tab, "call", "ours_batch", 32, bench.seconds / 2, hidden)
            add(growth["hidden units: ms a batch of 32"], str(hidden), took)
        for size in BATCH_SIZES:
            took = browser.call(tab, "call", "ours_batch", size, bench.seconds / 2)
            add(growth["batch size: ms a batch"], str(size), took)
            add(growth["batch size: µs an image"], str(size), 1000 * took / size)
        samples["growth"] = dict(growth)
        for points in POINTS:
            add(samples["reading"], f"{points} points", browser.call(tab, "call", "reading", points, bench.seconds / 4))
        for size in (32, 128):
            for name, value in browser.call(tab, "call", "ours_parts", size, seconds).items():
                add(samples["parts"].setdefault(str(size), {}), name, value)
    for bits, fused in ((128, False), (512, True)):
        library = str(site.compile_native_peak(bits, fused))
        kind = f"native, {bits}-bit vectors, {'fused multiply-add' if fused else 'mul and add'}"
        add(samples["ceiling"], kind, native.run("peak", library, bits))


def visits(bench: Bench, samples: dict[str, Any]) -> None:
    """One round of what a visitor waits for, and of memory."""
    for name, browser_ in bench.browsers.items():
        took = page.boots(browser_, bench.site)
        add(samples["visit"], f"{name}: first visit, s to ready", took["first"])
        add(samples["visit"], f"{name}: second visit, s to ready", took["second"])
        reached = page.reach(browser_, bench.site, TARGET_ACCURACY)
        if by_default := page.reach(browser_, bench.site, TARGET_ACCURACY, augment=1, decay=1):
            add(samples["visit"], f"{name}: the same with augmentation and decay", by_default["seconds"])
        if not reached:
            continue
        add(samples["visit"], f"{name}: s from Train to {TARGET_ACCURACY} with 60,000 images", reached["seconds"])
        add(samples["visit"], f"{name}: epochs for that", reached["epochs"])
        if name == "chromium":  # Firefox does not tell
            add(samples["visit"], f"{name}: long tasks (> 50 ms) of the page's thread meanwhile", reached["long_tasks"])
    if sys.platform == "linux":
        for name, value in page.memory(bench.browsers["chromium"], bench.site).items():
            add(samples["memory"], name, value)


# ── The report ───────────────────────────────────────────────────────────────────────────────


def find(results: Results, name: str, where: str) -> dict[str, Any]:
    """A row of the training results."""
    (row,) = [row for row in results["training"] if (row["name"], row["where"]) == (name, where)]
    return dict(row)


def fastest_native(results: Results) -> dict[str, Any]:
    """The samples of the notes' code natively in float64, each of the way in which it is faster."""
    ways = [find(results, f"{contenders.NATIVE64}, memory {how}", "1 thread") for how, _ in contenders.HOW]
    return {name: min((way[name] for way in ways), key=median) for name in ("ms 32", "ms 128", "epoch")}


def claims(results: Results) -> list[tuple[str, float, str, float]]:
    """What must be shown, measured."""
    ours = find(results, contenders.PAGE, "Chromium")
    reference = fastest_native(results)
    fastest = min((row for row in results["training"] if row["peer"]), key=lambda row: median(row["ms 32"]))
    big, whole = results["kernel"]["X W1 32 128"], results["kernel"][f"X W1, {ALL_INK} 32 128"]
    own = [
        median(row["ours"])
        for row in results["kernel"].values()
        if row["hidden"] == 128 and 2e-6 * row["m"] * row["k"] * row["n"] > 1
    ]
    asked = [
        ("batch 32, times native float64", report.ratio(ours["ms 32"], reference["ms 32"]), "<=", 1.0),
        (
            f"batch 32, times faster than the fastest peer ({fastest['name']}, {fastest['where']})",
            report.ratio(fastest["ms 32"], ours["ms 32"]),
            ">=",
            10,
        ),
        ("batch 128, times native float64", report.ratio(ours["ms 128"], reference["ms 128"]), "<=", 1.2),
        (f"s an epoch of {results['images an epoch']:,} at batch 32", median(ours["epoch"]), "<=", 1.0),
        ("an epoch, times native float64", report.ratio(ours["epoch"], reference["epoch"]), "<=", 1.0),
        (
            f"GFLOP/s of digits at (32x784)(784x128), where one OpenBLAS thread does {median(big['blas']):.0f}",
            median(big["ours"]),
            ">=",
            40,
        ),
        (
            f"of that with {ALL_INK}, times less than one core can do with 128-bit vectors in WebAssembly",
            median(results["ceiling"][CEILING_WASM]) / median(whole["ours"]),
            "<=",
            1.25,
        ),
        ("µs of a batch of 32 that are none of the products", median(results["parts"]["32"][REST]), "<=", 80),
        (
            "batch 128, isolated, times native float64",
            report.ratio(find(results, contenders.PAGE, contenders.SECOND_VISIT)["ms 128"], reference["ms 128"]),
            "<=",
            0.8,
        ),
        ("GFLOP/s at the network's slowest shape over 1 MFLOP", min(own), ">=", 20),
    ]
    if reached := results["visit"].get(f"chromium: s from Train to {TARGET_ACCURACY} with 60,000 images"):
        asked.append((f"s from Train to {TARGET_ACCURACY}", median(reached), "<=", 12))
    if results["memory"]:
        asked.append(("MB of the tab with all of MNIST, PSS, at most", max(results["memory"]["peak_pss"]), "<=", 400))
    return asked


MEMORY = """Memory, in MB, of the tab's renderer process (Linux, /proc): RSS is all its pages in memory, program and
libraries included; PSS counts those that it shares with other processes in proportion. Python's heap is within."""

CEILING = (
    """What one core can do, GFLOP/s: peak.c, twelve independent chains of x = x * a + b in registers, best of 8."""
)


def write(results: Results) -> str:
    """The whole report."""
    about = "; ".join(f"{name}: {value}" for name, value in results["machine"].items())
    busy = "; ".join(results["busy"]) or "none"
    reference = fastest_native(results)
    sections = [
        f"{about}. An epoch here is {results['images an epoch']:,} images. Begun beside other work: {busy}.",
        report.training(results["training"], reference),
        report.must_show(claims(results)),
        "GFLOP/s of the matrix product, calls from Python included, best of 8 windows; of X four of five numbers are 0 "
        "unless it says otherwise, and what is left out for that counts as done:\n\n"
        + report.kernel([*results["kernel"].values()]),
        f"{CEILING}\n\n{report.facts(results['ceiling'], 1)}",
        report.growth(results["growth"]),
        report.parts(results["parts"]),
        f"Reading a drawing, ms, from strokes to probabilities:\n\n{report.facts(results['reading'])}",
        report.facts(results["visit"]),
        f"{MEMORY}\n\n{report.facts(results['memory'], 0)}",
    ]
    return "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
