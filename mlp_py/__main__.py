"""`python -m mlp_py`: train, evaluate and predict natively, on the same files as the page."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from .allographs import draw, mixed
from .dataset import load_mnist
from .drawing import Picture, from_file, to_mnist
from .evaluation import evaluate
from .kernel import normalize_rows
from .mlp import MLP
from .picture import read_picture
from .training import Batch, DivergedError, Epoch, LearningRate, train

try:
    from tqdm import tqdm
except ImportError:  # a progress bar is a comfort: pip install mlp_py[cli]
    tqdm = None


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        with np.errstate(all="ignore"):
            command(options)
    except DivergedError as error:
        return _fail(f"{error}. That is too high: try --learning-rate {error.advice:g}.")
    except (ValueError, OSError) as error:
        return _fail(str(error))
    return 0


def _train(options: argparse.Namespace) -> None:
    mnist = load_mnist(options.data)
    n_images = min(options.training_images, len(mnist.train))
    learn = mixed(draw(), mnist.train, n_images) if options.augment else mnist.train[:n_images]
    mnist = replace(mnist, train=learn)
    if options.save and not Path(options.save).absolute().parent.is_dir():
        raise ValueError(f"{options.save} cannot be written: there is no such folder")
    model = MLP(hidden_size=options.hidden_size, rng=options.seed, dtype=options.dtype)
    records = train(
        model,
        mnist,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=LearningRate(options.learning_rate, options.decay),
        augment=options.augment,
    )
    bar = tqdm and tqdm(total=options.epochs * (n_images // options.batch_size), unit="batch", leave=False)
    for record in records:
        if bar and isinstance(record, Batch):
            bar.update()
            if record.batch + 1 == record.n_batches:
                bar.clear()  # the network itself prints the epoch's line now
        elif isinstance(record, Epoch):
            print(
                f"    validation loss {record.validation.loss:.4f}, "
                f"validation accuracy {record.validation.accuracy:.4f}, "
                f"test accuracy {record.test.accuracy:.4f}, {record.seconds:.1f} s",
                flush=True,
            )
    if bar:
        bar.close()
    if options.save:
        model.save(options.save)
        print(f"Saved {options.save}")


def _evaluate(options: argparse.Namespace) -> None:
    model, mnist = MLP.load(options.model), load_mnist(options.data)
    for name, split in (("Validation", mnist.validation), ("Test", mnist.test)):
        result = evaluate(model, split)
        print(f"{name}: loss {result.loss:.4f}, accuracy {result.accuracy:.4f} ({len(split):,} images)")


def _predict(options: argparse.Namespace) -> None:
    model = MLP.load(options.model)
    for file in options.files:
        for picture in _pictures(Path(file)):
            probabilities = model.forward(normalize_rows(picture.reshape(1, -1), slice(None), model.weights1.dtype))[0]
            best, second = np.argsort(probabilities)[::-1][:2]
            print(
                f"{file}: {best} ({probabilities[best]:.1%} sure), else {second} ({probabilities[second]:.1%})",
                flush=True,
            )


def _pictures(file: Path) -> list[Picture]:
    """What the network reads: of a picture file one, of a file of strokes as the page exports one a drawing."""
    if file.suffix != ".json":
        return [read_picture(file)]
    try:
        pictures = [to_mnist(from_file(drawing["strokes"])) for drawing in json.loads(file.read_text())]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file} is no file of drawings, as the page exports them: {error!r}") from error
    return [picture for picture in pictures if picture is not None]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlp_py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="train | evaluate | predict")

    training = commands.add_parser("train", help="train a network on MNIST")
    training.set_defaults(command=_train)
    training.add_argument(
        "--data", required=True, metavar="DIR", help="a folder with MNIST's IDX files, such as dist/data"
    )
    training.add_argument("--save", metavar="FILE", help="write the trained network to this .npz file")
    training.add_argument("--epochs", type=_positive, default=10)
    training.add_argument("--batch-size", type=_positive, default=32)
    training.add_argument("--learning-rate", type=float, default=0.01)
    training.add_argument(
        "--decay", action=argparse.BooleanOptionalAction, default=True, help="let the learning rate fall to zero"
    )
    training.add_argument(
        "--augment",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="distort the images a little, and add allographs",
    )
    training.add_argument("--hidden-size", type=_positive, default=128)
    training.add_argument(
        "--training-images", type=_positive, default=60_000, metavar="N", help="the first N; default all"
    )
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--dtype", choices=("float32", "float64"), default="float32")

    prediction = commands.add_parser("predict", help="read digits from pictures, or from drawings the page exported")
    prediction.set_defaults(command=_predict)
    prediction.add_argument("--model", required=True, metavar="FILE")
    prediction.add_argument("files", nargs="+", metavar="PICTURE", help="a picture file (needs Pillow), or .json")

    evaluation = commands.add_parser("evaluate", help="loss and accuracy of a saved network")
    evaluation.set_defaults(command=_evaluate)
    evaluation.add_argument("--data", required=True, metavar="DIR")
    evaluation.add_argument("--model", required=True, metavar="FILE")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _fail(message: str) -> int:
    print(f"mlp_py: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
