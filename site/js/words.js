/**
 * What the page says of the network and its training, in words.
 *
 * @import { Network, Work } from "./network.js"
 * @import { Failure, ReaderName, Slice, Starter } from "./protocol.js"
 */
import { advice } from "./host.js";

export const STARTING = "Starting Python in this tab …";
export const STOPPED = "Python is not running.";
export const NOT_WAITING = "Not training. Press Train to begin.";
export const FAILED = "Training has stopped.";
export const HUNG =
  "It did not come to an end, and could not be stopped. Python was started anew, with the code before.";
export const FRESH = "A new network: random weights. Press Train.";

/** @param {Starter | null} starter */
export function ready(starter) {
  return starter ? "Ready. Draw, or press Train to teach a new network." : "Ready. Press Train to teach a network.";
}

/** @param {"shipped" | "mine"} code  whose mlp.py runs */
export function codeRuns(code) {
  return `${code === "mine" ? "Your code runs" : "The shipped code runs"}: a new network, random weights. Press Train.`;
}

/** @param {Network} network */
export function readyAgain(network) {
  return `Ready again, with the network as it was ${since(network)}.${goesOn(network)}`;
}

/** @param {Network} network */
export function broughtBack(network) {
  return `The network is here again, as it was ${since(network)}.${goesOn(network)}`;
}

/** @param {Network} network */
function goesOn({ target, epochs }) {
  return target && target > epochs ? ` Train goes on, to epoch ${target}.` : "";
}

/** @param {boolean} hasAll  whether all images to learn from are kept */
export function offline(hasAll) {
  return hasAll ? "Works offline, with all 60,000 images." : "Works offline from now on.";
}

/**
 * What is here again from an earlier visit.
 *
 * @param {{network: Work | null, wasTraining: boolean, runs: number, pad: "drawing" | "picture" | null, hasCode: boolean}} kept
 */
export function resumed({ network, wasTraining, runs, pad, hasCode }) {
  const epochs = network?.inUse.epochs ?? 0;
  const things = [
    network && which(network, "your"),
    runs > 1 && `${runs} runs`,
    pad && `your ${pad}`,
    hasCode && "your code",
  ];
  const all = listed(things);
  const lost = wasTraining ? `Epoch ${epochs + 1} was under way, and what it had learned is lost.` : "";
  return [all && `Here again: ${all}.`, lost].filter(Boolean).join(" ");
}

/**
 * What is on another tab's desk.
 *
 * @param {{network: Work | null, hasCode: boolean, pad: "drawing" | "picture" | null}} kept
 * @returns {string} "" for nothing
 */
export function elsewhere({ network, hasCode, pad }) {
  return listed([network && which(network, "a"), hasCode && "code", pad && `a ${pad}`]);
}

/**
 * What came out of a file.
 *
 * @param {string} name
 * @param {{network: Work | null, runs: number, pad: "drawing" | "picture" | null, corrections: number, answers: number, signs: number,
 *     hasCode: boolean, left: string[]}} content  left: what was not taken, as there is something of the visitor's own
 */
export function opened(name, { network, runs, pad, corrections, answers, signs, hasCode, left }) {
  const many = (/** @type {number} */ n, /** @type {string} */ what) => n > 0 && `${n} ${what}${n > 1 ? "s" : ""}`;
  const things = [
    network && which(network, "a"),
    many(runs, "run"),
    pad && `a ${pad}`,
    many(corrections, "correction"),
    many(answers, "answer"),
    many(signs, "picture") && `${many(signs, "picture")} of signs`,
  ];
  const code = hasCode ? " Its code is in the editor, and none of it has run." : "";
  const own = left.length > 0 ? ` You have ${listed(left)} of your own, which stay as they are.` : "";
  return `Opened ${name}: ${listed(things) || "nothing but settings"}.${code}${own}`;
}

/**
 * @param {Work} network
 * @param {"your" | "a"} whose
 */
function which({ inUse: { epochs }, name }, whose) {
  return epochs > 0 || name === null ? `${whose} network after epoch ${epochs}` : `the network of ${name}`;
}

/** @param {(string | false | null | undefined)[]} things */
function listed(things) {
  const all = things.filter((thing) => typeof thing === "string");
  const last = all.pop() ?? "";
  return all.length > 0 ? `${all.join(", ")} and ${last}` : last;
}

/**
 * @param {string} name
 * @param {string} why
 */
export function notOpened(name, why) {
  return `${name} was not opened, and all is as it was: ${why}.`;
}

/** @param {Work} work  a network that has made room */
export function replaced(work) {
  return capital(`${which(work, "your")} is kept.`);
}

/** @param {string} words  what is on the desk of another tab, or of an earlier visit */
export function startedAnew(words) {
  return `Begun anew, as the address has it. What you had is kept: ${words}.`;
}

/** @param {string} words */
function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

export const NOT_FORGOTTEN = "It could not be deleted. Delete this site’s data in the browser’s own settings.";

/** @param {string} name  of a file */
export function unreadable(name) {
  return `${name} could not be read. Is it still there? Then choose it again.`;
}

