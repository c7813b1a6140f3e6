"""The text of mlp.py, cut into what the page shows."""

import pytest

from mlp_py import network_code
from mlp_py.listing import Method, arrays_by_line, methods

TEXT = network_code.shipped()
SOURCE = TEXT.splitlines()


@pytest.fixture(scope="module")
def shown() -> list[Method]:
    return methods(TEXT)


def test_each_line_is_the_sources_own_less_the_classs_indentation(shown: list[Method]) -> None:
    for method in shown:
        for line in method.lines:
            assert "".join(word.text for word in line.words) == SOURCE[line.number - 1][4:]


def test_docstrings_are_left_out_and_nothing_else(shown: list[Method]) -> None:
    words = [word for method in shown for line in method.lines for word in line.words]
    assert not any('"""' in word.text for word in words)
    backward = next(method for method in shown if method.name == "backward")
    assert [line.arrays for line in backward.lines if line.arrays][-1] == ("biases1",)


def test_the_methods_are_those_of_the_phases_in_the_notes_order(shown: list[Method]) -> None:
    assert [(method.name, method.phase) for method in shown] == list(network_code.PHASES.items())


def test_dimensions_are_found_in_code_and_in_comments_but_not_in_any_number(shown: list[Method]) -> None:
    things = {
        word.text: word.thing for m in shown for line in m.lines for word in line.words if word.kind == "dimension"
    }
    assert things == {
        "input_size": "784", "output_size": "10", "hidden_size": "hidden", "batch_size": "batch", "batch": "batch",
        "hidden": "hidden", "784": "784", "10": "10",
    }  # fmt: skip
    (reference,) = [line for m in shown for line in m.lines if "eq. 10" in SOURCE[line.number - 1]]
    assert {word.kind for word in reference.words} == {"", "comment"}


def test_a_parameter_stands_for_the_array_that_is_handed_over(shown: list[Method]) -> None:
    relu = next(method for method in shown if method.name == "relu")
    assert {word.thing for line in relu.lines for word in line.words if word.text == "x"} == {"layer1_input"}


def test_products_are_told_with_their_operands(shown: list[Method]) -> None:
    products = {line.arrays[0]: line.product for method in shown for line in method.lines if line.product}
    assert products == {
        "layer1_input": ("X", "weights1"),
        "layer2_input": ("layer1_output", "weights2"),
        "d_weights2": ("layer1_output.T", "d_output"),
        "d_hidden": ("d_output", "weights2.T"),
        "d_weights1": ("X.T", "d_hidden_relu"),
    }


def test_a_statement_of_several_lines_makes_its_array_on_each() -> None:
    text = "class MLP:\n    def forward(self, X):\n        self.a, b[0] = (\n            1, 2)\n        c += 1\n"
    assert arrays_by_line(text) == {3: ("a", "b"), 4: ("a", "b"), 5: ("c",)}


def test_what_is_no_python_is_no_listing() -> None:
    with pytest.raises(SyntaxError):
        methods("class MLP:\n    def forward(self, X:\n")
