"""What stopped a changed mlp.py, in words that somebody who is learning understands: what met, and what to look at."""

import ast
import builtins
import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, NamedTuple

import numpy as np

from . import checks
from .network_code import FILE, PHASES

Names = dict[str, Any]

SYNTAX = {
    "expected ':'": "a colon is missing at the end of this line",
    "was never closed": "{}",
    "inconsistent use of tabs": "tabs and spaces are mixed; indent with spaces alone, four a step",
    "unexpected indent": "this line is indented further than the one before, which does not ask for it",
    "unindent does not match": "this line is indented as far as no line before it",
    "expected an indented block": "{}; indent it by four spaces",
    "unterminated string": "a string has no closing quote",
    "invalid syntax": "{}: look at this line's brackets, commas and operators, and at the end of the line before",
}
"""How Python begins or ends what it says of the text, and that in other words; {} is what Python says."""


class Mistake(NamedTuple):
    """Where and why code stopped; `line` counts from 1, `names` are those that the line speaks of, and their values."""

    message: str
    line: int
    names: Names


class _Stop(NamedTuple):
    """Code that stopped: why, in which frame, and at which expression or statement."""

    error: BaseException
    frame: FrameType
    node: ast.AST | None

    @property
    def said(self) -> str:
        """What Python says."""
        return str(self.error)


def explain_syntax(error: SyntaxError) -> Mistake:
    """Tell why a text is no Python."""
    meant = next((meaning for part, meaning in SYNTAX.items() if part in error.msg), "{}").format(error.msg)
    return Mistake(f"This is not Python yet: {meant}.", error.lineno or 1, {})


def explain(error: BaseException) -> Mistake | None:
    """Tell why code of the changed file stopped; None when it was not that code."""
    frames = list(_frames(error.__traceback__))
    if not frames:
        return None
    refused_by_us = traceback.extract_tb(error.__traceback__)[-1].filename == checks.__file__
    # What a method refuses to be given is the mistake of the line that gives it.
    frame, line, place = frames[-2 if refused_by_us and len(frames) > 1 else -1]
    tree = _tree(frame)
    node = next((node for node in ast.walk(tree) if _place(node) == place), None) or _statement(tree, line)
    stop = _Stop(error, frame, node)
    names = _names_in(node, frame)
    if (method := _without_self(error, tree)) is not None:
        takes = ", ".join(["self", *(argument.arg for argument in method.args.args)])
        remedy = f"write def {method.name}({takes}). Python hands over the network first"
        return Mistake(f"{method.name} does not take self: {remedy}.", method.lineno, names)
    told = next((told for how in _WAYS if (told := how(stop))), str(error) if refused_by_us else None)
    return Mistake(told or f"{type(error).__name__}: {error}".removesuffix(": "), line, names)


def phase_of(error: BaseException) -> str | None:
    """The phase of the notes that the code was in; a function of the learner's own belongs to the one that calls it."""
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    return next((PHASES[name] for name in reversed(names) if name in PHASES), None)


def in_words(names: Names) -> dict[str, str]:
    """Values in words: an array is "(32, 784) float32, 0 to 1"."""
    return {name: _described(value) for name, value in names.items()}


