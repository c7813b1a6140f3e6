"""`python -m mlp_py`, called as a function: what it prints, what it writes, and how it fails."""

import re
from pathlib import Path

import numpy as np
import pytest

from mlp_py import MLP, evaluate, load_mnist
from mlp_py.__main__ import main

SMALL = ["--epochs", "2", "--batch-size", "20", "--hidden-size", "8", "--no-augment", "--no-decay"]


def train(folder: Path, *more: str) -> int:
    return main(["train", "--data", str(folder), *SMALL, *more])


def test_training_prints_the_notes_epoch_lines(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(data_folder) == 0
    printed = capsys.readouterr().out
    mnist, model = load_mnist(data_folder), MLP(hidden_size=8, rng=0, dtype=np.float32)
    images = mnist.train.normalized(np.float32)[:]
    model.train(images, mnist.train.labels, epochs=2, batch_size=20)
    expected = capsys.readouterr().out.splitlines()
    assert len(expected) == 2
    assert [line for line in printed.splitlines() if line.startswith("Epoch")] == expected


def test_training_prints_how_good_the_network_is(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(data_folder, "--save", str(tmp_path / "model.npz")) == 0
    last = [line for line in capsys.readouterr().out.splitlines() if "validation" in line][-1]
    model, mnist = MLP.load(tmp_path / "model.npz"), load_mnist(data_folder)
    validation, test = evaluate(model, mnist.validation), evaluate(model, mnist.test)
    assert f"validation loss {validation.loss:.4f}, validation accuracy {validation.accuracy:.4f}" in last
    assert f"test accuracy {test.accuracy:.4f}" in last
    assert validation.accuracy > 0.9


def test_a_saved_network_is_evaluated_alike(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "model.npz")
    assert train(data_folder, "--save", file) == 0
    assert f"Saved {file}" in capsys.readouterr().out
    assert main(["evaluate", "--data", str(data_folder), "--model", file]) == 0
    printed = capsys.readouterr().out.splitlines()
    mnist = load_mnist(data_folder)
    validation, test = (evaluate(MLP.load(file), split) for split in (mnist.validation, mnist.test))
    assert printed == [
        f"Validation: loss {validation.loss:.4f}, accuracy {validation.accuracy:.4f} (2,000 images)",
        f"Test: loss {test.loss:.4f}, accuracy {test.accuracy:.4f} (100 images)",
    ]


@pytest.mark.parametrize(
    ("options", "shape", "dtype"),
    [((), (784, 8), np.float32), (("--hidden-size", "3", "--dtype", "float64"), (784, 3), np.float64)],
)
def test_size_and_precision_are_those_asked_for(
    data_folder: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    shape: tuple[int, int],
    dtype: type[np.floating],
) -> None:
    assert train(data_folder, "--save", str(tmp_path / "model.npz"), *options) == 0
    model = MLP.load(tmp_path / "model.npz")
    assert model.weights1.shape == shape
    assert model.weights1.dtype == dtype


def weights_after(folder: Path, file: Path, *options: str) -> list[list[float]]:
    assert train(folder, "--save", str(file), *options) == 0
    weights: list[list[float]] = MLP.load(file).weights2.tolist()
    return weights


def test_every_setting_changes_the_result_and_the_same_settings_do_not(data_folder: Path, tmp_path: Path) -> None:
    variants = [
        ("--seed", "0"),
        ("--seed", "1"),
        ("--epochs", "1"),
        ("--batch-size", "40"),
        ("--learning-rate", "0.02"),
        ("--training-images", "100"),
    ]
    first, *others = [weights_after(data_folder, tmp_path / "model.npz", *options) for options in variants]
    assert weights_after(data_folder, tmp_path / "model.npz") == first
    assert all(other != first for other in others)
    assert len({str(other) for other in others}) == len(others)


def test_the_first_images_in_stratified_order_are_trained_on(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(data_folder, "--training-images", "100", "--dtype", "float64") == 0
    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Epoch")]
    train_set = load_mnist(data_folder).train[:100]
    MLP(hidden_size=8, rng=0).train(train_set.images / 255, train_set.labels, epochs=2, batch_size=20)
    assert printed == capsys.readouterr().out.splitlines()


# ── How it fails ───────────────────────────────────────────────────────────────────────────────


def failure(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line in which a failure is told."""
    lines = [line for line in capsys.readouterr().err.splitlines() if "mlp_py: " in line]
    assert len(lines) == 1
    return lines[0].partition("mlp_py: ")[2]


def test_a_folder_without_data_is_told_with_a_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(tmp_path) == 1
    assert re.match(rf"{re.escape(str(tmp_path))} has 0 files .*build\.py build", failure(capsys))


def test_a_batch_larger_than_the_data_is_told(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(data_folder, "--batch-size", "500") == 1
    assert re.search(r"\b500\b.*\b400\b", failure(capsys))


def test_divergence_is_told_with_a_remedy_and_nothing_is_saved(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    assert train(data_folder, "--learning-rate", "1e30", "--save", str(tmp_path / "model.npz")) == 1
    message = failure(capsys)
    assert "loss is nan" in message
    assert "learning rate 1e+30 is too high; try 0.01" in message
    assert not (tmp_path / "model.npz").exists()
    assert not recwarn.list


def test_a_bad_model_file_is_told(data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.npz").write_bytes(b"not a network")
    assert main(["evaluate", "--data", str(data_folder), "--model", str(tmp_path / "bad.npz")]) == 1
    assert "not a model file" in failure(capsys)


def test_a_missing_model_file_is_told(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--data", str(data_folder), "--model", "nowhere.npz"]) == 1
    assert "nowhere.npz" in failure(capsys)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "train | evaluate"),
        (["train"], "--data"),
        (["evaluate", "--data", "x"], "--model"),
        (["train", "--data", "x", "--epochs", "0"], "--epochs: must be at least 1"),
        (["train", "--data", "x", "--batch-size", "-3"], "--batch-size: must be at least 1"),
        (["train", "--data", "x", "--hidden-size", "many"], "--hidden-size"),
        (["train", "--data", "x", "--dtype", "int8"], "--dtype"),
    ],
)
def test_a_wrong_command_line_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert complaint in capsys.readouterr().err


def test_help_tells_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == 0
    assert "train a network on MNIST" in capsys.readouterr().out
