"""What the README's figures come from: run `.venv/bin/python -m tests.benchmarks.speed`."""
