/**
 * Wires the settings, the experiment and the views; no logic of its own.
 *
 * @import { About } from "./protocol.js"
 */
import { Corrections } from "./corrections.js";
import { Experiment } from "./experiment.js";
import { fromHash, NAMES, toHash } from "./settings.js";
import { Answer } from "./views/answer.js";
import { LossChart } from "./views/chart.js";
import { CorrectionsPanel } from "./views/corrections-panel.js";
import { EpochTable } from "./views/epoch-table.js";
import { Figures } from "./views/figures.js";
import { Pad } from "./views/pad.js";
import { Problem } from "./views/problem.js";
import { ProgressBar } from "./views/progress.js";
import { SettingsForm } from "./views/settings-form.js";
import { Stages } from "./views/stages.js";

const $ = (/** @type {string} */ testid) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${testid}"]`));
const button = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (document.getElementById(id));
const canvas = (/** @type {string} */ testid) => /** @type {HTMLCanvasElement} */ ($(testid));

const { values, problems } = fromHash(location.hash);
const experiment = new Experiment(values);
const booting = experiment.boot(); // first of all, as that is what takes long; nothing can happen before the views listen

const pad = new Pad(canvas("pad"), button("undo"), button("clear"));
const answer = new Answer($("prediction"), $("certainty"), canvas("pad-28"), $("probabilities"));
const stages = new Stages($("stages"));
const corrections = new Corrections();
const panel = new CorrectionsPanel($("corrections-panel"));
const form = new SettingsForm($("settings"), $("pending"));
const chart = new LossChart($("loss-chart"));
const table = new EpochTable(/** @type {HTMLTableElement} */ ($("epoch-table")));
const FIGURES = ["epoch", "batch", "loss", "validation-loss", "test-accuracy", "ms-per-batch", "epoch-seconds"];
const figures = new Figures(Object.fromEntries(FIGURES.map((name) => [name, $(name)])));
const problem = new Problem($("error"), () => experiment.boot());
const bootProgress = new ProgressBar($("boot-progress"));
const trainProgress = new ProgressBar($("train-progress"));

/**
 * @param {string} type
 * @param {(detail: any) => void} act
 */
function on(type, act) {
  experiment.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail));
}

// ── The experiment tells, the views show ───────────────────────────────────────────────────

/** In which states each button can be pressed. */
const ENABLED = {
  train: ["ready", "paused"],
  pause: ["training"],
  step: ["ready", "paused"],
  reset: ["ready", "training", "paused"],
  "save-model": ["ready", "training", "paused"],
  "load-model": ["ready", "training", "paused"],
};
on("state", (state) => {
  document.documentElement.dataset.state = state;
  for (const [id, states] of Object.entries(ENABLED)) button(id).disabled = !states.includes(state);
  if (state !== "loading") bootProgress.hide();
});
on("status", (words) => ($("status").textContent = words));
on("problem", (what) => problem.show(what));
on("progress", (progress) => {
  if (!progress) bootProgress.hide();
  else bootProgress.showBytes(progress);
});
on("slice", (slice) => {
  figures.showSlice(slice);
  chart.addSlice(slice);
  trainProgress.show(slice.share, `epoch ${slice.epoch}, batch ${slice.batch} of ${slice.n_batches}`);
});
on("epoch", (record) => {
  figures.showEpoch(record);
  chart.addEpoch(record);
  table.add(record);
});
on("fresh", () => {
  for (const view of [figures, chart, table]) view.clear();
  trainProgress.hide();
});
on("reading", (reading) => answer.show(reading));
on("drawing", (reading) => stages.show(pad.strokes, reading));
on("model", (words) => ($("model").textContent = words));
on("settings", (settings) => {
  form.show(settings);
  history.replaceState(null, "", toHash(settings));
});
on("pending", (names) => form.showPending(names));
on("about", (/** @type {About} */ { python, numpy, pyodide, backend }) => {
  $("backend").dataset.value = backend;
  $("backend").textContent = { simd: "our SIMD kernel", numpy: "NumPy’s own product" }[backend];
  $("versions").textContent = `Python ${python}, NumPy ${numpy}, Pyodide ${pyodide}`;
});

// ── The visitor acts, the experiment does ──────────────────────────────────────────────────

button("train").addEventListener("click", () => experiment.train());
button("pause").addEventListener("click", () => experiment.pause());
button("step").addEventListener("click", () => experiment.step());
button("reset").addEventListener("click", () => experiment.reset());
pad.addEventListener("draw", () => experiment.draw(pad.drawing));
answer.addEventListener("correct", (event) => {
  const digit = /** @type {CustomEvent} */ (event).detail;
  const kept = corrections.add(digit, pad.strokes);
  showCorrections(kept ? `Noted: a ${digit}.` : `Noted: a ${digit}, until the page is closed.`);
});
panel.addEventListener("mix", () => showCorrections());
panel.addEventListener("export", () => download(new TextEncoder().encode(corrections.toJson()), "corrections.json"));
panel.addEventListener("delete", () => {
  corrections.clear();
  showCorrections("All corrections are deleted.");
});

function showCorrections(news = "") {
  panel.show(corrections, news);
  experiment.mixIn(panel.mix.checked ? corrections.forTraining() : null);
}
form.addEventListener("change", (event) => {
  const { name, value } = /** @type {CustomEvent} */ (event).detail;
  experiment.set(name, value);
});
form.addEventListener("problem", (event) => problem.warn([/** @type {CustomEvent} */ (event).detail]));

button("save-model").addEventListener("click", async () => {
  const bytes = await experiment.save();
  if (bytes) download(bytes, "mlp-model.npz");
});
const fileInput = /** @type {HTMLInputElement} */ (document.getElementById("model-file"));
button("load-model").addEventListener("click", () => fileInput.click());
fileInput.addEventListener("change", async () => {
  const file = fileInput.files?.[0];
  if (file) await experiment.load(new Uint8Array(await file.arrayBuffer()), file.name);
  fileInput.value = ""; // so that the same file can be chosen again
});

addEventListener("hashchange", () => {
  const { values, problems } = fromHash(location.hash);
  for (const name of NAMES) experiment.set(name, values[name]);
  history.replaceState(null, "", toHash(values)); // what was put right there, too
  problem.warn(problems);
});

/**
 * Give the visitor a file.
 *
 * @param {Uint8Array} bytes
 * @param {string} name
 */
function download(bytes, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

// ── Begin ──────────────────────────────────────────────────────────────────────────────────

form.show(values);
showCorrections();
stages.show([], null);
history.replaceState(null, "", toHash(values));
problem.warn(problems);
await booting;
// Only now, so that filling the cache for offline use does not slow the first start.
await navigator.serviceWorker?.register(new URL("../sw.js", import.meta.url)).catch(() => null);
