"""`python -m mlp_py`: train, evaluate and predict natively, on the same files as the page; and its exercises."""

import argparse
import sys
from collections.abc import Callable

import numpy as np

from .commands import COMMANDS
from .commands.common import fail
from .training import DivergedError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        with np.errstate(all="ignore"):
            return command(options)
    except DivergedError as error:
        return fail(f"{error}. That is too high: try --learning-rate {error.advice:g}. The network is not saved.")
    except (ValueError, OSError) as error:
        return fail(str(error))
    except MemoryError as error:
        return fail(f"there is not enough memory: {error}".removesuffix(": "))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlp_py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar=" | ".join(COMMANDS))
    for command in COMMANDS.values():
        command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
