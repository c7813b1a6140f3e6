"""Code that is nested too deep is told before Python takes it apart, and any other is let through."""

import ast
from importlib.resources import files

import pytest

from mlp_py.exercises import EXERCISES
from mlp_py.names import remarks
from mlp_py.network_code import CodeError, compiled, shipped
from mlp_py.shallow_code import DEEPEST, place_too_deep

MANY = 5_000
DEEP = {
    "a sum": "x = 1" + "+1" * MANY,
    "signs": "x = " + "-" * MANY + "1",
    "not": "x = " + "not " * MANY + "1",
    "attributes": "x = x" + ".x" * MANY,
    "calls": "x = x" + "()" * MANY,
    "indices": "x = x" + "[0]" * MANY,
    "conditions": "x = 1" + " if 1 else 1" * MANY,
    "lambdas": "x = " + "lambda: " * MANY + "1",
    "powers": "x = 1" + "**1" * MANY,
    "awaits": "x = " + "await " * MANY + "1",
    "stars": "x = [" + "*" * MANY + "x]",
    "elif": "if 1: pass\n" + "elif 1: pass\n" * MANY,
    "sums in calls": "x = " + "f(1 + " * (DEEPEST // 2) + "1" + ")" * (DEEPEST // 2),
    "over lines": "x = (1" + "\n+ 1" * MANY + ")",
}


def tree_depth(tree: ast.AST) -> int:
    """How many nodes lie above the deepest, without recursion."""
    level, depth = [tree], 0
    while level := [child for node in level for child in ast.iter_child_nodes(node)]:
        depth += 1
    return depth


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_nested_too_deep_is_told_in_words(kind: str) -> None:
    with pytest.raises(CodeError, match="nested too deep"):
        compiled(DEEP[kind], "mlp.py")
    assert remarks_or_none(DEEP[kind]) == []


def remarks_or_none(text: str) -> list[object]:
    try:
        return list(remarks(text))
    except ImportError:
        return []  # there is no pyflakes here


def test_the_line_is_told() -> None:
    assert place_too_deep("x = 1\n" + DEEP["a sum"]) == 2


def test_what_the_package_ships_is_far_from_too_deep() -> None:
    assert place_too_deep(shipped()) is None
    for each in EXERCISES:
        assert place_too_deep(each.blank) is None
        assert place_too_deep(each.solution) is None
    for name in ("session.py", "picture.py", "explain.py"):
        text = (files("mlp_py") / name).read_text(encoding="utf-8")
        assert place_too_deep(text) is None
        assert tree_depth(ast.parse(text)) < DEEPEST


@pytest.mark.parametrize(
    "text",
    [
        "x = [" + "-1, " * MANY + "]",
        "x = {" + "'a': -1, " * MANY + "}",
        "x = 1 + 1\n" * MANY,
        "x = (" + "'a'\n" * MANY + ")",
        "def f():\n" + "    return -1\n" * MANY,
        "f(" + "-1, " * MANY + ")",
    ],
)
def test_what_is_long_and_not_deep_is_let_through(text: str) -> None:
    assert place_too_deep(text) is None
    compiled(text, "mlp.py")


@pytest.mark.parametrize("text", ["x = (", ")" * MANY, "'", "\x00", "if 1:\n  x\n y", "x = 1 +", "\\", "é = \ud800"])
def test_what_is_no_python_is_left_to_python(text: str) -> None:
    assert place_too_deep(text) is None
    with pytest.raises((SyntaxError, CodeError)):
        compiled(text, "mlp.py")
