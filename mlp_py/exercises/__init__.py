"""The network written step by step: exercises in the order of the notes' phases.

Each is a module of this folder with an EXERCISE in it: text, blank, solution, hints and checks. To add one, write such
a module and put it into _MODULES; page and command line take it from there.
"""

import inspect
import io
import re
from contextlib import redirect_stdout
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from ..deadline import EndlessError
from ..failure import failure_of
from . import (
    backward_hidden,
    backward_output,
    calculate_loss,
    forward,
    he_init,
    loop,
    one_hot,
    relu,
    softmax,
    train,
    update,
)
from .answer import Answer
from .exercise import Check, Exercise, WrongError
from .own import compose

__all__ = ["EXERCISES", "Check", "Exercise", "Verdict", "WrongError", "check", "exercise", "own_network"]

_MODULES = (
    he_init, relu, softmax, forward, one_hot, calculate_loss, backward_output, backward_hidden, update, loop, train,
)  # fmt: skip

EXERCISES: tuple[Exercise, ...] = tuple(module.EXERCISE for module in _MODULES)


class Verdict(NamedTuple):
    """What the checks found.

    passed : the titles of the checks that were passed
    failed : the title of the one that was not; None when all were, or when the answer could not be run at all
    message : what is wrong, and what to look at; None when the exercise is solved
    line : of the answer, counted from 1, where it is known
    """

    passed: tuple[str, ...]
    failed: str | None
    message: str | None
    line: int | None = None

    @property
    def is_solved(self) -> bool:
        """Whether nothing is wrong."""
        return self.message is None


def exercise(name: str) -> Exercise:
    """The exercise of this name; ValueError names those that there are."""
    for each in EXERCISES:
        if each.name == name:
            return each
    raise ValueError(f"there is no exercise {name!r}; there are {', '.join(each.name for each in EXERCISES)}")


def check(name: str, text: str) -> Verdict:
    """Run an answer through the checks of its exercise, until one fails; EndlessError passes through."""
    asked = exercise(name)
    passed: list[str] = []
    failed = None
    try:
        answer = Answer.written(asked, text, compose(EXERCISES, {}))
        with np.errstate(all="ignore"):  # what is not finite is told by the checks
            for failed, run in asked.checks:
                run(answer)
                passed.append(failed)
    except WrongError as error:
        return Verdict(tuple(passed), failed, str(error))
    except (EndlessError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - of an answer, any, also what is to end Python
        failure = failure_of(error)
        return Verdict(tuple(passed), failed, failure["message"], failure.get("line"))
    return Verdict(tuple(passed), None, None)


class Unlike(NamedTuple):
    """A method that works, and not as in the notes: what it does instead, and the line of the text that does."""

    method: str
    message: str
    line: int


def unlike(network_class: type[Any]) -> Unlike | None:
    """The first thing, in the order of the notes, that a whole network does otherwise; EndlessError passes through.

    What stops the checks themselves is not told: a method may well take other arguments.
    """
    for asked in EXERCISES:
        method = vars(network_class).get(asked.method)
        if not inspect.isfunction(method):
            continue
        try:
            with np.errstate(all="ignore"), redirect_stdout(io.StringIO()):
                for _, run in asked.checks:
                    run(Answer(asked, network_class))
        except WrongError as error:
            return Unlike(asked.method, str(error), _line_of(method, str(error)))
        except (EndlessError, KeyboardInterrupt):
            raise
        except BaseException:  # noqa: BLE001 - as is said above
            continue
    return None


def _line_of(method: FunctionType, message: str) -> int:
    """Where a method makes what the message speaks of; else where it begins."""
    first = method.__code__.co_firstlineno
    lines = inspect.getsource(method).splitlines()
    for name in re.findall(r"self\.\w+", message):
        for number, line in enumerate(lines):
            if re.search(rf"{re.escape(name)} [-+]?= ", line):
                return first + number
    return first


def own_network(written: dict[str, str]) -> str:
    """The text of an mlp.py with these answers, by exercise, and our solutions for the rest."""
    return compose(EXERCISES, written)
