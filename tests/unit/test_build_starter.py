"""What the starter model depends on is found, not listed by hand."""

from pathlib import Path

from builder import starter


def names(script: Path) -> set[str]:
    return {path.name for path in starter.what_matters(script)}


def test_all_that_its_training_runs_matters_and_nothing_else() -> None:
    found = names(starter.SCRIPT)
    assert {
        "mlp.py", "model_file.py", "training.py", "evaluation.py", "kernel.py", "kernel.c", "dataset.py", "augment.py",
        "allographs.py", "checks.py", "__init__.py", "drawing.py",
    } <= found  # fmt: skip
    assert not found & {"__main__.py", "session.py", "picture.py", "network_code.py", "run.py", "trace.py"}


def test_imports_of_every_form_are_followed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from mlp_py import trace\nfrom mlp_py.run import Run\nimport json\nfrom os import path\n")
    assert {"trace.py", "run.py", "failure.py", "network_code.py"} <= names(script)
