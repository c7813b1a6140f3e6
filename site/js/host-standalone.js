/**
 * Stands in for host.js in standalone.html, which builder/standalone.py makes: what the page needs is in that file itself.
 *
 * Each file of the site is a block of the document, in base64. The page gives them all to the worker with its first message.
 */
import { Failed } from "./protocol.js";

const GZIP = "application/gzip";

/** An address for what has none; only fetchFile() answers for it. */
export const ROOT = new URL("standalone://file/");

export const TRAINING_IMAGES = { count: 10_000, words: "of MNIST’s 60,000, of which this file has 10,000" };

/** @param {string} more */
export function advice(more) {
  return `First ${more}; if that does not help, get another copy of this file.`;
}

// ── In the page ────────────────────────────────────────────────────────────────────────────

/** The files, by their paths. @type {Map<string, Blob> | null} */
let files = null;

/** Chromium starts no module worker here, so it is a classic one, and its code is not imported. */
export function startWorker() {
  files ??= takeFiles();
  const program = document.getElementById("worker")?.textContent ?? "";
  const parts = [
    "self.FILES = new Promise((resolve) => addEventListener('message', (event) => {",
    "  event.stopImmediatePropagation();",
    "  resolve(event.data);",
    "}, { once: true }));",
    "run().catch(() => postMessage({ type: 'crash', message: '' }));",
    `async function run() {\n${program}\n}`,
  ];
  const url = URL.createObjectURL(new Blob([parts.join("\n")], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.postMessage(files);
  return { worker, said: [] };
}

/** There is none: no page from a disk is isolated. */
export function startThread() {
  throw new Error("there are no threads here");
}

/** Take the files out of the document, which need not keep them as well. */
function takeFiles() {
  /** @type {Map<string, Blob>} */
  const found = new Map();
  for (const block of document.querySelectorAll("script[data-path]")) {
    const { type, dataset, textContent } = /** @type {HTMLScriptElement} */ (block);
    try {
      found.set(dataset.path ?? "", new Blob([fromBase64(textContent ?? "")], { type }));
    } catch {
      // It is damaged, and found missing when it is needed.
    }
    block.remove();
  }
  return found;
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
function fromBase64(text) {
  const { fromBase64 } = /** @type {any} */ (Uint8Array); // newer than all else that the page needs
  if (fromBase64) return fromBase64.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i); // from() with a function takes many times as long
  return bytes;
}

// ── In the worker ──────────────────────────────────────────────────────────────────────────

/** @param {string} path */
export async function fetchFile(path) {
  const held = /** @type {Map<string, Blob>} */ (await /** @type {any} */ (self).FILES);
  const file = held.get(path);
  if (!file) {
    const name = path.split("/").pop();
    throw new Failed({ kind: "damaged", message: `${name} is missing from this file`, file: path });
  }
  return new Response(file.type === GZIP ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file);
}

/** Neither is imported above, or the page would have both as well. */
export async function importPyodide() {
  Object.assign(self, { importScripts: undefined }); // Pyodide would try it, which the policy forbids
  const { loadPyodide } = await import("pyodide/pyodide.mjs");
  // @ts-expect-error Pyodide has no types for this one
  const { default: createPyodideModule } = await import("pyodide/pyodide.asm.mjs");
  return { loadPyodide, createPyodideModule };
}
