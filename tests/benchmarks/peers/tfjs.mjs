/** TensorFlow.js: its core API with its own optimizer, as its documentation's "Core API" training example has it. */
import { heInit, LEARNING_RATE, oneHot, script } from "./load.mjs";

export async function start(/** @type {string} */ backend) {
  await script("../vendor/tfjs/dist/tf.min.js");
  if (backend === "wasm") {
    await script("../vendor/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");
    if (globalThis.crossOriginIsolated) tf.wasm.setThreadsCount(navigator.hardwareConcurrency);
    tf.wasm.setWasmPaths("../vendor/tfjs-backend-wasm/wasm-out/");
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  await tf.ready();
  const flag = async (/** @type {string} */ name) => (backend === "wasm" ? tf.env().getAsync(name) : false);
  const simd = (await flag("WASM_HAS_SIMD_SUPPORT")) ? ", SIMD" : "";
  const threads = (await flag("WASM_HAS_MULTITHREAD_SUPPORT")) ? `, ${tf.wasm.getThreadsCount()} threads` : ", 1 thread";
  return { about: `TensorFlow.js ${tf.version.tfjs}, ${tf.getBackend()}${simd}${threads}`, network };
}

function network(/** @type {Float32Array} */ images, /** @type {Uint8Array} */ labels, /** @type {number} */ batchSize) {
  const batches = Array.from({ length: Math.floor(labels.length / batchSize) }, (_, i) => ({
    x: tf.tensor2d(images.slice(784 * batchSize * i, 784 * batchSize * (i + 1)), [batchSize, 784]),
    y: tf.tensor2d(oneHot(labels.subarray(batchSize * i, batchSize * (i + 1))), [batchSize, 10]),
  }));
  const w1 = tf.variable(tf.tensor2d(heInit(784, 128), [784, 128]));
  const b1 = tf.variable(tf.zeros([128]));
  const w2 = tf.variable(tf.tensor2d(heInit(128, 10), [128, 10]));
  const b2 = tf.variable(tf.zeros([10]));
  const optimizer = tf.train.sgd(LEARNING_RATE);
  return {
    async step(/** @type {number} */ i) {
      const { x, y } = batches[i];
      const cost = tf.tidy(() =>
        optimizer.minimize(
          () => tf.losses.softmaxCrossEntropy(y, x.matMul(w1).add(b1).relu().matMul(w2).add(b2)),
          true,
          [w1, b1, w2, b2],
        ),
      );
      const [loss] = await cost.data();
      cost.dispose();
      return loss;
    },
    dispose() {
      tf.dispose([batches, w1, b1, w2, b2]);
    },
  };
}
