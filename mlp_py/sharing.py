"""A changed mlp.py as a short text that fits into an address: what differs from the package's own, compressed."""

import base64
import binascii
import difflib
import json
import zlib
from typing import NamedTuple

from . import shallow_json
from .network_code import shipped

MOST_CHARACTERS = 8_000  # of what is shared: some browsers and messengers cut longer addresses
DEEPEST = 3  # lists in lists: lines in a change in all changes
MOST_BYTES = 1_000_000  # of what that unpacks to


class Change(NamedTuple):
    """Lines of the package's own mlp.py, the first one's number counted from 1, and what stands in their place."""

    line: int
    old: list[str]
    new: list[str]


def changes(text: str) -> list[Change]:
    """How a text differs from the package's own mlp.py."""
    old, new = shipped().splitlines(), text.splitlines()
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Change(start + 1, old[start:end], new[new_start:new_end])
        for kind, start, end, new_start, new_end in steps
        if kind != "equal"
    ]


def shared(text: str) -> str:
    """What to share of a text.

    Raises ValueError when that is too long for an address, or no text.
    """
    if not _is_text(text):
        raise ValueError("There is a character in the code that is none, so that it cannot be shared.")
    content = json.dumps(changes(text), separators=(",", ":"), ensure_ascii=False).encode()
    packed = base64.urlsafe_b64encode(zlib.compress(content, 9)).rstrip(b"=").decode()
    if len(packed) > MOST_CHARACTERS:
        raise ValueError("So much is changed that it does not fit into a link. Download it, and send the file.")
    return packed


def taken(packed: str) -> tuple[str, list[Change]]:
    """The text that somebody has shared, and what is changed in it.

    Raises ValueError when it is damaged, or made of another version of mlp.py.
    """
    found = _unpacked(packed)
    lines = shipped().splitlines()
    for change in reversed(found):
        start = change.line - 1
        if start > len(lines) or lines[start : start + len(change.old)] != change.old:
            raise ValueError("The code in this link was changed from another version of mlp.py than this one.")
        lines[start : start + len(change.old)] = change.new
    return "\n".join([*lines, ""]), found


def _unpacked(packed: str) -> list[Change]:
    damaged = ValueError("The code in this link is damaged: perhaps the link was cut.")
    try:
        compressed = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        content = inflate.decompress(compressed, MOST_BYTES)
        if not inflate.eof:
            raise damaged
        found = [Change(*change) for change in shallow_json.loads(content.decode(), DEEPEST)]
    except (binascii.Error, zlib.error, TypeError, ValueError) as error:
        raise damaged from error
    if not all(_is_change(change) for change in found) or found != sorted(found, key=lambda change: change.line):
        raise damaged
    return found


def _is_change(change: Change) -> bool:
    texts = [change.old, change.new]
    is_number = type(change.line) is int and change.line >= 1
    return is_number and all(isinstance(text, list) and all(_is_line(line) for line in text) for text in texts)


def _is_line(line: object) -> bool:
    # A single one: what is shown of a change has to be all of it.
    return isinstance(line, str) and line.splitlines() in ([], [line]) and _is_text(line)


def _is_text(text: str) -> bool:
    """Whether it can be written: half of a character of JavaScript's (a lone surrogate) cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
