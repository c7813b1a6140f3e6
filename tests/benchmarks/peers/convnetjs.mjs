/** ConvNetJS: its Trainer with method sgd, as its own MNIST demo has it, on a network without convolutions. */
import { LEARNING_RATE, script } from "./load.mjs";

export async function start() {
  await script("../vendor/convnetjs/build/convnet-min.js");
  return { about: "ConvNetJS, JavaScript, 1 thread", network };
}

function network(/** @type {Float32Array} */ images, /** @type {Uint8Array} */ labels, /** @type {number} */ batchSize) {
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: 784 },
    { type: "fc", num_neurons: 128, activation: "relu" },
    { type: "softmax", num_classes: 10 },
  ]);
  const options = { method: "sgd", learning_rate: LEARNING_RATE, momentum: 0, batch_size: batchSize };
  const trainer = new convnetjs.Trainer(net, options);
  const image = new convnetjs.Vol(1, 1, 784, 0);
  return {
    async step(/** @type {number} */ batch) {
      let loss = 0;
      for (let i = batch * batchSize; i < (batch + 1) * batchSize; i++) {
        image.w.set(images.subarray(784 * i, 784 * (i + 1)));
        loss += trainer.train(image, labels[i]).loss / batchSize;
      }
      return loss;
    },
    dispose() {},
  };
}
