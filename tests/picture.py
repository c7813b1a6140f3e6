"""Draw the README's picture: the page, in Chromium, after a training, with a digit on the pad.

.venv/bin/python -m tests.picture    # writes site/picture.png
"""

import io

from PIL import Image
from playwright.sync_api import ViewportSize, expect, sync_playwright

from builder.browsers import launch_options
from builder.paths import DIST, SITE
from builder.serve import serving

from .e2e.digits import DIGITS
from .e2e.lab import BOOT

PICTURE = SITE / "picture.png"
SIZE: ViewportSize = {"width": 1160, "height": 720}
COLOURS = 48


def main() -> None:
    """Open the page, draw a 2, train, and take the picture."""
    with serving(DIST) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**(launch_options(playwright.chromium) or {}))
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(url)
        expect(page.locator("html")).to_have_attribute("data-state", "ready", timeout=BOOT)
        box = page.get_by_test_id("pad").bounding_box()
        assert box
        for stroke in DIGITS[2]:
            places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place)
            page.mouse.up()
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.get_by_test_id("filmstrip").get_by_role("listitem")).to_have_count(10, timeout=2 * BOOT)
        expect(page.get_by_test_id("status")).to_contain_text("Trained")
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
