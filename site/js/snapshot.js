/**
 * Python as the build left it (builder/snapshot.py): started, with NumPy and mlp_py imported. To begin from a copy of its
 * memory takes a fraction of the time.
 *
 * Pyodide can do so for Python alone. What is in its way with NumPy are the libraries: the memory refers to their data by
 * addresses, and to their functions by places in a table, and both depend on when each is loaded. Here they are loaded
 * before anything else, in one order, when the copy is made and when it is used; so each is where it was.
 *
 * @typedef {object} About  what is known of a copy
 * @property {string} head  base64, what Pyodide reads of a snapshot besides the memory
 * @property {number} heap  bytes of memory
 * @property {number} last  the place of a function of the last library
 * @property {number} dictionary  bytes at the end of Python's WebAssembly without which the pages cannot be unpacked
 * @property {[number, number][]} pages  runs of pages that are not as they were before Python started: the first, and how many
 * @property {Record<string, [string, number][]>} libraries  by the file that has them one after the other: path and bytes of each
 * @property {Record<string, string>} handles  by the address that C knows a library by, its path
 *
 * @typedef {object} Copy
 * @property {About} about
 * @property {Promise<Uint8Array>} memory  the pages, compressed by Zstandard
 * @property {Promise<Uint8Array>} wasm  Python's
 * @property {(path: string) => string} locate  where Pyodide fetches a library from
 */

/** The copy cannot be used here. Python starts without, which takes longer. */
export class Unfit extends Error {}

/** Where Python has its packages. */
export const SITE_PACKAGES = "/lib/python3.14/site-packages";

/** Bytes of memory that are kept or left together. */
export const PAGE = 4096;

/**
 * @param {Uint8Array<ArrayBuffer>} packed  gzipped
 * @param {[string, number][]} contents
 * @returns {Promise<Record<string, Uint8Array<ArrayBuffer>>>} each by its path
 */
export async function unpackLibraries(packed, contents) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = await new Response(stream).arrayBuffer();
  let end = 0;
  return Object.fromEntries(contents.map(([path, size]) => [path, new Uint8Array(whole, (end += size) - size, size)]));
}

/**
 * Options of loadPyodide() with which Python goes on from there.
 *
 * @param {(settings: any) => Promise<any>} createPyodideModule
 * @param {Copy} copy
 */
export function goingOn(createPyodideModule, { about, memory, wasm, locate }) {
  return {
    _loadSnapshot: Uint8Array.from(atob(about.head), (character) => character.charCodeAt(0)), // the memory comes below
    createPyodideModule: async (/** @type {any} */ settings) => {
      const libraries = Object.values(about.libraries).flat();
      const paths = libraries.map(([path]) => path);
      const module = await createPyodideModule(withLibraries(settings, paths, locate));
      if (placeOfLast(module, paths.at(-1)) !== about.last) throw new Unfit("this browser has functions in other places");
      restore(module, about, await memory, (await wasm).subarray(-about.dictionary));
      return module;
    },
  };
}

/**
 * Have a table give the same object for a function as the exports do. In WebKit it gives another, so Emscripten does not find
 * functions there that it looks for, and puts them in once more: all that come later are elsewhere than in other browsers.
 *
 * @param {WebAssembly.Exports} exports  of an instance that nobody has used yet
 * @param {WebAssembly.Imports} imports  which it was made with
 * @returns {boolean} whether they are the same in this browser anyway
 */
export function recognizeFunctions(exports, { env }) {
  const own = /** @type {WebAssembly.Table | undefined} */ (exports.__indirect_function_table); // Python has one, libraries share it
  const table = own ?? /** @type {WebAssembly.Table} */ (env.__indirect_function_table);
  const first = own ? 0 : Number(env.__table_base);
  // A function is named after its number in the module.
  const functions = Object.values(exports).filter((value) => value instanceof Function);
  const byNumber = new Map(functions.map((one) => [one.name, one]));
  for (let place = first; place < table.length; place++) {
    const there = table.get(place);
    const known = there && byNumber.get(there.name);
    if (!known) continue;
    if (known === there) return true;
    table.set(place, known);
  }
  return false;
}

/**
 * @param {any} settings  of Emscripten's module, which they become
 * @param {string[]} paths  of libraries, in the order in which they are loaded
 * @param {(path: string) => string} locate
 */
export function withLibraries(settings, paths, locate) {
  const { locateFile } = settings;
  return Object.assign(settings, {
    dynamicLibraries: paths,
    locateFile: (/** @type {string} */ path) => (paths.includes(path) ? locate(path) : locateFile(path)),
  });
}

/**
 * Where a function of the last library is: if it is where it was, so are all before it.
 *
 * @param {any} module
 * @param {string | undefined} path
 * @returns {number} its place in the table of functions
 */
export function placeOfLast(module, path) {
  const { exports } = module.LDSO.loadedLibsByName[String(path)];
  return module.getFunctionAddress(Object.values(exports).find((value) => value instanceof Function));
}

/**
 * Put the copy in place of the memory of a module in which nothing has run yet.
 *
 * @param {any} module
 * @param {About} about
 * @param {Uint8Array} memory
 * @param {Uint8Array} dictionary
 */
function restore(module, { heap, pages, handles }, memory, dictionary) {
  const size = pages.reduce((sum, [, count]) => sum + count * PAGE, 0);
  const room = module._ZSTD_estimateDCtxSize();
  // Unpacked behind what will be the memory, by the decompressor that Python has; it is not in use yet.
  const unpacked = heap;
  const packed = aligned(unpacked + size);
  const known = aligned(packed + memory.length);
  const work = aligned(known + dictionary.length);
  if (!module._emscripten_resize_heap(aligned(work + room))) throw new Unfit("no room for Python's memory");
  const bytes = /** @type {Uint8Array} */ (module.HEAPU8); // another one since
  bytes.set(memory, packed);
  bytes.set(dictionary, known);
  const context = module._ZSTD_initStaticDCtx(work, room);
  const [from, given] = [[packed, memory.length], [known, dictionary.length]];
  if (module._ZSTD_decompress_usingDict(context, unpacked, size, ...from, ...given) !== size) {
    throw new Unfit("Python's memory could not be unpacked");
  }
  const call = trampolinePlace(module);
  const trampoline = module.HEAPU32[call];
  let at = unpacked;
  for (const [first, count] of pages) {
    bytes.copyWithin(first * PAGE, at, at + count * PAGE);
    at += count * PAGE;
  }
  module.HEAPU32[call] = trampoline;
  bytes.fill(0, heap); // as fresh memory is
  const { loadedLibsByName, loadedLibsByHandle } = module.LDSO;
  for (const [handle, path] of Object.entries(handles)) loadedLibsByHandle[handle] = loadedLibsByName[path];
}

/**
 * Where Python has the function by which it calls others: what there is depends on the browser.
 *
 * @param {any} module
 * @returns {number} an index in HEAPU32
 */
function trampolinePlace(module) {
  return (module.__PyRuntime + module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >> 2]) >> 2;
}

/** @param {number} size */
function aligned(size) {
  return Math.ceil(size / 16) * 16;
}
