"""Renders pen strokes as a photograph, or what a paint program makes: to see whether such pictures are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from mlp_py.drawing import Stroke

Colour = tuple[float, float, float]
# From 0, dark, to 1, light.
INKS: tuple[Colour, ...] = ((0.15, 0.2, 0.55), (0.1, 0.1, 0.12), (0.35, 0.35, 0.38), (0.7, 0.1, 0.12))
PAPERS: tuple[Colour, ...] = ((0.96, 0.96, 0.95), (0.9, 0.87, 0.78), (0.72, 0.71, 0.68), (0.8, 0.83, 0.88))


@dataclass(frozen=True)
class Scene:
    """How something is photographed. Lengths are shares of the picture's longer side.

    size : (width, height) in pixels
    box : left, top and side of the square that the strokes are in
    light : brightness at the corners relative to the middle's: (left, right, top, bottom), each added
    shadow : how much darker the shadow is, 0 for none; it lies right of a slanted soft edge
    blur : in pixels
    """

    size: tuple[int, int] = (800, 600)
    box: tuple[float, float, float] = (0.3, 0.2, 0.4)
    pen: float = 0.006
    ink: Colour = INKS[0]
    paper: Colour = PAPERS[0]
    light: tuple[float, float] = (0.0, 0.0)
    vignette: float = 0.0
    shadow: float = 0.0
    shadow_at: float = 0.7
    lines: float = 0.0
    is_squared: bool = False
    tilt: float = 0.0
    blur: float = 0.7
    noise: float = 0.015
    specks: int = 0


def any_scene(rng: np.random.Generator) -> Scene:
    """One of the many ways in which a sheet is photographed."""
    width, height = rng.permutation([rng.integers(400, 1000), rng.integers(400, 1000)]).tolist()
    longer = max(width, height)
    side = rng.uniform(0.3, 0.8) * min(width, height) / longer
    left, top = (rng.uniform(0.06, 0.94 * n / longer - side) for n in (width, height))
    return Scene(
        (width, height),
        (left, top, side),
        pen=side * rng.uniform(0.012, 0.09),
        ink=INKS[rng.integers(len(INKS))],
        paper=PAPERS[rng.integers(len(PAPERS))],
        light=(rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2)),
        vignette=rng.uniform(0, 0.35) * (rng.random() < 0.4),
        shadow=rng.uniform(0.15, 0.45) * (rng.random() < 0.4),
        shadow_at=rng.uniform(0.2, 0.9),
        lines=rng.uniform(0.03, 0.07) * (rng.random() < 0.3),
        is_squared=rng.random() < 0.5,
        tilt=rng.uniform(-4, 4),
        blur=rng.uniform(0.3, 2),
        noise=rng.uniform(0.003, 0.03),
        specks=int(rng.integers(0, 6)),
    )


def photograph(strokes: Sequence[Stroke], scene: Scene, rng: np.random.Generator) -> Image.Image:
    """The strokes, coordinates 0 to 1, as an RGB photograph."""
    width, height = scene.size
    longer = max(scene.size)
    paper = np.ones((height, width, 1)) * scene.paper
    if scene.lines:
        ruling = _ruling(scene)[..., np.newaxis]
        paper = paper * (1 - ruling) + ruling * np.array([0.6, 0.7, 0.85]) * scene.paper
    ink = _drawn(strokes, scene)[..., np.newaxis]
    sheet = paper * (1 - ink) + ink * scene.ink
    y, x = np.mgrid[:height, :width] / longer
    light = 1 + scene.light[0] * (x - 0.5) + scene.light[1] * (y - 0.5)
    light -= scene.vignette * ((x - width / longer / 2) ** 2 + (y - height / longer / 2) ** 2) * 2
    edge = 1 / (1 + np.exp(-(x + 0.3 * y - scene.shadow_at) * 40))
    light *= 1 - scene.shadow * edge
    photo = Image.fromarray(np.clip(255 * sheet * light[..., np.newaxis], 0, 255).astype(np.uint8))
    blurred = np.asarray(photo.filter(ImageFilter.GaussianBlur(scene.blur)), float)
    noisy = blurred + rng.normal(0, 255 * scene.noise, blurred.shape[:2])[..., np.newaxis]
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _drawn(strokes: Sequence[Stroke], scene: Scene) -> NDArray[np.float64]:
    """How much ink is on each pixel, 0 to 1."""
    left, top, side = (share * max(scene.size) for share in scene.box)
    lines = [[(left + x * side, top + y * side) for x, y in stroke] for stroke in strokes]
    rng = np.random.default_rng(0)
    specks = [[tuple(rng.uniform(0, 1, 2) * scene.size)] for _ in range(scene.specks)]
    pen = scene.pen * max(scene.size)
    return np.maximum(_lines(lines, scene.size, pen), _lines(specks, scene.size, min(pen, 3)))


def _ruling(scene: Scene) -> NDArray[np.float64]:
    """The lines of ruled or squared paper."""
    width, height = scene.size
    longer = max(scene.size)
    slope = np.tan(np.deg2rad(scene.tilt))
    lines: list[list[Any]] = []
    for at in np.arange(-0.3, 1.3, scene.lines) * longer:
        lines.append([(0, at), (width, at + slope * width)])
        if scene.is_squared:
            lines.append([(at, 0), (at - slope * height, height)])
    return _lines(lines, scene.size, max(1.0, 0.0016 * longer))


def _lines(lines: Sequence[Sequence[Any]], size: tuple[int, int], pen: float) -> NDArray[np.float64]:
    times = 3 if pen < 8 else 1  # for smooth edges
    image = Image.new("L", (size[0] * times, size[1] * times))
    draw = ImageDraw.Draw(image)
    for line in lines:
        places = [(x * times, y * times) for x, y in line]
        draw.line(places, 255, max(1, round(pen * times)), joint="curve")
        for x, y in (places[0], places[-1]) if len(places) < 3 else places:
            r = pen * times / 2
            draw.ellipse((x - r, y - r, x + r, y + r), 255)
    return np.asarray(image.resize(size, Image.Resampling.BOX), float) / 255
