"""Whatever a file or a link holds, it is read, or refused in a sentence; see fuzz.py."""

import base64
import io
import json
import zipfile
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlp_py import MLP, model_file, saved_work, sharing, signs
from mlp_py.network_code import shipped
from mlp_py.session import MOST_HIDDEN_UNITS, Session

from .fuzz import any_input, is_sentence, mutated, peak, works_or_is_refused

NAMES = model_file.NAMES


def npz(parameters: dict[str, Any], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .npz of such arrays; bytes are taken for a member as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as opened:
        for name, array in parameters.items():
            member = io.BytesIO()
            if isinstance(array, bytes):
                member.write(array)
            else:
                np.lib.format.write_array(member, array)
            opened.writestr(f"{name}.npy", member.getvalue())
    return file.getvalue()


def header(text: str, version: int = 1) -> bytes:
    """A member of a .npz that begins so."""
    length = len(text).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode()


VERSIONS = st.sampled_from([1, 2, 3, 9])
HEADERS = st.one_of(
    st.text(max_size=80),
    st.tuples(
        st.sampled_from(
            ["<f8", "<f4", ">f4", "<f2", "|O", "|V0", "|S0", "U9", "(2,2)f4", "f4,i4", "nonsense", "<M8[ns]", "<i4"]
        ),
        st.booleans(),
        st.lists(st.integers(-3, 2**66), max_size=5).map(tuple),
    ).map(lambda of: str({"descr": of[0], "fortran_order": of[1], "shape": of[2]})),
)
"""What may stand at the beginning of a .npy file."""

PARAMETERS = model_file.parameters(MLP(6, 5, 4, rng=0))
DIGITS = model_file.parameters(MLP(hidden_size=3, rng=0, dtype=np.float32))
MODEL = npz(PARAMETERS)


def read(content: bytes) -> dict[str, Any] | None:
    return works_or_is_refused(lambda: model_file.load(io.BytesIO(content)))


def is_a_network(parameters: dict[str, Any] | None) -> None:
    """What was not refused reads."""
    if parameters is None:
        return
    model = model_file.network(MLP, parameters)
    with np.errstate(all="ignore"):
        answer = model.forward(np.zeros((2, model.weights1.shape[0]), model.weights1.dtype))
    assert answer.shape == (2, parameters["biases2"].shape[1])


# ── Everything as one file ─────────────────────────────────────────────────────────────────────

WORK = saved_work.pack({"settings.json": '{"format": 1}', "drawings.json": "[]", "mlp.py": "# mine\n"})
MEMBERS = st.dictionaries(
    st.sampled_from(
        ["settings.json", "drawings.json", "signs.json", "mlp.py", "model.npz", "order.npy", "picture.png", "../x"]
    ),
    st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode(errors="replace"))),
)


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return file.getvalue()


@any_input
@given(st.one_of(st.binary(max_size=400), mutated(WORK), MEMBERS.map(zipped)))
def test_any_bytes_as_saved_work(content: bytes) -> None:
    files = works_or_is_refused(lambda: saved_work.unpack(content))
    if files is not None:
        assert isinstance(files["settings.json"], str)
        assert "../x" not in files


@any_input
@given(VERSIONS, HEADERS, st.binary(max_size=200))
@example(1, str({"descr": "<i4", "fortran_order": False, "shape": (10**11,)}), b"")
@example(1, str({"descr": "<i4", "fortran_order": False, "shape": (-1,)}), bytes(64))
@example(1, str({"descr": "<i4", "fortran_order": False, "shape": (1,)}), bytes(7))
@example(1, "(" * 9_000, b"")
@example(2, "[" * 9_000 + "]" * 9_000, b"")
def test_any_header_as_an_order(version: int, text: str, content: bytes) -> None:
    work = saved_work.pack({"settings.json": "{}", "order.npy": header(text, version) + content})
    files = works_or_is_refused(lambda: saved_work.unpack(work))
    assert files is None or files["order.npy"] == content
    assert peak(lambda: saved_work.unpack(work)) < 5


# ── Models ─────────────────────────────────────────────────────────────────────────────────────


@any_input
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=400).map(b"PK\x03\x04".__add__), mutated(MODEL)))
def test_any_bytes_as_a_model(content: bytes) -> None:
    is_a_network(read(content))


ARRAY = st.builds(
    lambda shape, dtype, value: np.full(shape, value).astype(dtype),
    st.one_of(st.sampled_from([array.shape for array in PARAMETERS.values()]), st.lists(st.integers(0, 3), max_size=4)),
    st.sampled_from(["f2", "f4", "f8", ">f4", "longdouble", "i4", "?", "c8", "U3", "M8[s]", "O", "f4,i4"]),
    st.sampled_from([0, 1]),
)


