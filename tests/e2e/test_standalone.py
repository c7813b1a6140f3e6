"""standalone.html: the whole page from one file on a disk, with no network."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from mlp_py import MLP
from mlp_py.exercises import exercise
from mlp_py.network_code import shipped
from tests.photographs import Scene, photograph

from .conftest import Visit
from .digits import DIGITS
from .lab import BOOT, SMALL, Lab

RELU = "return np.maximum(0, x)"


def copied(dist: Path, folder: Path) -> Path:
    """A copy as somebody may have it, in a folder of theirs."""
    folder = folder / "für die Schule"
    folder.mkdir(exist_ok=True)
    return shutil.copyfile(dist / "standalone.html", folder / "neural-network.html")


@pytest.fixture(scope="session")
def opened_once(
    new_lab: Callable[..., tuple[Lab, ExitStack]], dist: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    lab, end = new_lab(url=copied(dist, tmp_path_factory.mktemp("disk")).as_uri(), offline=True)
    with end:
        yield lab.open(**SMALL)
    assert {url.partition(":")[0] for url in lab.watch.requests} <= {"file", "blob", "data"}


@pytest.fixture
def lab(opened_once: Lab) -> Iterator[Lab]:
    """The file, opened by a double click, and ready; shared."""
    opened_once.page.bring_to_front()
    yield opened_once.use(**SMALL)
    opened_once.watch.verify()


def test_it_shows_the_same_losses_as_the_site(lab: Lab, small_losses: list[list[str]]) -> None:
    assert lab.train_to_the_end().losses() == small_losses
    expect(lab.page.get_by_test_id("backend")).to_have_attribute("data-value", "simd")
    expect(lab.page.get_by_test_id("loss-chart").locator("canvas")).to_be_visible()


def test_it_reads_a_drawing_and_a_picture(lab: Lab, tmp_path: Path) -> None:
    lab.read_by("starter").draw(DIGITS[3])
    expect(lab.prediction).to_have_text("3")
    lab.clear()
    scene = Scene((800, 600), (0.15, 0.05, 0.65), pen=0.01, light=(0.2, -0.1), shadow=0.3, shadow_at=0.5, specks=3)
    strokes = [np.array(stroke) * [0.28, 0.4] + 0.3 for stroke in DIGITS[7]]
    photograph(strokes, scene, np.random.default_rng(0)).save(tmp_path / "seven.jpg")
    lab.page.get_by_label("Picture file").set_input_files(tmp_path / "seven.jpg")
    expect(lab.page.get_by_test_id("photo")).to_be_visible()
    expect(lab.prediction).to_have_text("7")


def test_a_model_is_saved_and_loaded(lab: Lab) -> None:
    lab.train_to_the_end().draw(DIGITS[5])
    shown = lab.probabilities()
    file = lab.save_model()
    picture = np.array(lab.picture(), np.float64).reshape(1, 784) / 255
    assert np.allclose(MLP.load(file).forward(picture)[0], shown, atol=1e-5)
    lab.reset()
    lab.load_model(file).expect_probabilities(shown)


def test_code_is_changed_and_a_mistake_is_told(lab: Lab, small_losses: list[list[str]]) -> None:
    lab.look_at("Code")
    expect(lab.editor).to_be_visible(timeout=BOOT)
    lab.write(shipped().replace(RELU, "return np.where(x > 0, x, 0.1 * x)")).button("Run my code").click()
    lab.runs_code("mine")
    assert lab.train_to_the_end().losses() != small_losses
    lab.look_at("Code").write(shipped().replace(RELU, "return np.maxmum(0, x)  # wrong"))
    lab.button("Run my code").click()
    expect(lab.page.get_by_test_id("editor-error")).to_contain_text("Did you mean maximum?")
    lab.runs_code("mine").button("Restore").click()
    lab.runs_code("shipped")


def test_a_link_to_code_says_that_it_leads_to_this_file(lab: Lab) -> None:
    lab.look_at("Code")
    expect(lab.editor).to_be_visible(timeout=BOOT)
    lab.write(shipped().replace(RELU, RELU + "  # mine")).button("Share").click()
    link = lab.page.get_by_label("Link to this code")
    expect(link).to_have_value(re.compile("^file:.*#.*code="))
    expect(lab.page.get_by_role("status").filter(has_text="leads to this file")).to_be_visible()
    lab.button("Restore").click()


def test_names_are_checked_while_one_writes(lab: Lab) -> None:
    lab.look_at("Code")
    expect(lab.editor).to_be_visible(timeout=BOOT)
    lab.write(shipped().replace(RELU, "return np.maximum(0, y)"))
    expect(lab.page.get_by_test_id("names")).to_contain_text("Nothing here is called y.", timeout=BOOT)
    lab.button("Restore").click()


def test_code_that_comes_to_no_end_is_stopped_by_a_new_worker(lab: Lab, small_losses: list[list[str]]) -> None:
    lab.look_at("Code")
    expect(lab.editor).to_be_visible(timeout=BOOT)
    # Where it is caught, only another worker helps.
    stubborn = "while True:\n            try:\n                while True: pass\n            except: pass"
    lab.write(shipped().replace(RELU, stubborn)).button("Run my code").click()
    expect(lab.page.get_by_test_id("editor-error")).to_contain_text(re.compile(r"\bend\b"), timeout=BOOT)
    lab.wait_until_booted().runs_code("shipped")
    assert lab.reset().train_to_the_end().losses() == small_losses


def test_the_gradients_and_an_exercise_are_checked(lab: Lab) -> None:
    lab.look_at("Code").page.get_by_role("button", name=re.compile("Backward")).click()
    lab.button("Check gradients").click()
    expect(lab.page.get_by_test_id("gradient-check")).to_have_attribute("data-ok", "true")
    softmax = lab.page.get_by_test_id("exercise-softmax")
    softmax.locator("summary").click()
    expect(softmax.get_by_role("textbox")).to_be_visible(timeout=BOOT)
    for text, state in ((exercise("softmax").blank, "failed"), (exercise("softmax").solution, "solved")):
        lab.write(text, softmax.get_by_role("textbox"))
        softmax.get_by_role("button", name="Check my answer").click()
        expect(softmax).to_have_attribute("data-state", state)


def test_what_was_done_is_there_again_when_the_file_is_opened_again(lab: Lab) -> None:
    trained = lab.train_to_the_end().losses()
    lab.page.reload()
    lab.wait_until_booted()
    expect(lab.page.get_by_test_id("resumed")).to_be_visible()
    kept = lab.losses()
    assert kept in (trained, trained[:-1]), "more than the epoch that was being written is lost"


def test_more_images_than_it_has_are_put_right_and_said(lab: Lab) -> None:
    lab.use(**SMALL | {"training_images": 60_000})
    expect(lab.error).to_contain_text("Training images goes from 100 to 10,000")
    expect(lab.field("training_images")).to_have_value("10000")
    with lab.drawer():
        expect(lab.field("training_images")).to_have_accessible_description(re.compile("this file has 10,000"))
        expect(lab.page.get_by_role("button", name="60,000")).to_have_count(0)


def test_it_says_what_it_is_and_lets_nothing_out(lab: Lab, site: str) -> None:
    expect(lab.page.get_by_role("contentinfo")).to_contain_text("whole page in one file")
    expect(lab.page.get_by_role("link", name=re.compile("one file"))).to_have_count(0)
    lab.watch.expect("Content.Security.Policy|violates the following")
    fetching = "url => fetch(url, { mode: 'no-cors' }).then(() => 'fetched', () => 'refused')"
    assert lab.page.evaluate(fetching, site) == "refused"


def test_a_copy_that_is_not_whole_names_what_is_missing(visit: Visit, dist: Path, tmp_path: Path) -> None:
    file = copied(dist, tmp_path)
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: whole.index('data-path="vendor/pyodide/snapshot.zst"') + 2_000_001], encoding="utf-8")
    lab = visit(url=file.as_uri(), offline=True).go().wait_for_state("failed", BOOT)
    expect(lab.error).to_contain_text("snapshot.zst")
    expect(lab.error).to_contain_text("another copy of this file")
    lab.watch.expect("")


def test_the_site_offers_it_with_its_size(bench: Lab, dist: Path) -> None:
    bench.use(**SMALL)
    link = bench.page.get_by_role("link", name=re.compile("one file"))
    size = (dist / "standalone.html").stat().st_size
    expect(link).to_have_text(f"one file, {size / 1e6:.0f} MB")
    expect(link).to_have_attribute("download", re.compile(r"\.html$"))
    answer = bench.page.request.head(link.evaluate("link => link.href"))
    assert (answer.status, answer.headers["content-length"]) == (200, str(size))
