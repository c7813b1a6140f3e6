"""`python -m mlp_py`, called as a function: what it prints, what it writes, and how it fails."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlp_py import MLP, Split, evaluate, load_mnist, model_file, picture_file, training
from mlp_py.__main__ import main
from mlp_py.dataset import write_idx
from mlp_py.training import DivergedError, Epoch, LearningRate

from .session_lab import needs_threads

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
    assert "with a learning rate of 1e+30. That is too high: try --learning-rate 1e+29" in message
    assert not (tmp_path / "model.npz").exists()
    assert not recwarn.list


def test_the_advice_is_never_the_rate_that_was_too_high() -> None:
    for rate in (0.0001, 0.01, 0.1, 3.0):
        assert DivergedError("the loss is nan", LearningRate(rate)).advice < rate


@pytest.mark.parametrize("units", [10**11, 10**17, 10**30])
def test_more_hidden_units_than_memory_are_told(
    data_folder: Path, capsys: pytest.CaptureFixture[str], units: int
) -> None:
    assert train(data_folder, "--hidden-size", str(units)) == 1
    assert failure(capsys) == f"there is not enough memory: {units:,} hidden units are too many"


def test_a_bar_and_an_error_have_lines_of_their_own(data_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert train(data_folder, "--learning-rate", "1e30") == 1
    last = capfd.readouterr().err.splitlines()[-1]
    assert last.rpartition("\r")[2].startswith("mlp_py: ")


def test_too_few_test_images_are_told_before_any_training(
    write_files: Callable[[Mapping[str, bytes]], Path],
    idx_files: dict[str, bytes],
    digits: Split,
    capsys: pytest.CaptureFixture[str],
) -> None:
    few = {
        "t10k-images-idx3-ubyte": write_idx(digits.images.reshape(-1, 28, 28)),
        "t10k-labels-idx1-ubyte": write_idx(digits.labels),
    }
    folder = write_files(idx_files | few)
    assert train(folder) == 1
    assert re.search(r"has 400 test images.*more than 2,000 are needed", failure(capsys))
    assert main(["evaluate", "--data", str(folder), "--model", saved(folder / "model.npz")]) == 1
    assert "has 400 test images" in failure(capsys)


@pytest.mark.parametrize(("target", "words"), [("", "it is a folder"), ("no/where.npz", "no such folder")])
def test_a_target_that_cannot_be_written_is_told_before_any_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, words: str
) -> None:
    assert train(data_folder, "--save", str(tmp_path / target)) == 1
    printed = capsys.readouterr()
    assert "Epoch" not in printed.out
    assert words in printed.err


def test_a_folder_that_nothing_can_be_written_to_is_told_before_any_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "model.npz").write_bytes(b"which is there, and may be written")
    (tmp_path / "link.npz").symlink_to(closed / "model.npz")
    may_access = os.access
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != closed and may_access(path, mode))
    for target in (closed / "model.npz", closed / "new.npz", tmp_path / "link.npz"):
        assert train(data_folder, "--save", str(target)) == 1
        assert failure(capsys) == f"{target} cannot be written: permission denied"


@pytest.mark.parametrize("option", ["--history", "--plot"])
def test_two_targets_that_are_one_file_are_told_before_any_training(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (tmp_path / "link.svg").symlink_to(tmp_path / "a.svg")
    for other in (tmp_path / "a.svg", tmp_path / "data" / ".." / "a.svg", tmp_path / "link.svg"):
        assert train(data_folder, "--save", str(tmp_path / "a.svg"), option, str(other)) == 1
        assert "something else is to be written there" in failure(capsys)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "link.svg"}


def test_what_is_read_is_not_written_over(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, picture = saved(tmp_path / "model.npz"), tmp_path / "1.png"
    picture.write_bytes(b"a photograph")
    evaluation = ["evaluate", "--model", model, "--data", str(data_folder), "--pictures", str(tmp_path)]
    pytest.importorskip("matplotlib", exc_type=ImportError)
    for arguments in (
        ["predict", "--model", model, str(picture), "--stages", str(picture)],
        ["predict", "--model", model, str(picture), "--stages", model],
        [*evaluation, "--plot", str(picture)],
        ["export", model, "--to", "onnx", "-o", model],
    ):
        assert main(arguments) == 1
        assert "it is what is to be read" in failure(capsys)
    assert picture.read_bytes() == b"a photograph"
    model_file.load(model)


def test_one_pipe_takes_several_files(data_folder: Path) -> None:
    assert train(data_folder, "--save", os.devnull, "--history", os.devnull) == 0


def test_a_network_that_cannot_be_written_leaves_the_file_that_was_there(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "model.npz").write_bytes(b"what was there")
    monkeypatch.setattr("numpy.savez", full)
    assert train(data_folder, "--save", str(tmp_path / "model.npz")) == 1
    assert "No space left" in failure(capsys)
    assert (tmp_path / "model.npz").read_bytes() == b"what was there"


@pytest.mark.parametrize(("after", "words"), [(1, "Stopped in epoch 2 of 2. Saved"), (0, "Nothing is saved")])
def test_an_interrupted_training_loses_nothing_that_was_learned(
    data_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    words: str,
) -> None:
    def interrupted(*arguments: Any, **options: Any) -> Iterator[object]:
        n_epochs = 0
        for record in training.train(*arguments, **options):
            if n_epochs == after:
                raise KeyboardInterrupt
            n_epochs += isinstance(record, Epoch)
            yield record

    monkeypatch.setattr("mlp_py.commands.train.train", interrupted)
    file = tmp_path / "model.npz"
    assert train(data_folder, "--save", str(file)) == 130
    assert words in capsys.readouterr().err
    assert file.exists() == bool(after)


def saved(path: Path, *sizes: int) -> str:
    MLP(*sizes, rng=0).save(path)
    return str(path)


@pytest.mark.parametrize(("sizes", "words"), [((100, 4, 10), "reads 100 numbers"), ((784, 4, 26), "knows 26 classes")])
def test_a_network_for_something_else_is_told(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sizes: tuple[int, ...], words: str
) -> None:
    file = saved(tmp_path / "other.npz", *sizes)
    for command in (["evaluate", "--data", str(data_folder)], ["predict", "picture.png"]):
        assert main([*command, "--model", file]) == 1
        message = failure(capsys)
        assert file in message
        assert words in message


def test_what_was_turned_in_a_model_file_is_said(
    data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arrays = model_file.parameters(MLP(hidden_size=4, rng=0))
    np.savez(tmp_path / "flat.npz", **arrays | {"biases1": arrays["biases1"].ravel()})  # type: ignore[arg-type]
    assert main(["evaluate", "--data", str(data_folder), "--model", str(tmp_path / "flat.npz")]) == 0
    assert "biases1 of shape (4,) was taken as (1, 4)" in failure(capsys)


# ── predict ────────────────────────────────────────────────────────────────────────────────────

SEVEN = [[[60, 50], [190, 50], [110, 220]]]


def predict(
    folder: Path, capsys: pytest.CaptureFixture[str], **files: bytes | str | list[Any]
) -> tuple[int, list[str], list[str]]:
    """Exit code, lines of output, lines of errors, for files of these names (an underscore is a dot)."""
    names = []
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        names.append(str(path))
    code = main(["predict", "--model", saved(folder / "model.npz"), *names])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err.splitlines()


def test_one_bad_file_is_named_and_the_rest_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawing = [{"label": 7, "strokes": SEVEN}]
    code, out, err = predict(tmp_path, capsys, a_json=drawing, b_png=b"no picture", c_json=drawing)
    assert code == 1
    assert [line.split("  ")[0] for line in out] == ["file", str(tmp_path / "a.json"), str(tmp_path / "c.json")]
    assert len(err) == 1
    assert err[0].startswith(f"mlp_py: {tmp_path / 'b.png'}")


def test_a_mark_at_the_beginning_and_capitals_are_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = b"\xef\xbb\xbf" + json.dumps([{"label": 7, "strokes": SEVEN}]).encode()
    code, out, err = predict(tmp_path, capsys, a_JSON=content)
    assert (code, len(out), err) == (0, 2, [])


UNREADABLE: dict[str, tuple[str | list[Any], str]] = {
    "a dot": ([{"strokes": [[[100, 100], [101, 101]]]}], "that is a dot"),
    "a scribble": ([{"strokes": [[[0, 0], [255, 255]] * 20]}], "does not look like a digit"),
    "NaN": ('[{"strokes": [[[NaN, 3], [50, 60]]]}]', "no lists of points"),
    "infinite": ('[{"strokes": [[[Infinity, 3], [50, 60]]]}]', "no lists of points"),
    "no strokes": ([{"strokes": []}], "no ink"),
    "empty strokes": ([{"strokes": [[], []]}], "no ink"),
    "no drawings": ([], "no drawings in it"),
    "no list": ({"strokes": SEVEN}, "no list of drawings"),  # type: ignore[dict-item]
    "a list of lists": ([SEVEN], "no list of drawings"),
    "no JSON": ("<html>", "nor any JSON"),
    "nothing": ("", "nor any JSON"),
    "words for numbers": ([{"strokes": [[["1", "2"], [50, 60]]]}], "no lists of points"),
    "three coordinates": ([{"strokes": [[[1, 2, 3], [50, 60, 70]]]}], "no lists of points"),
    "a stroke too flat": ([{"strokes": [[1, 2], [3, 4]]}], "no lists of points"),
    "no picture": ([{"pixels": "AAAA"}], "not 784 bytes"),
    "a picture of numbers": ([{"pixels": [0] * 784}], "not 784 bytes"),
    "no key": ([{"label": 7}], "no lists of points"),
    "truths": ([{"strokes": [[[True, False], [3, 4]]]}], "no lists of points"),
}
if sys.platform != "emscripten":  # where so deep a recursion is the end of Python itself
    UNREADABLE["nested deeply"] = ("[" * 100_000, "nor any JSON")


@pytest.mark.parametrize(("content", "words"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_digit_is_told_and_not_read_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | list[Any], words: str
) -> None:
    code, out, err = predict(tmp_path, capsys, drawings_json=content)
    assert (code, out) == (1, [])
    assert len(err) == 1
    assert words in err[0]
    assert str(tmp_path / "drawings.json") in err[0]


def test_one_of_several_drawings_is_named_by_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = {"strokes": SEVEN}, {"strokes": [[[9, 9]]]}
    code, out, err = predict(tmp_path, capsys, many_json=[good, bad, good])
    assert code == 1
    assert [line.split("  ")[0].rpartition(", ")[2] for line in out[1:]] == ["drawing 1", "drawing 3"]
    assert "many.json, drawing 2: that is a dot" in err[0]


BROKEN_PICTURES = {"empty": b"", "text": b"hello", "half a PNG": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"}


@pytest.mark.parametrize("content", BROKEN_PICTURES.values(), ids=BROKEN_PICTURES.keys())
def test_a_broken_picture_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    pytest.importorskip("PIL.Image", exc_type=ImportError)
    code, out, err = predict(tmp_path, capsys, photo_png=content)
    assert (code, out, len(err)) == (1, [], 1)
    assert "photo.png" in err[0]


def test_a_picture_too_large_for_memory_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    image = pytest.importorskip("PIL.Image", exc_type=ImportError)
    monkeypatch.setattr(picture_file, "MOST_PIXELS", 9_999)
    image.new("L", (100, 100)).save(tmp_path / "large.png")
    code, out, err = predict(tmp_path, capsys, large_png=(tmp_path / "large.png").read_bytes())
    assert (code, out) == (1, [])
    assert "large.png: it has 0 megapixels; make it smaller" in err[0]


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(tmp_path), str(tmp_path / "nowhere.png"), str(tmp_path / "nowhere.json")]
    assert main(["predict", "--model", saved(tmp_path / "model.npz"), *files]) == 1
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 3
    assert "Errno" not in "".join(err)
    assert all(file in line for file, line in zip(files, err, strict=True))


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
        (["train", "--data", "x", "--epochs", "1e3"], "--epochs: must be at least 1, a whole number; it is '1e3'"),
        (["train", "--data", "x", "--seed", "-1"], "--seed: must be at least 0"),
        *(
            (["train", "--data", "x", f"--learning-rate={rate}"], "--learning-rate: must be a number greater than 0")
            for rate in ("-0.01", "0", "nan", "inf", "fast")
        ),
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


# ── Writing it oneself ─────────────────────────────────────────────────────────────────────────


def test_an_exercise_is_printed_as_a_file_to_begin_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercise", "softmax", "--hints", "1"]) == 0
    printed = capsys.readouterr().out
    assert "def softmax(self, x):" in printed
    assert "# Hint 1: " in printed
    assert "# Hint 2: " not in printed
    compile(printed, "my.py", "exec")


@needs_threads
def test_an_answer_is_checked_and_the_exit_status_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "my.py"
    assert main(["exercise", "relu", "--solution"]) == 0
    mine.write_text(capsys.readouterr().out)
    assert main(["exercise", "relu", str(mine)]) == 0
    assert "Solved: ReLU" in capsys.readouterr().out
    mine.write_text("class MLP:\n    def relu(self, x):\n        return np.abs(x)\n")
    assert main(["exercise", "relu", str(mine)]) == 1
    assert "what was negative[0] is 2" in failure(capsys)
    mine.write_text("def relu(self, x):\n    return y\n")
    assert main(["exercise", "relu", str(mine)]) == 1
    assert "my.py, line 2: There is no y here" in failure(capsys)


@needs_threads
def test_an_answer_without_an_end_is_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "my.py"
    mine.write_text("def relu(self, x):\n    while True: pass\n")
    assert main(["exercise", "relu", str(mine)]) == 1
    assert "my.py, line 2: Stopped after 2 seconds" in failure(capsys)


@needs_threads
def test_no_such_exercise_or_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercise", "sigmoid"]) == 1
    assert "he_init, relu, softmax" in failure(capsys)
    assert main(["exercise", "relu", str(tmp_path / "none.py")]) == 1
    assert "none.py" in failure(capsys)
