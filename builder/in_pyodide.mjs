// Runs a Python script inside Pyodide under Node, so that what it makes is made by the page's own CPython and
// zlib, and is the same on every machine.
//
//   node in_pyodide.mjs CORE WORK SCRIPT [PACKAGE ...]
//
// CORE is the folder with Pyodide's files, WORK a folder the script sees as /work, SCRIPT a .py file,
// PACKAGE what it imports of CORE's wheels.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [core, work, script] = process.argv.slice(2, 5).map((path) => resolve(path));
const packages = process.argv.slice(5);
const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")).href);
// A fixed hash seed: the order of sets must not reach what is made. Bytecode without columns, which only mark a part of a
// line in a traceback, is a fifth smaller.
const env = { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" };
const pyodide = await loadPyodide({ indexURL: core, packages, env });
pyodide.FS.mkdirTree("/work");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: work }, "/work");
pyodide.runPython(readFileSync(script, "utf8"), { filename: script });
