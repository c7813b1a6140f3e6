"""JSON from strangers: nested too deep, it would end Python itself in the browser, whose stack is small."""

import json
import re
from typing import Any

import numpy as np


def loads(text: str, deepest: int) -> Any:
    """As json.loads(); ValueError also where lists and objects are nested deeper than this."""
    if depth(text) > deepest:
        raise ValueError("its brackets are nested too deep")
    return json.loads(text)


def depth(text: str) -> int:
    """How deep the brackets of a JSON text are nested; in time that grows as its length does, whatever is in it."""
    # Without what is escaped, each quotation mark begins a string or ends one.
    outside = "".join(re.sub(r"\\.", "", text, flags=re.DOTALL).split('"')[::2])
    brackets = np.frombuffer(re.sub(r"[^\[\]{}]+", "", outside).encode(), np.uint8)
    return int(np.cumsum(np.where(np.isin(brackets, list(b"[{")), 1, -1)).max(initial=0))
