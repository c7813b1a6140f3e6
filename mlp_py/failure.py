"""What went wrong, as plain data that the page can show."""

import traceback
from typing import NotRequired, TypedDict

from .network_code import FILE, PHASES, CodeError
from .training import DivergedError


class Failure(TypedDict):
    """What went wrong.

    kind : "refused" (what was asked for cannot be done, and message says why), "diverged" (of
        training), "code" (a mistake in a changed mlp.py), "memory", or "internal" (a mistake of ours)
    message : for a person
    line : in the changed mlp.py, counted from 1
    phase : of the notes, in which that line is
    advice : a learning rate that may do better
    """

    kind: str
    message: str
    line: NotRequired[int]
    phase: NotRequired[str]
    advice: NotRequired[float]


def failure_of(error: Exception) -> Failure:
    """Tell of an exception."""
    if isinstance(error, DivergedError):
        return {"kind": "diverged", "message": str(error), "advice": error.advice}
    if isinstance(error, CodeError):
        failure: Failure = {"kind": "code", "message": str(error)}
        return failure | {"line": error.line} if error.line else failure
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return {"kind": "code", "message": f"SyntaxError: {error.msg}", "line": error.lineno or 1}
    if frames := [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]:
        return _in_changed_code(error, frames)
    if isinstance(error, MemoryError):
        return {"kind": "memory", "message": "There is not enough memory for this."}
    if isinstance(error, ValueError | TypeError):
        return {"kind": "refused", "message": str(error)}
    return {"kind": "internal", "message": f"This should not have happened: {type(error).__name__}: {error}"}


def _in_changed_code(error: Exception, frames: list[traceback.FrameSummary]) -> Failure:
    failure: Failure = {"kind": "code", "message": f"{type(error).__name__}: {error}"}
    failure["line"] = frames[-1].lineno or 1
    # A function of the learner's own belongs to the phase that called it.
    phases = [PHASES[frame.name] for frame in frames if frame.name in PHASES]
    return failure | {"phase": phases[-1]} if phases else failure
