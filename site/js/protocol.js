/**
 * What the page and its worker say to each other.
 *
 * A request has an id and gets exactly one reply with that id, also when its type is unknown, comes too late or the work
 * fails: a failure is data. Events come unasked. Everything is plain data; bytes are transferred.
 *
 * @import { Values } from "./settings.js"
 *
 * @typedef {object} Failure  why something could not be done, mostly as mlp_py/failure.py makes it
 * @property {"refused" | "diverged" | "code" | "memory" | "internal" | "missing" | "damaged"} kind
 *     missing: a file did not come; damaged: a file came, but is not what the build made
 * @property {string} message  for a person
 * @property {number} [line]  in the changed mlp.py, counted from 1
 * @property {"initialization" | "forward" | "loss" | "backward" | "training"} [phase]  that the line is in
 * @property {number} [advice]  a learning rate that may do better
 * @property {string} [file]  which one did not come, or is damaged
 *
 * @typedef {object} InUse  the network in use, as the worker has it
 * @property {"random" | "starter" | "file"} origin
 * @property {number} hidden_size
 * @property {number} seed
 * @property {number} epochs  that it has been trained for since it was made or loaded
 * @property {boolean} touched  whether a run has begun to train it
 * @property {"shipped" | "mine"} code  whose mlp.py it runs on
 *
 * @typedef {object} About  what the worker runs on, and with
 * @property {string} python
 * @property {string} numpy
 * @property {string} pyodide
 * @property {"simd" | "numpy"} backend  which matrix product
 * @property {InUse} in_use
 * @property {Starter | null} starter  about the model that came with the page; null if it did not come, or is not in use
 *
 * @typedef {object} Starter
 * @property {number} epochs
 * @property {number} test_accuracy  0 to 1
 *
 * @typedef {object} Kept  a network to go on with
 * @property {Uint8Array} bytes  a model file
 * @property {"random" | "file"} origin
 * @property {number} seed
 * @property {number} epochs
 *
 * @typedef {object} Corrections  drawings that the visitor has put right; flat, one after the other
 * @property {Float32Array} points  x, y, x, y, ... as shares of the pad's side
 * @property {Int32Array} lengths  how many points each stroke has
 * @property {Int32Array} strokes  how many strokes each drawing has
 * @property {Uint8Array} labels  which digit each is
 *
 * @typedef {{points: Float32Array, lengths: Int32Array}} Drawing  points x, y, x, y, ... as shares of the pad's side
 *
 * @typedef {object} Reading  what the network makes of a drawing
 * @property {"dot" | "scribble" | null} wrong  why this can hardly be a digit
 * @property {Float32Array} box  left, top, right, bottom of the ink, as shares of the pad's side
 * @property {Uint8Array} scaled  the 784 pixels before centring
 * @property {Float32Array} shift  x and y of the centring, in pixels
 * @property {Uint8Array} pixels  784 of them, 0 is paper
 * @property {Float32Array} probabilities  one a digit
 *
 * @typedef {object} Requests  the type of each request, what comes with it, and its reply
 * @property {{ask: {hidden_size: number, seed: number, kept: Kept | null}, reply: About}} boot
 * @property {{ask: {}, reply: null}} ping
 * @property {{ask: {count: number}, reply: number}} fetch-images
 *     have at least this many training images; how many there are
 * @property {{ask: {hidden_size: number, seed: number}, reply: InUse}} reset
 * @property {{ask: {bytes: Uint8Array, seed: number}, reply: InUse & {notes: string[]}}} load
 *     take the network of a model file; notes say what had to be put right in it
 * @property {{ask: {}, reply: Uint8Array}} save
 * @property {{ask: {runId: number, settings: Values, corrections: Corrections | null, maxBatches: number | null},
 *     reply: InUse & {corrections: number}}} begin
 *     begin a run, with so many images made of the corrections mixed in; slices follow as events
 * @property {{ask: {runId: number, maxBatches: number | null}, reply: boolean}} resume
 *     go on with a run; false, as of the next two, where it is not, or no longer, under way
 * @property {{ask: {runId: number}, reply: boolean}} pause
 * @property {{ask: {runId: number, value: number}, reply: boolean}} learning-rate
 * @property {{ask: Drawing, reply: Reading | null}} read  null for an empty pad
 * @property {{ask: {}, reply: Int32Array}} confusion
 *     how many test images of each digit (row) are read as each (column), 10 by 10
 * @property {{ask: {pixels: Uint8Array, labels: Uint8Array, learning_rate: number}, reply: Record<string, ArrayBufferView>}} trace
 *     the arrays of all phases for these images, 784 pixels each
 *
 * @typedef {object} EpochRecord
 * @property {number} epoch  counted from 1 since the network was made
 * @property {number} training_loss  nats
 * @property {number} validation_loss  nats
 * @property {number} validation_accuracy  0 to 1
 * @property {number} test_accuracy  0 to 1
 * @property {number} seconds
 *
 * @typedef {object} Slice  what a few tens of milliseconds of training came to
 * @property {"slice"} type
 * @property {number} runId
 * @property {Float32Array} losses  one a batch
 * @property {number} epoch  counted from 1
 * @property {number} batch  counted from 1
 * @property {number} n_batches  batches an epoch
 * @property {EpochRecord | null} epoch_record  of the epoch that this slice ended
 * @property {Uint8Array | null} checkpoint  the network when that epoch ended, as a model file
 * @property {boolean} finished  the run is over
 * @property {Failure | null} failure  why it cannot go on; the network is as it was when the last epoch ended
 * @property {boolean} resting  nothing more comes until the next request
 * @property {number} milliseconds  since the slice before, all included
 *
 * @typedef {object} Progress  of a download; told only when something has come
 * @property {"progress"} type
 * @property {string} step  what is being done, for a person
 * @property {number} loaded  bytes
 * @property {number} total  bytes
 *
 * @typedef {{type: "born"}} Born  the worker has begun; if it can, it holds a lock as long as it lives
 * @typedef {{type: "hello"}} Hello  the worker's code is loaded and listens
 * @typedef {{type: "crash", message: string}} Crash  the worker is of no more use; "" where its code did not come
 * @typedef {Born | Hello | Crash | Progress | Slice} Event_
 *
 * @typedef {keyof Requests} RequestType
 * @typedef {{[T in RequestType]: {id: number, type: T} & Requests[T]["ask"]}[RequestType]} Request
 * @typedef {{type: "reply", id: number, result: any} | {type: "reply", id: number, failure: Failure}} Reply
 */

/** A failure, thrown. */
export class Failed extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}
