/**
 * What the page and its worker say to each other.
 *
 * A request has an id and gets exactly one reply with that id, also when its type is unknown or
 * the work fails. Events come unasked. Everything is plain data; bytes are transferred.
 *
 * @typedef {object} Run  the settings that one training run is made with
 * @property {number} epochs
 * @property {number} batch_size
 * @property {number} learning_rate
 * @property {number} training_images
 * @property {number} augment  1 or 0
 * @property {number} decay  1 or 0
 *
 * @typedef {object} About  what the worker runs on
 * @property {string} python
 * @property {string} numpy
 * @property {string} pyodide
 * @property {"simd" | "numpy"} backend  which matrix product
 * @property {Starter | null} starter  the model that came with the page, now in use; null if it did not come
 *
 * @typedef {object} Starter
 * @property {number} epochs
 * @property {number} test_accuracy  0 to 1
 *
 * @typedef {object} Corrections  drawings that the visitor has put right; flat, one after the other
 * @property {Float32Array} points  x, y, x, y, ... as shares of the pad's side
 * @property {Int32Array} lengths  how many points each stroke has
 * @property {Int32Array} strokes  how many strokes each drawing has
 * @property {Uint8Array} labels  which digit each is
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
 * @property {{ask: {hidden_size: number, seed: number}, reply: About}} boot
 * @property {{ask: {count: number}, reply: null}} fetch-images  have at least this many training images
 * @property {{ask: {hidden_size: number, seed: number}, reply: null}} reset
 * @property {{ask: {runId: number, run: Run | null, maxBatches: number | null}, reply: null}} train
 *     begin a run, or go on with the one under way (run: null); slices follow as events
 * @property {{ask: {}, reply: null}} pause
 * @property {{ask: {value: number}, reply: null}} learning-rate
 * @property {{ask: {points: Float32Array, lengths: Int32Array}, reply: Reading | null}} read
 *     points x, y, x, y, ... as shares of the pad's side; null for an empty pad
 * @property {{ask: Corrections, reply: number}} corrections  mix these into the next run's training images
 * @property {{ask: {}, reply: Uint8Array}} save
 * @property {{ask: {bytes: Uint8Array, epochs: number}, reply: {hidden_size: number}}} load
 *     take the network of a model file, which has been trained for so many epochs
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
 * @property {string | null} diverged  why it cannot go on
 * @property {boolean} resting  nothing more comes until the next request
 * @property {number} milliseconds  since the slice before, all included
 *
 * @typedef {object} Progress
 * @property {"progress"} type
 * @property {string} step  what is being done, for a person
 * @property {number} loaded  bytes
 * @property {number} total  bytes
 *
 * @typedef {{type: "hello"}} Hello  the worker's code is loaded and listens
 * @typedef {{type: "crash", message: string}} Crash  the worker is of no more use
 * @typedef {Hello | Crash | Progress | Slice} Event_
 *
 * @typedef {keyof Requests} RequestType
 * @typedef {{[T in RequestType]: {id: number, type: T} & Requests[T]["ask"]}[RequestType]} Request
 * @typedef {{type: "reply", id: number, result: any} | {type: "reply", id: number, error: string}} Reply
 */

export {};
