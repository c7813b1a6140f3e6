"""`export`: a saved network in a format that others read."""

import argparse
from pathlib import Path

from .. import export
from .common import check_targets, read_model, write


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the command line take this command."""
    parser = commands.add_parser("export", help="write a saved network in a format that others read")
    parser.set_defaults(command=run)
    parser.add_argument("model", metavar="MODEL.npz")
    parser.add_argument("--to", required=True, choices=export.FORMATS, help="the format")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the file to write; by default, beside the model and named after it"
    )


def run(options: argparse.Namespace) -> int:
    """Write the file, or leave what was there."""
    target = Path(options.output or Path(options.model).with_suffix(f".{options.to}"))
    check_targets([str(target)], [options.model])
    write(target, export.FORMATS[options.to](read_model(options.model)))
    print(f"Wrote {target}")
    return 0
