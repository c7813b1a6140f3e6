"""The page as a visitor has it before them in WebKit: a small page object."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from selenium.webdriver import ActionChains, Keys, WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.e2e.digits import Stroke

BOOT, PATIENCE = 60, 30  # seconds
FRESH = "A new network"  # what the status says of one that nothing has trained


class Page:
    """What to press, what to read, what to wait for."""

    def __init__(self, browser: WebKitGTK, url: str) -> None:
        self.browser = browser
        self.url = url

    # ── Opening ──────────────────────────────────────────────────────────────────────────────

    def open(self, **settings: object) -> "Page":
        """Open the page with these settings in the address, wait until it is ready, and wipe off the example."""
        self.browser.get(self.url + ("#" + urlencode(settings) if settings else ""))
        return self.wait_until_booted().clear()

    def reload(self) -> "Page":
        """Load the page anew, and wait until it is ready."""
        self.browser.refresh()
        return self.wait_until_booted()

    def wait_until_booted(self) -> "Page":
        """Wait until the page is ready; when it fails, tell why."""
        self.wait(lambda: self.state in ("ready", "failed"), "the page is there", BOOT)
        assert self.state == "ready", self.text("error")
        return self

    # ── Finding and waiting ──────────────────────────────────────────────────────────────────

    def script(self, script: str, *arguments: object) -> Any:
        """Run a script in the page; returns what it returns."""
        return self.browser.execute_script(script, *arguments)

    @property
    def state(self) -> str | None:
        """The page's data-state now; None while there is no page."""
        value: str | None = self.script("return window.diary && document.documentElement.dataset.state")
        return value

    def find(self, testid: str) -> WebElement:
        """An element by its test id."""
        return self.browser.find_element(By.CSS_SELECTOR, f'[data-testid="{testid}"]')

    def text(self, testid: str) -> str:
        """The text in an element; the driver's own way finds none in what can be scrolled out of sight."""
        return str(self.find(testid).get_property("textContent"))

    def button(self, name: str) -> WebElement:
        """The button of this name that is shown; the driver knows of no roles."""
        buttons = self.browser.find_elements(By.XPATH, f'//button[normalize-space()="{name}"]')
        (shown,) = [button for button in buttons if button.is_displayed()]
        return shown

    def press(self, name: str) -> "Page":
        """Press the button of this name."""
        button = self.button(name)
        self.script("arguments[0].scrollIntoView({ block: 'center' })", button)  # or the bar may cover it
        button.click()
        return self

    def wait(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something holds; if it does not, `what` is told, and what the page says."""

        def said() -> str:
            return f"{what}; the page: {self.state}, {self.text('status')} {self.text('error')}"

        try:
            WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(lambda _: condition())
        except Exception as error:
            raise AssertionError(f"not within {seconds} s: {said()}") from error

    def wait_for_text(self, testid: str, text: str) -> None:
        """Wait until an element's text has this in it."""
        self.wait(lambda: text in self.text(testid), f"{testid} has {text!r}")

    def wait_for_value(self, testid: str, name: str, value: str) -> None:
        """Wait until an attribute of an element has this value."""
        self.wait(lambda: self.find(testid).get_dom_attribute(name) == value, f"{testid} has {name} {value!r}")

    # ── Doing ────────────────────────────────────────────────────────────────────────────────

    def train_to_the_end(self, epochs: int) -> "Page":
        """Train a new network, since one that was trained would go on, and wait until so many epochs are done."""
        self.press("New network").wait_for_text("status", FRESH)
        self.press("Train")
        self.wait(lambda: len(self.losses()) == epochs and self.state == "ready", f"{epochs} epochs", 120)
        return self

    def losses(self) -> list[list[str]]:
        """The epoch table without the seconds, each number in full."""
        rows = self.script(
            """return [...document.querySelectorAll('[data-testid="epoch-table"] tbody tr')]
              .map((row) => [...row.cells].slice(0, 4).map((cell) => cell.dataset.value))"""
        )
        return [list(row) for row in rows]

    def clear(self) -> "Page":
        """Press Clear unless the pad is empty."""
        if self.button("Clear").is_enabled():
            self.press("Clear")
        self.wait_for_text("prediction", "?")
        return self

    def draw(self, strokes: Iterable[Stroke]) -> "Page":
        """Draw with the mouse."""
        pad = self.find("pad")
        self.script("arguments[0].scrollIntoView({ block: 'center' })", pad)
        for stroke in strokes:
            actions = ActionChains(self.browser, duration=0)
            # Offsets are from the element's middle.
            places = [((x - 0.5) * pad.rect["width"], (y - 0.5) * pad.rect["height"]) for x, y in stroke]
            for number, (right, down) in enumerate(places):
                actions.move_to_element_with_offset(pad, round(right), round(down))
                if number == 0:
                    actions.click_and_hold()
            actions.release().perform()
        return self

    def read_by(self, name: str) -> "Page":
        """Choose who reads: starter, mine or random."""
        Select(self.browser.find_element(By.ID, "reads")).select_by_value(name)
        return self

    def choose_picture(self, file: Path) -> "Page":
        """Give a picture to Read a picture."""
        self.browser.find_element(By.ID, "picture-file").send_keys(str(file))
        return self

    def look_at(self, tab: str) -> "Page":
        """Choose a tab."""
        self.script("scrollTo(0, 0)")  # further down the bar covers the tabs, and the driver does not scroll
        self.browser.find_element(By.XPATH, f'//*[@role="tab"][normalize-space()="{tab}"]').click()
        return self

    @property
    def editor(self) -> WebElement:
        """The editor of mlp.py, which lies in a shadow root."""
        find = """return [...document.querySelectorAll("*")]
          .map(({ shadowRoot }) => shadowRoot?.querySelector('[data-testid="editor"]'))
          .find((editor) => editor?.getClientRects().length)"""
        self.wait(lambda: self.script(find), "an editor")
        editor: WebElement = self.script(find)
        return editor

    def type_line(self, number: int, text: str) -> "Page":
        """Put this in place of a line of the code, from 1, after its indentation, by the keyboard."""
        self.script("arguments[0].focus()", self.editor)
        keys = ActionChains(self.browser)
        keys.key_down(Keys.CONTROL).send_keys(Keys.HOME).key_up(Keys.CONTROL)
        keys.send_keys(Keys.DOWN * (number - 1)).send_keys(Keys.END, Keys.HOME)
        keys.key_down(Keys.SHIFT).send_keys(Keys.END).key_up(Keys.SHIFT).send_keys(text).perform()
        return self

    # ── Trouble ──────────────────────────────────────────────────────────────────────────────

    def verify(self) -> None:
        """Fail if something went wrong behind the test's back, or anything came from another origin."""
        assert self.script("return diary.trouble") == []
        origins = self.script(
            "return [...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin))]"
        )
        assert set(origins) <= {self.script("return location.origin"), "null"}, origins
