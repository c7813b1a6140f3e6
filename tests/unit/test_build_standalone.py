"""The whole page in one file: nothing is left out, and nothing is elsewhere."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from builder import bill, bundle, catalogue, dataset, standalone
from builder.errors import BuildError, ToolFailedError
from builder.paths import SITE

MAIN = """import { CATALOGUE } from "./site.js";
import { startWorker } from "./host.js";
console.log(CATALOGUE.id, startWorker, "late: </script>");
import("../vendor/late.js");"""
WORKER = """import { CATALOGUE } from "./site.js";
import { importPyodide } from "./host.js";
console.log(CATALOGUE.id, importPyodide);"""
FILES = {
    "THIRD_PARTY_LICENSES.txt": "who made what",
    "BUILD/js/main.js": MAIN,
    "BUILD/js/worker.js": WORKER,
    "BUILD/vendor/late.js": "console.log('vendored');",
    "BUILD/vendor/uplot/uPlot.min.css": ".uplot { color: red }",
    "vendor/pyodide/pyodide.mjs": "export const loadPyodide = 'the loader';",
    "vendor/pyodide/pyodide.asm.mjs": "export default 'the interpreter';",
    "vendor/pyodide/pyodide.asm.wasm": "wasm" * 100,
    "vendor/pyodide/numpy-2.4.3-cp314-cp314-any.whl": "numpy",
    "vendor/pyodide/mlp_py-0.1.0-py3-none-any.whl": "wheel",
    "data/train-images-1.idx3-ubyte.gz": "images",
    "data/train-images-2.idx3-ubyte.gz": "more images",
}
FROM_SITE = ("index.html", "sw.js", "icon.svg", "js/site.js", "js/host.js", "js/protocol.js")


def filled(folder: Path) -> Path:
    """A small site, not stamped yet."""
    for name in (*FROM_SITE, *(path.relative_to(SITE).as_posix() for path in (SITE / "style").glob("*.css"))):
        place = folder / (name if "/" not in name else f"BUILD/{name}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((SITE / name).read_bytes())
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = filled(tmp_path_factory.mktemp("site"))
    standalone.make(folder)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "standalone.html").read_text(encoding="utf-8")


def scripts(page: str) -> list[tuple[str, str]]:
    """Each script's attributes, and its text."""
    return re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL)


def code(page: str, attribute: str) -> str:
    (found,) = (text for attributes, text in scripts(page) if attribute in attributes)
    return found


def test_it_holds_what_a_first_visit_fetches_to_the_byte(page: str) -> None:
    held = {}
    for attributes, text in scripts(page):
        if found := re.search(r'type="application/([\w-]+)" data-path="([^"]+)"', attributes):
            content = base64.b64decode(text)
            held[found[2]] = gzip.decompress(content).decode() if found[1] == "gzip" else content.decode()
    assert held == {name: FILES[name] for name in (
        "data/train-images-1.idx3-ubyte.gz",
        "vendor/pyodide/mlp_py-0.1.0-py3-none-any.whl",
        "vendor/pyodide/numpy-2.4.3-cp314-cp314-any.whl",
        "vendor/pyodide/pyodide.asm.wasm",
    )}  # fmt: skip
    for attribute in ('type="module"', 'id="worker"'):
        for name, expected in held.items():
            assert name in code(page, attribute)
            assert hashlib.sha256(expected.encode()).hexdigest() in code(page, attribute)
        assert "train-images-2" not in code(page, attribute)


def test_page_and_worker_are_one_script_each_with_what_either_needs(page: str) -> None:
    main, worker = code(page, 'type="module"'), code(page, 'id="worker"')
    assert "vendored" in main, "what is imported late is missing"
    assert "the loader" in worker
    assert "the interpreter" in worker
    assert "the interpreter" not in main


def test_nothing_is_fetched_and_nothing_runs_but_what_stands_there(page: str, folder: Path) -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules
    hashes = {f"'{catalogue.hash_source(code(page, attribute))}'" for attribute in ('type="module"',)}
    hashes |= {f"'{catalogue.hash_source(text)}'" for attributes, text in scripts(page) if not attributes}
    assert set(rules["script-src"].split()) == hashes | {"'wasm-unsafe-eval'"}
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert rules["style-src"] == f"'{catalogue.hash_source(style)}'"
    assert str(folder) not in style
    for sheet in (folder / "BUILD").rglob("*.css"):
        assert bundle.run(sheet, folder=folder).decode() in style


def test_it_brings_the_licences(page: str) -> None:
    (licences,) = re.findall(r'href="data:text/plain;charset=utf-8;base64,([^"]+)"', page)
    assert base64.b64decode(licences).decode() == FILES["THIRD_PARTY_LICENSES.txt"]


def test_the_site_offers_it_and_it_does_not_offer_itself(page: str, folder: Path) -> None:
    index = (folder / "index.html").read_text(encoding="utf-8")
    megabytes = (folder / "standalone.html").stat().st_size / 1e6
    assert f'href="standalone.html" download="neural-network.html">one file, {megabytes:.0f} MB</a>' in index
    assert "standalone.html" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_a_site_that_is_stamped_lists_it_as_what_no_page_fetches(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bill, "write", lambda folder, build: (folder / bill.NAME).write_text(build))
    catalogue.stamp(folder)
    entry = json.loads((folder / "build.json").read_text())["files"]["standalone.html"]
    assert entry["when"] == "never"


def test_it_says_how_many_images_it_has() -> None:
    (count,) = re.findall(r"count: ([\d_]+)", standalone.HOST.read_text(encoding="utf-8"))
    assert int(count) == dataset.FIRST_PART


def test_what_would_be_fetched_is_a_mistake() -> None:
    for element in ('<link rel="manifest" href="app.json">', '<img src="picture.png">'):
        with pytest.raises(BuildError, match=r"would fetch"):
            standalone.checked(f"<p>{element}</p>")
    assert standalone.checked('<a href="#here">x</a><script>const text = \'src="a.png"\';</script>')


@pytest.mark.parametrize(
    ("module", "error", "words"),
    [
        ('import "./missing.js";', ToolFailedError, "missing.js"),
        ("console.log(/<!--/, '<script');", BuildError, "two parts"),
    ],
)
def test_a_module_that_makes_no_script_is_a_mistake(
    tmp_path: Path, module: str, error: type[BuildError], words: str
) -> None:
    (tmp_path / "main.js").write_text(module)
    with pytest.raises(error, match=words):
        standalone.one_script(tmp_path / "main.js", "esm", tmp_path)
