"""Compare: the runs of a visit beside one another, again with one thing changed, and taken away."""

import csv
import re
import runpy

import pytest
from playwright.sync_api import Locator, expect

from builder.paths import ROOT

from .digits import DIGITS
from .lab import SMALL, Lab

pytestmark = pytest.mark.either  # Python computes, and the page shows


def rows(lab: Lab) -> Locator:
    return lab.page.get_by_test_id("runs").locator("tbody tr")


@pytest.fixture
def comparing(bench: Lab) -> Lab:
    """A page with one more run than before, and Compare open."""
    return bench.use(**SMALL).train_to_the_end().look_at("Compare")


def test_three_learning_rates_by_one_press(comparing: Lab) -> None:
    page, before = comparing.page, rows(comparing).count()
    page.get_by_label("Setting to change").select_option("Learning rate")
    page.get_by_label("Which run again").select_option(f"run {before}")
    expect(page.get_by_label("Values to try")).to_have_value("0.001, 0.003, 0.03")
    page.get_by_label("Values to try").fill("0.002, 0.05")
    comparing.button("Train them").click()
    expect(rows(comparing)).to_have_count(before + 2, timeout=60_000)
    comparing.wait_for_state("ready")
    expect(rows(comparing).first).to_contain_text("Learning rate 0.05")
    expect(rows(comparing).nth(1)).to_contain_text("Learning rate 0.002")
    told = page.get_by_test_id("differences")
    rates = rf"Learning rate .*0\.002 \(run {before + 1}\), 0\.05 \(run {before + 2}\)"
    expect(told).to_contain_text(re.compile(rates))
    chart = page.get_by_test_id("compare-chart")
    expect(chart).to_have_accessible_name(re.compile(rf"run {before + 1} [\d.]+, run {before + 2} [\d.]+"))
    page.get_by_label(f"Pin run {before + 1}").uncheck()
    expect(page.get_by_label(f"Pin run {before + 1}")).to_be_focused()
    expect(chart).not_to_have_accessible_name(re.compile(rf"run {before + 1} "))
    assert "learning_rate=0.05" in comparing.hash


def test_what_is_no_value_is_told_before_anything_is_lost(comparing: Lab) -> None:
    before = rows(comparing).count()
    for text, words in {"0.1, many": "needs a number", " ": "Which learning rate?"}.items():
        comparing.page.get_by_label("Values to try").fill(text)
        comparing.button("Train them").click()
        expect(comparing.page.locator("#again [role=status]")).to_contain_text(words)
    expect(rows(comparing)).to_have_count(before)
    expect(comparing.epochs).to_have_count(SMALL["epochs"])


def test_runs_that_come_again_out_of_a_file_have_one_row_each(comparing: Lab) -> None:
    before = rows(comparing).count()
    work = comparing.save_file("Save everything", ".zip")
    comparing.page.get_by_label("Saved work").set_input_files(work)
    expect(comparing.page.get_by_test_id("resumed")).to_contain_text("Opened")
    comparing.look_at("Watch").look_at("Compare")
    expect(rows(comparing)).to_have_count(before)
    comparing.page.get_by_test_id("resumed").get_by_role("button", name="Close").click()


def test_runs_go_out_as_csv(comparing: Lab) -> None:
    lines = list(csv.DictReader(comparing.save_file("Export CSV", ".csv").read_text().splitlines()))
    last = [line for line in lines if int(line["run"]) == rows(comparing).count()]
    assert [[line[name] for name in ("epoch", "training_loss", "validation_loss")] for line in last] == [
        row[:3] for row in comparing.losses()
    ]
    assert {line["hidden_size"] for line in last} == {str(SMALL["hidden_size"])}


@pytest.mark.only("chromium")  # what is run is not the browser
def test_a_run_as_a_script_prints_the_same_losses_natively(
    comparing: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = comparing.save_file(f"Script of run {rows(comparing).count()}", ".py")
    monkeypatch.chdir(ROOT)
    capsys.readouterr()
    runpy.run_path(str(script))
    printed = [float(loss) for loss in re.findall(r"Average Loss: ([\d.]+)", capsys.readouterr().out)]
    assert printed == pytest.approx([float(row[1]) for row in comparing.losses()], abs=2e-4)


def tip(lab: Lab, name: str) -> Locator:
    """A tip, opened."""
    place = lab.page.get_by_test_id(f"tip-{name}")
    place.locator("summary").click()
    return place


def test_a_tip_asks_first_and_explains_what_one_has_seen(comparing: Lab) -> None:
    place = tip(comparing, "softmax")
    expect(place.get_by_text("not a number")).to_be_hidden()
    place.get_by_role("button").click()
    expect(place.locator("pre").last).to_contain_text("nan nan nan")
    expect(place.get_by_text("not a number")).to_be_visible()


def test_a_tip_that_trains_leaves_network_settings_and_code_as_they_were(comparing: Lab) -> None:
    before, hash_ = rows(comparing).count(), comparing.hash
    comparing.draw(DIGITS[3])
    read = comparing.probabilities()
    place = tip(comparing, "initialization")
    place.get_by_role("button").click()
    seen = place.locator("pre")
    expect(seen).to_be_visible(timeout=120_000)
    accuracies = [float(share) for share in re.findall(r"([\d.]+) % read right", seen.inner_text())]
    assert len(accuracies) == 3
    assert accuracies[0] > accuracies[2] > accuracies[1]
    expect(rows(comparing)).to_have_count(before + 3)
    expect(comparing.page.get_by_test_id("differences")).to_contain_text("Code as it came")
    comparing.runs_code("shipped").wait_for_state("ready")
    assert comparing.hash == hash_
    comparing.expect_probabilities(read)
