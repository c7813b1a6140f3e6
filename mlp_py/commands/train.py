"""`train`: a network is trained on MNIST, natively."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import model_file, plots
from ..allographs import draw, mixed
from ..history import History
from ..mlp import MLP
from ..training import Batch, Epoch, LearningRate, train
from .arguments import positive, rate, seed
from .common import check_targets, fail, load_mnist, write

try:
    from tqdm import tqdm
except ImportError:  # a progress bar is a comfort: pip install tqdm
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
    parser.add_argument("--history", metavar="FILE.csv", help="write a line an epoch, in the columns of the page's CSV")
    parser.add_argument("--plot", metavar="FILE.svg", help="draw the loss, as .svg, .png or .pdf (needs matplotlib)")
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
    check_targets([options.save, options.history, options.plot])
    if options.plot:
        plots.check(Path(options.plot))
    mnist = load_mnist(options.data)
    n_images = options.training_images = min(options.training_images, len(mnist.train))
    learn = mixed(draw(), mnist.train, n_images) if options.augment else mnist.train[:n_images]
    try:
        model = MLP(hidden_size=options.hidden_size, rng=options.seed, dtype=options.dtype)
    except (MemoryError, ValueError) as error:  # the latter of NumPy, for what nothing could ever address
        raise MemoryError(f"{options.hidden_size:,} hidden units are too many") from error
    records = train(
        model,
        replace(mnist, train=learn),
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=LearningRate(options.learning_rate, options.decay),
        augment=options.augment,
    )
    kept = _Kept(options)
    try:
        with _progress(options.epochs * (n_images // options.batch_size)) as bar:
            for record in records:
                if bar and isinstance(record, Batch):
                    bar.update()
                    if record.batch + 1 == record.n_batches:
                        bar.clear()  # the network itself prints the epoch's line now
                elif isinstance(record, Epoch):
                    _print_epoch(record)
                    kept.add(record)
    except KeyboardInterrupt:
        n_epochs = len(kept.epochs)
        saved = kept.save(model) if n_epochs else ""
        print(f"\nStopped in epoch {n_epochs + 1} of {options.epochs}. {saved or 'Nothing is saved.'}", file=sys.stderr)
        return INTERRUPTED
    if saved := kept.save(model):
        print(saved)
    return kept.code


class _Kept:
    """What remains of a training: the network, a line an epoch, a plot, each where it is wanted.

    epochs : those that have ended
    code : the exit code, 1 when something could not be written
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.epochs: list[Epoch] = []
        self.code = 0
        self.history = History(Path(options.history), vars(options)) if options.history else None

    def add(self, epoch: Epoch) -> None:
        """Keep an epoch that has ended; a full disk shall not end the training."""
        self.epochs.append(epoch)
        try:
            if self.history:
                self.history.add(epoch)
        except OSError as error:
            self.code = fail(f"{error}. The history ends here; training goes on.")
            self.history = None

    def save(self, model: MLP) -> str:
        """Write network and plot; returns a sentence on all that is written, or "" where that is nothing."""
        written = [self.options.history] if self.history else []
        if self.options.save:
            write(Path(self.options.save), model_file.content(model_file.parameters(model)))
            written.append(self.options.save)
        if self.options.plot:
            path = Path(self.options.plot)
            write(path, plots.loss(self.epochs, path.suffix))
            written.append(self.options.plot)
        return f"Saved {', '.join(written)}" if written else ""


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
