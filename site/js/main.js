/**
 * Wires the settings, the experiment and the views; no logic of its own.
 *
 * @import { Kept } from "./experiment.js"
 */
import * as address from "./address.js";
import { contentOf } from "./content-of.js";
import { Engine } from "./engine.js";
import { Experiment } from "./experiment.js";
import { Corrections } from "./kept/corrections.js";
import { Desk } from "./kept/desk.js";
import { Everything } from "./kept/everything.js";
import { Keeper } from "./kept/keeper.js";
import { moveIn } from "./kept/moved.js";
import { Signs } from "./kept/signs.js";
import { forgetTogether, thisTab } from "./kept/tab.js";
import { Storage } from "./kept/storage.js";
import { Written } from "./kept/written.js";
import { Photographs } from "./photographs.js";
import { Runs } from "./runs.js";
import { saveFile } from "./save-file.js";
import { Series } from "./series.js";
import { NAMES } from "./settings.js";
import { Updates } from "./updates.js";
import { Controls } from "./views/bar/controls.js";
import { Drawer } from "./views/bar/drawer.js";
import { Notice } from "./views/bar/notice.js";
import { Problem } from "./views/bar/problem.js";
import { ProgressBar } from "./views/bar/progress.js";
import { SettingsForm } from "./views/bar/settings-form.js";
import { Told } from "./views/bar/told.js";
import { Change } from "./views/code/change.js";
import { CodeTab } from "./views/code/code-tab.js";
import { Exercises } from "./views/code/exercises.js";
import { Share } from "./views/code/share.js";
import { CompareTab } from "./views/compare/compare-tab.js";
import { Answer } from "./views/hand/answer.js";
import { CorrectionsPanel } from "./views/hand/corrections-panel.js";
import { EXAMPLE } from "./views/hand/example.js";
import { Pad } from "./views/hand/pad.js";
import { PhotoView } from "./views/hand/photo-view.js";
import { PictureChoice } from "./views/hand/picture-choice.js";
import { ReaderChoice } from "./views/hand/reader-choice.js";
import { SignsPanel } from "./views/hand/signs-panel.js";
import { TestDigit } from "./views/hand/test-digit.js";
import { Breaking } from "./views/inspect/breaking.js";
import { InspectTab } from "./views/inspect/inspect-tab.js";
import { KeptPanel } from "./views/kept-panel.js";
import { useNames } from "./views/names.js";
import { Tabs } from "./views/tabs.js";
import { UnitDialog } from "./views/unit-dialog.js";
import { Units } from "./views/units.js";
import { Versions } from "./views/versions.js";
import { lossSvg, toPng } from "./views/watch/chart-file.js";
import { EpochTable } from "./views/watch/epoch-table.js";
import { Figures } from "./views/watch/figures.js";
import { WatchTab } from "./views/watch/watch-tab.js";
import * as words from "./words.js";

const $ = (/** @type {string} */ testid) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${testid}"]`));
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const button = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (byId(id));
const canvas = (/** @type {string} */ testid) => /** @type {HTMLCanvasElement} */ ($(testid));
const table = (/** @type {string} */ testid) => /** @type {HTMLTableElement} */ ($(testid));

const { values, problems, place, namesSettings } = address.read(location.hash);
const experiment = new Experiment(values, new Engine());
// An address that tells of settings tells of a network: another one that was kept stays on its desk then.
const suits = namesSettings ? (/** @type {Kept} */ kept) => Keeper.isOf(values, kept) : null;
const opening = Desk.open(Storage.open, suits).then(moveIn);
// What is told before the views listen is repeated below.
const booting = experiment.boot(opening.then(Keeper.network));
const desk = await opening;
const network = Keeper.network(desk);

