"""A run of the page as a script, which trains the same network natively and prints the same losses."""

from typing import Any

from .network_code import shipped
from .sharing import shared

TEMPLATE = '''\
"""{title}

It prints the page's losses again: the same to about five digits, since another machine rounds in another order.
It needs mlp_py, and MNIST's files: `python3 build.py build`, in a clone of the project, puts them into dist/data.
"""
{notes}
from dataclasses import replace

{imports}

mnist = load_mnist("dist/data")
{images}
{network}
model = {name}(hidden_size={hidden_size}, rng={seed}, dtype="float32")
for record in train(
    model,
    mnist,
    epochs={epochs},
    batch_size={batch_size},
    learning_rate=LearningRate({learning_rate:g}, decay={decay}),
    augment={augment},
):
    if isinstance(record, Epoch):
        validation, test = record.validation, record.test
        print(f"    validation loss {{validation.loss:.4f}}, test accuracy {{test.accuracy:.4f}}")
'''


def script(settings: dict[str, Any], text: str | None, title: str, departures: list[str]) -> str:
    """The text of a Python file.

    Parameters
    ----------
    settings : session.AllSettings
    text : of the mlp.py that the run's network was made by; None for the package's own
    title : its first line
    departures : what the run's numbers come from, besides the settings, and the script does not have
    """
    imports = ["from mlp_py.dataset import load_mnist", "from mlp_py.training import Epoch, LearningRate, train"]
    n, network, name = settings["training_images"], "", "MLP"
    images = f"mnist = replace(mnist, train=mnist.train[:{n}])"
    if settings["augment"]:
        imports.append("from mlp_py.allographs import draw, mixed")
        images = f"mnist = replace(mnist, train=mixed(draw(), mnist.train, {n}))  # with ways to write that MNIST lacks"
    if text is None or text == shipped():
        imports.append("from mlp_py import MLP")
    else:
        imports += ["from mlp_py.network_code import network_class", "from mlp_py.sharing import taken"]
        name = "Changed"
        network = f'\ntext, _ = taken("{shared(text)}")  # the changed mlp.py\nChanged = network_class(text)\n'
    notes = "".join(f"\n# Not in here: {what}." for what in departures)
    return TEMPLATE.format(
        **{**settings, "decay": bool(settings["decay"]), "augment": bool(settings["augment"])},
        title=title,
        notes=f"{notes}\n" if notes else "",
        imports="\n".join(sorted(imports)),
        images=images,
        network=network,
        name=name,
    )
