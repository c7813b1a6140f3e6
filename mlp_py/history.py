"""The history of a training as a file: a line an epoch, in the columns of the page's CSV."""

import csv
from collections.abc import Mapping
from pathlib import Path

from .training import Epoch

SETTINGS = (
    "training_images",
    "epochs",
    "batch_size",
    "learning_rate",
    "hidden_size",
    "seed",
    "augment",
    "decay",
)
COLUMNS = (
    "run",
    "epoch",
    "training_loss",
    "validation_loss",
    "validation_accuracy",
    "test_accuracy",
    "seconds",
    *SETTINGS,
    "code",
)


class History:
    """A CSV file that grows by a line with each epoch, so that no end of a training takes it away.

    path : the file; what it held before goes when the first epoch has ended
    settings : of the run, those named in SETTINGS
    """

    def __init__(self, path: Path, settings: Mapping[str, float]) -> None:
        self.path = path
        self.settings = [int(value) if isinstance(value := settings[name], bool) else value for name in SETTINGS]
        self.is_begun = False

    def add(self, record: Epoch) -> None:
        """Write the line of an epoch."""
        numbers = [record.training_loss, record.validation.loss, record.validation.accuracy, record.test.accuracy]
        line = [1, record.epoch + 1, *numbers, record.seconds, *self.settings, "shipped"]
        with self.path.open("a" if self.is_begun else "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([line] if self.is_begun else [COLUMNS, line])
        self.is_begun = True