const written = new Written(desk);
const page = /** @type {HTMLElement} */ (document.querySelector(".page"));
const controls = new Controls();
const told = new Told($("status"), $("told"));
const pad = new Pad(canvas("pad"), button("undo"), button("clear"));
const photoView = new PhotoView(canvas("photo"));
const pictureChoice = new PictureChoice(button("read-picture"), /** @type {HTMLInputElement} */ (byId("picture-file")));
const photographs = new Photographs(experiment);
const answer = new Answer({
  prediction: $("prediction"),
  certainty: $("certainty"),
  picture: canvas("pad-28"),
  list: $("probabilities"),
  spoken: $("spoken"),
});
const corrections = new Corrections(desk);
const panel = new CorrectionsPanel(page, corrections);
const signs = new Signs(desk);
const signsPanel = new SignsPanel(/** @type {HTMLDetailsElement} */ (byId("signs")), /** @type {HTMLElement} */ (page.querySelector(".sign-keys")), signs);
const testDigit = new TestDigit(byId("test-digit"), (digit) => experiment.testDigit(digit));
const reads = new ReaderChoice(/** @type {HTMLSelectElement} */ (byId("reads")), $("model"));
const form = new SettingsForm($("settings"), $("pending"), byId("exactly"));
new Drawer(byId("settings-drawer"), button("open-settings"), button("close-settings"));
const epochs = new EpochTable(table("epoch-table"));
const figures = new Figures();
const versions = new Versions($("versions"), $("backend"));
const problem = new Problem($("error"), async ({ isFile }) => {
  if (isFile) await guard.fetchAnew();
  await experiment.boot();
  await beginVisit();
});
let hasBegun = false;
const updates = new Updates(offerUpdate, (hasAll) => {
  $("offline").hidden = false;
  $("offline").children[0].textContent = words.offline(hasAll);
  button("keep-images").hidden = hasAll;
});
let isUpdateHere = false;
const bootProgress = new ProgressBar($("boot-progress"));
const trainProgress = new ProgressBar($("train-progress"));

const tabs = new Tabs(page);
const units = new Units();
const breaking = new Breaking(byId("inspect"));
const unitDialog = new UnitDialog(/** @type {HTMLDialogElement} */ ($("unit")), experiment);
const watch = new WatchTab(byId("watch"), experiment, units, breaking, pad);
const code = new CodeTab(byId("code"), experiment);
const change = new Change(byId("change"), experiment, written);
const share = new Share(byId("change"), experiment, (packed) => new URL(addressNow(packed), location.href).href);
const exercises = new Exercises(byId("write"), experiment, written);
const inspect = new InspectTab(byId("inspect"), experiment, units, breaking);
const runs = new Runs();
const series = new Series(experiment);
const compare = new CompareTab(byId("compare"), experiment, runs, series);
const keeper = new Keeper(desk, experiment, runs);
const everything = new Everything({ experiment, runs, pad, photographs, written, corrections, signs });
const keptPanel = new KeptPanel(byId("kept"));
const resumed = new Notice($("resumed"), button("train"));
const replaced = new Notice($("replaced"), button("train"));

/** The digit in hand, as it was read last. @type {import("./protocol.js").Reading | null} */
let inHand = null;

// ── The experiment tells, the views show ───────────────────────────────────────────────────

experiment.on("state", (state) => {
  if (isUpdateHere) offerUpdate();
  controls.show(state);
  told.showState(state);
  answer.isStarting = state === "loading";
});
experiment.on("status", (words) => told.show(words));
experiment.on("problem", (what) => problem.show("experiment", what));
experiment.on("progress", (progress) => bootProgress.showBytes(progress));
experiment.on("waiting", (isWaiting) => controls.wait(isWaiting));
experiment.on("slice", (slice) => {
  figures.showSlice(slice);
  watch.addSlice();
  trainProgress.showSlice(slice);
});
experiment.on("epoch", (record) => {
  for (const view of [figures, watch, epochs, runs, told]) view.addEpoch(record);
  byId("save-history").hidden = false;
});
experiment.on("run", (run) => {
  runs.begin(run);
  resumed.show("");
});
experiment.on("stopped", (why) => runs.fail(why));
experiment.on("back", (epochs) => {
  for (const view of [figures, watch]) view.goBack(epochs);
  trainProgress.hide();
});
experiment.on("again", ({ id, history, curve }) => {
  watch.showCurve(curve);
  for (const record of history) for (const view of [figures, watch, epochs]) view.addEpoch(record);
  byId("save-history").hidden = history.length === 0;
  runs.again(id);
});
experiment.on("fresh", () => {
  for (const view of [figures, watch, epochs]) view.clear();
  byId("save-history").hidden = true;
  runs.end();
  breaking.reset(); // another network is whole
  trainProgress.hide();
});
experiment.on("reading", (read) => {
  const { reading, isNew } = read;
  inHand = reading;
  answer.show(read, !pad.isEmpty);
  panel.offer(reading !== null && (pad.strokes.length > 0 || pad.photo !== null) && !pad.isExample);
  watch.takeReading(reading, isNew);
  code.takeReading(reading, isNew);
  inspect.takeReading(reading);
});
experiment.on("reader", (reader) => {
  reads.show(reader);
  useNames(reader.names);
});
experiment.on("moved", () => {
  for (const tab of [watch, code, inspect]) tab.moved();
});
experiment.on("address", (told) => ($("address").textContent = told));
experiment.on("settings", (settings) => {
  form.show(settings);
  code.moved(); // they say what the first batch is
  writeAddress();
});
experiment.on("pending", (names) => form.showPending(names));
experiment.on("about", (about) => {
  versions.show(about);
  $("temperature").hidden = about.starter === null;
  $("temperature").textContent = about.starter && words.temperature(about.starter.temperature);
});
experiment.on("code", (whose) => {
  showWhoseCode(whose);
  code.takeCode();
});
experiment.on("unlike", (unlike) => change.showUnlike(unlike));
experiment.on("mistake", (failure) => change.show(failure));
experiment.on("print", (text) => change.print(text));

