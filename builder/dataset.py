"""The page's data, gzipped: MNIST in stratified order, cut so that a first visit loads a fair sample; allographs."""

from pathlib import Path

from builder import fetch, pins
from builder.cache import scratch_folder, write_atomically
from builder.packing import gzip_step, pack
from builder.paths import WORK
from mlp_py import allographs
from mlp_py.dataset import Split, load_split, stratified, write_idx

FIRST_PART = 10_000
"""Training images of a first visit; the others are a second file, loaded only when chosen."""


def make() -> Path:
    """Return the folder of the page's data files."""
    official = fetch.fetch(pins.MNIST)
    train, test = (stratified(load_split(official, prefix)) for prefix in ("train", "t10k"))
    parts = {
        "train-{}-1": train[:FIRST_PART],
        "train-{}-2": train[FIRST_PART:],
        "t10k-{}": test,
        "allographs-{}": allographs.draw(),
    }
    with scratch_folder(WORK) as scratch:
        files = [path for name, part in parts.items() for path in _write(scratch, name, part)]
        return pack(fetch.fetch(pins.PYODIDE), [gzip_step(path) for path in files])


def _write(folder: Path, name: str, part: Split) -> list[Path]:
    images = folder / f"{name.format('images')}.idx3-ubyte"
    labels = folder / f"{name.format('labels')}.idx1-ubyte"
    write_atomically(images, write_idx(part.images.reshape(-1, 28, 28)))
    write_atomically(labels, write_idx(part.labels))
    return [images, labels]
