"""The text of mlp.py, as somebody has changed it, made into a network's class."""

import inspect
import linecache
from functools import cache
from importlib.resources import files
from types import CodeType, ModuleType

import numpy as np

from .fast import FastMLP
from .mlp import MLP
from .shallow_code import place_too_deep

FILE = "mlp.py"
"""What tracebacks call the changed file, wherever it came from."""

METHODS = ("forward", "relu", "softmax", "calculate_loss", "backward", "training_loop")

PHASES = {
    "__init__": "initialization",
    "forward": "forward",
    "relu": "forward",
    "softmax": "forward",
    "calculate_loss": "loss",
    "backward": "backward",
    "train": "training",
    "training_loop": "training",
}
"""The phase of the notes that each method belongs to."""

TOO_DEEP = "This is nested too deep for Python."


class CodeError(Exception):
    """The text is no network, though Python understands it; `line` counts from 1, or is None."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@cache
def shipped() -> str:
    """The text of the package's own mlp.py."""
    return (files(__package__) / FILE).read_text(encoding="utf-8")


def network_class(text: str) -> type[MLP]:
    """The class that a text defines as MLP; for the package's own text, the faster one that is equal to it.

    The text is compiled anew each time, never taken from a cache of byte code.

    Raises
    ------
    SyntaxError, CodeError, or whatever the code raises
        When the text cannot be compiled or run, defines no network, or its network fails on a
        batch of two blank images.
    """
    if text == shipped():
        return FastMLP
    # Tracebacks, and whoever asks for a function's source, find the lines here.
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    module = ModuleType(f"{__package__}.changed_mlp")
    module.__file__ = FILE
    module.__package__ = __package__  # so that its relative imports work
    module.__dict__["__text__"] = text  # to explain what stops it
    exec(compiled(text, FILE), module.__dict__)
    found = getattr(module, "MLP", None)
    if not isinstance(found, type):
        raise CodeError("There is no class MLP in the code.")
    found.__source__ = text  # type: ignore[attr-defined]
    _check(found)
    return found


def compiled(text: str, file: str) -> CodeType:
    """The code of a text; SyntaxError, or CodeError where Python refuses it in other ways, or would end of it."""
    if line := place_too_deep(text):
        raise CodeError(TOO_DEEP, line)
    try:
        return compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        if error.filename == file:
            raise
        raise CodeError(f"This is not Python yet: {error.msg}.") from error
    except ValueError as error:
        raise CodeError("This is not Python yet: there is a character in it that is none.") from error
    except (RecursionError, MemoryError) as error:
        raise CodeError(TOO_DEEP) from error


def source_of(network_class: type[MLP]) -> str | None:
    """The text that network_class() made this class of; for the package's own classes, that of mlp.py."""
    if network_class in (MLP, FastMLP):
        return shipped()
    return getattr(network_class, "__source__", None)


def _check(network_class: type[MLP]) -> None:
    missing = [name for name in METHODS if not callable(getattr(network_class, name, None))]
    if missing:
        raise CodeError(
            f"The class MLP has no method {' or '.join(missing)}.", getattr(network_class, "__firstlineno__", None)
        )
    loop = network_class.training_loop
    if not inspect.isgeneratorfunction(loop):
        raise CodeError(
            'training_loop has to hand over after each batch: yield "batch", loss.', loop.__code__.co_firstlineno
        )
    model = network_class(784, 4, 10, rng=0, dtype=np.float32)
    images, labels = np.zeros((2, 784), np.float32), np.array([0, 1])
    model.calculate_loss(labels, model.forward(images))
    model.backward(images, labels, 0.01)
