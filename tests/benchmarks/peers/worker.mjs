/**
 * What the page's own worker, begun as the page begins it (site/begin.js, which site.py puts into worker.html), takes to
 * start on a page with nothing else, from when that is opened: globalThis.bench.milliseconds.
 */
const { worker, said } = globalThis.workers.start();
const hear = ({ data }) => {
  if (data.type === "hello") worker.postMessage({ id: 1, type: "boot", hidden_size: 128, seed: 0, kept: null, source: null });
  if (data.type !== "reply") return;
  const now = performance.now();
  globalThis.bench = { milliseconds: () => now };
  document.documentElement.dataset.state = data.failure ? "failed" : "ready";
};
worker.onmessage = hear;
said.forEach(hear);
