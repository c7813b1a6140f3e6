"""Signs of one's own: CSV in and out, and a network that learns them beside or instead of MNIST."""

from typing import Any

import numpy as np
import pytest

from mlp_py.dataset import Split
from mlp_py.image_pool import own_alone
from mlp_py.session import Session
from mlp_py.signs import read_csv, write_csv

from .session_lab import RUN, RUN_ID, epoch_records, slices

RNG = np.random.default_rng(0)
IMAGES = (RNG.integers(0, 256, (30, 784)) * (RNG.random((30, 784)) < 0.15)).astype(np.uint8)
LABELS = np.arange(30, dtype=np.uint8) % 3
NONE: dict[str, Any] = {
    "points": np.empty(0, np.float32),
    "lengths": np.empty(0, np.int32),
    "strokes": np.empty(0, np.int32),
    "labels": np.empty(0, np.uint8),
}
OWN = NONE | {"pictures": IMAGES.ravel(), "picture_labels": LABELS}


def line(label: str = "1", pixel: object = 0, n: int = 784) -> str:
    return ",".join([label, *[str(pixel)] * n])


def test_what_goes_out_comes_in_again() -> None:
    names = ["a", "b, or β", 'c "quoted"']
    signs = read_csv(write_csv(names, Split(IMAGES, LABELS)).encode())
    assert signs.names == names
    np.testing.assert_array_equal(signs.split.images, IMAGES)
    np.testing.assert_array_equal(signs.split.labels, LABELS)


def test_mnist_as_csv_keeps_its_digits_with_or_without_headings() -> None:
    for heading in ("", "label," + ",".join(f"1x{i}" for i in range(784)) + "\n"):
        signs = read_csv(f"{heading}{line('7', 3)}\r\n{line('2', 255)}\r\n".encode())
        assert signs.names == list("0123456789")
        assert signs.split.labels.tolist() == [7, 2]
        assert signs.split.images[:, 0].tolist() == [3, 255]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no pictures"),
        ("label,pixel0\n", "no pictures"),
        (line() + "\n" + line(n=783), "line 2 has 784 values"),
        ("label,a\n" + line(pixel="x"), "line 2 has a pixel that is no whole number"),
        (line(pixel=256), "line 1 has pixels from 256 to 256"),
        (line(pixel=-1), "pixels from -1 to -1"),
        ("\n".join(line(chr(97 + i)) for i in range(11)), "11 different labels"),
        ("\n".join([line()] * 1001), "1,001 pictures"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_csv(text.encode())


def test_what_is_no_text_is_no_csv() -> None:
    with pytest.raises(ValueError, match="no CSV file"):
        read_csv(b"\xff\xfe\x00")


def test_alone_every_fifth_of_a_kind_is_held_out_and_the_rest_comes_over_and_over() -> None:
    mnist = own_alone(Split(IMAGES, LABELS), 100)
    assert len(mnist.train) == 100
    assert len(mnist.test) == 6
    held_out = {image.tobytes() for image in mnist.test.images}
    assert not held_out & {image.tobytes() for image in mnist.train.images}
    assert {image.tobytes() for image in mnist.train.images} | held_out == {image.tobytes() for image in IMAGES}


def test_of_few_all_are_learned_and_judged() -> None:
    mnist = own_alone(Split(IMAGES[:4], LABELS[:4]), 10)
    assert len(mnist.test) == 4
    with pytest.raises(ValueError, match="no signs of your own yet"):
        own_alone(Split(IMAGES[:0], LABELS[:0]), 10)


def test_a_network_learns_them_instead_of_mnist_and_afterwards_mnist_again(session: Session) -> None:
    settings: Any = RUN | {"epochs": 8, "training_images": 200, "learning_rate": 0.02}
    in_use = session.begin(RUN_ID, settings, OWN | {"alone": True})
    assert in_use["corrections"] == 30
    records = epoch_records(list(slices(session)))
    assert records[-1]["training_loss"] < 0.1, "it does not even learn them by heart"
    assert len(session.view.results("mine")["labels"]) == 6
    assert session.begin(RUN_ID + 1, settings, OWN)["corrections"] == 600
    assert len(session.images.mnist(400, False).train) == 1000
    session.begin(RUN_ID + 2, settings, None)
    assert len(session.images.test()) == 100


def test_the_session_gives_and_takes_csv(session: Session) -> None:
    text = session.workbench.to_csv(["x", "y", "z"], OWN)
    found = session.workbench.read_csv(text.encode())
    assert found["names"] == ["x", "y", "z"]
    np.testing.assert_array_equal(found["pictures"], IMAGES.ravel())
    assert "no pictures" in session.answer("workbench.read_csv", b"")["failure"]["message"]
