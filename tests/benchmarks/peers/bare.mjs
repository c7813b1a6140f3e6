/** What Pyodide alone takes to start in a worker, from the files that the page has: globalThis.bench.milliseconds. */
const PYODIDE = new URL("../page/vendor/pyodide/pyodide.mjs", import.meta.url).href;
const CODE = `
  const { loadPyodide } = await import(${JSON.stringify(PYODIDE)});
  const began = performance.now();
  await loadPyodide();
  postMessage(performance.now() - began);`;
const worker = new Worker(URL.createObjectURL(new Blob([CODE], { type: "text/javascript" })), { type: "module" });
worker.onmessage = ({ data }) => {
  globalThis.bench = { milliseconds: () => data };
  document.documentElement.dataset.state = "ready";
};
