"""The page's icon as PNG files, for those who install it: drawn from icon.svg, which is a square and a path."""

import re
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

from builder.errors import BuildError
from builder.paths import SITE

SIZES = {"icon-192.png": 192, "icon-512.png": 512, "icon-180.png": 180}
"""Pixels of a side; 180 is Apple's."""

UNITS = 32  # of a side, in icon.svg
FINER = 4  # drawn so much larger, then made smaller, for smooth edges
STEPS = 32  # a curve
Point = tuple[float, float]


def write(folder: Path) -> None:
    """Write the icons into a folder. They fill the whole square: whoever shows them cuts the corners."""
    svg = (SITE / "icon.svg").read_text(encoding="utf-8")
    found = re.search(
        r'<rect [^>]*fill="(#\w+)".*<path d="([^"]+)"[^>]*stroke="(#\w+)" stroke-width="([\d.]+)"', svg, re.S
    )
    if found is None:
        raise BuildError(
            "site/icon.svg is not a square with a path on it.", "builder/icons.py draws no more than that."
        )
    ground, path, colour, width = found.groups()
    points = points_of(path)
    for name, size in SIZES.items():
        scale = size * FINER / UNITS
        image = Image.new("RGB", (size * FINER, size * FINER), ground)
        draw = ImageDraw.Draw(image)
        radius = float(width) * scale / 2
        for (x0, y0), (x1, y1) in pairwise(points):
            draw.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), colour, round(2 * radius))
        for x, y in points:  # round ends and joins
            draw.ellipse((x * scale - radius, y * scale - radius, x * scale + radius, y * scale + radius), colour)
        image.resize((size, size), Image.Resampling.LANCZOS).save(folder / name, optimize=True)


def points_of(path: str) -> list[Point]:
    """Points along an SVG path of one M, then relative cubic curves, c and s."""
    commands = [
        (name, [float(n) for n in re.findall(r"-?(?:\d*\.\d+|\d+)", rest)])
        for name, rest in re.findall(r"([Mcs])([^Mcs]*)", path)
    ]
    (start, (x, y, *_)), *curves = commands
    if start != "M":
        raise BuildError("The path in site/icon.svg begins with no M.", "builder/icons.py draws no other.")
    points, before = [(x, y)], (0.0, 0.0)
    for name, numbers in curves:
        length = {"c": 6, "s": 4}[name]
        for at in range(0, len(numbers), length):
            *first, x2, y2, x3, y3 = numbers[at : at + length]
            x1, y1 = first or before
            points += [
                (x + dx, y + dy)
                for dx, dy in (_bezier((x1, y1), (x2, y2), (x3, y3), i / STEPS) for i in range(1, STEPS + 1))
            ]
            x, y, before = x + x3, y + y3, (x3 - x2, y3 - y2)
    return points


def _bezier(one: Point, two: Point, three: Point, t: float) -> Point:
    """A point of the cubic curve from (0, 0) to `three`, https://www.w3.org/TR/SVG2/paths.html ."""
    a, b, c = 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    return a * one[0] + b * two[0] + c * three[0], a * one[1] + b * two[1] + c * three[1]
