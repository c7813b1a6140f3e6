"""`python -m mlp_py`: train, evaluate and predict natively, on the same files as the page; and its exercises."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from . import exercises, model_file
from .allographs import draw, mixed
from .dataset import N_VALIDATION, Mnist, load_mnist
from .deadline import EndlessError, limited
from .evaluation import evaluate
from .mlp import MLP
from .picture_file import save_stages
from .predicting import Answer, answers, as_data
from .training import Batch, DivergedError, Epoch, LearningRate, train

try:
    from tqdm import tqdm
except ImportError:  # a progress bar is a comfort: pip install mlp_py[cli]
    tqdm = None

INTERRUPTED = 130  # the exit code of what Ctrl-C has ended


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        with np.errstate(all="ignore"):
            return command(options)
    except DivergedError as error:
        return _fail(f"{error}. That is too high: try --learning-rate {error.advice:g}. Nothing is saved.")
    except (ValueError, OSError) as error:
        return _fail(str(error))


def _train(options: argparse.Namespace) -> int:
    mnist = _load_mnist(options.data)
    n_images = min(options.training_images, len(mnist.train))
    learn = mixed(draw(), mnist.train, n_images) if options.augment else mnist.train[:n_images]
    mnist = replace(mnist, train=learn)
    if options.save:
        _check_target(Path(options.save))
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


def _check_target(path: Path) -> None:
    """Raise ValueError where no file can be written, before hours of training are lost to it."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ValueError(f"{path} cannot be written: there is no such folder")
    if path.is_dir():
        raise ValueError(f"{path} cannot be written: it is a folder; add a file's name")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ValueError(f"{path} cannot be written: permission denied")


def _evaluate(options: argparse.Namespace) -> int:
    if not options.data and not options.pictures:
        return _fail("say what to judge it by: --data DIR for MNIST, --pictures FOLDER for pictures of yours")
    model = _load_model(options.model)
    if options.data:
        mnist = _load_mnist(options.data)
        for name, split in (("Validation", mnist.validation), ("Test", mnist.test)):
            result = evaluate(model, split)
            print(f"{name}: loss {result.loss:.4f}, accuracy {result.accuracy:.4f} ({len(split):,} images)")
    return _evaluate_pictures(model, Path(options.pictures)) if options.pictures else 0


def _evaluate_pictures(model: MLP, folder: Path) -> int:
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    files = [file for file in sorted(folder.iterdir()) if file.name[:1].isdecimal() and file.suffix != ".json"]
    if not files:
        raise ValueError(f"{folder} has no file whose name begins with its answer, such as 7.png or 107-mine.jpg")
    n_right = 0
    for file in files:
        expected = "".join(takewhile(str.isdecimal, file.name))
        [(_, answer)] = answers(model, file)
        text = answer.text if isinstance(answer, Answer) else "nothing"
        n_right += text == expected
        if text != expected:
            more = f", {answer.certainty:.0%} sure" if isinstance(answer, Answer) else f": {answer}"
            print(f"{file.name}: read {text}{more}")
    print(f"Pictures: accuracy {n_right / len(files):.4f} ({n_right} of {len(files)})")
    return 0


def _predict(options: argparse.Namespace) -> int:
    model = _load_model(options.model)
    if options.stages:
        _check_target(Path(options.stages))
    read = ((name, answer) for file in options.files for name, answer in answers(model, Path(file)))
    if options.json:
        results = list(read)
        print(json.dumps([as_data(name, answer) for name, answer in results], indent=2))
    else:
        results = list(_tabled(read, max(4, *map(len, options.files))))
    found = [answer.found for _, answer in results if isinstance(answer, Answer) and answer.found]
    if options.stages and found:
        save_stages(found, options.stages)
    elif options.stages:
        return _fail(f"{options.stages} was not written: no picture was read")
    return int(any(isinstance(answer, str) for _, answer in results))


def _tabled(read: Iterator[tuple[str, Answer | str]], width: int) -> Iterator[tuple[str, Answer | str]]:
    """Print each answer as it comes, a row each; those that cannot be read are told apart."""
    has_head = False
    for name, answer in read:
        if isinstance(answer, Answer):
            if not has_head:
                print(f"{'file':{width}}  answer   sure  perhaps")
                has_head = True
            print(f"{name:{width}}  {answer.text:6} {answer.certainty:6.1%}  {answer.perhaps}".rstrip(), flush=True)
        else:
            _fail(f"{name}: {answer}")
        yield name, answer


