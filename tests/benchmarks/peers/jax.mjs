/** jax-js: one jitted function for the whole step, as its own MNIST demo has it. */
import { heInit, LEARNING_RATE, oneHot } from "./load.mjs";
import * as jax from "../vendor/jax-js/dist/index.js";

const { nn, numpy: np, tree } = jax;

export async function start(/** @type {string} */ backend) {
  await jax.init(backend);
  jax.defaultDevice(backend);
  const threads = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  return { about: `jax-js, ${backend}, ${threads} thread${threads > 1 ? "s" : ""}`, network };
}

/** Mean cross-entropy; every array that is passed is used up, as jax-js wants it. */
function crossEntropy({ w1, b1, w2, b2 }, x, y) {
  const hidden = nn.relu(np.matmul(x, w1).add(b1));
  const logits = np.matmul(hidden, w2).add(b2);
  return nn.logSoftmax(logits).mul(y).sum(1).mean().mul(-1);
}

const step = jax.jit((parameters, x, y) => {
  const [loss, gradients] = jax.valueAndGrad(crossEntropy)(tree.ref(parameters), x, y);
  return [tree.map((p, g) => p.sub(g.mul(LEARNING_RATE)), parameters, gradients), loss];
});

function network(/** @type {Float32Array} */ images, /** @type {Uint8Array} */ labels, /** @type {number} */ batchSize) {
  const array = (/** @type {Float32Array} */ values, /** @type {number[]} */ shape) => np.array(values).reshape(shape);
  const batches = Array.from({ length: Math.floor(labels.length / batchSize) }, (_, i) => ({
    x: array(images.slice(784 * batchSize * i, 784 * batchSize * (i + 1)), [batchSize, 784]),
    y: array(oneHot(labels.subarray(batchSize * i, batchSize * (i + 1))), [batchSize, 10]),
  }));
  let parameters = {
    w1: array(heInit(784, 128), [784, 128]),
    b1: np.zeros([128]),
    w2: array(heInit(128, 10), [128, 10]),
    b2: np.zeros([10]),
  };
  return {
    async step(/** @type {number} */ i) {
      const { x, y } = batches[i];
      const [updated, loss] = step(parameters, x.ref, y.ref);
      parameters = updated;
      const [value] = await loss.data();
      return value;
    },
    dispose() {
      tree.dispose(parameters);
      for (const { x, y } of batches) {
        x.dispose();
        y.dispose();
      }
    },
  };
}
