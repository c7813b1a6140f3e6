"""A changed mlp.py goes into an address, and comes out of it."""

import base64
import json
import random
import zlib

import pytest

from mlp_py import sharing
from mlp_py.network_code import shipped

RELU = "        return np.maximum(0, x)"


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).rstrip(b"=").decode()


def test_what_is_shared_is_what_differs_and_gives_the_whole_text_again() -> None:
    text = shipped().replace(RELU, "        # Größer\n        return x * (x > 0)")
    token = sharing.shared(text)
    assert len(token) < 200
    assert token.replace("-", "").replace("_", "").isalnum()
    again, (change,) = sharing.taken(token)
    assert again == text
    line = shipped().splitlines().index(RELU) + 1
    assert change == (line, [RELU], ["        # Größer", "        return x * (x > 0)"])


def test_any_text_comes_out_as_it_went_in() -> None:
    draw = random.Random(0)
    for _ in range(30):
        lines = shipped().splitlines()
        for _ in range(draw.randrange(8)):
            at = draw.randrange(len(lines))
            lines[at : at + draw.randrange(3)] = draw.choices(["", "    pass", "x = 'ß'", "\t"], k=draw.randrange(3))
        text = "\n".join([*lines, ""])
        assert sharing.taken(sharing.shared(text))[0] == text


def test_what_does_not_fit_into_an_address_is_refused() -> None:
    draw = random.Random(0)
    noise = "\n".join(f"# {draw.random()}" for _ in range(1000))
    with pytest.raises(ValueError, match="Download it"):
        sharing.shared(noise)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "ä",
        sharing.shared(shipped() + "x = 1\n")[:-3],
        packed({"a": 1}),
        packed([[1, "old", "new"]]),
        packed([[0, [], ["x"]]]),
        packed([[1.5, [], ["x"]]]),
        packed([[True, [], ["x"]]]),
        packed([[1, [], [1]]]),
        packed([[1]]),
        packed([[5, [], ["x"]], [2, [], ["y"]]]),
        packed("x" * 2_000_000),
    ],
)
def test_what_is_damaged_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="damaged"):
        sharing.taken(token)


@pytest.mark.parametrize("change", [[1, ["what was there once"], []], [10_000, [], ["x"]]])
def test_what_was_changed_from_another_version_is_refused(change: object) -> None:
    with pytest.raises(ValueError, match="another version"):
        sharing.taken(packed([change]))
