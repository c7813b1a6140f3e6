"""The icons of those who install the page, and the manifest that names them."""

import json
from pathlib import Path

import pytest
from PIL import Image

from builder import icons
from builder.errors import BuildError
from builder.paths import SITE


def test_the_icons_are_the_picture_of_the_svg_in_all_sizes(tmp_path: Path) -> None:
    icons.write(tmp_path)
    for name, size in icons.SIZES.items():
        with Image.open(tmp_path / name) as image:
            assert image.size == (size, size)
            corner, stroke = (
                image.getpixel((round(x * size / 32), round(y * size / 32))) for x, y in ((1, 1), (15.5, 15))
            )
        assert (corner, stroke) == ((0x23, 0x47, 0xC5), (255, 255, 255))


def test_a_path_goes_through_the_ends_of_its_curves() -> None:
    points = icons.points_of("M1 2c0 1 2 3 3 4s.5-1 1-2")
    assert points[0] == (1, 2)
    assert points[icons.STEPS] == pytest.approx((4, 6))
    assert points[-1] == pytest.approx((5, 4))
    with pytest.raises(BuildError):
        icons.points_of("s0 1 2 3M1 2")


def test_the_manifest_names_icons_that_are_made() -> None:
    manifest = json.loads((SITE / "manifest.webmanifest").read_text())
    assert {icon["src"] for icon in manifest["icons"]} <= {"icon.svg", *icons.SIZES}
    assert manifest["start_url"] == "."
