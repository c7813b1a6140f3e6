// Runs the unit tests of mlp_py inside Pyodide under Node, on the very files dist/ ships.
//
//   node run.mjs UPSTREAM SITE_PACKAGES [pytest's arguments]
//
// UPSTREAM is the folder with Pyodide's files as published: its standard library has what pytest needs and the
// page's lacks. SITE_PACKAGES is where pytest itself, pure Python, is installed.

import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const [upstream, sitePackages, ...pytestArguments] = process.argv.slice(2);
const core = join(root, "dist", "vendor", "pyodide");

const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: core, packages: ["numpy", "mlp_py"] });

const folders = { "/upstream": upstream, "/site-packages": sitePackages, "/project/tests": join(root, "tests") };
for (const [place, folder] of Object.entries(folders)) {
  pyodide.FS.mkdirTree(place);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, place);
}
// The project's own mlp_py is out of sight: what is tested is the wheel.
pyodide.globals.set("pytest_arguments", pyodide.toPy(pytestArguments));
process.exitCode = pyodide.runPython(`
import os
import sys

sys.path += ["/project", "/upstream/python_stdlib.zip", "/site-packages"]
sys.dont_write_bytecode = True
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"  # that of trio, which Selenium brings, does not start here
os.chdir("/project")

import pytest

# Pyodide has no file descriptors to redirect; capture at sys.stdout.
options = ["--quiet", "--capture=sys", "-p", "no:cacheprovider", "--rootdir=/project", "--ignore-glob=*/test_build_*"]
int(pytest.main([*options, "tests/unit", *pytest_arguments]))
`);
