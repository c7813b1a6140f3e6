"""What code prints, kept for whoever looks on; of an endless stream only the beginning."""

import io

MOST = 4_000
"""Characters between two looks."""


class Printed(io.TextIOBase):
    """A file to print to, and to empty from time to time."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = self._left_out = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep the text, or what still fits of it."""
        kept = text[: MOST - self._length]
        if kept:
            self._parts.append(kept)
            self._length += len(kept)
        self._left_out += len(text) - len(kept)
        return len(text)

    def take(self) -> str:
        """What was printed since the last time, with a word on what did not fit."""
        text = "".join(self._parts)
        if self._left_out:
            text += f"\n… and {self._left_out:,} characters more\n"
        self._parts.clear()
        self._length = self._left_out = 0
        return text
