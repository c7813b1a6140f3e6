"""Without a network, once the page has been visited."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from builder.serve import address, make_server

from .conftest import SUB_PATH, Visit
from .digits import DIGITS
from .lab import BOOT, SMALL

WAIT_FOR_CACHE = "navigator.serviceWorker.ready.then((registration) => Boolean(registration.active))"


def test_after_a_visit_it_works_with_the_server_gone(visit: Visit, dist: Path, small_losses: list[list[str]]) -> None:
    with serving_until_gone(dist) as url:
        lab = visit(url=url, is_kept=True).open(**SMALL)
        assert lab.page.evaluate(WAIT_FOR_CACHE)
    lab.watch.expect("sw.js|Failed to load resource")
    assert lab.boot_again().train_to_the_end().losses() == small_losses
    lab.draw(DIGITS[1])
    expect(lab.prediction).to_have_text(re.compile(r"^\d$"))
    lab.change("training_images", "60000").train()
    expect(lab.error).to_contain_text("connection")


def test_from_the_second_visit_on_threads_share_large_products(visit: Visit) -> None:
    epochs = 30  # enough for the kernel of the threads to come meanwhile
    settings = {"batch_size": 1000, "hidden_size": 128, "learning_rate": 0.0003, "epochs": epochs}
    lab = visit(is_kept=True).open(**SMALL | settings)
    losses = lab.train_to_the_end(epochs).losses()
    assert lab.page.evaluate(WAIT_FOR_CACHE)
    assert not lab.page.evaluate("crossOriginIsolated")
    lab.boot_again()
    assert lab.page.evaluate("crossOriginIsolated")
    if lab.page.evaluate("navigator.hardwareConcurrency") > 1:
        with lab.page.expect_worker():
            lab.train()
    else:
        lab.train()
    assert lab.wait_for_epochs(epochs).wait_for_state("ready").losses() == losses


@pytest.mark.either
def test_it_says_when_it_works_offline_and_keeps_all_images_on_wish(visit: Visit, dist: Path) -> None:
    with serving_until_gone(dist) as url:
        lab = visit(url=url, is_kept=True).open(**SMALL | {"training_images": 20_000, "epochs": 1})
        told = lab.page.get_by_test_id("offline")
        expect(told).to_contain_text("Works offline from now on", timeout=BOOT)
        lab.button("Keep all 60,000 images as well").click()
        expect(told).to_contain_text("with all 60,000 images", timeout=BOOT)
        expect(lab.button("Keep all 60,000 images as well")).to_be_hidden()
    lab.watch.expect("sw.js|Failed to load resource")
    lab.boot_again().train_to_the_end(1)
    manifest = lab.page.evaluate("fetch('manifest.webmanifest').then((response) => response.json())")
    assert manifest["display"] == "standalone"


@contextmanager
def serving_until_gone(dist: Path) -> Iterator[str]:
    """Serve dist/ while the context lasts; at its end open connections are cut as well."""
    connections: list[socket.socket] = []
    with make_server(dist, "127.0.0.1", 0, SUB_PATH, quiet=True) as server:
        accept = server.get_request

        def remember() -> tuple[socket.socket, object]:
            connection, client = accept()
            connections.append(connection)
            return connection, client

        server.get_request = remember  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield address(server, SUB_PATH)
        server.shutdown()
        thread.join()
    for connection in connections:
        cut(connection)


def cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has been closed already
