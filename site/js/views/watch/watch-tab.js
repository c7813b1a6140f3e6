/**
 * The network as a picture that moves: pixels, hidden units, answers; the loss; and one's own drawing, epoch by epoch.
 * Nothing is asked for, or painted, while the tab is not seen.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { LossCurve } from "../../loss-curve.js"
 * @import { EpochRecord, Reading } from "../../protocol.js"
 * @import { Values } from "../../settings.js"
 * @import { Pad } from "../hand/pad.js"
 * @import { Breaking } from "../inspect/breaking.js"
 * @import { Units } from "../units.js"
 */
import * as words from "../../words.js";
import { Freshness } from "../freshness.js";
import { Pace } from "../pace.js";
import { LossChart } from "./chart.js";
import { Film } from "./film.js";
import { Flow } from "./flow.js";
import { Stages } from "./stages.js";

/** While training, the weights are painted again this often at most, ms; longer where it takes long. */
const INTERVAL = 1_000;
/** And what fires, this often. */
const FIRING_INTERVAL = 400;

export class WatchTab {
  /** @type {Reading | null} */
  #reading = null;
  #isSeen = false;
  #firing = new Pace(FIRING_INTERVAL, () => this.#showFiring());
  #freshness;
  #filmFreshness;

  /**
   * @param {HTMLElement} panel
   * @param {Experiment} experiment
   * @param {Units} units
   * @param {Breaking} breaking  learns of the weights from here
   * @param {Pad} pad
   */
  constructor(panel, experiment, units, breaking, pad) {
    const find = (/** @type {string} */ testid) => /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${testid}"]`));
    this.experiment = experiment;
    this.units = units;
    this.breaking = breaking;
    this.pad = pad;
    this.place = find("units-place");
    this.sortedPlace = find("units-sorted");
    this.count = find("n-hidden");
    this.note = find("loss-note");
    this.flow = new Flow(/** @type {HTMLCanvasElement} */ (find("flow-input")), find("flow-output"));
    this.chart = new LossChart(find("loss-chart"));
    this.film = new Film(find("filmstrip"), find("film-hint"));
    this.stages = new Stages(/** @type {HTMLDetailsElement} */ (find("stages")));
    const log = /** @type {HTMLInputElement} */ (panel.querySelector("#log-scale"));
    log.addEventListener("change", () => this.chart.scale(log.checked));
    units.moveTo(this.place);
    this.#freshness = new Freshness(experiment, {
      interval: INTERVAL,
      share: 5,
      isSeen: () => this.#areUnitsSeen,
      look: () => this.#look(),
    });
    // A long film takes long to make, and would take most of the time of a short epoch.
    this.#filmFreshness = new Freshness(experiment, { share: 10, isSeen: () => this.#isSeen, look: () => this.#lookAtFilm() });
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    this.units.moveTo(isSeen ? this.place : this.sortedPlace);
    if (isSeen) this.units.sort((unit) => -unit);
    this.chart.see(isSeen);
    this.#firing.soon();
    if (this.#areUnitsSeen) void this.#freshness.refresh();
    if (isSeen) void this.#filmFreshness.refresh();
  }

  /** The weights are others now. */
  moved() {
    this.#freshness.spoil();
    this.#filmFreshness.catchUp();
  }

  /**
   * @param {Reading | null} reading
   * @param {boolean} isNew
   */
  takeReading(reading, isNew) {
    this.#reading = reading;
    this.#firing.soon();
    if (!isNew) return;
    this.stages.show(this.pad.strokes, reading, this.pad.photo?.found ?? null);
    this.#filmFreshness.spoil();
  }

  /** More batches have gone by. */
  addSlice() {
    this.chart.draw();
  }

  /** @param {LossCurve} curve  of the network in use */
  showCurve(curve) {
    this.chart.show(curve);
  }

  /** @param {EpochRecord & {settings: Values}} record */
  addEpoch(record) {
    this.chart.addEpoch(record);
    this.note.textContent = words.whyTrainingLies(record, record.settings.augment === 1);
    this.note.hidden = !this.note.textContent;
    this.#filmFreshness.spoil();
  }

  goBack() {
    this.chart.draw();
    this.#filmFreshness.spoil();
  }

  clear() {
    this.chart.clear();
    this.note.hidden = true;
    this.#filmFreshness.spoil();
  }

  /** Paint the weights. */
  async #look() {
    const weights = await this.experiment.look("weights", { reader: this.experiment.reader });
    if (!weights) return false;
    this.breaking.outgoing = weights.outgoing;
    this.count.textContent = String(weights.hidden_size);
    this.units.show(weights);
    this.#firing.soon();
    return true;
  }

  #showFiring() {
    if (!this.#areUnitsSeen) return;
    this.units.fire(this.#reading?.hidden ?? null);
    this.flow.show(this.#reading);
  }

  /** Here, or in the Inspect tab, which has the same picture. */
  get #areUnitsSeen() {
    return this.units.element.offsetParent !== null;
  }

  async #lookAtFilm() {
    const pixels = this.#reading?.pixels;
    const film = pixels ? await this.experiment.look("film", { pixels }) : null;
    this.film.show(film?.epochs.length ? film : null);
    return true;
  }
}
