"""Names are checked while one writes."""

import pytest

from mlp_py.names import remarks
from mlp_py.network_code import shipped


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_nothing_is_said_of_the_shipped_code() -> None:
    assert remarks(shipped()) == []


@pytest.mark.parametrize(
    ("old", "new", "words", "is_error"),
    [
        ("np.maximum(0, x)", "np.maximum(0, xx)", "Nothing here is called xx.", True),
        ("np.maximum(0, x)", "n.maximum(0, x)", "Did you mean np?", True),
        ("dot(X, self.weights1)", "dot(X, weights1)", "Did you mean self.weights1?", True),
        ("return np.maximum(0, x)", "unused = np.maximum(0, x); return x", "unused is given a value here that", False),
        ("def relu(self, x", "def softmax(self, x", "softmax is defined twice", False),
        ("return np.maximum(0, x)", "return f'nothing'", "F-string is missing placeholders.", False),
    ],
)
def test_what_is_wrong_with_a_name_is_said_at_its_line(old: str, new: str, words: str, is_error: bool) -> None:
    assert shipped().count(old) == 1
    text = shipped().replace(old, new)
    found = [remark for remark in remarks(text) if words in remark.message]
    assert [remark.is_error for remark in found] == [is_error]
    if "twice" not in words:  # that is said of the second one
        assert found[0].line == line_of(text, new.split(";")[0])


@pytest.mark.parametrize("text", ["def forward(self:", "x = 'a\0b'", ""])
def test_nothing_is_said_of_what_is_no_python_yet(text: str) -> None:
    assert remarks(text) == []
