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
 * @property {Phase} [phase]  that the line is in
 * @property {Record<string, string>} [names]  what that line speaks of, in words
 * @property {number} [advice]  a learning rate that may do better
 * @property {string} [file]  which one did not come, or is damaged
 *
 * @typedef {object} InUse  the network in use, as the worker has it
 * @property {"random" | "file"} origin
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
 * @property {boolean} exactly  whether the random numbers of the network that was to be gone on with go on as well
 * @property {Failure | null} failure  why it was not gone on with, nor with the changed code
 * @property {Starter | null} starter  about the model that came with the page; null if it did not come
 *
 * @typedef {object} Starter
 * @property {number} epochs
 * @property {number} test_accuracy  0 to 1
 * @property {number} temperature  of its answers, as mlp_py/calibration.py has it
 *
 * @typedef {object} Checkpoint  the network when an epoch has ended
 * @property {Uint8Array} bytes  a model file
 * @property {string | null} random  the state of its random numbers
 * @property {Int32Array | null} order  that its run has the images in
 *
 * @typedef {object} Kept  a network to go on with
 * @property {Uint8Array} bytes  a model file
 * @property {string | null} random  the state of its random numbers, where that is known
 * @property {"random" | "file"} origin
 * @property {number} seed
 * @property {number} epochs
 *
 * @typedef {object} Corrections  drawings that the visitor has put right; flat, one after the other
 * @property {Float32Array} points  x, y, x, y, ... as shares of the pad's side
 * @property {Int32Array} lengths  how many points each stroke has
 * @property {Int32Array} strokes  how many strokes each drawing has
 * @property {Uint8Array} labels  which digit, or sign, each is
 * @property {Uint8Array} [pictures]  784 pixels each
 * @property {Uint8Array} [picture_labels]
 * @property {boolean} [alone]  whether MNIST is left out
 *
 * @typedef {object} Drawing  what is on the pad
 * @property {Float32Array} points  x, y, x, y, ... as shares of the pad's side
 * @property {Int32Array} lengths  how many points each stroke has
 * @property {Uint8Array | null} pixels  images of 784 pixels, one a digit, in place of strokes
 * @property {Stages[]} [stages]  how they were made, where they come from a picture
 *
 * @typedef {"starter" | "mine" | "random"} ReaderName  who reads: the model that came with the page, the network in use, or
 *     one as large that nobody has trained
 *
 * @typedef {"initialization" | "forward" | "loss" | "backward" | "training"} Phase
 *
 * @typedef {object} Stages  a digit on its way to what the network reads
 * @property {Float32Array} box  left, top, right, bottom of the ink, as shares of the pad's side, or of the picture's sides
 * @property {Uint8Array} scaled  the 784 pixels before centring
 * @property {Float32Array} shift  x and y of the centring, in pixels
 * @property {Uint8Array} pixels  784 of them, 0 is paper
 *
 * @typedef {object} Answered  what the network makes of a digit
 * @property {"dot" | "scribble" | null} wrong  why this can hardly be a digit
 * @property {Int32Array} strokes  which of the drawing it is made of
 * @property {Float32Array} hidden  how strongly each hidden unit fires
 * @property {Float32Array} probabilities  one a digit
 * @property {Float32Array} claimed  the same, as sure as may be claimed
 *
 * @typedef {Stages & Answered} Reading
 *
 * @typedef {object} Found  digits on a picture, and how they were found
 * @property {[number, number, number, number]} frame  left, top, right, bottom of what was looked at, in the picture's pixels
 * @property {number} width  of the pictures of stages, in pixels
 * @property {number} height
 * @property {Uint8Array} seen  red, green and blue of each pixel
 * @property {Uint8Array} darkness  the paper taken away
 * @property {Uint8Array} written  the ink that counts
 * @property {Stages[]} digits  from left to right
 *
 * @typedef {{shape: number[], data: Float32Array | Int32Array}} NumArray  an array of NumPy's, flat
 *
 * @typedef {object} Trace  the phases, run on a batch or an image
 * @property {Record<string, NumArray>} arrays  as mlp_py/trace.py names them
 * @property {[number, Phase, string[]][]} steps  of each line that made an array: its number, phase, and what it made
 * @property {"first" | "last" | "again" | "image"} when  which batch it is: the one that training begins with, the one
 *     it has just learned from, or that one again, by the network as it is now
 * @property {number} learning_rate
 *
 * @typedef {[string, "keyword" | "string" | "number" | "comment" | "dimension" | "array" | "", string]} Word  a piece of a
 *     line, what it is, and which dimension or array it stands for
 * @typedef {{number: number, words: Word[], arrays: string[], product: [string, string] | null}} Line
 * @typedef {{name: string, phase: Phase, lines: Line[]}} Method
 *
 * @typedef {object} Unit  a hidden unit, and what it makes of an image
 * @property {Float32Array} weights  784
 * @property {Float32Array} products  each weight times its pixel
 * @property {number} bias
 * @property {number} sum  of the products, and the bias
 * @property {number} output  what ReLU leaves of it
 * @property {Float32Array} outgoing  its weights to the ten answers
 * @property {Float32Array} given  each times the output
 * @property {Uint8Array} strongest  pixels of the test images that excite it most
 * @property {Uint8Array} labels  of those
 * @property {Float32Array} activations  by those
 *
 * @typedef {object} Results  how each of the test images is read
 * @property {Uint8Array} labels
 * @property {Float32Array} probabilities  ten an image
 * @property {Float32Array} losses  nats
 * @property {Float32Array} active  the share of the images that each hidden unit fires for
 * @property {Float32Array} weights1  a histogram, as are the next: lowest and highest value, then counts
 * @property {Float32Array} weights2
 * @property {Float32Array} layer1_output  of those that fire
 * @property {boolean} is_broken  whether the network was altered when it read them
 *
 * @typedef {{line: number, message: string, is_error: boolean}} NameRemark  line: counted from 1
 *
 * @typedef {{line: number, old: string[], new: string[]}} CodeChange  lines from this one on, counted from 1, and what stands
 *     in their place
 *
 * @typedef {object} Tip  as mlp_py/tips.py has it; code is run where there are no trials
 * @property {string} name
 * @property {string} question
 * @property {string} explanation
 * @property {string} code
 * @property {{label: string, settings: Values, source: string | null}[]} trials
 *
 * @typedef {{method: string, message: string, line: number}} Unlike  what changed code does otherwise than the notes
 *
 * @typedef {object} ArrayCheck  one array of gradients against differences of the loss
 * @property {string} name
 * @property {number} error  the largest relative one
 * @property {number} n_checked
 * @property {number} n_left_out  entries at a kink of ReLU
 * @property {{row: number, column: number, computed: number, expected: number} | null} worst  the largest error
 * @property {Float64Array} computed  of the entries that were checked
 * @property {Float64Array} expected
 *
 * @typedef {object} GradientCheck
 * @property {number} error
 * @property {boolean} ok
 * @property {string | null} culprit  the array where the mistake is made
 * @property {string | null} cause  the likely one, in a sentence
 * @property {ArrayCheck[]} arrays
 *
 * @typedef {{name: string, value: number, expected: string, ok: boolean}} SanityCheck
 *
 * @typedef {object} Exercise  a part of the network to be written, as mlp_py/exercises has it
 * @property {string} name
 * @property {string} title
 * @property {Phase} phase
 * @property {string} notes  where in the notes it is
 * @property {string} method
 * @property {string} task
 * @property {string} blank
 * @property {string} solution
 * @property {string[]} hints
 *
 * @typedef {object} Verdict  on an answer
 * @property {string[]} passed  titles of checks
 * @property {string | null} failed  the title of the check that failed, if it came to that
 * @property {string | null} message  what is wrong
 * @property {number | null} line  of the answer, counted from 1
 * @property {boolean} solved
 *
 * @typedef {{epochs: number, order: Int32Array}} Done  what was done of a run before: so many epochs, which left the images in this
 *     order
 *
 * @typedef {{settings: Values, corrections: Corrections | null}} Beginning  what training would begin with, and so its
 *     first batch
 * @typedef {{kind: "batch" | "first" | "image", pixels?: Uint8Array, label?: number}} Hand  what is followed through the
 *     phases: the batch in hand, its first image, or an image of one's own and its label
 *
 * @typedef {object} Requests  the type of each request, what comes with it, and its reply
 * @property {{ask: {hidden_size: number, seed: number, kept: Kept | null, source: string | null}, reply: About}} boot
 *     source: of another mlp.py to run; null for the one that came with the page
 * @property {{ask: {}, reply: null}} ping
 * @property {{ask: {count: number}, reply: number}} fetch-images
 *     have at least this many training images; how many there are
 * @property {{ask: {hidden_size: number, seed: number}, reply: InUse}} reset
 * @property {{ask: {bytes: Uint8Array, seed: number}, reply: InUse & {notes: string[]}}} load
 *     take the network of a model file; notes say what had to be put right in it
 * @property {{ask: {}, reply: Uint8Array}} save
 * @property {{ask: {kept: Kept, source: string | null}, reply: InUse & {exactly: boolean}}} take-up
 *     go on with a network that this or another worker had, and the mlp.py it was made by
 * @property {{ask: {runId: number, settings: Values, corrections: Corrections | null, maxBatches: number | null, done: Done | null},
 *     reply: InUse & {corrections: number}}} begin
 *     begin a run, with so many images made of the corrections mixed in, or go on with one that another worker had begun;
 *     slices follow as events
 * @property {{ask: {runId: number, maxBatches: number | null}, reply: boolean}} resume
 *     go on with a run; false, as of the next two, where it is not, or no longer, under way
 * @property {{ask: {runId: number}, reply: boolean}} pause
 * @property {{ask: {runId: number, value: number}, reply: boolean}} learning-rate
 * @property {{ask: Drawing & {reader: ReaderName}, reply: Reading[]}} read  a digit each, from left to right; none for an empty pad
 * @property {{ask: {pixels: Uint8Array, width: number, height: number, frame: Found["frame"] | null}, reply: Found}} find-digits
 *     on a picture, red, green, blue and opacity of each pixel, or in a frame of it
 * @property {{ask: {silenced: number[], zeroBiases: boolean, noise: number}, reply: null}} alter
 *     read with networks broken like this from now on
 * @property {{ask: {pixels: Uint8Array}, reply: {epochs: Int32Array, probabilities: Float32Array}}} film
 *     how an image was read, or would have been, when each epoch ended
 * @property {{ask: {reader: ReaderName}, reply: {hidden_size: number, tiles: Int8Array, outgoing: Float32Array}}} weights
 *     tiles: of each hidden unit its 784 weights, the largest of which is 127 or -127
 * @property {{ask: {index: number, pixels: Uint8Array | null, reader: ReaderName}, reply: Unit}} unit
 * @property {{ask: {reader: ReaderName}, reply: Results}} results
 * @property {{ask: {indices: Int32Array}, reply: Uint8Array}} test-images
 * @property {{ask: {digit: number | null, share: number}, reply: {label: number, pixels: Uint8Array}}} test-digit  one of MNIST's
 *     test images, of this digit or of any; share: 0 to below 1, which of them
 * @property {{ask: {text: string}, reply: InUse & {unlike: Unlike | null}}} use-code  make networks by this mlp.py from now on,
 *     and begin with one
 * @property {{ask: {}, reply: {text: string, shipped: string, methods: Method[]}}} code  the text of the code that runs, of
 *     the one that came with the page, and the lines of the former's phases
 * @property {{ask: {text: string}, reply: NameRemark[] | null}} names  what is wrong with the names in a text; null where
 *     what checks them does not come
 * @property {{ask: {text: string}, reply: string}} share  how a text differs from the mlp.py that came with the page, for an address
 * @property {{ask: {packed: string}, reply: {text: string, changes: CodeChange[]}}} shared  the same back again
 * @property {{ask: {settings: Values, source: string | null, title: string, departures: string[]}, reply: string}} script  a run as
 *     a Python file
 * @property {{ask: {bytes: Uint8Array}, reply: {names: string[], labels: Uint8Array, pictures: Uint8Array}}} read-csv
 * @property {{ask: {names: string[], pictures: Corrections}, reply: string}} to-csv
 * @property {{ask: {files: Record<string, string | Uint8Array>}, reply: Uint8Array}} pack-work  files of the visitor's work as one zip
 * @property {{ask: {bytes: Uint8Array}, reply: Record<string, string | Uint8Array>}} unpack-work  and out of it
 * @property {{ask: {}, reply: Tip[]}} tips
 * @property {{ask: {name: string}, reply: string}} try-tip  what its code prints
 * @property {{ask: {}, reply: Exercise[]}} exercises
 * @property {{ask: {name: string, text: string}, reply: Verdict}} check-answer
 * @property {{ask: {answers: Record<string, string>}, reply: string}} own-network  the text of an mlp.py with these answers
 * @property {{ask: Hand & Beginning, reply: Trace}} trace
 * @property {{ask: Beginning, reply: GradientCheck}} gradient-check  of the batch in hand
 * @property {{ask: Beginning, reply: SanityCheck[]}} sanity
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
 * @property {Checkpoint | null} checkpoint  the network when that epoch ended
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
 * @typedef {{type: "born", lock: string}} Born  the worker holds this lock as long as it lives
 * @typedef {{type: "hello"}} Hello  the worker's code is loaded and listens
 * @typedef {{type: "alive"}} Alive  a request takes long, but is being worked on
 * @typedef {{type: "hung", line: number}} Hung  changed code does not come to an end, and cannot be stopped
 * @typedef {{type: "print", text: string}} Print  what Python has printed
 * @typedef {{type: "crash", message: string}} Crash  the worker is of no more use; "" where its code did not come
 * @typedef {Born | Hello | Alive | Hung | Print | Crash | Progress | Slice} Event_
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
