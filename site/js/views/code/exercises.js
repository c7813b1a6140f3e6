/**
 * The network written by the visitor, part by part. The exercises are asked for when the tab is first seen, and each gets an
 * editor when it is first opened.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { Exercise, Verdict } from "../../protocol.js"
 * @import { Answer, Written } from "../../kept/written.js"
 */
import { Emitter } from "../../emitter.js";
import { button, element } from "../elements.js";
import { Editor } from "./editor.js";

const ENDLESS = "It did not come to an end. Look at its loops.";

/** @extends {Emitter<{open: string | null, network: string}>} network: the text of an mlp.py to be run */
export class Exercises extends Emitter {
  /** @type {Map<string, ExerciseView>} */
  #views = new Map();
  #isComing = false;
  /** The one that is open, or is to be. @type {string | null} */
  #open = null;

  /**
   * @param {HTMLElement} section
   * @param {Experiment} experiment
   * @param {Written} written
   */
  constructor(section, experiment, written) {
    super();
    this.experiment = experiment;
    this.written = written;
    this.list = /** @type {HTMLElement} */ (section.querySelector(".exercises"));
    this.progress = /** @type {HTMLElement} */ (section.querySelector("[data-testid=exercises-progress]"));
    this.use = /** @type {HTMLButtonElement} */ (section.querySelector("#use-own"));
    this.use.addEventListener("click", () => this.#useOwn());
  }

  /** The open one's name. */
  get opened() {
    return this.#open;
  }

  /** It is seen. */
  async see() {
    if (this.#views.size || this.#isComing) return;
    this.#isComing = true;
    const exercises = (await this.experiment.look("exercises", {})) ?? [];
    this.#isComing = false;
    for (const exercise of exercises) this.#views.set(exercise.name, this.#view(exercise));
    this.#lay();
  }

  #lay() {
    this.list.replaceChildren(...[...this.#views.values()].map(({ place }) => place));
    this.#update();
    if (this.#open) this.open(this.#open);
  }

  /** @param {string | null} name */
  open(name) {
    this.#open = name;
    for (const [each, view] of this.#views) view.place.open = each === name;
  }

  /** The answers that are kept are others now; what is being written goes on. */
  refresh() {
    for (const [name, view] of this.#views) if (!view.isUnderWay) this.#views.set(name, this.#view(view.exercise));
    this.#lay();
  }

  /** @param {Exercise} exercise */
  #view(exercise) {
    const view = new ExerciseView(exercise, this.written.answers[exercise.name] ?? null, this.experiment);
    view.on("change", (answer) => {
      void this.written.answer(exercise.name, answer);
      this.#update();
    });
    view.on("toggle", (isOpen) => {
      if (isOpen === (this.#open === exercise.name)) return;
      if (isOpen) this.open(exercise.name);
      else if (this.#open === exercise.name) this.#open = null;
      this.emit("open", this.#open);
    });
    return view;
  }

  get #solved() {
    return Object.entries(this.written.answers).filter(([name, { state }]) => this.#views.has(name) && state === "solved");
  }

  #update() {
    const solved = this.#solved.length;
    this.progress.textContent = solved ? `${solved} of ${this.#views.size} solved.` : "";
    this.use.disabled = solved === 0;
  }

  /** What is solved, and ours for the rest, as the network that the page runs. */
  async #useOwn() {
    const answers = Object.fromEntries(this.#solved.map(([name, { text }]) => [name, text]));
    const network = await this.experiment.look("own-network", { answers });
    if (network) this.emit("network", network);
  }
}

/** @extends {Emitter<{change: Answer, toggle: boolean}>} */
class ExerciseView extends Emitter {
  #hints = 0;
  #isChecking = false;
  place = document.createElement("details");
  head = element("summary");
  body = element("div", "", "exercise");
  told = element("div", "", "told");
  hints = element("ol", "", "hints");
  solution = element("pre", "", "solution");

  /**
   * @param {Exercise} exercise
   * @param {Answer | null} answer  that was kept
   * @param {Experiment} experiment
   */
  constructor(exercise, answer, experiment) {
    super();
    this.exercise = exercise;
    this.experiment = experiment;
    this.answer = answer ?? { text: exercise.blank.trim() + "\n", state: /** @type {Answer["state"]} */ ("open") };
    this.place.dataset.testid = `exercise-${exercise.name}`;
    const place = element("div", "", "editor");
    this.editor = new Editor(place, `answer-${exercise.name}`, `Your ${exercise.method}`);
    this.editor.on("change", (text) => this.#take({ ...this.answer, text }));
    this.told.setAttribute("role", "status");
    this.hintButton = button("Hint", () => this.#hint());
    this.hintButton.className = "quiet";
    const show = button("Show solution", () => this.#showSolution());
    show.className = "quiet";
    const check = button("Check my answer", () => this.#check());
    check.className = "primary";
    const buttons = element("div", "", "buttons");
    buttons.append(check, this.hintButton, show);
    this.solution.hidden = this.hints.hidden = true;
    this.body.append(element("p", exercise.task), element("p", `In the notes: ${exercise.notes}.`, "note"), place, buttons, this.hints, this.told, this.solution);
    this.place.append(this.head, this.body);
    this.place.addEventListener("toggle", () => {
      if (this.place.open && !this.editor.isOpen) void this.editor.open(this.answer.text);
      this.emit("toggle", this.place.open);
    });
    this.#paint();
  }

  get isUnderWay() {
    return this.place.open && this.answer.text.trim() !== this.exercise.blank.trim();
  }

  /** @param {Answer} answer */
  #take(answer) {
    this.answer = answer;
    this.#paint();
    this.emit("change", answer);
  }

  #paint() {
    const { title } = this.exercise;
    const { state } = this.answer;
    this.place.dataset.state = state;
    this.head.textContent = state === "solved" ? `${title}: solved` : title;
    const { length } = this.exercise.hints;
    this.hintButton.title = `${this.#hints} of ${length} given`;
    this.hintButton.disabled = this.#hints === length;
  }

  async #check() {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.told.replaceChildren(element("p", "Checking …", "note"));
    const verdict = await this.experiment.checkAnswer(this.exercise.name, this.editor.text);
    this.#isChecking = false;
    this.#tell(verdict ?? { passed: [], failed: null, message: ENDLESS, line: null, solved: false });
  }

  /** @param {Verdict} verdict */
  #tell({ passed, failed, message, line, solved }) {
    this.#take({ text: this.editor.text, state: solved ? "solved" : "failed" });
    const checks = element("ul");
    checks.append(...passed.map((title) => item(title, true)), ...(failed ? [item(failed, false)] : []));
    const where = line ? `Line ${line}: ` : "";
    this.told.replaceChildren(checks, element("p", solved ? "Solved." : `${where}${message}`, solved ? "good" : "wrong"));
    this.editor.remark(line && message ? [{ line, message, severity: "error" }] : []);
    if (solved) this.#showSolution(); // ours beside theirs
  }

  #hint() {
    this.#hints += 1;
    const { hints } = this.exercise;
    this.hints.hidden = false;
    this.hints.append(element("li", `${this.#hints} of ${hints.length}: ${hints[this.#hints - 1]}`));
    this.#paint();
  }

  #showSolution() {
    this.solution.hidden = false;
    this.solution.tabIndex = 0;
    this.solution.textContent = `# One way to write it\n${this.exercise.solution.trim()}`;
  }
}

/**
 * @param {string} title
 * @param {boolean} isPassed
 */
function item(title, isPassed) {
  const made = element("li", `${isPassed ? "✓" : "✗"} ${title}`);
  made.dataset.ok = String(isPassed);
  return made;
}
