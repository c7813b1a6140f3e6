/** What the page's own worker takes to start on a page with nothing else, from when it is opened: globalThis.bench.milliseconds. */
const { id } = await (await fetch("../page/build.json")).json();
const address = new URL(`../page/build-${id}/js/worker.js`, import.meta.url).href;
const code = `import ${JSON.stringify(address)}`;
const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
worker.onmessage = ({ data }) => {
  if (data.type === "hello") worker.postMessage({ id: 1, type: "boot", hidden_size: 128, seed: 0, kept: null, source: null });
  if (data.type !== "reply") return;
  const now = performance.now();
  globalThis.bench = { milliseconds: () => now };
  document.documentElement.dataset.state = data.failure ? "failed" : "ready";
};
