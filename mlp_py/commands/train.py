"""`train`: a network is trained on MNIST, natively."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..allographs import draw, mixed
from ..mlp import MLP
from ..training import Batch, Epoch, LearningRate, train
from .arguments import positive, rate, seed
from .common import check_target, load_mnist

try:
    from tqdm import tqdm
except ImportError:  # a progress bar is a comfort: pip install mlp_py[cli]
    tqdm = None

INTERRUPTED = 130  # the exit code of what Ctrl-C has ended


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the command line take this command."""
    parser = commands.add_parser("train", help="train a network on MNIST")
    parser.set_defaults(command=run)
    parser.add_argument(
        "--data", required=True, metavar="DIR", help="a folder with MNIST's IDX files, such as dist/data"
    )
    parser.add_argument("--save", metavar="FILE", help="write the trained network to this .npz file")
    parser.add_argument("--epochs", type=positive, default=10)
    parser.add_argument("--batch-size", type=positive, default=32)
    parser.add_argument("--learning-rate", type=rate, default=0.01)
    parser.add_argument(
        "--decay", action=argparse.BooleanOptionalAction, default=True, help="let the learning rate fall to zero"
    )
    parser.add_argument(
        "--augment",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="distort the images a little, and add allographs",
    )
    parser.add_argument("--hidden-size", type=positive, default=128)
    parser.add_argument(
        "--training-images", type=positive, default=60_000, metavar="N", help="the first N; default all"
    )
    parser.add_argument("--seed", type=seed, default=0)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")


def run(options: argparse.Namespace) -> int:
    """Train, tell how it goes, and save."""
    mnist = load_mnist(options.data)
    n_images = min(options.training_images, len(mnist.train))
    learn = mixed(draw(), mnist.train, n_images) if options.augment else mnist.train[:n_images]
    mnist = replace(mnist, train=learn)
    if options.save:
        check_target(Path(options.save))
    model = MLP(hidden_size=options.hidden_size, rng=options.seed, dtype=options.dtype)
    records = train(
        model,
        mnist,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=LearningRate(options.learning_rate, options.decay),
        augment=options.augment,
    )
    n_epochs = 0
    try:
        with _progress(options.epochs * (n_images // options.batch_size)) as bar:
            for record in records:
                if bar and isinstance(record, Batch):
                    bar.update()
                    if record.batch + 1 == record.n_batches:
                        bar.clear()  # the network itself prints the epoch's line now
                elif isinstance(record, Epoch):
                    n_epochs += 1
                    _print_epoch(record)
    except KeyboardInterrupt:
        saved = _save(model, options.save) if n_epochs else ""
        print(f"\nStopped in epoch {n_epochs + 1} of {options.epochs}. {saved or 'Nothing is saved.'}", file=sys.stderr)
        return INTERRUPTED
    if options.save:
        print(_save(model, options.save))
    return 0


def _print_epoch(record: Epoch) -> None:
    print(
        f"    validation loss {record.validation.loss:.4f}, "
        f"validation accuracy {record.validation.accuracy:.4f}, "
        f"test accuracy {record.test.accuracy:.4f}, {record.seconds:.1f} s",
        flush=True,
    )


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """A progress bar, which is gone before anything else is told; None where there is no tqdm."""
    bar = tqdm and tqdm(total=total, unit="batch", leave=False)
    try:
        yield bar
    finally:
        if bar:
            bar.close()


def _save(model: MLP, path: str | None) -> str:
    """Save the network; returns a sentence on that, or nothing where it was not wanted."""
    if not path:
        return ""
    model.save(path)
    return f"Saved {path}"
