"""An exercise: what is asked, what one begins with, hints, and the checks that an answer has to pass."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .answer import Answer


class WrongError(Exception):
    """An answer does not do what is asked; the message says what it does instead, and what to look at."""


class Check(NamedTuple):
    """Something that a right answer does.

    title : in a few words, such as "each row sums to 1"
    run : does it with an answer; WrongError says what is wrong; what the answer's own code raises passes through
    """

    title: str
    run: Callable[["Answer"], None]


@dataclass(frozen=True)
class Exercise:
    """A part of the network, to be written.

    name : as in addresses and on the command line
    title : a few words
    phase : of the notes that it belongs to
    notes : where in the notes it is
    method : the one that is written
    task : what is asked, one or two sentences
    blank : what one begins with: the method, with `...` where something is missing
    solution : ours
    hints : few, each a real idea, in the order in which they are given
    checks : in the order in which they are made; the first that fails ends them
    """

    name: str
    title: str
    phase: str
    notes: str
    method: str
    task: str
    blank: str
    solution: str
    hints: tuple[str, ...]
    checks: tuple[Check, ...]
