/**
 * The runs of this visit beside one another, and more of them by one press.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { Run, Runs } from "../../runs.js"
 * @import { Name } from "../../settings.js"
 * @import { Series } from "../../series.js"
 * @import { Measure } from "./overlay.js"
 */
import { differences, inWords } from "../../runs.js";
import { saveFile } from "../../save-file.js";
import { defaults, NAMES, parse, SETTINGS } from "../../settings.js";
import { button, element } from "../elements.js";
import { percent } from "../numbers.js";
import { Pace } from "../pace.js";
import { Overlay } from "./overlay.js";
import { Tips } from "./tips.js";

/** Of the table of runs. */
const N_COLUMNS = 9;

export class CompareTab {
  #isSeen = false;
  /** @type {Map<Run, HTMLTableRowElement>} */
  #rows = new Map();
  #pace = new Pace(0, () => this.#paint());

  /**
   * @param {HTMLElement} panel
   * @param {Experiment} experiment
   * @param {Runs} runs
   * @param {Series} series
   */
  constructor(panel, experiment, runs, series) {
    this.experiment = experiment;
    this.runs = runs;
    this.series = series;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (panel.querySelector(selector));
    this.hint = find("[data-testid=runs-hint]");
    this.results = find("#results");
    this.body = /** @type {HTMLTableElement} */ (find("[data-testid=runs]")).tBodies[0];
    this.differences = find("[data-testid=differences]");
    this.overlay = new Overlay(find("[data-testid=compare-chart]"));
    this.measure = /** @type {HTMLSelectElement} */ (find("#measure"));
    this.again = /** @type {HTMLFormElement} */ (find("#again"));
    this.base = /** @type {HTMLSelectElement} */ (find("#again-base"));
    this.setting = /** @type {HTMLSelectElement} */ (find("#again-setting"));
    this.values = /** @type {HTMLInputElement} */ (find("#again-values"));
    this.words = find("#again [role=status]");
    this.stopButton = /** @type {HTMLButtonElement} */ (find("#again-stop"));
    this.tips = new Tips(find(".tips"), experiment, runs, series);
    this.setting.append(...NAMES.map((name) => new Option(SETTINGS[name].label, name)));
    this.setting.value = "learning_rate";
    runs.on("change", () => this.#pace.soon());
    this.measure.addEventListener("change", () => this.#paint());
    for (const select of [this.base, this.setting]) select.addEventListener("change", () => this.#suggest());
    this.again.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#goAgain();
    });
    this.stopButton.addEventListener("click", () => series.stop());
    series.on("progress", (progress) => {
      this.stopButton.hidden = progress === null;
      this.words.textContent = progress ? `Run ${progress.done + 1} of ${progress.of} …` : "";
    });
    find("#export-runs").addEventListener("click", () => saveFile(runs.toCsv(), "runs.csv"));
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    this.overlay.see(isSeen);
    if (!isSeen) return;
    this.#paint();
    void this.tips.open();
  }

  #paint() {
    if (!this.#isSeen) return;
    const { all, pinned } = this.runs;
    this.results.hidden = all.length === 0;
    this.again.hidden = all.length === 0;
    this.hint.hidden = all.length > 0;
    this.#forget(all);
    for (const run of all) this.#update(run);
    const told = pinned.length > 1 ? differences(pinned) : [];
    this.differences.replaceChildren(
      ...told.map(({ name, values }) => {
        const item = element("li");
        item.append(element("b", name), ` ${values.map((value, i) => `${value} (run ${pinned[i].number})`).join(", ")}`);
        return item;
      }),
    );
    this.overlay.show(pinned, /** @type {Measure} */ (this.measure.value));
    this.#offerBases();
  }

  /** Others have come in the place of those that had been shown. @param {Run[]} all */
  #forget(all) {
    const here = new Set(all);
    for (const [run, row] of this.#rows) {
      if (here.has(run)) continue;
      row.remove();
      this.#rows.delete(run);
    }
  }

