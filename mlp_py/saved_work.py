"""All that somebody has worked on in the page, as one file: a zip that a person can look into."""

import io
import re
import zipfile
from collections.abc import Mapping

import numpy as np

from . import model_file, shallow_json

MODEL, ORDER = "model.npz", "order.npy"
TEXTS = re.compile(r"(?:settings|drawings|signs|curve)\.json|history\.csv|mlp\.py|exercises/[a-z_]{1,40}\.py")
PICTURE = re.compile(r"picture\.[a-z0-9]{1,5}")
LARGEST = 100_000_000  # bytes that each may have, unpacked; a photograph has ten million
LARGEST_IN_ALL = 200_000_000
DEEPEST = 12  # lists in objects: points of strokes of examples in all
ABOUT = """What you worked on in the page "A neural network learns to read". "Open saved work" there takes this file.

model.npz      the network; python -m mlp_py predict --model model.npz FILE reads with it
mlp.py         the code, where you have changed it
exercises/     what you wrote
history.csv    the losses, a line an epoch
curve.json     the losses of the batches, as the chart shows them
drawings.json  what you have put right
signs.json     your ten signs
picture.*      the picture on the pad
settings.json  all the rest
order.npy      the order of the training images, to go on with a run
"""

Content = bytes | str


def pack(files: Mapping[str, Content]) -> bytes:
    """Make the zip of these files, by their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"README.txt": ABOUT, **files}.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpack(content: bytes) -> dict[str, Content]:
    """The files that pack() was given, as far as they are there: texts as str, the others as bytes.

    Files of other names are passed over. ValueError, with a sentence, for what is no such zip, is damaged, or says that
    it is larger than any work could be or packed in another way, before anything of it is unpacked.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ValueError("it is no saved work, or cut short: a .zip made by Save everything is needed") from error
    with archive:
        members = {info.filename: info for info in archive.infolist() if _is_known(info.filename)}
        if "settings.json" not in members:
            raise ValueError("it is no saved work: there is no settings.json in it")
        sizes = [info.file_size for info in members.values()]
        if max(sizes) > LARGEST or sum(sizes) > LARGEST_IN_ALL:
            raise ValueError(f"what is in it is said to be {sum(sizes) / 1e6:,.0f} MB large, which no saved work is")
        if any(info.compress_type not in model_file.METHODS for info in members.values()):
            raise ValueError("it is packed in another way than by Save everything; as a plain .zip it can be taken")
        files = {name: _read(archive, info) for name, info in members.items()}
    return {name: _checked(name, each) for name, each in files.items()}


def _is_known(name: str) -> bool:
    return name in (MODEL, ORDER) or bool(TEXTS.fullmatch(name) or PICTURE.fullmatch(name))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            content = member.read(info.file_size + 1)  # and no more, whatever there is
    except Exception as error:  # of zipfile, of zlib, of whatever stands in the member's header
        raise ValueError(f"{info.filename} in it is damaged") from error
    if len(content) != info.file_size:
        raise ValueError(f"{info.filename} in it is damaged")
    return content


def _checked(name: str, content: bytes) -> Content:
    if PICTURE.fullmatch(name):
        return content
    try:
        if name == MODEL:
            model_file.check_is_for_digits(model_file.load(io.BytesIO(content)))
            return content
        if name == ORDER:
            return _order(content)
        text = content.decode()
        if name.endswith(".json"):
            shallow_json.loads(text, DEEPEST)
    except ValueError as error:  # of UTF-8 and JSON, too
        raise ValueError(f"{name} in it is damaged: {error}") from error
    return text


def _order(content: bytes) -> bytes:
    """The row numbers of a .npy file, as the bytes of int32; ValueError for any other."""
    file = io.BytesIO(content)
    try:
        shape, _, dtype = model_file.read_header(file)
    except Exception as error:  # NumPy takes a text of Python apart
        raise ValueError("it is no array, or cut short") from error
    numbers = content[file.tell() :]
    if dtype != np.int32 or shape != (len(numbers) // dtype.itemsize,) or len(numbers) % dtype.itemsize:
        raise ValueError(f"its {len(numbers)} bytes are said to be {dtype} of shape {shape}")
    return numbers


def order_file(order: bytes) -> bytes:
    """The content of the .npy file of these row numbers, int32."""
    made = io.BytesIO()
    np.save(made, np.frombuffer(order, np.int32), allow_pickle=False)
    return made.getvalue()
