/**
 * What the visitor has written, kept in this browser, so that it outlives a reload: an mlp.py, and answers to exercises.
 * Where the browser keeps nothing, it is kept as long as the page is open.
 *
 * @typedef {{text: string, state: "open" | "failed" | "solved"}} Answer
 */

const CODE = "mlp.py";
const REPLACED = "mlp-replaced.py";
const ANSWERS = "mlp-exercises";

/** What the browser would not keep. @type {Map<string, string>} */
const unkept = new Map();

/** @returns {string | null} */
export function keptCode() {
  return read(CODE);
}

/** @param {string | null} text  null to keep none */
export function keepCode(text) {
  write(CODE, text);
}

/** @returns {string | null} what was kept before something else took its place */
export function replacedCode() {
  return read(REPLACED);
}

/** @param {string | null} text  null to keep none */
export function keepReplacedCode(text) {
  write(REPLACED, text);
}

/** @returns {Record<string, Answer>} by the exercises' names */
export function keptAnswers() {
  try {
    const kept = JSON.parse(read(ANSWERS) ?? "{}");
    const isAnswer = (/** @type {any} */ answer) => typeof answer?.text === "string" && typeof answer.state === "string";
    return Object.fromEntries(Object.entries(kept).filter(([, answer]) => isAnswer(answer)));
  } catch {
    return {}; // something else has written there
  }
}

/** @param {Record<string, Answer>} answers */
export function keepAnswers(answers) {
  write(ANSWERS, JSON.stringify(answers));
}

/** @param {string} key */
function read(key) {
  try {
    return unkept.get(key) ?? localStorage.getItem(key);
  } catch {
    return unkept.get(key) ?? null;
  }
}

/**
 * @param {string} key
 * @param {string | null} text
 */
function write(key, text) {
  unkept.delete(key);
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    if (text !== null) unkept.set(key, text); // storage is full or forbidden
  }
}
