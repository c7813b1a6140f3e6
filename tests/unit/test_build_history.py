"""The command line writes the history that the page writes."""

import subprocess

from builder.node import find_node
from builder.paths import SITE
from mlp_py.history import COLUMNS


def test_the_columns_are_those_of_the_pages_csv() -> None:
    script = f"const {{ Runs }} = await import({(SITE / 'js' / 'runs.js').as_uri()!r}); console.log(new Runs().toCsv())"
    command = [find_node(), "--input-type=module", "--no-warnings", "--eval", script]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == ",".join(COLUMNS)
