"""Properties: whatever is put in, it works, or is refused in a sentence.

Each test command tries the same few dozen examples of each; others, and more of them, by

    FUZZ=1000 .venv/bin/python -m pytest tests/unit -k test_mlp_any

which tries a thousand of each, new ones every time. Whatever is found and mended gets a plain test of its own.
"""

import os
import sys
import tracemalloc
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("FUZZ", "0"))
LONGEST = 600
"""Characters of a sentence that somebody is told."""

# Seeded unless asked for more; no folder is written, and a busy machine is no mistake.
any_input = settings(
    max_examples=EXAMPLES or (10 if sys.platform == "emscripten" else 30),  # where all takes several times as long
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


def is_sentence(text: str) -> bool:
    """Whether this may be told to a person: words, and not too many."""
    return 3 < len(text) <= LONGEST and any(character.isalpha() for character in text)


def works_or_is_refused[Result](call: Callable[[], Result]) -> Result | None:
    """Return what a call returns, or None where it was refused with a sentence; anything else goes wrong."""
    refusal: Exception
    try:
        return call()
    except (ValueError, TypeError) as error:
        refusal = error
    assert not isinstance(refusal, UnicodeError), repr(refusal)
    assert is_sentence(str(refusal)), repr(refusal)
    return None


def peak(call: Callable[[], object]) -> float:
    """How much memory a call asks for at most, in MB, be it refused or not."""
    tracemalloc.start()
    try:
        works_or_is_refused(call)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with a few bytes changed, cut out or put in, or cut short."""
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(changed)))
        how = draw(st.sampled_from(["change", "cut out", "put in", "cut short"]))
        if how == "change":
            new = draw(st.binary(min_size=1, max_size=4))
            changed[at : at + len(new)] = new
        elif how == "cut out":
            del changed[at : at + draw(st.integers(1, 300))]
        elif how == "put in":
            changed[at:at] = draw(st.binary(min_size=1, max_size=30))
        else:
            del changed[at:]
    return bytes(changed)