  /** @param {Run} run */
  #update(run) {
    let row = this.#rows.get(run);
    if (!row) {
      row = this.#makeRow(run);
      this.#rows.set(run, row);
      this.body.prepend(row);
    }
    const last = run.epochs.at(-1);
    const seconds = run.epochs.reduce((sum, record) => sum + record.seconds, 0);
    const figures = last
      ? [last.training_loss.toFixed(4), last.validation_loss.toFixed(4), percent(last.test_accuracy), seconds.toFixed(1)]
      : ["–", "–", "–", "–"];
    const texts = [String(run.number), String(run.epochs.length), ...figures, whatIsUnusual(run)];
    texts.forEach((text, i) => (/** @type {HTMLTableRowElement} */ (row).cells[i + 1].textContent = text));
    /** @type {HTMLInputElement} */ (row.querySelector("input")).checked = run.isPinned;
  }

  /** One that stays, so that what has the focus keeps it. @param {Run} run */
  #makeRow(run) {
    const row = element("tr");
    const pin = element("input");
    pin.type = "checkbox";
    pin.setAttribute("aria-label", `Pin run ${run.number}`);
    pin.addEventListener("change", () => this.runs.pin(run, pin.checked));
    const script = button("Script", () => this.#saveScript(run));
    script.className = "quiet";
    script.title = "The same run as Python, to run natively";
    script.setAttribute("aria-label", `Script of run ${run.number}`);
    row.append(...Array.from({ length: N_COLUMNS }, () => element("td")));
    row.cells[0].append(pin);
    row.cells[N_COLUMNS - 1].append(script);
    return row;
  }

  #offerBases() {
    const { all } = this.runs;
    if (this.base.options.length === all.length) return;
    const chosen = this.base.value;
    this.base.replaceChildren(...all.map(({ number }) => new Option(`run ${number}`, String(number))));
    this.base.value = chosen || String(all.length);
    if (!this.values.value) this.#suggest();
  }

  get #chosen() {
    return this.runs.all[Number(this.base.value) - 1];
  }

  get #name() {
    return /** @type {Name} */ (this.setting.value);
  }

  /** Values around that of the run. */
  #suggest() {
    const name = this.#name;
    const { kind, min, max } = SETTINGS[name];
    const value = this.#chosen?.settings[name] ?? SETTINGS[name].default;
    /** @type {number[]} */
    let values = [value / 10, value / 3, value * 3].map((each) => Number(each.toPrecision(1)));
    if (kind === "switch") values = [1 - value];
    else if (name === "seed") values = [value + 1, value + 2, value + 3];
    else if (kind === "integer") values = [value / 4, value / 2, value * 2].map((each) => Math.round(each));
    const possible = new Set(values.map((each) => Math.min(max, Math.max(min, each))));
    possible.delete(value); // it has been run
    this.values.value = [...possible].join(", ");
  }

  #goAgain() {
    const name = this.#name;
    const parsed = this.values.value.split(/[,;\s]+/).filter(Boolean).map((text) => parse(name, text));
    const problem = parsed.length ? parsed.find(({ problem }) => problem)?.problem : `Which ${SETTINGS[name].label.toLowerCase()}? Numbers, with commas between.`;
    this.words.textContent = problem ?? "";
    if (problem || !this.#chosen || this.series.isGoing) return;
    const { settings, source } = this.#chosen;
    const values = new Set(parsed.map(({ value }) => value));
    void this.series.go([...values].map((value) => ({ settings: { ...settings, [name]: value }, source })));
  }

  /** @param {Run} run */
  async #saveScript({ number, settings, source, departures }) {
    const text = await this.experiment.look("script", { settings, source, title: `Run ${number} of the page.`, departures });
    if (text !== null) saveFile(text, `run-${number}.py`);
  }
}

/** @param {Run} run */
function whatIsUnusual({ settings, source, failure }) {
  const usual = defaults();
  const others = NAMES.filter((name) => settings[name] !== usual[name]).map((name) => `${SETTINGS[name].label} ${inWords(name, settings[name])}`);
  if (source !== null) others.push("your code");
  if (failure) others.push("it failed");
  return others.join(", ") || "nothing";
}
