"""What the page's worker asks for is there to be asked."""

import re
from operator import attrgetter

from builder.paths import SITE
from mlp_py.session import Session

ASKED = re.compile(r'\bpython\.ask\(["`]([^"`]+)["`]')
METHODS = {"images.${method}": ["images.set_held_out", "images.set_allographs", "images.add_training_images"]}
"""What stands for several."""


def test_each_question_of_the_worker_is_a_method_of_the_session() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in sorted((SITE / "js").glob("*.js"))]
    asked = {name for script in scripts for name in ASKED.findall(script)}
    assert {"reset", "reading.read", "view.weights", "workbench.names"} <= asked
    session = Session(hidden_size=2)
    for name in sorted(asked):
        for method in METHODS.get(name, [name]):
            assert callable(attrgetter(method)(session)), method
