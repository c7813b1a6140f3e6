"""Changed code that does not come to an end is stopped; what is ours, or many short calls, is not."""

import time
from types import FrameType, SimpleNamespace

import numpy as np
import pytest

from mlp_py.deadline import LOOK, SWALLOWED, EndlessError, Watchdog, limited
from mlp_py.failure import failure_of
from mlp_py.network_code import FILE, network_class, shipped

from .session_lab import needs_threads

RELU = "return np.maximum(0, x)"

ENDLESS = {
    "while True": "while True:\n            pass",
    "inside except Exception": "while True:\n            try:\n                x\n            except Exception:\n"
    "                pass",
    "a generator": "import itertools\n        return sum(1 for _ in itertools.count())",
    "inside NumPy calls": "while x is not None:\n            np.dot(x.T, x)",
}


@needs_threads
@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_loop_without_an_end_is_stopped_and_its_line_told(code: str) -> None:
    text = shipped().replace(RELU, code)
    first = text[: text.index(code)].count("\n") + 1
    with pytest.raises(EndlessError) as caught, limited(0.2):
        network_class(text)
    told = failure_of(caught.value)
    assert (told["kind"], told["phase"]) == ("code", "forward")
    assert first <= told["line"] <= first + code.count("\n")
    assert "does not end" in told["message"]


@needs_threads
def test_what_is_ours_may_take_longer() -> None:
    with limited(0.02):
        end = time.perf_counter() + 0.3
        while time.perf_counter() < end:
            pass
    assert network_class(shipped() + "# mine\n")


@needs_threads
def test_many_short_calls_may_take_longer_than_one() -> None:
    relu = network_class(shipped() + "# mine\n")(4, 2, 2).relu
    with limited(0.5):  # a call that a busy machine stalls for so long is stopped rightly
        end = time.perf_counter() + 1.5
        while time.perf_counter() < end:
            relu(np.zeros(3))


def frame_of(file: str) -> FrameType:
    """A frame of a file, line 7, such as a look finds."""
    return SimpleNamespace(f_code=SimpleNamespace(co_filename=file), f_lineno=7, f_back=None)  # type: ignore[return-value]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    return clock


def looks(dog: Watchdog, clock: SimpleNamespace, frame: FrameType, seconds: float) -> int:
    """Look again and again at the same frame; returns how often it was stopped."""
    stopped = 0
    for _ in range(round(seconds / LOOK)):
        clock.now += LOOK
        try:
            dog.look(2, frame)
        except EndlessError:
            stopped += 1
    return stopped


def test_whoever_catches_what_is_to_stop_it_hangs_and_gives_no_sign_of_life(clock: SimpleNamespace) -> None:
    signs: list[str] = []
    dog = Watchdog(1, alive=lambda: signs.append("alive"), hung=lambda line: signs.append(f"hung in {line}"))
    assert looks(dog, clock, frame_of(FILE), 0.8) == 0
    assert set(signs) == {"alive"}
    signs.clear()
    assert looks(dog, clock, (frame := frame_of(FILE)), 1 + SWALLOWED * LOOK) >= SWALLOWED
    assert "hung in 7" not in signs
    assert looks(dog, clock, frame, LOOK) == 1
    assert signs[-1] == "hung in 7"


@pytest.mark.parametrize("seconds", [0.01, LOOK, 2 * LOOK, 1])
def test_a_call_that_is_seen_once_is_never_stopped(clock: SimpleNamespace, seconds: float) -> None:
    dog = Watchdog(seconds)
    assert sum(looks(dog, clock, frame_of(FILE), LOOK) for _ in range(1000)) == 0


def test_our_own_lines_give_signs_of_life_for_ever(clock: SimpleNamespace) -> None:
    signs: list[str] = []
    dog = Watchdog(1, alive=lambda: signs.append("alive"))
    assert looks(dog, clock, frame_of("evaluation.py"), 30) == 0
    assert len(signs) == round(30 / LOOK)


def test_the_time_of_a_loop_that_rests_between_slices_begins_anew(clock: SimpleNamespace) -> None:
    dog, frame = Watchdog(1), frame_of(FILE)
    for _ in range(10):
        assert looks(dog, clock, frame, 0.7) == 0
        clock.now += 1
