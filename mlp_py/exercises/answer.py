"""What somebody has written for an exercise, as a method of a network whose other methods are right."""

import ast
import linecache
from types import ModuleType
from typing import Any, Self

import numpy as np

from ..kernel import FloatArray
from ..network_code import FILE, CodeError, compiled
from .exercise import Exercise, WrongError


class Answer:
    """A method that is looked at, in a small network of this class."""

    def __init__(self, exercise: Exercise, network_class: type[Any]) -> None:
        self.exercise = exercise
        self.network_class = network_class

    @classmethod
    def written(cls, exercise: Exercise, text: str, network: str) -> Self:
        """The method that a text defines, by itself or in a class MLP.

        CodeError, or whatever the text raises, where it defines none.

        Parameters
        ----------
        network : the text of a whole network, of which the answer takes a method's place
        """
        # Tracebacks, and who explains what stopped it, find the lines here.
        linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
        defined = _module(text, FILE)
        method = defined.get(exercise.method, getattr(defined.get("MLP"), exercise.method, None))
        if not callable(method):
            raise CodeError(f"There is no function {exercise.method} in your answer: def {exercise.method}(self, …).")
        if dots := _dots(text, exercise.method):
            raise CodeError("Something is still missing here: write it in place of the three dots.", dots[0])
        whole = _module(network, "<the rest>")["MLP"]
        return cls(exercise, type("MLP", (whole,), {exercise.method: method}))

    def network(self, inputs: int = 6, hidden: int = 5, outputs: int = 4, seed: int = 0) -> Any:
        """A small network in float64 with this method."""
        return self.network_class(inputs, hidden, outputs, rng=seed)

    def call(self, *arguments: Any) -> Any:
        """Call the method of a fresh network."""
        result = getattr(self.network(), self.exercise.method)(*arguments)
        if result is None:
            raise WrongError(f"{self.exercise.method} gives nothing back (None): it needs a return.")
        return result

    def array(self, shape: tuple[int, ...], *arguments: Any) -> FloatArray:
        """The same, where an array of this shape is to come back."""
        return as_array(self.exercise.method, self.call(*arguments), shape)


def as_array(name: str, value: Any, shape: tuple[int, ...]) -> FloatArray:
    """The value, if it is an array of numbers of this shape."""
    if not isinstance(value, np.ndarray):
        raise WrongError(f"{name} is {type(value).__name__}, where an array of shape {shape} is needed.")
    if value.shape != shape:
        raise WrongError(f"{name} has shape {value.shape}, where {shape} is needed.{_about(value.shape, shape)}")
    if value.dtype.kind not in "fiu":
        raise WrongError(f"{name} holds {value.dtype}, where numbers are needed.")
    return value


def _about(shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if shape == wanted[::-1] and len(wanted) == 2:
        return " It is the other way round: a transpose (.T), or the order of the two sizes."
    if len(shape) == len(wanted) - 1:
        return " A dimension is lost: is keepdims=True missing?"
    return ""


def is_close(name: str, value: Any, wanted: FloatArray, why: str = "") -> None:
    """WrongError unless these are the same numbers; it shows the first that differs."""
    given = as_array(name, value, wanted.shape)
    with np.errstate(all="ignore"):
        differs = ~np.isclose(given.astype(np.float64), wanted, rtol=1e-6, atol=1e-9)
    if differs.any():
        place = tuple(int(i) for i in np.argwhere(differs)[0])
        where = f"{name}[{', '.join(map(str, place))}]" if place else name
        raise WrongError(f"{where} is {given[place]:.4g}, where {wanted[place]:.4g} is right. {why}".strip())


def _dots(text: str, method: str) -> list[int]:
    """The lines of a method that still have three dots in place of something."""
    methods = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == method]
    parts = [part for node in methods for part in ast.walk(node)]
    return [part.lineno for part in parts if isinstance(part, ast.Constant) and part.value is ...]


def _module(text: str, file: str) -> dict[str, Any]:
    module = ModuleType(f"{__package__}.answered")
    module.__file__ = file
    module.__dict__.update({"np": np, "dot": np.dot, "__text__": text})
    exec(compiled(text, file), module.__dict__)
    return module.__dict__
