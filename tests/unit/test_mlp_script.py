"""A run of the page as a script prints the same losses."""

import re
from pathlib import Path
from typing import Any

import pytest

from mlp_py.allographs import draw
from mlp_py.dataset import load_split, stratified, write_idx
from mlp_py.network_code import shipped
from mlp_py.script import script
from mlp_py.session import DTYPE, Session

from .session_lab import RUN, Files, epoch_records, slices, start

LEAKY = shipped().replace("return np.maximum(0, x)", "return np.where(x > 0, x, x / 2)")


@pytest.mark.parametrize(
    ("changes", "text"),
    [({}, None), ({"seed": 3, "decay": 1, "augment": 1}, shipped()), ({"training_images": 200}, LEAKY)],
    ids=["plain", "augmented", "changed code"],
)
def test_it_prints_the_losses_of_the_run(
    changes: dict[str, Any],
    text: str | None,
    idx_files: Files,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = tmp_path / "dist" / "data"
    data.mkdir(parents=True)
    for name, content in idx_files.items():
        (data / name).write_bytes(content)
    settings = RUN | changes
    session = Session(settings["hidden_size"], settings["seed"], text)
    for prefix, add in (("train", session.images.add_training_images), ("t10k", session.images.set_held_out)):
        split = stratified(load_split(data, prefix))  # as the build gives them to the page
        add(write_idx(split.images.reshape(-1, 28, 28)), write_idx(split.labels))
    session.images.allographs = draw()
    start(session, **changes)
    records = epoch_records(list(slices(session)))
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    exec(script(settings, text, "Run 1", []), {})
    printed = capsys.readouterr().out
    losses = [float(loss) for loss in re.findall(r"Average Loss: ([\d.]+)", printed)]
    assert losses == pytest.approx([record["training_loss"] for record in records], abs=1e-4)
    validation = [float(loss) for loss in re.findall(r"validation loss ([\d.]+)", printed)]
    assert validation == pytest.approx([record["validation_loss"] for record in records], abs=1e-4)
    assert session.network.model.weights1.dtype == DTYPE


def test_what_it_cannot_have_is_said_in_it() -> None:
    text = script(RUN, None, 'Run 3: "x" \\', ["12 images of your corrections"])
    compile(text, "run.py", "exec")
    assert "# Not in here: 12 images of your corrections." in text
