"""`export`: what other libraries read of a network is the network."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlp_py import MLP, Split, export, model_file
from mlp_py.__main__ import main

MODELS = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@pytest.fixture
def onnx() -> Any:
    return pytest.importorskip("onnx", exc_type=ImportError)


@pytest.fixture
def safetensors() -> Any:
    return pytest.importorskip("safetensors", exc_type=ImportError)


def trained(digits: Split, dtype: type[np.floating], hidden_size: int = 16) -> MLP:
    model = MLP(hidden_size=hidden_size, rng=0, dtype=dtype)
    model.train(digits.normalized(dtype)[:], digits.labels, epochs=2, batch_size=20)
    return model


def exported(model: MLP, folder: Path, to: str) -> str:
    """The file that the command line writes for a network."""
    model.save(folder / "model.npz")
    assert main(["export", str(folder / "model.npz"), "--to", to]) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(["model.npz", f"model.{to}"])
    return str(folder / f"model.{to}")


def run(file: str, X: NDArray[np.float32]) -> NDArray[np.float32]:
    runtime = pytest.importorskip("onnxruntime", exc_type=ImportError)
    session = runtime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(["probabilities"], {"X": X})
    output: NDArray[np.float32] = probabilities
    return output


@MODELS
def test_onnxruntime_gives_the_same_probabilities(
    digits: Split, tmp_path: Path, onnx: Any, dtype: type[np.floating]
) -> None:
    model = trained(digits, dtype)
    file = exported(model, tmp_path, "onnx")
    images = digits.normalized(dtype)[:]
    for batch in (images, images[:1], np.zeros((3, 784), dtype), np.ones((2, 784), dtype)):
        probabilities = run(file, batch.astype(np.float32))
        assert probabilities.dtype == np.float32
        assert np.abs(probabilities - model.forward(batch)).max() < 1e-6
    assert (run(file, images.astype(np.float32)).argmax(axis=1) == model.predict(images)).all()
    assert model.forward(images).max() > 0.9  # else all would be alike anyway


@MODELS
def test_a_network_that_is_very_sure_overflows_nowhere(tmp_path: Path, onnx: Any, dtype: type[np.floating]) -> None:
    model = MLP(rng=3, dtype=dtype)
    model.weights2 *= 100  # logits of hundreds, whose exp() would overflow
    X = np.random.default_rng(0).random((50, 784)).astype(np.float32)
    expected = model.predict(X.astype(dtype))
    assert np.abs(model.layer2_input).max() > 100
    probabilities = run(exported(model, tmp_path, "onnx"), X)
    assert np.isfinite(probabilities).all()
    assert (probabilities.argmax(axis=1) == expected).all()


@MODELS
def test_the_onnx_file_is_valid_and_has_the_names_of_the_network(
    digits: Split, tmp_path: Path, onnx: Any, dtype: type[np.floating]
) -> None:
    model = trained(digits, dtype)
    read = onnx.load(exported(model, tmp_path, "onnx"))
    onnx.checker.check_model(read, full_check=True)
    kinds = [node.op_type for node in read.graph.node]
    assert [kind for kind in kinds if kind != "Cast"] == ["Gemm", "Relu", "Gemm", "Softmax"]
    assert kinds.count("Cast") == (2 if dtype == np.float64 else 0)
    for value, name, size in ((read.graph.input[0], "X", 784), (read.graph.output[0], "probabilities", 10)):
        batch, width = value.type.tensor_type.shape.dim
        assert value.name == name
        assert value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
        assert (batch.dim_param, width.dim_value) == ("batch", size)
    weights = {each.name: onnx.numpy_helper.to_array(each) for each in read.graph.initializer}
    assert same(weights, model_file.parameters(model))


def same(arrays: dict[str, Any], expected: dict[str, Any]) -> bool:
    return arrays.keys() == expected.keys() and all(
        arrays[name].dtype == expected[name].dtype and np.array_equal(arrays[name], expected[name]) for name in expected
    )


@MODELS
def test_safetensors_reads_the_same_arrays(
    digits: Split, tmp_path: Path, safetensors: Any, dtype: type[np.floating]
) -> None:
    model = trained(digits, dtype)
    with safetensors.safe_open(exported(model, tmp_path, "safetensors"), framework="numpy") as file:
        names = file.keys()
        arrays = {name: file.get_tensor(name) for name in names}
        assert "28x28 pixels" in file.metadata()["description"]
    assert same(arrays, model_file.parameters(model))


@pytest.mark.parametrize("to", export.FORMATS)
def test_the_same_network_gives_the_same_bytes_however_its_arrays_lie_in_memory(to: str) -> None:
    pytest.importorskip(to, exc_type=ImportError)
    arrays = model_file.parameters(MLP(rng=0, dtype=np.float32))
    turned = {name: np.asfortranarray(array).astype(">f4") for name, array in arrays.items()}
    assert export.FORMATS[to](arrays) == export.FORMATS[to](turned)


# ── How it fails ───────────────────────────────────────────────────────────────────────────────


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What is told when an export is refused."""
    assert main(["export", *map(str, arguments)]) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("to", export.FORMATS)
def test_a_missing_extra_is_told_with_the_way_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    monkeypatch.setitem(sys.modules, to, None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    MLP(rng=0).save(tmp_path / "model.npz")
    assert "pip install onnx safetensors" in refused(capsys, tmp_path / "model.npz", "--to", to)
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_what_is_no_model_or_no_target_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    MLP(rng=0).save(tmp_path / "model.npz")
    (tmp_path / "text.npz").write_text("hello")
    for arguments, words in (
        ((tmp_path / "nowhere.npz",), "No such file"),
        ((tmp_path / "text.npz",), "not a model file"),
        ((tmp_path / "model.npz", "-o", tmp_path / "no" / "where"), "no such folder"),
        ((tmp_path / "model.npz", "-o", tmp_path), "it is a folder"),
        ((tmp_path / "model.npz", "-o", tmp_path / "model.npz"), "it is what is to be read"),
    ):
        assert words in refused(capsys, *arguments, "--to", "safetensors")
    assert {path.name for path in tmp_path.iterdir()} == {"model.npz", "text.npz"}


def test_an_unknown_format_is_told_with_those_that_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", str(tmp_path / "model.npz"), "--to", "keras"])
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert all(name in told for name in ("keras", "onnx", "safetensors"))


def test_a_full_disk_leaves_the_file_that_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, safetensors: Any
) -> None:
    MLP(rng=0).save(tmp_path / "model.npz")
    (tmp_path / "old").write_bytes(b"what was there")
    write_bytes = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        write_bytes(path, content[:100])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    words = refused(capsys, tmp_path / "model.npz", "--to", "safetensors", "-o", tmp_path / "old")
    assert "No space left" in words
    assert (tmp_path / "old").read_bytes() == b"what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"model.npz", "old"}


def test_numbers_that_neither_format_is_for_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnx", exc_type=ImportError)
    halves = {name: array.astype(np.float16) for name, array in model_file.parameters(MLP(rng=0)).items()}
    np.savez(tmp_path / "model.npz", **halves)  # type: ignore[arg-type]
    assert "numbers are float16" in refused(capsys, tmp_path / "model.npz", "--to", "onnx")