experiment.on("replaced", (work) => series.hasTrained(work.id) || keeper.takeReplaced(work));
keeper.on("replaced", (work) => {
  resumed.show(""); // one thing to know at a time
  const act = () => keeper.bringBack();
  const forget = { name: "Delete it", act: () => keeper.forgetReplaced() };
  replaced.show(work ? words.replaced(work) : "", { name: "Bring it back", act }, forget);
});
desk.on("trouble", (trouble) => {
  byId("is-kept").hidden = true;
  problem.warn("keeping", [words.notKept(trouble)]);
  panel.refresh();
  signsPanel.refresh();
});
desk.on("shared", () => {
  for (const view of [panel, signsPanel, exercises]) view.refresh();
});

// ── The visitor acts, the experiment does ──────────────────────────────────────────────────

controls.on("train", () => experiment.train());
controls.on("pause", () => experiment.pause());
controls.on("step", () => experiment.step());
controls.on("reset", () => experiment.reset());
controls.on("save", async () => {
  const bytes = await experiment.save();
  if (bytes) saveFile(bytes, "mlp-model.npz");
});
controls.on("load", async (file) => {
  const bytes = await read(file);
  if (bytes) await experiment.load(bytes, file.name);
});
pad.addEventListener("draw", () => {
  byId("pad-hint").hidden = !pad.isExample && !pad.isEmpty;
  if (experiment.state === "loading") answer.show(null, !pad.isEmpty); // else the answer stays until the next one is here
  photoView.show(pad.photo);
  if (!pad.photo && !pad.isExample) photographs.forget(); // an example that plays on is not what the visitor wants instead
  experiment.draw(pad.drawing);
});
answer.on("choose", (digit) => experiment.takeInHand(digit));
pictureChoice.on("file", (file) => photographs.take(file));
photoView.on("frame", (frame) => pad.photo && photographs.frame(pad.photo, frame));
photographs.on("photo", (photo) => pad.putPhoto(photo));
photographs.on("problem", (told) => problem.warn("picture", told ? [told] : []));
panel.on("correct", (digit) => {
  if (inHand) panel.add(digit, pad.photo ? inHand.pixels : Array.from(inHand.strokes, (stroke) => pad.strokes[stroke]));
});
panel.on("change", mixIn);
signsPanel.on("change", mixIn);
signsPanel.on("add", (sign) => signsPanel.add(sign, pad.isExample ? [] : pad.strokes) && pad.wipe());
signsPanel.on("open", async (file) => {
  const bytes = await read(file);
  const content = bytes && (await experiment.look("read-csv", { bytes }));
  if (content) signsPanel.take(content);
});
signsPanel.on("save", async () => {
  const text = await experiment.look("to-csv", { names: signs.names, pictures: signs.pictures });
  if (text !== null) saveFile(text, "signs.csv");
});
button("history-csv").addEventListener("click", () => saveFile(runs.toCsv(runs.of(experiment.kept.work?.id)), "history.csv"));
button("chart-svg").addEventListener("click", () => saveFile(lossSvg(watch.chart.losses), "loss.svg"));
button("chart-png").addEventListener("click", async () => saveFile(await toPng(lossSvg(watch.chart.losses)), "loss.png"));
keptPanel.on("save", async () => {
  const bytes = await everything.save();
  if (bytes) saveFile(bytes, `mlp-work-${new Date().toISOString().slice(0, 10)}.zip`);
});
keptPanel.on("open", async (file) => {
  resumed.show(await everything.open(file));
  for (const view of [panel, signsPanel, change, exercises]) view.refresh();
});
keptPanel.on("forget", async () => {
  try {
    await desk.forget();
  } catch {
    problem.warn("keeping", [words.NOT_FORGOTTEN]);
    return;
  }
  tellToForget();
  beginAfresh();
});
const tellToForget = forgetTogether(async () => {
  await desk.forgetThis().catch(() => null); // of what cannot be forgotten, the tab that asked for it tells
  beginAfresh();
});
keptPanel.on("desk", goOnAt);
panel.on("export", () => saveFile(panel.corrections.toJson(), "corrections.json"));
reads.on("choose", (name) => experiment.readBy(name));
form.addEventListener("change", (event) => {
  const { name, value } = /** @type {CustomEvent} */ (event).detail;
  problem.warn("settings", []);
  experiment.set(name, value);
});
form.addEventListener("problem", (event) => problem.warn("settings", [/** @type {CustomEvent} */ (event).detail]));
units.on("open", (unit) => unitDialog.open(unit, inHand?.pixels ?? null, breaking.alteration.silenced.includes(unit)));
unitDialog.on("silence", (unit) => breaking.toggle(unit));
breaking.on("change", (alteration) => {
  units.strike(alteration.silenced);
  void experiment.alter(alteration);
});
for (const images of [inspect, testDigit]) images.on("put", ({ pixels }) => pad.put(pixels));
tabs.on("tab", () => {
  showTab();
  writeAddress();
});
code.on("phase", writeAddress);
exercises.on("open", writeAddress);
exercises.on("network", (text) => change.take(text));
change.on("share", (text) => share.share(text));
change.on("change", () => share.spoil());
share.on("use", (text) => change.take(text));
share.on("answered", writeAddress);
button("update").addEventListener("click", async () => {
  await desk.flush();
  updates.use();
});
button("keep-images").addEventListener("click", async () => {
  await experiment.fetchAllImages();
  await updates.tellWhatIsKept();
});
addEventListener("hashchange", () => {
  const { values, problems, place } = address.read(location.hash, experiment.settings);
  for (const name of NAMES) experiment.set(name, values[name]);
  goTo(place);
  writeAddress(); // what was put right there, too
  problem.warn("settings", problems);
});

