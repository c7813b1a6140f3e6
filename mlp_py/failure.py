"""What went wrong, as plain data that the page can show."""

import traceback
from typing import NotRequired, TypedDict

from .deadline import EndlessError
from .explain import Mistake, explain, explain_syntax, in_words, phase_of
from .network_code import FILE, CodeError
from .training import DivergedError


class Failure(TypedDict):
    """What went wrong.

    kind : "refused" (what was asked for cannot be done, and message says why), "diverged" (of
        training), "code" (a mistake in a changed mlp.py), "memory", or "internal" (a mistake of ours)
    message : for a person
    line : in the changed mlp.py, counted from 1
    phase : of the notes, in which that line is
    names : what that line speaks of, in words: `X` is "(32, 784) float32, 0 to 1"
    advice : a learning rate that may do better
    """

    kind: str
    message: str
    line: NotRequired[int]
    phase: NotRequired[str]
    names: NotRequired[dict[str, str]]
    advice: NotRequired[float]


def failure_of(error: BaseException) -> Failure:
    """Tell of an exception."""
    if isinstance(error, MemoryError):
        traceback.clear_frames(error.__traceback__)  # there may be no room even for words, before what fills it is gone
    if isinstance(error, DivergedError):
        return {"kind": "diverged", "message": str(error), "advice": error.advice}
    if isinstance(error, CodeError):
        failure: Failure = {"kind": "code", "message": str(error)}
        return failure | {"line": error.line} if error.line else failure
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return _of_code(explain_syntax(error), None)
    if isinstance(error, EndlessError):
        return _of_code(Mistake(str(error), error.line, {}), phase_of(error))
    if (mistake := explain(error)) is not None:
        return _of_code(mistake, phase_of(error))
    if isinstance(error, MemoryError):
        return {"kind": "memory", "message": "There is not enough memory for this."}
    if isinstance(error, ValueError | TypeError):
        return {"kind": "refused", "message": str(error)}
    return {"kind": "internal", "message": f"This should not have happened: {type(error).__name__}: {error}"}


def _of_code(mistake: Mistake, phase: str | None) -> Failure:
    failure: Failure = {"kind": "code", "message": mistake.message, "line": mistake.line}
    if mistake.names:
        failure["names"] = in_words(mistake.names)
    return failure | {"phase": phase} if phase else failure
