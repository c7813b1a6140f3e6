"""`evaluate`: how good a saved network is, on MNIST or on pictures."""

import argparse
from itertools import takewhile
from pathlib import Path

from .. import plots
from ..dataset import Mnist
from ..evaluation import evaluate
from ..mlp import MLP
from ..predicting import Answer, answers
from .common import check_targets, fail, load_mnist, load_model, write


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the command line take this command."""
    parser = commands.add_parser("evaluate", help="loss and accuracy of a saved network")
    parser.set_defaults(command=run)
    parser.add_argument("--model", required=True, metavar="FILE")
    parser.add_argument("--data", metavar="DIR", help="a folder with MNIST's IDX files")
    parser.add_argument(
        "--pictures", metavar="FOLDER", help="a folder of pictures whose names begin with the answer, such as 7.png"
    )
    parser.add_argument(
        "--plot", metavar="FILE.svg", help="draw which digits of --data are read as which (needs matplotlib)"
    )


def run(options: argparse.Namespace) -> int:
    """Print loss and accuracy."""
    if not options.data and not options.pictures:
        return fail("say what to judge it by: --data DIR for MNIST, --pictures FOLDER for pictures of yours")
    if options.plot:
        if not options.data:
            return fail("--plot draws how the images of MNIST are read: add --data DIR")
        plots.check(Path(options.plot))
    pictures = _pictures(Path(options.pictures)) if options.pictures else []
    check_targets([options.plot], [options.model, *map(str, pictures)])
    model = load_model(options.model)
    if options.data:
        _evaluate_mnist(model, load_mnist(options.data), Path(options.plot) if options.plot else None)
    if pictures:
        _evaluate_pictures(model, pictures)
    return 0


def _evaluate_mnist(model: MLP, mnist: Mnist, plot: Path | None) -> None:
    for name, split in (("Validation", mnist.validation), ("Test", mnist.test)):
        result = evaluate(model, split)
        print(f"{name}: loss {result.loss:.4f}, accuracy {result.accuracy:.4f} ({len(split):,} images)")
    if plot:
        write(plot, plots.confusion(result, plot.suffix))
        print(f"Saved {plot}")


def _pictures(folder: Path) -> list[Path]:
    """The files in a folder whose names begin with their answer; ValueError where there is none."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    named = [file for file in sorted(folder.iterdir()) if file.name[:1].isdecimal() and file.is_file()]
    files = [file for file in named if file.suffix.lower() != ".json"]  # of drawings, several in each
    if not files:
        raise ValueError(f"{folder} has no file whose name begins with its answer, such as 7.png or 107-mine.jpg")
    return files


def _evaluate_pictures(model: MLP, files: list[Path]) -> None:
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
