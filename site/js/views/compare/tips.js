/**
 * The tips of the notes as experiments: a question, one press, and what one has seen.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { Tip } from "../../protocol.js"
 * @import { Runs } from "../../runs.js"
 * @import { Series } from "../../series.js"
 */
import { button, element } from "../elements.js";
import { percent } from "../numbers.js";

export class Tips {
  #isOpening = false;

  /**
   * @param {HTMLElement} place
   * @param {Experiment} experiment
   * @param {Runs} runs
   * @param {Series} series
   */
  constructor(place, experiment, runs, series) {
    this.place = place;
    this.experiment = experiment;
    this.runs = runs;
    this.series = series;
  }

  /** They are seen. */
  async open() {
    if (this.place.childElementCount > 0 || this.#isOpening) return;
    this.#isOpening = true;
    const tips = await this.experiment.look("tips", {});
    this.place.append(...(tips ?? []).map((tip) => this.#make(tip)));
    this.#isOpening = false;
  }

  /** @param {Tip} tip */
  #make(tip) {
    const place = element("details");
    place.dataset.testid = `tip-${tip.name}`;
    const output = element("pre");
    const explanation = element("p", tip.explanation);
    const status = element("p", "", "note");
    status.setAttribute("role", "status");
    output.hidden = explanation.hidden = true;
    const press = button("Try it", async () => {
      if (this.series.isGoing) {
        status.textContent = "Once the runs that go on have ended.";
        return;
      }
      status.textContent = tip.trials.length > 0 ? "The runs come into the chart above …" : "";
      const seen = await this.#try(tip);
      status.textContent = seen === null ? "It has not come to its end." : "";
      output.textContent = seen ?? "";
      output.hidden = explanation.hidden = seen === null;
    });
    press.setAttribute("aria-label", `Try it: ${tip.question}`);
    place.append(element("summary", tip.question));
    if (tip.code) place.append(element("pre", tip.code));
    place.append(press, status, output, explanation);
    return place;
  }

  /**
   * @param {Tip} tip
   * @returns {Promise<string | null>} what came of it
   */
  async #try({ name, trials }) {
    if (trials.length === 0) return this.experiment.look("try-tip", { name });
    this.runs.unpinAll();
    const before = this.runs.all.length;
    if (!(await this.series.try(trials))) return null;
    return trials
      .map(({ label }, i) => {
        const { number, epochs, failure } = this.runs.all[before + i];
        const last = epochs.at(-1);
        const losses = last && `training loss ${last.training_loss.toFixed(3)}, validation loss ${last.validation_loss.toFixed(3)}`;
        return `${label} (run ${number}): ${failure ?? (last ? `${losses}, ${percent(last.test_accuracy)} read right` : "nothing")}`;
      })
      .join("\n");
  }
}
