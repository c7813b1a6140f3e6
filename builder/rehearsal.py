"""Runs inside Pyodide: does what the page does until somebody draws, and trains, so that what it imports is there.

Nothing of it remains but the modules, and what stands for one.
"""

import gc
import importlib
import linecache
import platform
import re
import sys
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a library that NumPy imports and the page does not use, until somebody asks for what is in it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(self.__name__, None)
        module = importlib.import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)


sys.modules["numpy.linalg._umath_linalg"] = Later("numpy.linalg._umath_linalg")

import numpy as np

from mlp_py import kernel
from mlp_py.dataset import write_idx
from mlp_py.session import Session

RUN = {"epochs": 1, "batch_size": 5, "learning_rate": 0.01, "training_images": 10, "augment": 1, "decay": 1}


def rehearse() -> None:
    """Start, read, train."""
    session = Session(5, 0)
    ask(session, "about")
    session.watch(lambda: None, lambda _line: None)
    saved = ask(session, "save")
    ask(session, "set_starter", saved, 1.5)
    points = np.array([0.3, 0.2, 0.5, 0.5, 0.4, 0.9], np.float32)
    for reader in ("starter", "mine", "random"):
        ask(session, "reading.read", points, np.array([3], np.int32), reader)
    ask(session, "load", saved, 1)
    for method, n in (("set_held_out", 2_010), ("set_allographs", 10), ("add_training_images", 10)):
        images = np.zeros((n, 28, 28), np.uint8)
        labels = np.resize(np.arange(10, dtype=np.uint8), n)
        ask(session, f"images.{method}", write_idx(images), write_idx(labels))
    settings = RUN | {"hidden_size": 5, "seed": 0}
    ask(session, "view.code")
    ask(session, "view.trace", "first", settings)
    ask(session, "begin", 1, settings, None, None)
    while not ask(session, "run_slice", 1, 0.1, None)["finished"]:
        pass
    ask(session, "checkpoint")
    ask(session, "view.weights", "mine")
    ask(session, "view.unit", 0, np.zeros(784, np.uint8), "mine")
    ask(session, "reading.film", np.zeros(784, np.uint8))
    ask(session, "reset", 5, 1)
    platform.python_version()


def ask(session: Session, request: str, *arguments: object) -> Any:
    """Ask as the page's worker does."""
    answer = session.answer(request, *arguments)
    if "failure" in answer:
        raise RuntimeError(f"{request}: {answer['failure']}")
    return answer["result"]


if kernel.backend() != "simd":
    raise RuntimeError("the kernel could not be loaded")
rehearse()
re.purge()
linecache.clearcache()
sys._clear_internal_caches()  # type: ignore[attr-defined] # new in this Python
gc.collect()
