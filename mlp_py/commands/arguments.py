"""Numbers as arguments of the command line; what cannot be one is told by argparse."""

import argparse
from math import inf


def positive(text: str) -> int:
    """A whole number from 1."""
    return _whole(text, 1)


def seed(text: str) -> int:
    """A whole number from 0."""
    return _whole(text, 0)


def _whole(text: str, least: int) -> int:
    if not text.strip().lstrip("+-").isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"must be at least {least}, a whole number; it is {text!r}")
    return int(text)


def rate(text: str) -> float:
    """A number greater than 0."""
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < inf:
        raise argparse.ArgumentTypeError(f"must be a number greater than 0, such as 0.01; it is {text!r}")
    return rate
