"""`predict`: a saved network reads pictures, or drawings that the page exported."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from .. import picture_file
from ..predicting import Answer, answers, as_data
from .common import check_targets, fail, load_model, write


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the command line take this command."""
    parser = commands.add_parser("predict", help="read digits from pictures, or from drawings the page exported")
    parser.set_defaults(command=run)
    parser.add_argument("--model", required=True, metavar="FILE")
    parser.add_argument("files", nargs="+", metavar="PICTURE", help="a picture file (needs Pillow), or .json")
    parser.add_argument("--json", action="store_true", help="print the answers as JSON")
    parser.add_argument(
        "--stages", metavar="FILE.png", help="write a picture of how each picture became what the network reads"
    )


def run(options: argparse.Namespace) -> int:
    """Print what is read in each file."""
    check_targets([options.stages], [options.model, *options.files])
    if options.stages:
        picture_file.check_stages(Path(options.stages))
    model = load_model(options.model)
    read = ((name, answer) for file in options.files for name, answer in answers(model, Path(file)))
    if options.json:
        results = list(read)
        print(json.dumps([as_data(name, answer) for name, answer in results], indent=2))
    else:
        results = list(_tabled(read, max(4, *map(len, options.files))))
    found = [answer.found for _, answer in results if isinstance(answer, Answer) and answer.found]
    if options.stages and found:
        stages = Path(options.stages)
        write(stages, picture_file.stages(found, stages.suffix))
    elif options.stages:
        return fail(f"{options.stages} was not written: no picture was read")
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
            fail(f"{name}: {answer}")
        yield name, answer
