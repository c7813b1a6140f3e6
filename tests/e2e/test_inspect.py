"""Inspect: what is taken for what, the images behind it, the hidden units, and what still reads when it is broken."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .digits import DIGITS
from .lab import SMALL, Lab

pytestmark = pytest.mark.either  # Python computes, and the page shows

SORTED = """
() => new Promise((resolve) => {
  const look = () => {
    const units = [...document.querySelectorAll("[data-testid^=hidden-unit-]")];
    const fires = units.map((unit) => Number(unit.dataset.fire));
    // Changes too small to be seen are not painted.
    if (fires[0] > 0.9 && fires.every((fire, i) => i === 0 || fire <= fires[i - 1] + 0.17)) resolve();
    else requestAnimationFrame(look);
  };
  look();
})
"""
"""Ends when the brightest of the hidden units comes first, and the faintest last."""


@pytest.fixture
def inspected(bench: Lab) -> Lab:
    """The Inspect tab of a network that has learned a little."""
    bench.use(**SMALL).train_to_the_end().look_at("Inspect")
    expect(hint(bench)).to_contain_text(f"Of 8,000 test images it reads {accuracy(bench)} right")
    return bench


def accuracy(lab: Lab) -> str:
    return f"{100 * lab.figure('test-accuracy'):.1f} %"


def hint(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("inspect-hint")


def cell(lab: Lab, truth: int, read: int) -> Locator:
    return lab.page.get_by_test_id(f"confusion-{truth}-{read}")


def counts(lab: Lab) -> list[list[int]]:
    return [
        [int(cell(lab, truth, read).get_attribute("data-value") or -1) for read in range(10)] for truth in range(10)
    ]


def images(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("images").get_by_role("button")


def test_the_matrix_counts_all_test_images_and_agrees_with_the_accuracy(inspected: Lab) -> None:
    matrix = counts(inspected)
    assert sum(map(sum, matrix)) == 8000
    right = sum(matrix[digit][digit] for digit in range(10))
    assert right / 8000 == pytest.approx(inspected.figure("test-accuracy"))
    expect(inspected.page.get_by_test_id("confusion-matrix").get_by_role("row").nth(1)).to_contain_text(
        f"{100 * matrix[0][0] / sum(matrix[0]):.1f} %"
    )


def test_a_cell_opens_its_images_and_one_press_puts_one_on_the_pad(inspected: Lab) -> None:
    matrix = counts(inspected)
    truth, read = max(((t, r) for t in range(10) for r in range(10) if t != r), key=lambda at: matrix[at[0]][at[1]])
    cell(inspected, truth, read).click()
    expect(images(inspected)).to_have_count(min(40, matrix[truth][read]))
    expect(inspected.page.get_by_test_id("images-title")).to_have_text(f"{truth} read as {read}: {matrix[truth][read]}")
    first = images(inspected).first
    expect(first).to_have_accessible_name(re.compile(f"{truth}, read as {read}"))
    first.click()
    probabilities = inspected.probabilities()
    assert probabilities.index(max(probabilities)) == read
    assert any(map(any, inspected.picture()))
    cell(inspected, truth, read).click()  # again: back to the worst mistakes
    expect(inspected.page.get_by_test_id("images-title")).to_contain_text("The worst of")
    inspected.button("Clear").click()
    inspected.button("Undo").click()  # brings the image back
    inspected.expect_probabilities(probabilities)


def test_the_worst_mistakes_come_first(inspected: Lab) -> None:
    names = [image.get_attribute("aria-label") or "" for image in images(inspected).all()[:20]]
    found = [re.search(r"a?n? ?(\d), read as (\d), ([\d.> ]+) %", name) for name in names]
    assert all(found)
    assert all(match and match[1] != match[2] for match in found)


def test_units_are_sorted_by_what_the_drawing_excites(inspected: Lab) -> None:
    inspected.draw(DIGITS[0])
    expect(inspected.prediction).to_have_text(re.compile(r"\d"))
    inspected.page.get_by_label("Sorted by").select_option("drawing")
    units = inspected.page.locator("[data-testid^=hidden-unit-]")
    inspected.page.evaluate(SORTED)
    inspected.page.get_by_label("Sorted by").select_option("number")
    expect(units.first).to_have_attribute("data-testid", "hidden-unit-0")
    expect(inspected.page.get_by_test_id("dead-units")).to_contain_text(re.compile(r"\d+ of 32 are dead"))


def test_it_is_broken_and_mended_by_one_press_and_learns_on_untouched(
    inspected: Lab, small_losses: list[list[str]]
) -> None:
    whole = counts(inspected)
    broken = inspected.page.get_by_test_id("broken")
    inspected.page.get_by_label("Silence the units that speak for").select_option("0")
    expect(broken).to_contain_text(re.compile("Broken like this, it reads"))
    assert counts(inspected)[0][0] < whole[0][0]
    inspected.page.get_by_label("Noise on the weights").fill("2")
    expect(broken).to_contain_text("Broken like this")
    inspected.page.get_by_label("All biases zero").check()
    inspected.button("Mend").click()
    expect(broken).to_be_empty()
    assert counts(inspected) == whole
    expect(inspected.button("Mend")).to_be_disabled()
    inspected.page.get_by_label("All biases zero").check()
    assert inspected.reset().train_to_the_end().losses() == small_losses
    expect(inspected.button("Mend")).to_be_disabled()  # another network is whole


def test_numbers_are_shown_as_they_are_spread(inspected: Lab) -> None:
    pictures = inspected.page.get_by_test_id("histograms").get_by_role("img")
    expect(pictures).to_have_count(3)
    expect(pictures.first).to_have_accessible_name(re.compile(r"weights1: from -[\d.]+ to [\d.]+"))


def test_whoever_reads_is_the_one_inspected(inspected: Lab) -> None:
    mine = hint(inspected).inner_text()
    inspected.read_by("random")
    expect(hint(inspected)).not_to_have_text(mine)
    inspected.read_by("starter")
    expect(hint(inspected)).to_contain_text("98.")
    inspected.read_by("mine")
    expect(hint(inspected)).to_have_text(mine)


def test_runs_of_this_visit_are_listed_to_compare(bench: Lab) -> None:
    bench.use(**SMALL | {"seed": 8}).train_to_the_end().look_at("Compare")
    row = bench.page.get_by_test_id("runs").locator("tbody tr").first
    expect(row).to_contain_text("Seed 8")
    expect(row).to_contain_text(f"{100 * bench.figure('test-accuracy'):.1f} %")
    number = bench.page.get_by_test_id("runs").locator("tbody tr").count()
    bench.reset().train_to_the_end()
    expect(bench.page.get_by_test_id("runs").locator("tbody tr")).to_have_count(number + 1)
