"""Runs inside Pyodide: trains the starter model with the page's own settings and 60,000 images, but longer.

/work/data has the page's data files; the model goes to /work/starter.npz, and how it did to /work/starter.json.
The same kernel on the same numbers gives the same file on every machine.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from mlp_py import MLP, load_mnist
from mlp_py.allographs import mixed
from mlp_py.dataset import load_split
from mlp_py.training import Epoch, LearningRate, train

EPOCHS = 30
SEED = 0
WORK = Path("/work")
DATA = WORK / "data"

mnist = load_mnist(DATA)
mnist = replace(mnist, train=mixed(load_split(DATA, "allographs"), mnist.train, len(mnist.train)))
model = MLP(rng=SEED, dtype=np.float32)
rate = LearningRate(0.01, decay=True)
for record in train(model, mnist, epochs=EPOCHS, batch_size=32, learning_rate=rate, augment=True):
    if isinstance(record, Epoch):
        last = record
model.save(WORK / "starter.npz")
about = {"epochs": EPOCHS, "test_accuracy": last.test.accuracy}
(WORK / "starter.json").write_text(json.dumps(about))
