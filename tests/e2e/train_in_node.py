"""Runs inside Pyodide under Node: trains as the page's worker does, by /work/settings.json into /work/losses.json."""

import json
from pathlib import Path

from mlp_py.session import Session

WORK = Path("/work")


def content(name: str) -> bytes:
    """What is in one of the page's data files."""
    return (WORK / name).read_bytes()


settings = json.loads((WORK / "settings.json").read_text())
session = Session()
images = session.images
images.set_allographs(content("allographs-images.idx3-ubyte.gz"), content("allographs-labels.idx1-ubyte.gz"))
images.add_training_images(content("train-images-1.idx3-ubyte.gz"), content("train-labels-1.idx1-ubyte.gz"))
images.set_held_out(content("t10k-images.idx3-ubyte.gz"), content("t10k-labels.idx1-ubyte.gz"))
session.begin(1, settings, None)
rows: list[list[float]] = []
while result := session.run_slice(1, 1.0):
    if record := result["epoch_record"]:
        rows.append(
            [record["epoch"], record["training_loss"], record["validation_loss"], record["validation_accuracy"]]
        )
(WORK / "losses.json").write_text(json.dumps(rows))