def _described(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return _shape(value)
    if not value.size or value.dtype.kind not in "fiu":
        return f"{value.shape} {value.dtype}"
    with np.errstate(all="ignore"):
        # A negative zero is a zero to whoever reads it.
        return f"{value.shape} {value.dtype}, {value.min() + 0.0:.3g} to {value.max() + 0.0:.3g}"


# ── Where it was ───────────────────────────────────────────────────────────────────────────────

_Place = tuple[int | None, int | None, int | None, int | None]
"""First and last line, first and last column, of a piece of code."""


def _frames(tb: TracebackType | None) -> Iterator[tuple[FrameType, int, _Place]]:
    """The changed file's frames, outermost first: each with its line, and where it stopped in it."""
    while tb is not None:
        if tb.tb_frame.f_code.co_filename == FILE:
            places = list(tb.tb_frame.f_code.co_positions())
            yield tb.tb_frame, tb.tb_lineno, places[tb.tb_lasti // 2]
        tb = tb.tb_next


def _tree(frame: FrameType) -> ast.Module:
    return ast.parse(str(frame.f_globals.get("__text__", "")))


def _place(node: ast.AST) -> _Place:
    first, last, left, right = (
        getattr(node, name, None) for name in ("lineno", "end_lineno", "col_offset", "end_col_offset")
    )
    return first, last, left, right


def _statement(tree: ast.Module, line: int) -> ast.AST | None:
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return next((node for node in reversed(statements) if node.lineno <= line <= (node.end_lineno or 0)), None)


# ── What is there ──────────────────────────────────────────────────────────────────────────────

HARMLESS = re.compile(r"dot|np\..*|.*\.(astype|sum|max|mean|reshape)")
"""Functions that can be called once more without changing anything."""


def _value(node: ast.expr, frame: FrameType) -> Any:
    """What an expression comes to, worked out again; KeyError where that fails, or could change something."""
    for part in ast.walk(node):
        changes = isinstance(part, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom)
        if changes or (isinstance(part, ast.Call) and not HARMLESS.fullmatch(ast.unparse(part.func))):
            raise KeyError(ast.unparse(node))
    try:
        # Of what is assigned to, too, its value.
        code = compile(ast.parse(ast.unparse(node), mode="eval"), FILE, "eval")
        return eval(code, frame.f_globals, dict(frame.f_locals))
    except Exception as error:
        raise KeyError(ast.unparse(node)) from error


def _values(nodes: Iterable[ast.expr], frame: FrameType) -> Iterator[tuple[str, Any]]:
    """What they come to, by the way they are written; without those that cannot be told."""
    for node in nodes:
        with suppress(KeyError):
            yield ast.unparse(node), _value(node, frame)


def _names_in(node: ast.AST | None, frame: FrameType) -> Names:
    """The arrays and numbers that a piece of code speaks of, by their names in it."""
    parts = [part for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)] if node else []
    read = [part for part in parts if not isinstance(part.ctx, ast.Store)]
    kinds = np.ndarray | np.number | int | float | None
    return {name: value for name, value in _values(read, frame) if isinstance(value, kinds)}


def _shape(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return str(value.shape)
    return "nothing (None)" if value is None else repr(value)


# ── Why it stopped ─────────────────────────────────────────────────────────────────────────────


def _without_self(error: BaseException, tree: ast.Module) -> ast.FunctionDef | None:
    """The method that was given more than it takes, since it does not take the network itself."""
    match = re.match(r"MLP\.(\w+)\(\) takes \d+ positional arguments? but", str(error))
    for node in ast.walk(tree) if match else ():
        if match and isinstance(node, ast.FunctionDef) and node.name == match[1]:
            return node if "self" not in [argument.arg for argument in node.args.args] else None
    return None


def _unbound(stop: _Stop) -> str | None:
    if not isinstance(stop.error, UnboundLocalError):
        return None
    (name, *_) = re.findall(r"'(\w+)'", stop.said) or ["A name"]
    return f"{name} is used before it is made: it is this method's own, and a line further down makes it."


def _unknown_name(stop: _Stop) -> str | None:
    if not isinstance(stop.error, NameError):
        return None
    name, frame = stop.error.name, stop.frame
    network = [each for each in dir(frame.f_locals.get("self")) if not each.startswith("_")]
    if name in network:
        return f"There is no {name} here. It belongs to the network: self.{name}."
    near = _near(name, [*frame.f_locals, *frame.f_globals, *dir(builtins)])
    if not near and (mine := _near(name, network)):
        near = f"self.{mine}"
    return f"There is no {name} here. {f'Did you mean {near}?' if near else 'Is it misspelt, or made later?'}"


def _unknown_attribute(stop: _Stop) -> str | None:
    if not isinstance(stop.error, AttributeError) or stop.error.obj is None:
        return None
    owner = stop.error.obj
    near = _near(stop.error.name, [name for name in dir(owner) if not name.startswith("__")])
    is_network = owner is stop.frame.f_locals.get("self")
    whose = "The network" if is_network else "NumPy" if owner is np else f"This {type(owner).__name__}"
    return f"{whose} has no {stop.error.name}.{f' Did you mean {near}?' if near else ''}"


def _near(name: str | None, names: list[str]) -> str | None:
    import difflib  # not before somebody's code has gone wrong: it would delay the start

    others = [each for each in names if each != name]
    return next(iter(difflib.get_close_matches(name or "", others, 1, 0.7)), None)


def _nothing(stop: _Stop) -> str | None:
    """What is None, mostly because a method has no return."""
    name = next((name for name, value in _names_in(stop.node, stop.frame).items() if value is None), None)
    if not name or "NoneType" not in stop.said:
        return None
    return f"{name} is nothing (None). A method without a return gives nothing: look at the one that {name} comes from."


def _shapes(stop: _Stop) -> str | None:
    """Arrays that do not fit."""
    node = stop.node
    if not isinstance(stop.error, ValueError) or not re.search("aligned|core dimension|broadcast", stop.said):
        return None
    pair: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        pair = [node.left, node.right]
    elif isinstance(node, ast.AugAssign):
        pair = [node.target, node.value]
    elif isinstance(node, ast.Call):
        pair = node.args[:2]
    met = [(name, value) for name, value in _values(pair, stop.frame) if isinstance(value, np.ndarray)]
    if len(met) != 2:
        return f"Shapes do not fit: {stop.said}."
    (a, left), (b, right) = met
    shapes = f"{a} is {left.shape} and {b} is {right.shape}"
    if "broadcast" in stop.said:
        return f"{shapes}, which do not fit together number by number. {_why_not_by_number(met)}"
    columns, rows = left.shape[-1], right.shape[0]
    rule = f"a product takes as many columns of the first as the second has rows, and {columns} is not {rows}"
    return f"{shapes}: {rule}. {_what_would_fit(met)}".strip()


def _what_would_fit(met: list[tuple[str, Any]]) -> str:
    """Of the factors of a product."""
    (a, left), (b, right) = met
    if left.ndim != 2 or right.ndim != 2:
        return ""
    fits = [(b, left.shape[1] == right.shape[1]), (a, left.shape[0] == right.shape[0])]
    ways = [name.removesuffix(".T") if name.endswith(".T") else f"{name}.T" for name, fit in fits if fit]
    if ways:
        return f"With {' or '.join(ways)} it would fit; which shape has the result to have?"
    return "Are they the wrong way round?" if right.shape[1] == left.shape[0] else ""


def _why_not_by_number(met: list[tuple[str, Any]]) -> str:
    (_, left), (_, right) = met
    for (name, small), (_, large) in (met[::-1], met):
        if small.ndim < large.ndim and small.shape == large.shape[:1]:
            return f"{name} has a number for each row and is no column: is keepdims=True missing where it is made?"
    if left.shape == right.shape[::-1]:
        return "One of them is transposed (.T)."
    return "NumPy compares shapes from the right: each pair has to be equal, or one of the two 1."


def _cast(stop: _Stop) -> str | None:
    """Whole numbers that floats cannot be written into."""
    match = re.search(r"Cannot cast ufunc '\w+' output from dtype\('(\w+)'\) to dtype\('(\w+)'\)", stop.said)
    if not match:
        return None
    target = ast.unparse(stop.node.target) if isinstance(stop.node, ast.AugAssign) else "The array that is changed"
    return f"{target} holds {match[2]}, and {match[1]} does not go in: changed in place (-=) an array keeps its dtype."


def _index(stop: _Stop) -> str | None:
    """An index that is none."""
    if not isinstance(stop.error, IndexError):
        return None
    parts = [part for part in ast.walk(stop.node) if isinstance(part, ast.Subscript)] if stop.node else []
    indices = [
        each for part in parts for each in (part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice])
    ]
    for name, value in _values(indices, stop.frame):
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return f"{name} holds {value.dtype}, and only whole numbers can be an index: .astype(int) makes labels so."
    return f"An index is not in the array: {stop.said}."


def _recursion(stop: _Stop) -> str | None:
    if not isinstance(stop.error, RecursionError):
        return None
    return f"{stop.frame.f_code.co_name} calls itself again and again, without an end."


def _memory(stop: _Stop) -> str | None:
    """More than there is room for, or more than could ever be addressed."""
    if not isinstance(stop.error, MemoryError) and not re.search("too big|dimension exceeded", stop.said):
        return None
    shape = next(
        (f", an array of shape {match[1]}" for match in [re.search(r"with shape (\([^()]*\))", stop.said)] if match), ""
    )
    return f"There is not enough memory for this{shape}: make it smaller, or keep less."


_WAYS = (_memory, _unbound, _unknown_name, _unknown_attribute, _nothing, _shapes, _cast, _index, _recursion)