def _exercise(options: argparse.Namespace) -> int:
    asked = exercises.exercise(options.name)
    if options.solution:
        print(asked.solution.strip("\n"))
        return 0
    if options.file is None:
        print(f"# {asked.title} ({asked.notes})\n# {asked.task}")
        print("\n".join(f"# Hint {n}: {hint}" for n, hint in enumerate(asked.hints[: options.hints], start=1)))
        print(asked.blank.strip("\n"))
        return 0
    try:
        with limited():
            verdict = exercises.check(options.name, Path(options.file).read_text(encoding="utf-8"))
    except EndlessError as error:
        return _fail(f"{options.file}, line {error.line}: {error}")
    for title in verdict.passed:
        print(f"passed: {title}")
    if verdict.is_solved:
        print(f"Solved: {asked.title}")
        return 0
    if verdict.failed:
        print(f"failed: {verdict.failed}")
    return _fail(f"{options.file}{f', line {verdict.line}' if verdict.line else ''}: {verdict.message}")


def _load_mnist(folder: str) -> Mnist:
    mnist = load_mnist(folder)
    n_held_out = len(mnist.validation) + len(mnist.test)
    if not len(mnist.test):
        raise ValueError(
            f"{folder} has {n_held_out:,} test images (t10k-*); more than {N_VALIDATION:,} are needed, "
            f"of which {N_VALIDATION:,} are for validation"
        )
    return mnist


def _load_model(path: str) -> MLP:
    try:
        arrays, notes = model_file.read(path)
        model_file.check_is_for_digits(arrays)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    for note in notes:
        print(f"mlp_py: {path}: {note}", file=sys.stderr)
    return model_file.network(MLP, arrays)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlp_py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="train | evaluate | predict | exercise")

    training = commands.add_parser("train", help="train a network on MNIST")
    training.set_defaults(command=_train)
    training.add_argument(
        "--data", required=True, metavar="DIR", help="a folder with MNIST's IDX files, such as dist/data"
    )
    training.add_argument("--save", metavar="FILE", help="write the trained network to this .npz file")
    training.add_argument("--epochs", type=_positive, default=10)
    training.add_argument("--batch-size", type=_positive, default=32)
    training.add_argument("--learning-rate", type=_rate, default=0.01)
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
    training.add_argument("--seed", type=_seed, default=0)
    training.add_argument("--dtype", choices=("float32", "float64"), default="float32")

    prediction = commands.add_parser("predict", help="read digits from pictures, or from drawings the page exported")
    prediction.set_defaults(command=_predict)
    prediction.add_argument("--model", required=True, metavar="FILE")
    prediction.add_argument("files", nargs="+", metavar="PICTURE", help="a picture file (needs Pillow), or .json")
    prediction.add_argument("--json", action="store_true", help="print the answers as JSON")
    prediction.add_argument(
        "--stages", metavar="FILE.png", help="write a picture of how each picture became what the network reads"
    )

    exercise = commands.add_parser("exercise", help="write a part of the network yourself, and have it checked")
    exercise.set_defaults(command=_exercise)
    exercise.add_argument("name", metavar="NAME", help=", ".join(each.name for each in exercises.EXERCISES))
    exercise.add_argument(
        "file", nargs="?", metavar="FILE.py", help="your answer; without it, what is asked is printed"
    )
    exercise.add_argument("--hints", type=_positive, default=0, metavar="N", help="print the first N hints as well")
    exercise.add_argument("--solution", action="store_true", help="print a solution")

    evaluation = commands.add_parser("evaluate", help="loss and accuracy of a saved network")
    evaluation.set_defaults(command=_evaluate)
    evaluation.add_argument("--model", required=True, metavar="FILE")
    evaluation.add_argument("--data", metavar="DIR", help="a folder with MNIST's IDX files")
    evaluation.add_argument(
        "--pictures", metavar="FOLDER", help="a folder of pictures whose names begin with the answer, such as 7.png"
    )
    return parser


def _positive(text: str) -> int:
    return _whole(text, 1)


def _seed(text: str) -> int:
    return _whole(text, 0)


def _whole(text: str, least: int) -> int:
    if not text.strip().lstrip("+-").isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"must be at least {least}, a whole number; it is {text!r}")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < inf:
        raise argparse.ArgumentTypeError(f"must be a number greater than 0, such as 0.01; it is {text!r}")
    return rate


def _fail(message: str) -> int:
    print(f"mlp_py: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
