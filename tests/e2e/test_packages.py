"""What Python can import beyond what it has in memory when it starts: it comes later, and nobody waits for it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .digits import DIGITS
from .host import Host, another_build
from .lab import SMALL, Lab

pytestmark = pytest.mark.either  # the page's own doing

PACKAGES = re.compile(r"vendor/pyodide/(python_stdlib\.zip|.*\.whl)$")
STILL_WAITING = """() => new Promise((resolve) => {
  let times = 0;
  diary.worker.addEventListener("message", ({ data }) => {
    if (data.type === "alive" && ++times >= 8) resolve();
  });
})"""
"""Comes true when the worker has said so for longer than code may be silent."""
CODE = """import statistics
import numpy.polynomial
from mlp_py.mlp import MLP
numpy.linalg.svd(numpy.eye(2))
statistics.mean([1, 2, 6])
"""


def test_without_them_one_draws_trains_looks_and_saves(lab: Lab, small_losses: list[list[str]]) -> None:
    lab.watch.expect("Failed to load resource")
    lab.break_network(PACKAGES, lambda route: route.abort())
    lab.open(**SMALL).draw(DIGITS[3])
    expect(lab.prediction).to_have_text("3")
    lab.look_at("Code")
    expect(lab.page.get_by_test_id("phase-forward")).to_contain_text("dot(X, self.weights1)")
    lab.look_at("Watch")
    assert lab.train_to_the_end().losses() == small_losses
    lab.load_model(lab.save_model())
    expect(lab.status).to_contain_text("Loaded")
    lab.reset().train_to_the_end(SMALL["epochs"])
    expect(lab.error).to_be_hidden()


def test_code_that_needs_them_waits_and_where_they_do_not_come_that_is_told(lab: Lab) -> None:
    lab.watch.expect("Failed to load resource")
    mend = lab.break_network(PACKAGES, lambda route: route.abort())
    lab.open(**SMALL).look_at("Code").write(CODE)
    lab.button("Run my code").click()
    expect(lab.error).to_contain_text(re.compile(r"(\.whl|python_stdlib\.zip) could not be fetched"))
    assert lab.state == "ready"
    mend()
    lab.button("Run my code").click()
    lab.runs_code("mine")


def test_a_slow_line_is_not_taken_for_code_that_hangs(lab: Lab) -> None:
    release = lab.hold("vendor/pyodide/python_stdlib.zip")
    lab.open(**SMALL).look_at("Code").write(CODE)
    lab.button("Run my code").click()
    lab.page.evaluate(STILL_WAITING)
    release()
    lab.runs_code("mine")
    expect(lab.error).to_be_hidden()


@pytest.mark.parametrize(
    ("condition", "unfit"),
    [("!== about.last", "=== about.last"), ("!== size", "=== size")],
)
def test_where_pythons_memory_cannot_be_gone_on_from_it_starts_anew(
    visit: Visit, host: Host, dist: Path, tmp_path: Path, small_losses: list[list[str]], condition: str, unfit: str
) -> None:
    host.deploy(another_build(dist, tmp_path / "unfit", "js/worker.js", condition, unfit))
    lab = visit(url=host.url).open(**SMALL)
    fetched = {path for path in host.requests if PACKAGES.search(path) and "pyflakes" not in path}
    assert fetched
    assert lab.train_to_the_end().losses() == small_losses
    lab.look_at("Code").write(CODE)
    lab.button("Run my code").click()
    lab.runs_code("mine")
    assert all(host.requests.count(path) == 1 for path in fetched)
