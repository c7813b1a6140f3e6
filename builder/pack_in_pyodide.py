"""Runs inside Pyodide: packs files and archives the way the page wants them.

/work/job.json is a list of steps, each an object with "kind" and the paths "path" and "output" under /work:

- "gzip": the file, gzipped.
- "zstandard": the file, as small as Zstandard makes it for whoever has another one, the path "dictionary".
- "precompile": the zip, its Python modules compiled to bytecode by this very CPython, what matches a pattern of
  "drop" left out. With "keep_sources" the bytecode lies in __pycache__ beside its source, else it takes the
  source's place; without "docstrings" it has none. "home" is where the zip's content will be when it is
  imported, for tracebacks.

Whatever is written is the same on every machine: names sorted, times fixed, this zlib's level 9. Bytecode is
"unchecked-hash": valid for good, as nothing changes its source, so importing neither reads nor stats it.
"""

import ast
import base64
import gzip
import hashlib
import importlib.util
import io
import json
import marshal
import platform
import re
import zipfile
from pathlib import Path, PurePosixPath

from compression import zstd  # type: ignore[import-not-found] # new in this Python

WORK = Path("/work")
type Job = dict[str, str | bool | list[str]]
type Files = dict[str, bytes]
UNCHECKED_HASH = 0b01  # PEP 552, flags of a bytecode file
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def compiled(source: bytes, shown_as: str, has_docstrings: bool) -> bytes:
    """Return the bytecode file of a module, which tracebacks call `shown_as`."""
    tree = ast.parse(source, shown_as)
    if not has_docstrings:
        drop_docstrings(tree)
    code = compile(tree, shown_as, "exec", dont_inherit=True)
    unchecked = UNCHECKED_HASH.to_bytes(4, "little") + importlib.util.source_hash(source)
    return importlib.util.MAGIC_NUMBER + unchecked + marshal.dumps(code)


def drop_docstrings(tree: ast.AST) -> None:
    """Leave out what nobody reads where there is no help()."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.copy_location(ast.Pass(), node.body[0])


def bytecode_name(name: str, keep_sources: bool) -> str:
    """Return where a module's bytecode belongs, beside its source or in its place."""
    return importlib.util.cache_from_source(name) if keep_sources else str(PurePosixPath(name).with_suffix(".pyc"))


def precompiled(files: Files, home: str, keep_sources: bool, has_docstrings: bool) -> Files:
    """Return the files with bytecode for each module."""
    result: Files = {}
    for name, content in files.items():
        is_module = name.endswith(".py")
        if is_module:
            result[bytecode_name(name, keep_sources)] = compiled(content, home + name, has_docstrings)
        if keep_sources or not is_module:
            result[name] = content
    return result


def with_record(files: Files) -> Files:
    """Return a wheel's files with its RECORD, the list of their hashes, written anew."""
    record = next((name for name in files if name.endswith(".dist-info/RECORD")), None)
    if record is None:
        return files
    lines = []
    for name, content in sorted(files.items()):
        if name != record:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(content)}\n")
    return files | {record: "".join([*lines, f"{record},,\n"]).encode()}


def zipped(files: Files) -> bytes:
    """Return a zip that depends on nothing but the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def repacked(archive: bytes, job: Job) -> bytes:
    """Do one "precompile" step."""
    drop = [re.compile(str(pattern)) for pattern in job["drop"]]  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in sorted(opened.namelist()) if not name.endswith("/")]
        files = {name: opened.read(name) for name in names if not any(pattern.search(name) for pattern in drop)}
    return zipped(with_record(precompiled(files, str(job["home"]), bool(job["keep_sources"]), bool(job["docstrings"]))))


def packed(content: bytes, job: Job) -> bytes:
    """Do one step."""
    if job["kind"] == "gzip":
        return gzip.compress(content, 9, mtime=0)
    if job["kind"] == "zstandard":
        return zstandard(content, (WORK / str(job["dictionary"])).read_bytes())
    return repacked(content, job)


def zstandard(content: bytes, dictionary: bytes) -> bytes:
    """Return the content compressed, as what comes after the dictionary, with a window as large as both."""
    option = zstd.CompressionParameter
    window = (len(content) + len(dictionary)).bit_length()
    options = {option.compression_level: 22, option.window_log: window}
    compressed: bytes = zstd.compress(
        content, options=options, zstd_dict=zstd.ZstdDict(dictionary, is_raw=True).as_prefix
    )
    return compressed


def main() -> None:
    """Do the steps of /work/job.json, and say which Python did."""
    for job in json.loads((WORK / "job.json").read_text()):
        content = (WORK / str(job["path"])).read_bytes()
        (WORK / job["output"]).write_bytes(packed(content, job))
    (WORK / "python-version.txt").write_text(platform.python_version())


main()