@any_input
@given(st.dictionaries(st.sampled_from(NAMES), ARRAY).map(lambda others: PARAMETERS | others))
def test_any_arrays_as_a_model(parameters: dict[str, Any]) -> None:
    is_a_network(read(npz(parameters)))


@any_input
@given(VERSIONS, HEADERS, st.binary(max_size=200))
@example(1, str({"descr": "<f8", "fortran_order": False, "shape": (10**5, 10**5)}), b"")
@example(1, str({"descr": "<f8", "fortran_order": False, "shape": (-1, 10**9)}), bytes(64))
@example(1, "(" * 9_000, b"")
@example(2, "[" * 9_000 + "]" * 9_000, b"")
def test_any_header_as_a_model(version: int, text: str, content: bytes) -> None:
    model = npz(PARAMETERS | {"weights2": header(text, version) + content})
    assert peak(lambda: read(model)) < 5


@any_input
@given(st.one_of(mutated(npz(DIGITS)), st.binary(max_size=100)))
def test_any_bytes_loaded_leave_the_network_or_replace_it_whole(content: bytes) -> None:
    session = Session(hidden_size=4)
    before = session.network
    answer = session.answer("load", content, 0)
    if "failure" in answer:
        assert answer["failure"]["kind"] == "refused"
        assert is_sentence(answer["failure"]["message"])
        assert session.network is before
    else:
        assert np.isfinite(
            session.answer("reading.read_images", np.zeros(784, np.uint8), "mine")["result"][0]["claimed"]
        ).all()


