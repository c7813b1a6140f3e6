"""What is wrong with the names in a text, found without running it: by pyflakes, which comes with the editor."""

import ast
import difflib
from collections.abc import Iterator
from typing import NamedTuple

from .shallow_code import place_too_deep


class Remark(NamedTuple):
    """What is to be said of a line, counted from 1; an error stops the code when it gets there, a warning does not."""

    line: int
    message: str
    is_error: bool


def remarks(text: str) -> list[Remark]:
    """What pyflakes says of an mlp.py, in order; nothing of a text that is no Python yet.

    Raises ImportError where pyflakes is not installed.
    """
    from pyflakes import checker, messages  # not before somebody writes: it comes with the editor

    if place_too_deep(text):
        return []
    try:
        tree = ast.parse(text)
        told = sorted(checker.Checker(tree).messages, key=lambda message: message.lineno)
    # Which is told when it is run; ValueError: a character that is none; the last two: it is nested too deep.
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names = sorted(_defined(tree))
    found = []
    for message in told:
        name = str(message.message_args[0]) if message.message_args else ""
        if isinstance(message, messages.UndefinedName):
            found.append(Remark(message.lineno, _undefined(name, names), True))
        elif isinstance(message, messages.UnusedVariable):
            found.append(Remark(message.lineno, f"{name} is given a value here that is never used.", False))
        elif isinstance(message, messages.RedefinedWhileUnused):
            found.append(Remark(message.lineno, f"{name} is defined twice: this one counts.", False))
        else:
            sentence = message.message % message.message_args
            found.append(Remark(message.lineno, f"{sentence[0].upper()}{sentence[1:]}.", False))
    return found


def _defined(tree: ast.AST) -> Iterator[str]:
    """All names that the text gives to something, wherever."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            yield f"self.{node.attr}"
        elif isinstance(node, ast.alias):
            yield node.asname or node.name


def _undefined(name: str, defined: list[str]) -> str:
    own = f"self.{name}"
    meant = [own] if own in defined else difflib.get_close_matches(name, defined, 1)
    return f"Nothing here is called {name}." + (f" Did you mean {meant[0]}?" if meant else "")
