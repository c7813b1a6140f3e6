"""The text of mlp.py as it is shown: cut into the phases of the notes, each word with what it stands for."""

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .network_code import PHASES

ALIASES = {
    ("relu", "x"): "layer1_input",
    ("softmax", "x"): "layer2_input",
    ("calculate_loss", "y_true"): "y",
    ("calculate_loss", "y_pred"): "output",
    ("training_loop", "X_batch"): "X",
    ("training_loop", "y_batch"): "y",
    ("training_loop", "X_train"): "X",
    ("training_loop", "y_train"): "y",
}
"""Method and name of what has another name elsewhere: the same array, handed over."""

DIMENSIONS = {"batch_size": "batch", "input_size": "784", "hidden_size": "hidden", "output_size": "10"}
"""The four dimensions of all arrays, by the code's words for them; comments call them batch, 784, hidden, 10."""


class Word(NamedTuple):
    """A piece of a line.

    kind : "keyword", "string", "number", "comment", "dimension", "array", or "" for the rest
    thing : which dimension, or which array, else ""
    """

    text: str
    kind: str
    thing: str


class Line(NamedTuple):
    """A line of the file.

    number : counted from 1
    arrays : those it makes or changes
    product : the two arrays whose matrix product it takes, such as ("X.T", "d_hidden_relu"), or None
    """

    number: int
    words: list[Word]
    arrays: tuple[str, ...]
    product: tuple[str, str] | None


@dataclass(frozen=True)
class Method:
    """A method as it stands in the file, less its docstring."""

    name: str
    phase: str
    lines: list[Line]


def methods(text: str) -> list[Method]:
    """Cut the methods that the five phases consist of out of the text of an mlp.py, in its order.

    SyntaxError when the text is no Python.
    """
    made = _made(text)
    made_from = {lines[0]: names for lines, names in made.items()}
    known = {name for names in made.values() for name in names} | set(ALIASES.values()) | {"X", "y"}
    products = _products(text)
    lines = text.split("\n")  # as Python counts them; splitlines() knows further ends of lines
    tokens: dict[int, list[tokenize.TokenInfo]] = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        for piece in _by_line(token, lines):
            tokens.setdefault(piece.start[0], []).append(piece)

    def line(number: int, function: ast.FunctionDef) -> Line:
        words = _words(lines[number - 1], tokens.get(number, []), function, known)
        return Line(number, words, made_from.get(number, ()), products.get(number))

    return [
        Method(node.name, PHASES[node.name], [line(number, node) for number in _line_numbers(node)])
        for node in _functions(text)
        if node.name in PHASES
    ]


def arrays_by_line(text: str) -> dict[int, tuple[str, ...]]:
    """Which arrays each line of the text makes or changes, by their names in the notes."""
    return {line: names for lines, names in _made(text).items() for line in lines}


def _made(text: str) -> dict[range, tuple[str, ...]]:
    """The lines of each statement that makes or changes something, and what that is called."""
    return {
        _span(statement): tuple(_targets(statement, function.name))
        for function in _functions(text)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign)
    }


def _products(text: str) -> dict[int, tuple[str, str]]:
    """The matrix products of two arrays, by their lines."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and len(node.args) == 2]
    return {
        call.lineno: (_operand(call.args[0]), _operand(call.args[1]))
        for call in calls
        if ast.unparse(call.func) in ("dot", "np.dot", "np.matmul")
    }


def _operand(node: ast.expr) -> str:
    return ast.unparse(node).removeprefix("self.")


def _functions(text: str) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == "MLP":
            yield from (each for each in node.body if isinstance(each, ast.FunctionDef))


def _targets(statement: ast.Assign | ast.AugAssign | ast.AnnAssign, method: str) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    while targets:
        target = targets.pop(0)
        if isinstance(target, ast.Tuple | ast.List):
            targets = [*target.elts, *targets]
        elif isinstance(target, ast.Subscript | ast.Starred):
            targets = [target.value, *targets]
        elif isinstance(target, ast.Attribute):
            yield target.attr
        elif isinstance(target, ast.Name):
            yield ALIASES.get((method, target.id), target.id)


def _line_numbers(function: ast.FunctionDef) -> list[int]:
    """All of its lines but its docstring."""
    skipped = range(0) if ast.get_docstring(function) is None else _span(function.body[0])
    return [number for number in _span(function) if number not in skipped]


def _span(statement: ast.stmt) -> range:
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def _by_line(token: tokenize.TokenInfo, lines: list[str]) -> Iterator[tokenize.TokenInfo]:
    """A token, or where it goes over several lines, as a long string does, what each of them has of it."""
    (first, left), (last, right) = token.start, token.end
    if first == last:
        pieces = [(first, left, token.string)]
    else:
        whole = [(n, lines[n - 1][: right if n == last else None]) for n in range(first, last + 1)]
        pieces = [(n, left if n == first else len(line) - len(line.lstrip()), line) for n, line in whole]
        pieces = [(n, start, line[start:]) for n, start, line in pieces]
    for n, start, string in pieces:
        if string.strip():
            yield token._replace(string=string, start=(n, start), end=(n, start + len(string)))


def _words(text: str, tokens: list[tokenize.TokenInfo], function: ast.FunctionDef, known: set[str]) -> list[Word]:
    words: list[Word] = []
    end = function.col_offset  # the class's indentation is left out
    for token in tokens:
        words.append(Word(text[end : token.start[1]], "", ""))
        words += _comment(token.string) if token.type == tokenize.COMMENT else [_word(token, function.name, known)]
        end = token.end[1]
    words.append(Word(text.rstrip()[end:], "", ""))  # a backslash that the next line continues
    return [word for word in words if word.text]


def _word(token: tokenize.TokenInfo, method: str, known: set[str]) -> Word:
    text = token.string
    thing = ALIASES.get((method, text), text)
    if token.type == tokenize.STRING or text[-1] in "\"'":
        return Word(text, "string", "")
    if token.type == tokenize.NUMBER:
        return Word(text, "number", "")
    if keyword.iskeyword(text):
        return Word(text, "keyword", "")
    if text in DIMENSIONS:
        return Word(text, "dimension", DIMENSIONS[text])
    if token.type == tokenize.NAME and thing in known:
        return Word(text, "array", thing)
    return Word(text, "", "")


def _comment(text: str) -> list[Word]:
    """A comment, in which the shapes are made of dimensions."""
    parts = re.split(r"(?:(?<=\()|(?<=, ))(batch|hidden|784|10)(?=[,)])", text)
    return [Word(part, "dimension" if i % 2 else "comment", part if i % 2 else "") for i, part in enumerate(parts)]
