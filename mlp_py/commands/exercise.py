"""`exercise`: a part of the network to be written oneself, and checked."""

import argparse
from pathlib import Path

from .. import exercises
from ..deadline import EndlessError, limited
from .arguments import positive
from .common import fail


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the command line take this command."""
    parser = commands.add_parser("exercise", help="write a part of the network yourself, and have it checked")
    parser.set_defaults(command=run)
    parser.add_argument("name", metavar="NAME", help=", ".join(each.name for each in exercises.EXERCISES))
    parser.add_argument("file", nargs="?", metavar="FILE.py", help="your answer; without it, what is asked is printed")
    parser.add_argument("--hints", type=positive, default=0, metavar="N", help="print the first N hints as well")
    parser.add_argument("--solution", action="store_true", help="print a solution")


def run(options: argparse.Namespace) -> int:
    """Print what is asked, or check an answer."""
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
        return fail(f"{options.file}, line {error.line}: {error}")
    for title in verdict.passed:
        print(f"passed: {title}")
    if verdict.is_solved:
        print(f"Solved: {asked.title}")
        return 0
    if verdict.failed:
        print(f"failed: {verdict.failed}")
    return fail(f"{options.file}{f', line {verdict.line}' if verdict.line else ''}: {verdict.message}")
