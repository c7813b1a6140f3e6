/**
 * Wires the settings, the experiment and the views; no logic of its own.
 */
import { Corrections } from "./corrections.js";
import { Engine } from "./engine.js";
import { Experiment } from "./experiment.js";
import { saveFile } from "./save-file.js";
import { fromHash, NAMES, toHash } from "./settings.js";
import { Updates } from "./updates.js";
import { Answer } from "./views/answer.js";
import { LossChart } from "./views/chart.js";
import { Controls } from "./views/controls.js";
import { CorrectionsPanel } from "./views/corrections-panel.js";
import { EpochTable } from "./views/epoch-table.js";
import { Figures } from "./views/figures.js";
import { Pad } from "./views/pad.js";
import { Problem } from "./views/problem.js";
import { ProgressBar } from "./views/progress.js";
import { SettingsForm } from "./views/settings-form.js";
import { Stages } from "./views/stages.js";
import { Versions } from "./views/versions.js";

const $ = (/** @type {string} */ testid) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${testid}"]`));
const button = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (document.getElementById(id));
const canvas = (/** @type {string} */ testid) => /** @type {HTMLCanvasElement} */ ($(testid));

const { values, problems } = fromHash(location.hash);
const experiment = new Experiment(values, new Engine());
const booting = experiment.boot(); // first of all, as that is what takes long; nothing can happen before the views listen

const controls = new Controls($("control"));
const pad = new Pad(canvas("pad"), button("undo"), button("clear"));
const answer = new Answer($("prediction"), $("certainty"), canvas("pad-28"), $("probabilities"));
const stages = new Stages($("stages"));
const panel = new CorrectionsPanel($("corrections-panel"), new Corrections());
const form = new SettingsForm($("settings"), $("pending"));
const chart = new LossChart($("loss-chart"));
const table = new EpochTable(/** @type {HTMLTableElement} */ ($("epoch-table")));
const figures = new Figures($("figures"));
const versions = new Versions($("versions"), $("backend"));
const problem = new Problem($("error"), async ({ isFile }) => {
  if (isFile) await guard.fetchAnew();
  await experiment.boot();
});
const updates = new Updates(() => ($("update").hidden = false));
const bootProgress = new ProgressBar($("boot-progress"));
const trainProgress = new ProgressBar($("train-progress"));

// ── The experiment tells, the views show ───────────────────────────────────────────────────

experiment.on("state", (state) => controls.show(state));
experiment.on("status", (words) => ($("status").textContent = words));
experiment.on("problem", (what) => problem.show("experiment", what));
experiment.on("progress", (progress) => bootProgress.showBytes(progress));
experiment.on("slice", (slice) => {
  figures.showSlice(slice);
  chart.addSlice(slice);
  trainProgress.showSlice(slice);
});
experiment.on("epoch", (record) => {
  for (const view of [figures, chart, table]) view.addEpoch(record);
});
experiment.on("back", (epochs) => {
  for (const view of [figures, chart]) view.goBack(epochs);
  trainProgress.hide();
});
experiment.on("fresh", () => {
  for (const view of [figures, chart, table]) view.clear();
  trainProgress.hide();
});
experiment.on("reading", ({ reading, isNew }) => {
  answer.show(reading);
  if (isNew) stages.show(pad.strokes, reading);
});
experiment.on("model", (words) => ($("model").textContent = words));
experiment.on("address", (words) => ($("address").textContent = words));
experiment.on("settings", (settings) => {
  form.show(settings);
  history.replaceState(null, "", toHash(settings));
});
experiment.on("pending", (names) => form.showPending(names));
experiment.on("about", (about) => versions.show(about));

// ── The visitor acts, the experiment does ──────────────────────────────────────────────────

controls.on("train", () => experiment.train());
controls.on("pause", () => experiment.pause());
controls.on("step", () => experiment.step());
controls.on("reset", () => experiment.reset());
controls.on("save", async () => {
  const bytes = await experiment.save();
  if (bytes) saveFile(bytes, "mlp-model.npz");
});
controls.on("load", async (file) => experiment.load(new Uint8Array(await file.arrayBuffer()), file.name));
pad.addEventListener("draw", () => experiment.draw(pad.drawing));
answer.addEventListener("correct", (event) => panel.add(/** @type {CustomEvent} */ (event).detail, pad.strokes));
panel.addEventListener("change", () => experiment.mixIn(panel.mixedIn));
panel.addEventListener("export", () => saveFile(panel.corrections.toJson(), "corrections.json"));
form.addEventListener("change", (event) => {
  const { name, value } = /** @type {CustomEvent} */ (event).detail;
  problem.warn("settings", []);
  experiment.set(name, value);
});
form.addEventListener("problem", (event) => problem.warn("settings", [/** @type {CustomEvent} */ (event).detail]));
button("update").addEventListener("click", () => updates.use());
addEventListener("hashchange", () => {
  const { values, problems } = fromHash(location.hash, experiment.settings);
  for (const name of NAMES) experiment.set(name, values[name]);
  history.replaceState(null, "", toHash(values)); // what was put right there, too
  problem.warn("settings", problems);
});

// ── Begin ──────────────────────────────────────────────────────────────────────────────────

form.show(values);
experiment.mixIn(panel.mixedIn);
stages.show([], null);
history.replaceState(null, "", toHash(values));
problem.warn("settings", problems);
guard.pageHasStarted();
await booting;
// Only now, so that filling the cache for offline use does not slow the first start.
if (experiment.state !== "failed") await updates.register();
