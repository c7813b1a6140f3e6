/**
 * What the page has from its host: the files of the site, the code of its worker. In standalone.html, which has no host,
 * host-standalone.js stands in for this module, and nothing else differs.
 *
 * @import { PyodideAPI, loadPyodide } from "pyodide"
 *
 * @typedef {object} PyodideModule
 * @property {typeof loadPyodide} loadPyodide
 * @property {(settings: any) => Promise<any>} createPyodideModule
 */

/** The site's address; this file is two folders down. */
export const ROOT = new URL("../../", import.meta.url);

/** How many training images there are, and what to say of them. */
export const TRAINING_IMAGES = { count: 60_000, words: "of MNIST’s 60,000" };

/**
 * What to do when a file of the site did not come.
 *
 * @param {string} more  what to do then
 */
export function advice(more) {
  return `Check the connection, then ${more}.`;
}

const realFetch = fetch.bind(globalThis); // files.js gives this worker another one

/**
 * @param {string} path  of a file in the site
 * @param {RequestInit} init
 */
export function fetchFile(path, init) {
  return realFetch(new URL(path, ROOT), init);
}

/** @returns {Promise<PyodideModule>} */
export async function importPyodide() {
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs"].map((name) => import(new URL(`vendor/pyodide/${name}`, ROOT).href)),
  );
  return { loadPyodide, createPyodideModule };
}

/** Start one that runs worker.js; begin.js has begun the first. */
export function startWorker() {
  return workers.start();
}

/** Start one that runs thread.js. */
export function startThread() {
  const code = `import ${JSON.stringify(new URL("./thread.js", import.meta.url).href)}`;
  return new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
}
