"""Whatever is asked, and whatever code is written, has one answer, and the session lives on; see fuzz.py."""

import inspect
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlp_py import names
from mlp_py.network_code import shipped
from mlp_py.reading import Reading
from mlp_py.session import MOST_HIDDEN_UNITS, Session
from mlp_py.view import View
from mlp_py.workbench import Workbench

from .fuzz import any_input, is_sentence, works_or_is_refused
from .session_lab import RUN, RUN_ID, add_data, assert_same_weights, slices, start, weights_of

# ── Settings ───────────────────────────────────────────────────────────────────────────────────

NUMBER: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([0, 1, -1, 400, 401, 10**6, 2**32 - 1, 2**32, 2**63, 10**30, 0.5, -0.01, 1e-320, 1e308]),
    st.sampled_from([float("nan"), float("inf"), float("-inf"), None, True, "7", [], {}]),
)
SETTINGS = st.dictionaries(st.sampled_from(list(RUN)), NUMBER, max_size=3)


@any_input
@given(changes=SETTINGS)
@example(changes={"batch_size": 0})
@example(changes={"hidden_size": 10**9})
@example(changes={"epochs": 0})
@example(changes={"seed": -1})
@example(changes={"learning_rate": float("nan"), "hidden_size": 5})
def test_any_settings_begin_a_run_or_change_nothing(session: Session, changes: dict[str, Any]) -> None:
    network, weights = session.network, weights_of(session)
    answer = session.answer("begin", RUN_ID, RUN | changes, None)
    if "failure" in answer:
        assert answer["failure"]["kind"] == "refused", answer["failure"]
        assert is_sentence(answer["failure"]["message"])
        assert session.network is network
        assert session.run is None
        assert_same_weights(weights_of(session), weights)
    else:
        result = session.answer("run_slice", RUN_ID, 0.01, 1)["result"]
        assert result["failure"] is None or result["failure"]["kind"] in ("diverged", "refused"), result["failure"]
    session.reset(8, 0)


@any_input
@given(NUMBER, NUMBER)
@example(MOST_HIDDEN_UNITS + 1, 0)
@example(8, 2**32)
def test_any_network_is_made_or_refused(hidden_size: Any, seed: Any) -> None:
    session = Session(hidden_size=2)
    network = session.network
    if works_or_is_refused(lambda: session.reset(hidden_size, seed)) is None:
        assert session.network is network
    else:
        assert 1 <= session.network.hidden_size <= MOST_HIDDEN_UNITS


@any_input
@given(NUMBER)
def test_any_learning_rate_on_the_way_is_used_or_refused(session: Session, rate: Any) -> None:
    session.reset(8, 0)
    start(session)
    before = session.run.learning_rate.start if session.run else None
    answer = session.answer("set_learning_rate", RUN_ID, rate)
    if "failure" in answer:
        assert answer["failure"]["kind"] == "refused"
        assert session.run is not None
        assert session.run.learning_rate.start == before
    result = session.answer("run_slice", RUN_ID, 0.01, 1)["result"]
    assert result["failure"] is None or result["failure"]["kind"] in ("diverged", "refused"), result["failure"]
    session.reset(8, 0)


# ── Requests ───────────────────────────────────────────────────────────────────────────────────

METHODS = sorted(
    prefix + name
    for prefix, kind in (("", Session), ("reading.", Reading), ("view.", View), ("workbench.", Workbench))
    for name, method in inspect.getmembers(kind, inspect.isfunction)
    # answer() itself is what is asked; the last three take their time, or run code as they are told
    if not name.startswith("_") and name not in ("answer", "try_tip", "own_network", "tips")
)
JUNK = st.one_of(
    NUMBER,
    st.text(max_size=5),
    st.binary(max_size=9),
    st.sampled_from(["mine", "starter", "random", "image", "batch", "softmax"]),
    st.lists(st.integers(-9, 999), max_size=5),
    st.lists(st.integers(0, 9), max_size=5).map(lambda numbers: np.array(numbers, np.uint8)),
    st.dictionaries(st.sampled_from(["points", "labels", "seed", "epochs", ""]), NUMBER, max_size=2),
    st.just(RUN),
)


