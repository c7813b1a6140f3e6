"""Runs inside Pyodide under Node: trains as the page's worker does, by /work/settings.json into /work/losses.json."""

import json
from pathlib import Path

from mlp_py.session import Session

WORK = Path("/work")


def content(name: str) -> bytes:
    """What is in one of the page's data files."""
    return (WORK / name).read_bytes()


settings = json.loads((WORK / "settings.json").read_text())
session = Session(settings.pop("hidden_size"), settings.pop("seed"))
session.set_allographs(content("allographs-images.idx3-ubyte.gz"), content("allographs-labels.idx1-ubyte.gz"))
session.add_training_images(content("train-images-1.idx3-ubyte.gz"), content("train-labels-1.idx1-ubyte.gz"))
session.set_held_out(content("t10k-images.idx3-ubyte.gz"), content("t10k-labels.idx1-ubyte.gz"))
session.start(**settings)
rows: list[list[float]] = []
while len(rows) < settings["epochs"]:
    record = session.run_slice(1.0)["epoch_record"]
    if record:
        rows.append([record[name] for name in ("epoch", "training_loss", "validation_loss", "validation_accuracy")])
(WORK / "losses.json").write_text(json.dumps(rows))
