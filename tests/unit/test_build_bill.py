"""The bill of materials is valid CycloneDX, tells of every file of dist/, and is the same for the same build."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from builder import bill, catalogue, pins
from builder.cache import file_hash
from builder.errors import BuildError

BUILD = "0123456789ab"


def place(pin: pins.Pin) -> str:
    """A file of the site that comes of a pin."""
    if pin in pins.EDITOR:
        return f"build-{BUILD}/vendor/codemirror/{pin.name}.js"
    return {
        pins.PYODIDE: "vendor/pyodide/pyodide.mjs",
        pins.NUMPY: "vendor/pyodide/numpy-2.4.3-cp314-cp314-any.whl",
        pins.PYFLAKES: "vendor/pyodide/pyflakes-4.1.0-py2.py3-none-any.whl",
        pins.UPLOT: f"build-{BUILD}/vendor/uplot/uPlot.esm.js",
        pins.IDB: f"build-{BUILD}/vendor/idb/index.js",
        pins.MNIST: "data/t10k-images.idx3-ubyte.gz",
    }[pin]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a file of each pin, and some of our own."""
    own = ["index.html", f"build-{BUILD}/js/main.js", "vendor/pyodide/mlp_py-0.1.0-py3-none-any.whl"]
    for name in [*own, *map(place, pins.IN_DIST)]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def written(site: Path, build: str = BUILD) -> str:
    bill.write(site, build)
    text = (site / bill.NAME).read_text(encoding="utf-8")
    (site / bill.NAME).unlink()
    return text


def files_in(node: Any) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of each file of the site; not of what it was made of."""
    if isinstance(node, dict):
        if node.get("type") == "file":
            yield node["name"], node["hashes"][0]["content"]
        node = [value for key, value in node.items() if key != "pedigree"]
    if isinstance(node, list):
        for each in node:
            yield from files_in(each)


def test_it_is_valid_and_another_library_reads_it(site: Path) -> None:
    text = written(site)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    read = Bom.from_json(json.loads(text))  # type: ignore[attr-defined]
    assert {component.name for component in read.components} == {pin.name for pin in pins.IN_DIST}


def test_every_file_is_in_it_once_with_its_hash(site: Path) -> None:
    files = list(files_in(json.loads(written(site))))
    found = {path.relative_to(site).as_posix(): file_hash(path) for path in site.rglob("*") if path.is_file()}
    assert len(files) == len(found)
    assert dict(files) == found


def test_each_component_tells_version_address_licence_and_copyright(site: Path) -> None:
    components = {component["name"]: component for component in json.loads(written(site))["components"]}
    for pin in pins.IN_DIST:
        component = components[pin.name]
        (licence,) = component["licenses"]
        assert licence.get("expression", licence.get("license", {}).get("id")) == pin.licence
        assert (component["version"], component["copyright"]) == (pin.version, pin.copyright)
        assert place(pin) in dict(files_in(component))
    assert components["codemirror-state"]["purl"] == "pkg:npm/%40codemirror/state@6.7.6"
    assert components["numpy"]["purl"] == "pkg:pypi/numpy@2.4.3"


def test_what_the_build_has_changed_tells_what_it_was_made_of(site: Path) -> None:
    numpy = next(each for each in json.loads(written(site))["components"] if each["name"] == "numpy")
    ((name, sha256),) = pins.NUMPY.files.items()
    (ancestor,) = numpy["pedigree"]["ancestors"]
    assert (ancestor["name"], ancestor["hashes"][0]["content"]) == (name, sha256)


def test_the_same_build_has_the_same_bill_and_another_another_number(site: Path) -> None:
    assert written(site) == written(site)
    first, second = json.loads(written(site)), json.loads(written(site, "ba9876543210"))
    assert first["serialNumber"] != second["serialNumber"]
    assert first["metadata"]["component"]["version"] == f"0.1.0+{BUILD}"


def test_a_file_of_nobody_and_a_pin_without_files_are_mistakes(site: Path) -> None:
    (site / "vendor" / "new.js").write_text("")
    with pytest.raises(BuildError, match=r"vendor/new\.js.*\n.*OWNERS"):
        written(site)
    (site / "vendor" / "new.js").unlink()
    (site / place(pins.UPLOT)).unlink()
    with pytest.raises(BuildError, match="uplot"):
        written(site)


def test_the_page_never_fetches_it_by_itself() -> None:
    (when,) = {when for pattern, when, _ in catalogue.PLACES if "sbom" in pattern}
    assert when == "never"
