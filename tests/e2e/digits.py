"""Ten digits as a hand would draw them: strokes of points x, y, as shares of the pad's side, y down."""

from math import cos, radians, sin

Point = tuple[float, float]
Stroke = list[Point]


def arc(centre: Point, radii: Point, start: float, end: float, step: float = 24) -> Stroke:
    """Points of an ellipse between two angles in degrees: 0 is right, 90 down, 180 left, 270 up."""
    n = max(1, round(abs(end - start) / step))
    angles = [radians(start + (end - start) * i / n) for i in range(n + 1)]
    return [(centre[0] + radii[0] * cos(angle), centre[1] + radii[1] * sin(angle)) for angle in angles]


DIGITS: list[list[Stroke]] = [
    [arc((0.5, 0.5), (0.22, 0.33), -90, 275)],
    [[(0.53, 0.15), (0.51, 0.4), (0.48, 0.65), (0.46, 0.86)]],
    [[*arc((0.48, 0.33), (0.2, 0.18), 195, 385), (0.5, 0.65), (0.29, 0.83), (0.5, 0.82), (0.74, 0.8)]],
    [[*arc((0.47, 0.32), (0.19, 0.17), 205, 445), *arc((0.47, 0.67), (0.22, 0.18), 275, 510)]],
    [
        [(0.35, 0.16), (0.29, 0.35), (0.28, 0.5), (0.5, 0.51), (0.73, 0.48)],
        [(0.67, 0.2), (0.63, 0.55), (0.6, 0.86)],
    ],
    [[(0.7, 0.17), (0.39, 0.18), (0.35, 0.46), *arc((0.47, 0.64), (0.21, 0.19), 250, 510)]],
    [[(0.6, 0.14), (0.46, 0.28), (0.36, 0.48), *arc((0.49, 0.68), (0.16, 0.16), 190, -170)]],
    [[(0.28, 0.22), (0.5, 0.21), (0.72, 0.19), (0.62, 0.42), (0.52, 0.65), (0.46, 0.86)]],
    [[*arc((0.5, 0.32), (0.15, 0.16), 70, 430), *arc((0.48, 0.67), (0.18, 0.19), 290, -70)]],
    [[*arc((0.5, 0.34), (0.16, 0.17), 350, -10), (0.65, 0.5), (0.61, 0.68), (0.56, 0.86)]],
]
"""The strokes of each digit, by the digit."""
