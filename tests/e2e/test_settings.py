"""The settings: in their fields, in the URL, and put right when they are wrong."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from .lab import DEFAULTS, PLAIN, SETTINGS, SMALL, SWITCHES, Lab

pytestmark = pytest.mark.either  # the page's own doing

CHOSEN = {
    "learning_rate": "0.005",
    "batch_size": "64",
    "epochs": "3",
    "hidden_size": "50",
    "training_images": "2000",
    "seed": "7",
    "augment": "0",
    "decay": "0",
}
USUAL = {name: str(value) for name, value in DEFAULTS.items()}
WRONG = {
    "learning_rate": ("NaN", "0.01"),
    "batch_size": ("0", "1"),
    "epochs": ("1e9", "1000"),
    "hidden_size": ("<b>many</b>", "128"),
    "training_images": ("60001", "60000"),
    "seed": ("-1", "0"),
    "augment": ("2", "1"),
    "decay": ("perhaps", "1"),
}
"""What is in the URL, and what becomes of it."""


def shows(lab: Lab, values: dict[str, str]) -> None:
    """The fields, and the URL, have these values."""
    for name, value in values.items():
        if name in SWITCHES:
            expect(lab.field(name)).to_be_checked(checked=value == "1")
        else:
            expect(lab.field(name)).to_have_value(value)
    expect(lab.page).to_have_url(re.compile(f"{next(reversed(values))}="))
    in_url = {name: texts[0] for name, texts in parse_qs(lab.hash).items()}
    assert {name: in_url[name] for name in values} == values


def test_without_any_in_the_url_they_have_their_defaults(lab: Lab) -> None:
    shows(lab.go(), USUAL)


def test_the_url_restores_them(lab: Lab) -> None:
    shows(lab.go(**CHOSEN), CHOSEN)


def test_typing_changes_the_url_and_the_url_the_fields(bench: Lab) -> None:
    bench.use()
    for name, value in CHOSEN.items():
        bench.change(name, value)
    shows(bench, CHOSEN)
    bench.page.evaluate("location.hash = 'epochs=4&seed=12'")
    expect(bench.field("seed")).to_have_value("12")
    shows(bench, USUAL | {"epochs": "4", "seed": "12"})


def test_nonsense_in_the_url_is_put_right_and_told(lab: Lab) -> None:
    lab.open(**{name: wrong for name, (wrong, _) in WRONG.items()}, unheard_of="x")
    expect(lab.error).to_have_role("alert")
    for name in WRONG:
        expect(lab.error).to_contain_text(SETTINGS[name])
    expect(lab.error.locator("b")).to_have_count(0)
    shows(lab, {name: right for name, (_, right) in WRONG.items()})
    assert "unheard_of" not in lab.hash
    expect(lab.button("Train")).to_be_enabled()


def test_nonsense_typed_is_put_right_and_told(bench: Lab) -> None:
    bench.use()
    for name, typed, right in (
        ("learning_rate", "-3", "0.0001"),
        ("batch_size", "5000", "1000"),
        ("epochs", "2.6", "3"),
        ("hidden_size", "", "128"),
        ("training_images", "10", "100"),
        ("seed", "1e300", "4294967295"),
    ):
        bench.change(name, typed)
        expect(bench.field(name)).to_have_value(right)
        expect(bench.error).to_contain_text(SETTINGS[name])
        assert f"{name}={right}" in bench.hash


def test_a_warning_on_the_address_goes_when_the_address_is_right(bench: Lab) -> None:
    bench.use()
    bench.page.evaluate("location.hash = 'batch_size=0'")
    expect(bench.error).to_contain_text("Batch size")
    bench.page.evaluate("location.hash = 'batch_size=40'")
    expect(bench.field("batch_size")).to_have_value("40")
    expect(bench.error).to_be_hidden()
    bench.page.evaluate("location.hash = 'epochs=0'")
    expect(bench.error).to_contain_text("Epochs")
    bench.change("epochs", "3")
    expect(bench.error).to_be_hidden()


def test_an_address_that_is_about_something_else_changes_no_setting(bench: Lab) -> None:
    bench.use(**CHOSEN)
    bench.page.evaluate("location.hash = 'anything'")
    expect(bench.page).to_have_url(re.compile("seed=7"))
    shows(bench, CHOSEN)


def test_what_waits_for_the_next_training_does_not_speak_of_a_new_network(bench: Lab) -> None:
    bench.use(**SMALL).step(1)
    pending = bench.page.get_by_test_id("pending")
    bench.change("epochs", "1")
    expect(pending).to_contain_text(re.compile("next training.*Epochs"))
    expect(pending).not_to_contain_text("New network")
    bench.train_to_the_end(2)  # as the run was begun
    expect(pending).to_be_empty()
    bench.train_to_the_end(3)


def test_two_settings_far_apart_from_the_defaults_still_train(bench: Lab) -> None:
    smallest = PLAIN | {
        "training_images": 1000,
        "epochs": 1,
        "batch_size": 1000,
        "hidden_size": 1,
        "learning_rate": 0.0001,
    }
    bench.use(**smallest).train_to_the_end(1)
    assert bench.figure("batch") == 1
    assert 0 <= bench.figure("test-accuracy") <= 1
    expect(bench.error).to_be_hidden()


@pytest.mark.parametrize(("name", "value"), [("hidden_size", "16"), ("seed", "5")])
def test_what_needs_a_fresh_network_says_so_after_training(bench: Lab, name: str, value: str) -> None:
    bench.use(**SMALL).train_to_the_end()
    pending = bench.page.get_by_test_id("pending")
    expect(pending).to_be_empty()
    bench.change(name, value)
    expect(pending).to_contain_text(re.compile(f"New network.*{SETTINGS[name]}"))
    trained = bench.losses()
    bench.reset()
    expect(pending).to_be_empty()
    assert bench.train_to_the_end().losses() != trained
