"""The commands of `python -m mlp_py`: a module each, with the arguments it takes and what it does."""

from . import evaluate, exercise, export, predict, train

COMMANDS = {"train": train, "evaluate": evaluate, "predict": predict, "export": export, "exercise": exercise}
