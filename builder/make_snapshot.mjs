// Makes a copy of Python's memory, once it has started and imported what the page needs; site/js/snapshot.js says how
// that can be gone on from.
//
//   node make_snapshot.mjs CORE PACKAGES SCRIPT OUT
//
// CORE is the folder with Pyodide's files, PACKAGES one with the contents of wheels, SCRIPT a Python script that uses
// what the page uses, OUT the folder for memory.bin, about.json, and of each package its libraries, NAME-libraries.
//
// The same is made on every machine, in any folder: the clock stands still, and chance is none. Whoever goes on seeds
// anew.

import crypto from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { PAGE, placeOfLast, SITE_PACKAGES, withLibraries } from "../site/js/snapshot.js";

const [core, packages, script, out] = process.argv.slice(2, 6).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")).href);
const { default: createPyodideModule } = await import(pathToFileURL(join(core, "pyodide.asm.mjs")).href);

Date.now = () => Date.UTC(2000, 0, 1);
process.env.TZ = "UTC";
performance.now = () => 0;
crypto.randomFillSync = (array) => array.fill(4); // with which Emscripten fills what is drawn at random under Node

const contents = new Map(
  readdirSync(packages, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort() // a file system has them in an order of its own, and so would Python's memory
    .map((path) => [`${SITE_PACKAGES}/${relative(packages, path)}`, new Uint8Array(readFileSync(path))]),
);

// Once to see which libraries are loaded, then with those loaded first.
const probe = await start([]);
use(probe);
/** @type {Record<string, string[]>} */
const byPackage = {};
for (const path of Object.keys(probe._module.LDSO.loadedLibsByName)) {
  if (contents.has(path)) (byPackage[nameOfPackage(path)] ??= []).push(path);
}
const libraries = Object.values(byPackage).flat();
const folder = mkdtempSync(join(tmpdir(), "libraries-"));
let before, tableBefore;
const pyodide = await start(libraries, ({ HEAPU8, wasmTable }) => {
  before = HEAPU8.slice();
  tableBefore = wasmTable.length;
});
const module = pyodide._module;
use(pyodide);
zeroFreeMemory();
checkTable();

const snapshot = pyodide.makeMemorySnapshot();
const [, headSize] = new Uint32Array(snapshot.buffer, 0, 2);
const memory = snapshot.subarray(headSize);
const pages = pagesThatDiffer();

write("memory.bin", Buffer.concat(pages.map(([first, count]) => memory.subarray(first * PAGE, (first + count) * PAGE))));
for (const [name, paths] of Object.entries(byPackage)) {
  write(`${name}-libraries`, Buffer.concat(paths.map((path) => contents.get(path))));
}
write(
  "about.json",
  JSON.stringify({
    head: Buffer.from(snapshot.subarray(0, headSize)).toString("base64"),
    heap: memory.length,
    last: placeOfLast(module, libraries.at(-1)),
    pages,
    libraries: Object.fromEntries(
      Object.entries(byPackage).map(([name, paths]) => [
        `${name}-libraries.gz`, // as the page has it
        paths.map((path) => [path, contents.get(path).length]),
      ]),
    ),
    handles: Object.fromEntries(
      Object.entries(module.LDSO.loadedLibsByHandle).flatMap(([handle, { name }]) =>
        libraries.includes(name) ? [[handle, name]] : [],
      ),
    ),
  }),
);

/**
 * @param {string[]} first  libraries that are loaded before anything else
 * @param {(module: any) => void} onModule  told of the module in which nothing has run yet
 */
async function start(first, onModule = () => {}) {
  return loadPyodide({
    indexURL: core,
    jsglobals: Object.create(null), // as the page's Python has it
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
    _sysExecutable: "./this.program", // as in a browser, not a path of this machine
    _makeSnapshot: true,
    createPyodideModule: (settings) => {
      settings.preRun.unshift(onModule);
      return createPyodideModule(withLibraries(settings, first, locate));
    },
  });
}

/** @param {string} path  of a library, which is written where Pyodide can read it */
function locate(path) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents.get(path));
  return file;
}

/** Import and use what the page does. */
function use(pyodide) {
  for (const [path, content] of contents) {
    pyodide.FS.mkdirTree(dirname(path));
    pyodide.FS.writeFile(path, content);
  }
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
  const globals = pyodide.toPy({});
  pyodide.runPython(readFileSync(script, "utf8"), { filename: basename(script), globals });
  globals.destroy();
}

/** What is left of calls that have returned, and of what was freed, would have to be compressed as well. */
function zeroFreeMemory() {
  module.HEAPU8.fill(0, module._emscripten_stack_get_end(), module._emscripten_stack_get_current());
  const end = module._sbrk(0);
  const held = [];
  for (let size = 1 << 22; size >= 8; size >>= 1) {
    for (;;) {
      const address = module._malloc(size);
      if (!address) break;
      held.push(address);
      if (address + size > end) break;
      module.HEAPU8.fill(0, address, address + size);
    }
  }
  for (const address of held) module._free(address);
}

/** Nothing in the table is from later than the libraries: in a browser that place may be another function's. */
function checkTable() {
  for (let place = tableBefore; place < module.wasmTable.length; place++) {
    if (module.wasmTable.get(place) && !module.freeTableIndexes.includes(place)) {
      throw new Error(`place ${place} of the table is taken by ${module.wasmTable.get(place)}`);
    }
  }
}

/** @returns {[number, number][]} runs of them: the first one's number, and how many */
function pagesThatDiffer() {
  const runs = [];
  for (let page = 0; page * PAGE < memory.length; page++) {
    const [now, then] = [memory, before].map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    const [from, to] = [page * PAGE, (page + 1) * PAGE];
    const same = to <= before.length ? !now.compare(then, from, to, from, to) : !now.subarray(from, to).some(Boolean);
    if (same) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === page) last[1] += 1;
    else runs.push([page, 1]);
  }
  return runs;
}

/** @param {string} path */
function nameOfPackage(path) {
  return path.slice(SITE_PACKAGES.length + 1).split("/")[0];
}

/** @param {string} name */
function write(name, content) {
  writeFileSync(join(out, name), content);
}