/** The content of a file that the visitor has chosen. @param {File} file */
async function read(file) {
  const content = await contentOf(file);
  problem.warn("file", content ? [] : [words.unreadable(file.name)]);
  return content;
}

/** @param {string} id  of another desk */
async function goOnAt(id) {
  await desk.flush();
  thisTab.remember(id);
  location.replace(location.pathname); // with the settings from there
}

/** A newer version is offered at a quiet moment. */
function offerUpdate() {
  isUpdateHere = true;
  $("update").hidden = experiment.state === "training";
}

/** Everything is forgotten. */
function beginAfresh() {
  thisTab.forget();
  location.replace(location.pathname);
}

function mixIn() {
  experiment.mixIn(signs.together(panel.mixedIn), signs.namesInUse);
}

function writeAddress() {
  history.replaceState(null, "", addressNow(share.packed));
}

/** @param {string | null} packed  changed code that it shall bring */
function addressNow(packed) {
  return address.write(experiment.settings, { tab: tabs.chosen, phase: code.phase, exercise: exercises.opened, code: packed });
}

/** Only what is in view is computed. */
function showTab() {
  for (const [name, tab] of Object.entries({ watch, code, inspect, compare })) tab.see(tabs.chosen === name);
  if (tabs.chosen !== "code") return;
  void change.open();
  void share.see();
  void exercises.see();
}

/** @param {import("./protocol.js").InUse["code"]} whose */
function showWhoseCode(whose) {
  $("code-in-use").dataset.value = whose;
  $("code-in-use").textContent = whose === "mine" ? "Runs your code" : "";
}

/** @param {Partial<address.Place>} place */
function goTo({ tab, phase, exercise, code: packed }) {
  if (phase) code.open(phase);
  if (exercise) exercises.open(exercise);
  if (packed) share.offer(packed);
  tabs.show(tab ?? tabs.chosen);
  showTab();
}

/** The numbers of an array of the batch in hand, for checks from outside. */
Object.assign(window, { arrays: (/** @type {string} */ name) => code.arrays(name) });

// ── Begin ──────────────────────────────────────────────────────────────────────────────────

form.show(experiment.settings);
if (!namesSettings) keeper.layOutSettings();
keeper.layOutRuns();
pad.restore(desk.get("pad"));
keeper.watchPad(pad);
mixIn();
goTo(place);
writeAddress();
problem.warn("settings", problems);
byId("is-kept").hidden = !desk.isKeeping;
guard.pageHasStarted();
experiment.repeat("state", "status", "problem", "progress");
await booting;
await beginVisit();

/** Python runs for the first time. */
async function beginVisit() {
  if (experiment.state === "failed" || hasBegun) return;
  hasBegun = true;
  resumed.show(await keeper.layOut(pad, photographs, network));
  pad.playExample(EXAMPLE);
  showTab();
  const others = await keeper.others().catch(() => []); // another build's page has closed the database
  keptPanel.show(others);
  const left = others.find(({ id }) => id === desk.left);
  if (left) resumed.show(words.startedAnew(left.words), { name: "Go on with that", act: () => goOnAt(left.id) });
  // Only now, so that filling the cache for offline use does not slow the first start.
  await updates.register();
}
