"""Whatever goes wrong in a browser behind a test's back fails the test."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError


class Watch:
    """Records console errors and warnings, uncaught errors, crashes, and requests to other origins."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.requests: list[str] = []
        self.trouble: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        context.on("console", self._take_console)
        context.on("weberror", self._take_error)
        context.on("request", self._take_request)
        context.on("page", self._take_page)

    def expect(self, pattern: str) -> None:
        """Let trouble that matches the pattern pass: the test provokes it on purpose."""
        self._expected.append(re.compile(pattern))

    def count_requests(self, part: str) -> int:
        """How many requests had this in their address."""
        return sum(part in url for url in self.requests)

    def verify(self) -> None:
        """Fail unless all was well."""
        unexpected = [what for what in self.trouble if not any(known.search(what) for known in self._expected)]
        self.trouble.clear()
        assert not unexpected, "\n".join(["the browser complains:", *unexpected])

    def _take_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(f"console {message.type}: {message.text}")

    def _take_error(self, error: WebError) -> None:
        self.trouble.append(f"uncaught error: {error.error}")

    def _take_page(self, page: Page) -> None:
        page.on("crash", lambda _page: self.trouble.append("the page crashed"))

    def _take_request(self, request: Request) -> None:
        if not request.service_worker:  # which fetches for the page what the page has asked for already
            self.requests.append(request.url)
        if request.url.startswith("http") and not request.url.startswith(self.site):
            self.trouble.append(f"foreign request: {request.url}")
