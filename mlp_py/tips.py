"""The tips of the notes as experiments: a question, what is tried to answer it, and what one sees then.

A teacher's own goes into TIPS: a few lines of code that print what is to be seen, or runs that differ in settings or in
mlp.py.
"""

import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field

import numpy as np

from .network_code import shipped

BASE: Mapping[str, float] = {
    "training_images": 5_000, "epochs": 4, "batch_size": 32, "learning_rate": 0.01, "hidden_size": 128, "seed": 0,
    "augment": 0, "decay": 0,
}  # fmt: skip
"""What runs are made with, but for what they name: the notes' own algorithm, for some seconds."""


@dataclass(frozen=True)
class Trial:
    """A run that a tip tries.

    label : in what it differs, in a few words
    settings : those that are not BASE's
    edits : what stands in mlp.py, once or more often, and what takes its place
    """

    label: str
    settings: Mapping[str, float] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=dict)

    def all_settings(self) -> dict[str, float]:
        """The page's settings for it."""
        return {**BASE, **self.settings}

    def source(self) -> str | None:
        """The text of the mlp.py that it runs; None for the package's own."""
        text = shipped()
        for old, new in self.edits.items():
            if old not in text:
                raise ValueError(f"mlp.py has no {old!r}")
            text = text.replace(old, new)
        return text if self.edits else None


@dataclass(frozen=True)
class Tip:
    """One tip; `code` is run where there are no trials, and prints what is to be seen."""

    name: str
    question: str
    explanation: str
    trials: tuple[Trial, ...] = ()
    code: str = ""


HE_1, HE_2 = "np.sqrt(2 / input_size)", "np.sqrt(2 / hidden_size)"

TIPS = (
    Tip(
        "softmax",
        "What does softmax make of logits of 1000, without subtracting the maximum?",
        "e to the 1000 is more than a computer's number can hold, so it becomes inf, and inf / inf is nan: not a "
        "number. Less the maximum, the largest is e to the 0 = 1, and the quotient is the same.",
        code="""
x = np.array([[1000.0, 1001.0, 1002.0]])
exp_x = np.exp(x)
print("without:", exp_x / np.sum(exp_x, axis=1, keepdims=True))
exp_x = np.exp(x - np.max(x, axis=1, keepdims=True))
print("with:   ", exp_x / np.sum(exp_x, axis=1, keepdims=True))
""",
    ),
    Tip(
        "epsilon",
        "What is the loss where the network is quite sure, with no epsilon in the log?",
        "log(0) is minus infinity. Sure and wrong, the loss is infinite; sure and right, it is 0 times infinity, which "
        "is nan: no number at all. One such image, and the loss of the whole batch is none. 1e-7 more costs nothing, "
        "and caps the loss at 16.1.",
        code="""
right = np.array([1.0, 0.0])
for what, p in [("wrong", np.array([0.0, 1.0])), ("right", np.array([1.0, 0.0]))]:
    print(f"sure and {what}, without: {-np.sum(right * np.log(p)):.4f}")
    print(f"sure and {what}, with:    {-np.sum(right * np.log(p + 1e-7)):.4f}")
""",
    ),
    Tip(
        "initialization",
        "Must the first weights be what He says? Try zeros, and ten times as much.",
        "With zeros every hidden unit gives 0, no gradient gets past it, and the loss stays at 2.30, that of a "
        "blind guess. Ten times as much, it begins sure of nonsense, has to unlearn that first, and is still behind "
        "in the end.",
        trials=(
            Trial("He"),
            Trial("zeros", edits={HE_1: "0", HE_2: "0"}),
            Trial("ten times He", edits={HE_1: f"10 * {HE_1}", HE_2: f"10 * {HE_2}"}),
        ),
    ),
    Tip(
        "pixels",
        "Why pixels from 0 to 1? Try them from 0 to 255, as they are in the file.",
        "Everything that is multiplied by a pixel is 255 times as large, the gradients as well. The first steps are "
        "so large that they push the hidden units below zero for every image: dead, for good. The loss stays at "
        "2.30.",
        trials=(
            Trial("0 to 1"),
            Trial("0 to 255", edits={"dot(X, self": "dot(255 * X, self", "dot(X.T, self": "dot(255 * X.T, self"}),
        ),
    ),
    Tip(
        "loops",
        "How much slower is the product of a batch with loops, instead of vectorized?",
        "Both compute the same 50,176 products and sums. In the loop Python looks up each number, one at a time; "
        "NumPy does all in one call, several at once.",
        code="""
from time import perf_counter
rng = np.random.default_rng(0)
X, weights = rng.random((32, 784)), rng.random((784, 2))

started = perf_counter()
looped = np.zeros((32, 2))
for i in range(32):
    for j in range(2):
        for k in range(784):
            looped[i, j] += X[i, k] * weights[k, j]
loops = perf_counter() - started

started = perf_counter()
for _ in range(100):
    vectorized = np.dot(X, weights)
vector = (perf_counter() - started) / 100

print("the same:", np.allclose(looped, vectorized))
print(f"loops: {1e3 * loops:.1f} ms, vectorized: {1e3 * vector:.3f} ms, {loops / vector:,.0f} times as fast")
""",
    ),
    Tip(
        "rate",
        "What will a learning rate of 1 do? And one of 0.0001?",
        "With 1, each step leaps across the valley and lands higher than it began; the loss explodes within the "
        "first epoch. With 0.0001 it goes the right way, but so slowly that it is nowhere near when the time is up.",
        trials=(
            Trial("0.01"),
            Trial("1", {"learning_rate": 1}),
            Trial("0.0001", {"learning_rate": 0.0001}),
        ),
    ),
    Tip(
        "batch",
        "Batches of 1,000 at the same learning rate?",
        "Gradients are summed over the batch, so a step is about 31 times as large, and goes astray. The rate has "
        "to shrink as the batch grows: 0.01 x 32 / 1000 = 0.0003 goes well, though with a 31st of the steps it gets "
        "less far.",
        trials=(
            Trial("32 at 0.01"),
            Trial("1,000 at 0.01", {"batch_size": 1_000}),
            Trial("1,000 at 0.0003", {"batch_size": 1_000, "learning_rate": 0.0003}),
        ),
    ),
    Tip(
        "hidden",
        "How many hidden units does it take: 4, 16, 128 or 512?",
        "Four can't tell ten digits apart. Sixteen do surprisingly well. From 128 to 512 there is little to gain, "
        "for four times the work.",
        trials=tuple(Trial(str(n), {"hidden_size": n}) for n in (4, 16, 128, 512)),
    ),
    Tip(
        "overfitting",
        "What does it learn from 200 images alone, however long it looks at them?",
        "It learns them by heart: the training loss goes to nearly nothing. The validation loss, of images that it "
        "has not seen, stops falling early and stays high. That gap is overfitting, and more images are the cure.",
        trials=(
            Trial("200 images, 40 epochs", {"training_images": 200, "epochs": 40}),
            Trial("5,000 images, 4 epochs"),
        ),
    ),
)


def tip(name: str) -> Tip:
    """The tip of this name."""
    return next(each for each in TIPS if each.name == name)


def printed_by(name: str) -> str:
    """What a tip's code prints."""
    printed = io.StringIO()
    with redirect_stdout(printed), np.errstate(all="ignore"):
        exec(compile(tip(name).code, f"{name}.py", "exec"), {"np": np})
    return printed.getvalue()
