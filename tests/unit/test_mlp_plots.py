"""`train --history`, `train --plot` and `evaluate --plot`: what they write, and that nothing is trained in vain."""

import csv
import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlp_py import MLP, Evaluation, evaluate, load_mnist, plots, training
from mlp_py.__main__ import main
from mlp_py.training import DivergedError, Epoch, LearningRate

SMALL = ["--epochs", "3", "--batch-size", "20", "--hidden-size", "8", "--no-augment", "--no-decay"]
BEGINNINGS = {".svg": b"<?xml", ".png": b"\x89PNG\r\n", ".pdf": b"%PDF"}


@pytest.fixture
def matplotlib() -> Any:
    return pytest.importorskip("matplotlib", exc_type=ImportError)


def train(data: Path, *more: object) -> int:
    return main(["train", "--data", str(data), *SMALL, *map(str, more)])


def lines_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def words_in(svg: bytes) -> set[str]:
    return {unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())}


def epoch(number: int, loss: float) -> Epoch:
    result = Evaluation(loss, np.diag(np.full(10, 5)))
    return Epoch(number, loss, result, result, 1.0)


def test_the_history_has_a_line_an_epoch(data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "history.csv"
    file.write_text("of another training")
    assert train(data_folder, "--history", file, "--save", tmp_path / "model.npz") == 0
    assert f"Saved {file}, {tmp_path / 'model.npz'}" in capsys.readouterr().out
    mnist, model = load_mnist(data_folder), MLP(hidden_size=8, rng=0, dtype=np.float32)
    records = training.train(model, mnist, epochs=3, batch_size=20, learning_rate=LearningRate(0.01))
    expected = [record for record in records if isinstance(record, Epoch)]
    lines = lines_of(file)
    assert [line["epoch"] for line in lines] == ["1", "2", "3"]
    for line, record in zip(lines, expected, strict=True):
        assert float(line["training_loss"]) == record.training_loss
        assert float(line["validation_loss"]) == record.validation.loss
        assert float(line["validation_accuracy"]) == record.validation.accuracy
        assert float(line["test_accuracy"]) == record.test.accuracy
        assert float(line["seconds"]) > 0
        assert (line["training_images"], line["batch_size"], line["learning_rate"]) == ("400", "20", "0.01")
        assert (line["augment"], line["decay"], line["code"], line["run"]) == ("0", "0", "shipped", "1")


def test_what_ends_a_training_early_leaves_the_epochs_before_it(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, code in ((KeyboardInterrupt(), 130), (DivergedError("the loss is nan", LearningRate(0.01)), 1)):

        def ended(*arguments: Any, error: BaseException = error, **options: Any) -> Any:
            for record in training.train(*arguments, **options):
                yield record
                if isinstance(record, Epoch) and record.epoch == 1:
                    raise error

        monkeypatch.setattr("mlp_py.commands.train.train", ended)
        file = tmp_path / f"{code}.csv"
        assert train(data_folder, "--history", file) == code
        assert [line["epoch"] for line in lines_of(file)] == ["1", "2"]
        assert "Nothing is saved" not in capsys.readouterr().err


def test_a_full_disk_ends_the_history_and_not_the_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device here is always full")
    assert train(data_folder, "--history", "/dev/full", "--save", tmp_path / "model.npz") == 1
    printed = capsys.readouterr()
    assert printed.err.count("training goes on") == 1
    assert "Epoch 3/3" in printed.out
    assert MLP.load(tmp_path / "model.npz").weights1.shape == (784, 8)


@pytest.mark.parametrize("suffix", BEGINNINGS)
def test_a_training_is_plotted_in_the_format_of_the_name(
    data_folder: Path, tmp_path: Path, matplotlib: Any, suffix: str
) -> None:
    file = tmp_path / f"loss{suffix.upper()}"
    assert train(data_folder, "--plot", file) == 0
    assert file.read_bytes().startswith(BEGINNINGS[suffix])
    assert {path.name for path in tmp_path.iterdir()} == {"data", file.name}


def test_the_loss_is_labelled_with_its_unit_and_whole_epochs(matplotlib: Any) -> None:
    for n_epochs in (1, 3, 200):
        epochs = [epoch(number, 0.1 / (number + 1)) for number in range(n_epochs)]
        svg = plots.loss(epochs, ".svg")
        words = words_in(svg)
        assert {"epochs", "mean cross-entropy (nats)", "validation", "training, as it went"} <= words
        assert {str(n_epochs)} <= words
        assert not [word for word in words if re.fullmatch(r"\d*[1-9]\.\d+", word)]  # as 1.5 epochs would be
        assert svg == plots.loss(epochs, ".svg")


def test_evaluation_is_plotted_with_true_digits_in_rows(
    data_folder: Path, tmp_path: Path, matplotlib: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    MLP(rng=0).save(tmp_path / "model.npz")
    file = tmp_path / "confusion.svg"
    arguments = ["--model", str(tmp_path / "model.npz"), "--data", str(data_folder)]
    assert main(["evaluate", *arguments, "--plot", str(file)]) == 0
    assert f"Saved {file}" in capsys.readouterr().out
    result = evaluate(MLP.load(tmp_path / "model.npz"), load_mnist(data_folder).test)
    words = words_in(file.read_bytes())
    assert {"true digit", "read as", f"Test images: accuracy {result.accuracy:.4f} (100 images)"} <= words
    assert {str(count) for count in result.confusion.ravel() if count} <= words
    assert file.read_bytes() == plots.confusion(result, ".svg")


def test_rows_are_what_is_true_and_columns_what_is_read(matplotlib: Any) -> None:
    counts = np.diag(np.full(10, 50))
    counts[2, 7] = 1234
    svg = plots.confusion(Evaluation(0.1, counts), ".svg").decode()
    texts = re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', svg)
    places = [(text, float(x), float(y)) for x, y, text in texts]
    [(_, x, y)] = [place for place in places if place[0] == "1,234"]
    below = [text for text, other_x, other_y in places if abs(other_x - x) < 1 and other_y > y and text.isdecimal()]
    beside = [text for text, other_x, other_y in places if abs(other_y - y) < 5 and other_x < x and text.isdecimal()]
    assert below[0] == "7"  # the number under the column, of those that are no counts
    assert beside[0] == "2"


# ── How it fails ───────────────────────────────────────────────────────────────────────────────


def refusal(capsys: pytest.CaptureFixture[str], code: int) -> str:
    """What is told when nothing was even begun."""
    printed = capsys.readouterr()
    assert code == 1
    assert printed.out == ""
    return printed.err


@pytest.mark.parametrize("option", ["--history", "--plot"])
def test_a_folder_that_is_not_there_is_told_before_any_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert "no such folder" in refusal(capsys, train(data_folder, option, tmp_path / "no" / "where.svg"))


@pytest.mark.parametrize("name", ["loss", "loss.bmp", "loss.csv"])
def test_an_unknown_format_is_told_before_any_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert ".svg, .png or .pdf" in refusal(capsys, train(data_folder, "--plot", tmp_path / name))


def test_a_missing_extra_is_told_before_any_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    remedy = "pip install matplotlib"
    assert remedy in refusal(capsys, train(data_folder, "--plot", tmp_path / "loss.svg"))
    MLP(rng=0).save(tmp_path / "model.npz")
    arguments = ["--model", str(tmp_path / "model.npz"), "--plot", str(tmp_path / "confusion.svg")]
    assert remedy in refusal(capsys, main(["evaluate", "--data", str(data_folder), *arguments]))
    assert "add --data" in refusal(capsys, main(["evaluate", "--pictures", str(tmp_path), *arguments]))
    assert {path.name for path in tmp_path.iterdir()} == {"data", "model.npz"}