@any_input
@given(request=st.sampled_from(METHODS) | st.text(max_size=8), arguments=st.lists(JUNK, max_size=6))
def test_any_request_has_one_answer_and_the_session_lives_on(
    session: Session, request: str, arguments: list[Any]
) -> None:
    answer = session.answer(request, *arguments)
    assert len({"result", "failure"} & set(answer)) == 1
    assert session.answer("in_use")["result"]["hidden_size"] >= 1
    drawn = np.array([0.2, 0.2, 0.8, 0.8], np.float32), np.array([2], np.int32)
    session.answer("reading.alter", [], False, 0.0)
    assert len(session.answer("reading.read", *drawn, "mine")["result"]) == 1


# ── Code ───────────────────────────────────────────────────────────────────────────────────────

LINES = shipped().splitlines()


@st.composite
def code(draw: st.DrawFn) -> str:
    """The shipped mlp.py with lines and characters changed: often no Python, sometimes no network."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["drop", "double", "swap", "cut", "insert"]))
        if how == "drop":
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            lines.insert(at, draw(st.text(max_size=12)))
    return "\n".join(lines)


TEXT = st.one_of(st.text(max_size=60), code())
# Deeper than this, taking a tree of syntax apart ends Python itself in the browser, which is told as a crash.
DEEP = 1_000 if sys.platform == "emscripten" else 3_000
NESTED = [
    "(" * 300,
    "-" * DEEP + "x",
    "x" + ".x" * DEEP,
    "\0",
    "\ud800",
    "if 1:\n" * 3,
    "a = 0x" + "f" * 10_000,
    "# coding: klingon",
]


def with_each_nested[Test: Callable[..., None]](test: Test) -> Test:
    for text in NESTED:
        test = example(text)(test)
    return test


@with_each_nested
@any_input
@given(TEXT)
def test_any_text_gets_remarks_on_its_names(text: str) -> None:
    pytest.importorskip("pyflakes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python on the text
        for remark in names.remarks(text):
            assert is_sentence(remark.message[:600])
            assert remark.line >= 1


@with_each_nested
@any_input
@given(TEXT)
@example("raise SystemExit")
@example("import sys\nsys.exit('enough')")
@example("raise GeneratorExit")
@example("class Gone(BaseException): pass\nraise Gone")
@example("class MLP: pass")
@example("MLP = 5")
@example("def f(): f()\nf()")
@example("import numpy as np\nnp.zeros((10**9, 10**9))")
def test_any_text_as_code_works_or_is_told_as_a_mistake_in_it(text: str) -> None:
    session = Session(hidden_size=2)
    network = session.network
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = session.answer("use_source", text)
    if "failure" in answer:
        assert answer["failure"]["kind"] == "code", answer["failure"]
        assert session.network is network


@pytest.mark.parametrize("stop", ["raise SystemExit", "raise GeneratorExit", "np.zeros((10**7, 10**7))"])
def test_code_that_would_end_python_ends_its_run_and_no_more(idx_files: dict[str, bytes], stop: str) -> None:
    text = shipped().replace(
        "            total_loss = 0\n", f"            total_loss = 0\n            if epoch: {stop}\n"
    )
    assert text != shipped()
    session = add_data(Session(hidden_size=8, source=text), idx_files)
    start(session)
    *_, last = slices(session)
    assert last["failure"]["kind"] == "code"
    assert last["failure"]["line"] == text.splitlines().index(f"            if epoch: {stop}") + 1
    assert session.network.n_epochs == 1


def test_what_does_not_fit_into_memory_is_told_as_that(session: Session) -> None:
    text = shipped().replace("return np.maximum(0, x)", "return np.zeros((10**7, 10**7))")
    failure = session.answer("use_source", text)["failure"]
    assert "not enough memory" in failure["message"]
    assert failure["line"] > 1


@with_each_nested
@any_input
@given(TEXT)
@example("raise SystemExit")
@example("def relu(self, x):\n    raise SystemExit")
@example("def relu(self, x):\n    return np.zeros((10**6, 10**6))")
def test_any_answer_to_an_exercise_gets_a_verdict(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdict = Session(hidden_size=2).answer("workbench.check_answer", "relu", text)["result"]
    assert verdict["solved"] or verdict["message"]
