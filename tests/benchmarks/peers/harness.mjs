/**
 * Times a peer, named by ?peer=NAME&backend=BACKEND: ./NAME.mjs exports
 *
 *   start(backend): Promise<{about: string, network(images, labels, batchSize): Network}>
 *
 * where images (Float32Array, 784 an image, 0 to 1) and labels (Uint8Array) are all in memory, and a Network holds
 * them in the form that suits it, cut into batches already, has step(i): Promise<number>, which trains on batch i
 * and tells its loss, and dispose().
 */
const WARM_UP = 20;
const query = new URLSearchParams(location.search);
const { start } = await import(`./${query.get("peer")}.mjs`);
const peer = await start(query.get("backend"));

const idx = async (/** @type {string} */ name, /** @type {number} */ header) =>
  new Uint8Array(await (await fetch(`../data/${name}`)).arrayBuffer()).subarray(header);
const labels = await idx("train-labels-idx1-ubyte", 8);
const pixels = await idx("train-images-idx3-ubyte", 16);

/** @param {number} count */
const floats = (count) => Float32Array.from(pixels.subarray(0, 784 * count), (pixel) => pixel / 255);

globalThis.bench = {
  about: peer.about,

  /** Milliseconds a batch over about so many seconds, at least 30 batches, and the last loss. */
  async batches(/** @type {number} */ batchSize, /** @type {number} */ seconds) {
    const count = Math.min(100 * batchSize, labels.length);
    const network = peer.network(floats(count), labels.subarray(0, count), batchSize);
    const n = Math.floor(count / batchSize);
    for (let i = 0; i < WARM_UP; i++) await network.step(i % n);
    let done = 0;
    let loss = NaN;
    const started = performance.now();
    while (done < 30 || performance.now() - started < 1000 * seconds) loss = await network.step(done++ % n);
    const ms = (performance.now() - started) / done;
    network.dispose();
    return { ms, loss };
  },

  /** Seconds of one epoch over so many images in the order they have, and the mean loss. */
  async epoch(/** @type {number} */ batchSize, /** @type {number} */ count) {
    const network = peer.network(floats(count), labels.subarray(0, count), batchSize);
    const n = Math.floor(count / batchSize);
    await network.step(0);
    let loss = 0;
    const started = performance.now();
    for (let i = 0; i < n; i++) loss += (await network.step(i)) / n;
    const seconds = (performance.now() - started) / 1000;
    network.dispose();
    return { seconds, loss };
  },
};
document.documentElement.dataset.state = "ready";
