"""Build, then check formatting, types and behaviour."""

PARTS: dict[str, object] = {}


def run(parts: list[str]) -> int:
    """Run."""
    return 0
