/** One of the threads that threads.js starts: does its share of a matrix product whenever there is one. */
import { ALPHA, BUSY, IDLE, JOB_LENGTH, STATE } from "./threads.js";

/** @param {MessageEvent<{kernel: WebAssembly.Module, memory: WebAssembly.Memory, job: Int32Array, stack: number}>} event */
self.onmessage = async ({ data: { kernel, memory, job, stack } }) => {
  const { exports } = await WebAssembly.instantiate(kernel, { env: { memory } });
  const { multiply, __stack_pointer } = /** @type {any} */ (exports);
  __stack_pointer.value = stack; // all have the same memory, and each needs a place of its own
  const alpha = new Float32Array(memory.buffer, job.byteOffset + ALPHA * job.BYTES_PER_ELEMENT, 1);
  for (;;) {
    Atomics.store(job, STATE, IDLE);
    Atomics.notify(job, STATE);
    while (Atomics.load(job, STATE) !== BUSY) Atomics.wait(job, STATE, IDLE);
    multiply(...job.subarray(1, ALPHA), alpha[0], job[JOB_LENGTH - 1]);
  }
};