def bomb(size: int, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A model file that unpacks to so many bytes, more or less."""
    shape = (784, size // 784 // 8)
    return npz(PARAMETERS | {"weights1": np.zeros(shape)}, compression)


def lying(content: bytes, true_size: int, said: int) -> bytes:
    """A zip file in which a member of this size is said to have another, in both places."""
    true, other = (size.to_bytes(4, "little") for size in (true_size, said))
    assert content.count(true) >= 2
    return content.replace(true, other)


def test_a_bomb_is_refused_by_what_it_says_before_anything_is_unpacked() -> None:
    content = bomb(40_000_000)
    assert len(content) < 200_000
    assert peak(lambda: Session(hidden_size=1).load(content, 0)) < 5
    with pytest.raises(ValueError, match=r"40 MB .* up to 32 MB"):
        Session(hidden_size=1).load(content, 0)


def test_a_bomb_that_says_less_is_unpacked_no_further_than_it_says() -> None:
    size = 784 * (40_000_000 // 784 // 8) * 8 + 128
    content = lying(bomb(40_000_000), size, 1_000)
    assert peak(lambda: Session(hidden_size=1).load(content, 0)) < 5
    with pytest.raises(ValueError, match="damaged"):
        model_file.load(io.BytesIO(content))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_no_npz_is_packed_by_is_not_unpacked_since_it_cannot_be_within_bounds(compression: int) -> None:
    try:
        content = bomb(40_000_000, compression)
    except RuntimeError:
        pytest.skip("this Python cannot pack it")
    content = lying(content, 784 * (40_000_000 // 784 // 8) * 8 + 128, 6_272)
    assert peak(lambda: model_file.load(io.BytesIO(content))) < 5
    with pytest.raises(ValueError, match="packed in another way"):
        model_file.load(io.BytesIO(content))


def test_a_header_that_promises_more_than_there_is_reserves_nothing() -> None:
    text = str({"descr": "<f8", "fortran_order": False, "shape": (784, 10**6)})
    content = npz(PARAMETERS | {"weights1": header(text) + bytes(100)})
    assert peak(lambda: model_file.load(io.BytesIO(content))) < 5
    with pytest.raises(ValueError, match="damaged"):
        model_file.load(io.BytesIO(content))


def test_the_array_that_is_measured_is_the_one_that_is_read() -> None:
    file = io.BytesIO(bomb(40_000_000))
    with zipfile.ZipFile(file, "a") as opened:
        opened.writestr("weights1", b"")  # a name without .npy
    assert peak(lambda: Session(hidden_size=1).load(file.getvalue(), 0)) < 5
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as opened:
        opened.writestr("weights1.npy", b"")
    assert peak(lambda: Session(hidden_size=1).load(file.getvalue(), 0)) < 5


def test_an_encrypted_model_is_refused() -> None:
    content = bytearray(npz(PARAMETERS, zipfile.ZIP_STORED))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + place] |= 1
    with pytest.raises(ValueError, match="damaged"):
        model_file.load(io.BytesIO(bytes(content)))


def test_the_largest_network_that_the_page_takes_is_taken_in_any_precision() -> None:
    model = MLP(hidden_size=MOST_HIDDEN_UNITS, rng=0)
    for dtype in (np.float32, np.float64, np.longdouble):
        parameters = {name: array.astype(dtype) for name, array in model_file.parameters(model).items()}
        in_use = Session(hidden_size=1).load(npz(parameters, zipfile.ZIP_STORED), 0)
        assert in_use["hidden_size"] == MOST_HIDDEN_UNITS


# ── Shared code ────────────────────────────────────────────────────────────────────────────────


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).rstrip(b"=").decode()


CODE = sharing.shared(shipped().replace("np.maximum(0, x)", "x * (x > 0)"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**20) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
LINES = st.lists(st.one_of(st.sampled_from(shipped().splitlines()), st.text(max_size=8)), max_size=2)
CHANGES = st.lists(st.tuples(st.integers(-1, 300), LINES, LINES), max_size=4).map(sorted)


@any_input
@given(
    st.one_of(
        st.text(max_size=60),
        mutated(CODE.encode()).map(lambda text: text.decode(errors="replace")),
        mutated(zlib.compress(b"[]")).map(lambda content: base64.urlsafe_b64encode(content).decode()),
        JSON.map(packed),
        CHANGES.map(packed),
    )
)
@example(packed([[1, [], ["a\nb"]]]))
@example(packed([[1, [], ["\ud800"]]]))
@example("A" * 2_000_000)
@example(base64.urlsafe_b64encode(zlib.compress(b"[" * 900_000)).decode())
@example(base64.urlsafe_b64encode(zlib.compress(bytes(50_000_000))).decode())
@example(packed([[10**4200, [], []]]))
def test_any_link_with_code(token: str) -> None:
    taken = works_or_is_refused(lambda: sharing.taken(token))
    if taken is not None:
        text, changes = taken
        text.encode()
        # What is shown of a change is what there is of it.
        assert len(text.splitlines()) == len(shipped().splitlines()) + sum(
            len(each.new) - len(each.old) for each in changes
        )
        assert sharing.taken(sharing.shared(text))[0] == text


def test_a_link_that_is_nested_deep_is_refused_before_it_ends_python_itself() -> None:
    for content in (b"[" * 900_000, b'["",' * 200_000, '["'.encode("utf-16") * 200_000):
        token = base64.urlsafe_b64encode(zlib.compress(content)).decode()
        with pytest.raises(ValueError, match="damaged"):
            sharing.taken(token)
    brackets = shipped().replace("np.maximum(0, x)", 'np.maximum(0, x)  # [[[[[[[[\\"[[[[')
    assert sharing.taken(sharing.shared(brackets))[0] == brackets


@pytest.mark.parametrize("line", ["a\nb", "a\rb", "a\x0cb", "a\u2028b", "\ud800"])
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="damaged"):
        sharing.taken(packed([[1, [], [line]]]))


def test_a_link_that_unpacks_to_very_much_takes_little() -> None:
    token = base64.urlsafe_b64encode(zlib.compress(bytes(50_000_000))).decode()
    assert peak(lambda: sharing.taken(token)) < 10


@any_input
@given(st.text(max_size=200))
def test_any_text_is_shared_or_refused(text: str) -> None:
    token = works_or_is_refused(lambda: sharing.shared(text))
    if token is not None:
        assert sharing.taken(token)[0] == "\n".join([*text.splitlines(), ""])


def test_a_text_that_is_no_text_is_not_shared() -> None:
    with pytest.raises(ValueError, match="character"):
        sharing.shared("\ud800")


# ── Signs ──────────────────────────────────────────────────────────────────────────────────────

PIXELS = ",".join(["0"] * 784)


@any_input
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")),
        mutated(f"label,pixels\n1,{PIXELS}\nA,{PIXELS}\n".encode()),
        st.lists(st.text(st.characters(codec="utf-8"), max_size=9), max_size=12).map(
            lambda labels: "".join(f"{label},{PIXELS}\n" for label in labels).encode()
        ),
    )
)
def test_any_bytes_as_signs(content: bytes) -> None:
    found = works_or_is_refused(lambda: signs.read_csv(content))
    if found is not None:
        assert len(found.names) <= signs.N_SIGNS
        assert found.split.images.shape == (len(found.split.labels), 784)


@pytest.mark.parametrize("line", [f"1,{PIXELS}\n", "1" + 50_000 * ","])
def test_a_file_of_very_many_pictures_is_not_even_looked_at(line: str) -> None:
    content = line.encode() * (9_000_000 // len(line))  # MNIST's has twelve times as many bytes
    assert peak(lambda: signs.read_csv(content)) < 1
    with pytest.raises(ValueError, match="9 MB large; 1,000 pictures"):
        signs.read_csv(content)


def test_long_labels_make_no_long_sentence() -> None:
    content = "".join(f"{number}{'x' * 5_000},{PIXELS}\n" for number in range(12)).encode()
    with pytest.raises(ValueError, match="room for 10") as told:
        signs.read_csv(content)
    assert is_sentence(str(told.value))
