/**
 * Everything the visitor has worked on as one file, and out of such a file again.
 *
 * @import { Experiment } from "../experiment.js"
 * @import { Photographs } from "../photographs.js"
 * @import { Runs } from "../runs.js"
 * @import { Pad } from "../views/hand/pad.js"
 * @import { Corrections } from "./corrections.js"
 * @import { SavedWork } from "./saved-work.js"
 * @import { Signs } from "./signs.js"
 * @import { Written } from "./written.js"
 *
 * @typedef {object} Things
 * @property {Experiment} experiment
 * @property {Runs} runs
 * @property {Pad} pad
 * @property {Photographs} photographs
 * @property {Written} written
 * @property {Corrections} corrections
 * @property {Signs} signs
 */
import { NAMES } from "../settings.js";
import * as words from "../words.js";
import { contentOf } from "../content-of.js";
import { fromFiles, toFiles } from "./saved-work.js";

/** Larger than any file that Save everything makes. */
const LARGEST = 300_000_000;

export class Everything {
  /** @param {Things} things */
  constructor(things) {
    this.things = things;
  }

  /** @returns {Promise<Uint8Array | null>} a zip */
  async save() {
    const { experiment, runs, pad, written, corrections, signs } = this.things;
    const files = toFiles(
      {
        settings: experiment.settings,
        network: experiment.kept.work,
        runs: runs.all,
        code: written.code,
        answers: written.answers,
        corrections: corrections.all,
        signs: signs.all,
        pad: pad.kept,
      },
      runs.toCsv(),
    );
    return experiment.look("pack-work", { files });
  }

  /**
   * Take what is in such a file. Of what was here nothing is lost: the network can be brought back, the drawing and the code
   * as well; answers and signs of the visitor's own stay, and the rest stands beside. Code does not run before somebody runs it.
   *
   * @param {File} file
   * @returns {Promise<string>} what came of it, in words
   */
  async open(file) {
    const { experiment } = this.things;
    if (file.size > LARGEST) return words.notOpened(file.name, "it is larger than any saved work");
    const bytes = await contentOf(file);
    if (!bytes) return words.unreadable(file.name);
    const files = await experiment.look("unpack-work", { bytes });
    if (!files) return ""; // why not has been told
    return words.opened(file.name, await this.#take(fromFiles(files)));
  }

  /**
   * @param {SavedWork} saved
   * @returns {Promise<Parameters<typeof words.opened>[1]>} what has been taken
   */
  async #take({ settings, network, runs, code, answers, corrections, signs, pad }) {
    const { experiment, written } = this.things;
    this.things.runs.add(runs);
    const isThere = network !== null && (await experiment.bringBack(network)) === true; // if not, it is told why
    for (const name of NAMES) experiment.set(name, settings[name]);
    if (code !== null) written.replace(code);
    const own = written.answers;
    const others = Object.entries(answers).filter(([name]) => !own[name]);
    for (const [name, answer] of others) await written.answer(name, answer);
    this.things.corrections.bringBack(corrections);
    const hasSigns = this.things.signs.examples.length > 0;
    if (signs && !hasSigns) this.things.signs.replace(signs);
    if (pad?.photo) await this.things.photographs.takeAgain(pad.photo);
    else if (pad) this.things.pad.take(pad);
    return {
      network: isThere ? network : null,
      runs: runs.length,
      pad: pad && (pad.photo ? "picture" : "drawing"),
      corrections: corrections.length,
      answers: others.length,
      signs: hasSigns ? 0 : (signs?.examples.length ?? 0),
      hasCode: code !== null,
      left: [others.length < Object.keys(answers).length && "answers", hasSigns && signs && "signs"].filter((each) => typeof each === "string"),
    };
  }
}
