"""standalone.html: all of the page in one file, which works from a disk, without host or network.

esbuild makes one script of the page's modules and one of its worker's, in which host-standalone.js stands in for
host.js. They and the styles stand in the document, and so do, in base64, the files that the worker reads.
"""

import base64
import html
import re
import shutil
from pathlib import Path
from typing import Any

from builder import bundle, catalogue, dataset, fetch, packing, pins
from builder.cache import scratch_folder
from builder.errors import BuildError
from builder.paths import SITE, WORK

NAME = "standalone.html"
HOST = SITE / "js" / "host-standalone.js"

PLACEHOLDER = "<!-- STANDALONE -->"
IN_SITE = (
    f'<p>Take it along: <a href="{NAME}" download="neural-network.html">one file, {{megabytes:.0f}} MB</a>; '
    "it works without a network.</p>"
)
IN_STANDALONE = (
    "<p>This is the whole page in one file, with {images:,} training images. "
    '<a href="data:text/plain;charset=utf-8;base64,{licences}" download="licences.txt">Licences</a></p>'
)
"""What stands in place of PLACEHOLDER."""

POLICY = (
    "default-src 'none'; script-src 'wasm-unsafe-eval' 'GUARD-HASH' '{script}'; style-src '{style}'; "
    "img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched from anywhere."""

COMPRESSED = (".gz", ".npz", ".whl", ".zip", ".zst")
UNFIT = re.compile(r"</script|<!--.*<script", re.IGNORECASE | re.DOTALL)
"""What may not stand in a script in a document: its end, or what a parser would take for another one's beginning."""

BESIDE = re.compile(r'<p><a href="THIRD_PARTY_LICENSES\.txt".*?</p>\s*')
"""The links to what lies beside the site's start page."""

INSTALLING = re.compile(r'<link rel="(?:manifest|apple-touch-icon)"[^>]*>\s*')
"""A file on a disk is not installed."""

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"[^>]*>\s*')


def make(folder: Path) -> None:
    """Make standalone.html of a folder that is filled and not stamped yet, and have index.html offer it."""
    index = folder / "index.html"
    text = index.read_text(encoding="utf-8")
    standalone = folder / NAME
    standalone.write_text(_page(text, folder), encoding="utf-8", newline="\n")
    megabytes = standalone.stat().st_size / 1e6
    print(f"{NAME}: {megabytes:.1f} MB", flush=True)
    index.write_text(
        catalogue.replaced(text, PLACEHOLDER, IN_SITE.format(megabytes=megabytes)), encoding="utf-8", newline="\n"
    )


def _page(page: str, folder: Path) -> str:
    """Return the document, made of the site's start page."""
    listed = _listed(folder)
    script, worker = _scripts(folder, listed)
    style = "".join(bundle.run(folder / name, folder=folder).decode() for name in STYLE.findall(page))
    policy = POLICY.format(script=catalogue.hash_source(script), style=catalogue.hash_source(style))
    licences = _base64((folder / "THIRD_PARTY_LICENSES.txt").read_bytes())
    scripts = [f'<script type="module">{script}</script>', f'<script type="text/plain" id="worker">{worker}</script>']
    page = re.sub(r"default-src [^\"]*", policy, INSTALLING.sub("", BESIDE.sub("", STYLE.sub("", page))), count=1)
    for old, new in {
        'href="icon.svg"': f'href="data:image/svg+xml;base64,{_base64((folder / "icon.svg").read_bytes())}"',
        "<!-- MODULES -->": f"<style>{style}</style>",
        **dict.fromkeys(re.findall(rf'<script [^>]*"{catalogue.CODE}/.*</script>', page), ""),  # they come last
        PLACEHOLDER: IN_STANDALONE.format(images=dataset.FIRST_PART, licences=licences),
        "</body>": "\n".join([*scripts, *_blocks(folder, list(listed["files"])), "</body>"]),
    }.items():
        page = catalogue.replaced(page, old, new)
    return checked(catalogue.with_script(page, catalogue.GUARD))


def _listed(folder: Path) -> dict[str, Any]:
    """Return the catalogue of what the worker reads, without what is fetched on wish only."""
    described = catalogue.describe(folder, NAME)
    files = {
        name: entry
        for name, entry in described["files"].items()
        if entry["when"] in ("start", "ready")
        and entry["role"] not in ("page", "editor", "installing", "threads", "thread")
        and not name.endswith(".mjs")
    }
    return described | {"files": files}


def _scripts(folder: Path, listed: dict[str, Any]) -> tuple[str, str]:
    """Return the code of the page and that of its worker."""
    with scratch_folder(WORK) as scratch:
        code = scratch / catalogue.CODE
        shutil.copytree(folder / catalogue.CODE, code)
        shutil.copyfile(HOST, code / "js" / "host.js")
        (code / "catalogue.js").write_text(catalogue.as_script(listed), encoding="utf-8")
        pyodide = folder / "vendor" / "pyodide"
        return one_script(code / bundle.MAIN, "esm", pyodide), one_script(code / bundle.WORKER, "iife", pyodide)


def one_script(entry: Path, form: str, pyodide: Path) -> str:
    """Return one script of a module and all that it imports, which may stand in a document."""
    options = [
        *("--minify", f"--format={form}", f"--alias:pyodide={pyodide}", "--define:import.meta.url=location.href"),
        *("--external:node:*", "--external:ws"),  # Pyodide imports them under Node
    ]
    script = bundle.run(entry, *options).decode()
    if re.search(UNFIT, script):
        raise BuildError(
            f"{entry.name} has a tag of a script in a text.", "Write it in two parts, as a document needs it."
        )
    return script


def _blocks(folder: Path, names: list[str]) -> list[str]:
    """Write down the files, gzipped unless they are compressed already."""
    plain = [folder / name for name in names if not name.endswith(COMPRESSED)]
    gzipped = packing.pack(fetch.fetch(pins.PYODIDE), [packing.gzip_step(path) for path in plain])
    blocks = []
    for name in names:
        path = folder / name
        kind, content = ("gzip", gzipped / f"{path.name}.gz") if path in plain else ("octet-stream", path)
        data = _base64(content.read_bytes())
        blocks.append(f'<script type="application/{kind}" data-path="{html.escape(name)}">{data}</script>')
    return blocks


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def checked(page: str) -> str:
    """See that nothing in the document's own elements is somewhere else."""
    elements = re.sub(r"<(script|style)\b([^>]*)>.*?</\1>", r"<\1\2>", page, flags=re.DOTALL)
    for address in re.findall(r'\b(?:href|src|srcset|data)="([^"]*)"', elements):
        if not address.startswith(("#", "data:")):
            raise BuildError(f"{NAME} would fetch {address}.", "Let builder/standalone.py put it into the file.")
    return page