/** @param {"full" | "failing"} trouble */
export function notKept(trouble) {
  const why = trouble === "full" ? "There is no room left in this browser" : "This browser does not keep it";
  return `${why}: what you do from now on is gone when the page is closed. Save everything, below, makes a file of it.`;
}

/** @param {string} message */
export function notTakenUp(message) {
  return `What was kept of your network could not be used: ${message}`;
}

/** @param {number} images  to learn from */
export function waiting(images) {
  return `Fetching ${images.toLocaleString("en")} digits; then it trains.`;
}

/**
 * Why the training loss is the larger one, where it is.
 *
 * @param {{training_loss: number, validation_loss: number}} record
 * @param {boolean} augments
 */
export function whyTrainingLies({ training_loss, validation_loss }, augments) {
  if (training_loss <= validation_loss) return "";
  const harder = augments ? " and on images bent on purpose" : "";
  return `Training lies above validation: it is measured while the network still learns${harder}.`;
}

/**
 * @param {number} epoch
 * @param {number} last
 */
export function training(epoch, last) {
  const story = epoch === 1 ? "It knows nothing yet. " : "";
  return `${story}Training: epoch ${epoch} of ${last}.`;
}

/** @param {number} epoch */
export function paused(epoch) {
  return `Paused in epoch ${epoch}. Train goes on.`;
}

/** @param {Slice} slice */
export function stepped({ batch, n_batches, epoch }) {
  return `Did batch ${batch} of ${n_batches} in epoch ${epoch}.`;
}

/** @param {number} accuracy */
export function trained(accuracy) {
  return `Trained. It reads ${percent(accuracy)} right. Now draw a digit.`;
}

/**
 * @param {string} name
 * @param {number} hiddenUnits
 * @param {string[]} notes
 */
export function loaded(name, hiddenUnits, notes) {
  const turned = notes.length ? ` (${notes.join("; ")})` : "";
  return `Loaded ${name}, a network of ${hiddenUnits} hidden units${turned}. Draw a digit, or train it further.`;
}

/**
 * Why training has stopped, and what to do.
 *
 * @param {Failure} failure
 * @param {number} epochs  of the network, as it is now
 */
export function trainingFailed({ kind, message, line, advice }, epochs) {
  const back = epochs > 0 ? `as it was after epoch ${epochs}` : "as it was before";
  if (kind === "diverged") {
    return (
      `Training went astray: ${message}. The steps are too large: gradients add up over a batch, so the larger that is, ` +
      `the smaller the rate has to be. Lower the learning rate, to ${advice} perhaps, and press Train; the network is ${back}.`
    );
  }
  const where = line ? ` (line ${line} of mlp.py)` : "";
  return `Training has stopped: ${message}${where} The network is ${back}.`;
}

/**
 * Which network reads.
 *
 * @param {ReaderName} reader
 * @param {Network} network
 * @param {boolean} isInRun
 * @param {Starter | null} starter
 */
export function reader(reader, { epochs, name }, isInRun, starter) {
  if (reader === "starter" && starter) return `the starter model, trained before you came: ${percent(starter.test_accuracy)} right`;
  if (reader === "random") return "random weights, which know nothing";
  if (epochs > 0) return `your network, after ${epochs} ${epochs > 1 ? "epochs" : "epoch"}`;
  if (isInRun) return "your network, in its first epoch";
  return name ?? "random weights, which know nothing yet";
}

/** @param {string} reader  what reads, whole */
export function broken(reader) {
  return `${reader}; broken on purpose (Inspect mends it)`;
}

/**
 * @param {string} message  what became of Python
 * @param {Network | null} network
 */
export function crashed(message, network) {
  const kept = network?.kept ? ` The network as it was ${since(network)} is kept.` : "";
  return `Python has stopped: ${message}.${kept} Press Restart to go on.`;
}

/** @param {string} message */
export function notStarted(message) {
  return `Python could not be started: ${message}. ${advice("press Restart")}`;
}

/** @param {string} message */
export function noImages(message) {
  return `The digits to learn from are not here: ${message}. ${advice("press Train again")}`;
}

/**
 * Whether the address tells all that the numbers come from.
 *
 * @param {Iterable<string>} departures  what it does not tell
 */
export function address(departures) {
  const more = [...departures];
  if (!more.length) return "The settings are in this page’s address: share it, and others see the same numbers.";
  return `The settings are in this page’s address, but these numbers come of more than that: ${more.join(", ")}.`;
}

/**
 * Why it claims less than its probabilities say.
 *
 * @param {number} divisor
 */
export function temperature(divisor) {
  return `How sure it says it is, beside the answer, is less than the bars: a network that meets a stranger’s hand is right less often than it thinks. So each logit is divided by ${divisor.toFixed(2)} first, the temperature that fits distorted images it had not learned from.`;
}

/**
 * When the network was like that.
 *
 * @param {{epochs: number, name: string | null}} network
 */
export function since({ epochs, name }) {
  return epochs > 0 ? `after epoch ${epochs}` : `in ${name}`;
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
