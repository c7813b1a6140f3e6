/** One of the threads that threads.js starts: does its share of a matrix product whenever there is one. */
import { ALPHA, ARGUMENTS, ASLEEP, BUSY, DONE, FLOAT, IDLE, JOB_LENGTH, LEFT, STATE } from "./threads.js";

/** How long, in ms, a thread looks out for its next product before it sleeps: to be woken can take longer than to do one. */
const AWAKE = 4;

/** @param {MessageEvent<{kernel: WebAssembly.Module, memory: WebAssembly.Memory, job: Int32Array, stack: number}>} event */
self.onmessage = async ({ data: { kernel, memory, job, stack } }) => {
  const { exports } = await WebAssembly.instantiate(kernel, { env: { memory } });
  const { multiply, __stack_pointer } = /** @type {any} */ (exports);
  __stack_pointer.value = stack; // all have the same memory, and each needs a place of its own
  const alpha = new Float32Array(memory.buffer, job.byteOffset + ALPHA * FLOAT, 1);
  for (;;) {
    Atomics.store(job, STATE, IDLE);
    for (const end = performance.now() + AWAKE; Atomics.load(job, STATE) === IDLE && performance.now() < end; );
    Atomics.compareExchange(job, STATE, IDLE, ASLEEP);
    Atomics.wait(job, STATE, ASLEEP);
    const [rows, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow] = job.subarray(ARGUMENTS, ALPHA);
    const isAdded = job[JOB_LENGTH - 1];
    for (let left; (left = Atomics.sub(job, LEFT, 1)) > 0; ) {
      const first = (left - 1) * rows * FLOAT;
      multiply(rows, n, k, a + first * aRow, aRow, aCol, b, bRow, bCol, c + first * cRow, cRow, alpha[0], isAdded);
      Atomics.or(job, DONE, 1 << (left - 1));
    }
  }
};
