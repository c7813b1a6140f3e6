/**
 * Begins the worker before any other of the page's files is here, since to start Python takes longer than all else. The
 * build puts it into index.html, as it does guard.js; engine.js takes the worker over.
 *
 * @typedef {object} Started
 * @property {Worker} worker
 * @property {(MessageEvent | ErrorEvent)[]} said  what it has said while nobody listened
 */
var workers = (() => {
  const { worker: path = "" } = /** @type {HTMLElement} */ (document.currentScript).dataset;
  const address = new URL(path, location.href).href;
  /** @type {Started | null} */
  let first = null;
  try {
    first = begin();
  } catch {
    // Whoever wants one is told.
  }

  /**
   * A worker from a blob has the page's Content-Security-Policy; one from a URL would have none.
   *
   * @returns {Started}
   */
  function begin() {
    const code = `import(${JSON.stringify(address)}).catch(() => postMessage({ type: "crash", message: "" }));`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
    /** @type {Started["said"]} */
    const said = [];
    worker.onmessage = (event) => said.push(event);
    worker.onerror = (event) => {
      event.preventDefault();
      said.push(event);
    };
    return { worker, said };
  }

  /** @param {Started} started */
  function hasDied({ said }) {
    return said.some((event) => !("data" in event) || event.data?.type === "crash");
  }

  return {
    /** Start a worker; the first time that is the one that was begun early, unless it has died since, of which nobody is told. */
    start() {
      const early = first;
      first = null;
      if (early && !hasDied(early)) return early;
      early?.worker.terminate();
      return begin();
    },
  };
})();
