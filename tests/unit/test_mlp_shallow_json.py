"""How deep JSON is nested is told without taking it apart, and in little time."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_py.shallow_json import depth, loads

from .fuzz import any_input

JSON = st.recursive(
    st.none() | st.integers() | st.text(alphabet='[]{}"\\\nä\U0001f600x'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\'), inner, max_size=3),
)


def nested(thing: object) -> int:
    """The same by Python's own lists and dicts."""
    inner = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else None
    return 0 if inner is None else 1 + max(map(nested, inner), default=0)


@any_input
@given(JSON, st.booleans())
def test_it_is_as_deep_as_its_lists_and_objects(thing: object, ascii_only: bool) -> None:
    text = json.dumps(thing, ensure_ascii=ascii_only)
    assert depth(text) == nested(thing)
    assert loads(text, nested(thing)) == thing


@pytest.mark.parametrize("text", ["[[[]]]", '{"a": [{}]}', '["x", [[]]]', "[" * 3])
def test_what_is_deeper_than_allowed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        loads(text, 2)


@pytest.mark.parametrize("escaped", ['\\"', "\\\\", "\\", '"', "[]"])
def test_a_string_without_an_end_is_no_json_soon(escaped: str) -> None:
    # Where time grows faster than the text does, this goes on for hours.
    with pytest.raises(ValueError, match=r"Unterminated|delimiter|Expecting|escape"):
        loads('["' + escaped * 500_000, 3)
