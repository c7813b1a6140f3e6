"""The phases on given images, watched: every array by its name in the notes, and the line that made it."""

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from .checks import Labels
from .fast import FastMLP
from .kernel import FloatArray
from .listing import arrays_by_line
from .mlp import MLP
from .model_file import NAMES
from .network_code import PHASES, source_of

FORWARD = ("layer1_input", "layer1_output", "layer2_input", "output")
BACKWARD = ("d_output", "d_weights2", "d_biases2", "d_hidden", "d_hidden_relu", "d_weights1", "d_biases1")


class Step(NamedTuple):
    """A line that ran: its number, counted from 1, the phase it belongs to, and the arrays that it made or changed.

    An updated array has the name `updated_weights1` and so on.
    """

    line: int
    phase: str
    arrays: tuple[str, ...]


@dataclass
class Trace:
    """What the phases came to.

    arrays : by the notes' names: X, y; weights1, biases1, weights2, biases2 as they were; y_one_hot;
        layer1_input, layer1_output, layer2_input, output; loss, shape (), and losses, shape (batch,), that of each
        image; d_output, d_weights2, d_biases2, d_hidden, d_hidden_relu, d_weights1, d_biases1; updated_weights1, ... as
        they are after the update; and loss_after, shape (), of the same images by then. What changed code does not
        make under its name is left out.
    steps : the lines that made them, in the order in which they ran
    """

    arrays: dict[str, np.ndarray]
    steps: list[Step] = field(default_factory=list)


def trace(model: MLP, X: FloatArray, y: Labels, learning_rate: float = 0.01) -> Trace:
    """Run forward, loss, backward and update on a copy of a network; the network itself is not touched.

    Parameters
    ----------
    X : array of float, shape (batch, inputs), pixels from 0 to 1
    y : array of int, shape (batch,)
    learning_rate : float, of the update
    """
    own = readable_copy(model)
    traced = Trace({"X": X, "y": y} | {name: getattr(model, name).copy() for name in NAMES})
    with _watching(own, traced):
        output = own.forward(X)
        loss = own.calculate_loss(y, output)
        own.backward(X, y, learning_rate)
    kept = {name: getattr(own, name) for name in (*FORWARD, *BACKWARD) if hasattr(own, name)}
    traced.arrays = kept | traced.arrays | {"loss": np.array(loss)}
    traced.arrays |= {f"updated_{name}": getattr(own, name).copy() for name in NAMES}
    traced.arrays["losses"] = np.array([own.calculate_loss(y[[i]], output[[i]]) for i in range(len(y))])
    traced.arrays["loss_after"] = np.array(own.calculate_loss(y, own.forward(X)))
    return traced


def readable_copy(model: MLP) -> MLP:
    """A copy with weights of its own, nothing of a batch before, and the readable lines in place of the fast ones."""
    own = copy.copy(model)
    if isinstance(model, FastMLP):
        own = MLP.__new__(MLP)  # equal to the last bit, see fast.py
        own.__dict__ = model.__dict__.copy()
    for name in NAMES:
        setattr(own, name, getattr(model, name).copy())
    for name in (*FORWARD, *BACKWARD):
        own.__dict__.pop(name, None)
    return own


@contextmanager
def _watching(model: MLP, traced: Trace) -> Iterator[None]:
    """Note, line by line, what the code of a network's class makes, as long as the context lasts."""
    text = source_of(type(model))
    made_by = arrays_by_line(text) if text else {}
    file = type(model).forward.__code__.co_filename
    last_lines: dict[FrameType, int] = {}

    def note(frame: FrameType, line: int | None) -> None:
        """A line of the frame is done."""
        done = last_lines.get(frame)
        # Of a statement of several lines each comes up by itself; it is done when one of another statement does.
        if done is not None and (names := made_by.get(done)) and (line is None or made_by.get(line) is not names):
            arrays = dict(_values(names, frame, model))
            traced.arrays |= arrays
            if arrays:
                traced.steps.append(Step(done, _phase_of(frame), tuple(arrays)))
        if line is None:
            last_lines.pop(frame, None)
        else:
            last_lines[frame] = line

    def on_call(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != file:
            return None
        if event == "line":
            note(frame, frame.f_lineno)
        elif event == "return":
            note(frame, None)
        return on_call

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)


def _phase_of(frame: FrameType | None) -> str:
    """The phase of the method that runs; a function of the learner's own belongs to the one that calls it."""
    while frame is not None:
        if frame.f_code.co_name in PHASES:
            return PHASES[frame.f_code.co_name]
        frame = frame.f_back
    return ""


def _values(names: tuple[str, ...], frame: FrameType, model: MLP) -> Iterator[tuple[str, np.ndarray]]:
    for name in names:
        value = frame.f_locals.get(name, getattr(model, name, None))
        if name == "loss" and isinstance(value, float):
            value = np.array(value)
        if isinstance(value, np.ndarray):
            yield (f"updated_{name}" if name in NAMES else name), value.copy()
