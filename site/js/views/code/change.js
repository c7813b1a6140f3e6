/**
 * Where the visitor changes mlp.py and runs it. The editor comes when it is first seen.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { Written } from "../../kept/written.js"
 * @import { Failure, Unlike } from "../../protocol.js"
 * @import { Remark } from "./editor.js"
 */
import { Emitter } from "../../emitter.js";
import { saveFile } from "../../save-file.js";
import { button, element } from "../elements.js";
import { Pace } from "../pace.js";
import { Editor } from "./editor.js";

/** Of what was printed, so many characters are shown. */
const MOST_PRINTED = 20_000;
/** Who has not written for so long, in ms, is told what is wrong with the names. */
const REST = 500;

/** @extends {Emitter<{change: null, share: string}>}  share: this text, as a link */
export class Change extends Emitter {
  /** The text that came with the page; null until it is here. @type {string | null} */
  #shipped = null;
  /** The editor, on its way. @type {Promise<void> | null} */
  #opening = null;
  #printed = "";
  #printing = new Pace(0, () => this.#paintPrinted());
  /** What is wrong with the names in the text. @type {Remark[]} */
  #names = [];
  #writing = 0;

  /**
   * @param {HTMLElement} section
   * @param {Experiment} experiment
   * @param {Written} written
   */
  constructor(section, experiment, written) {
    super();
    this.experiment = experiment;
    this.written = written;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (section.querySelector(selector));
    this.editor = new Editor(find(".editor"), "editor", "mlp.py, the whole code");
    this.error = find("[data-testid=editor-error]");
    this.remark = find("[data-testid=names]");
    this.printed = find("[data-testid=printed]");
    this.runButton = /** @type {HTMLButtonElement} */ (find("#run-code"));
    this.backButton = /** @type {HTMLButtonElement} */ (find("#bring-back"));
    this.restoreButton = /** @type {HTMLButtonElement} */ (find("#restore-code"));
    this.runButton.addEventListener("click", () => this.#run(this.editor.text));
    this.restoreButton.addEventListener("click", () => this.take(this.#shipped ?? ""));
    this.backButton.addEventListener("click", () => this.take(written.replaced ?? ""));
    this.shareButton = /** @type {HTMLButtonElement} */ (find("#share-code"));
    this.shareButton.addEventListener("click", () => this.emit("share", this.editor.text));
    find("#download-code").addEventListener("click", () => saveFile(standingAlone(this.editor.text), "mlp.py"));
    this.editor.on("change", (text) => {
      written.code = text === this.#shipped ? null : text;
      this.#update();
      this.emit("change", null);
      clearTimeout(this.#writing);
      this.#writing = setTimeout(() => this.#checkNames(), REST);
    });
  }

  /** It is seen. @returns {Promise<void>} when the editor is there, or will not be */
  open() {
    if (this.editor.isOpen) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open() {
    try {
      const code = await this.experiment.look("code", {});
      if (!code) return;
      this.#shipped = code.shipped;
      await this.editor.open(this.written.code ?? code.text);
      this.#update();
    } catch {
      this.#tell([element("p", "The editor did not come. Load the page anew for it.")]);
    }
  }

  /** What was kept is another text now, which nobody has run. */
  refresh() {
    if (!this.editor.isOpen) return;
    this.editor.replace(this.written.code ?? this.#shipped ?? "");
    this.#update();
  }

  /** @param {Failure} failure */
  show({ message, line, names }) {
    /** @type {HTMLElement[]} */
    const parts = [element("p", line ? `Line ${line}: ${message}` : message)];
    if (names) {
      const list = element("dl");
      list.append(...Object.entries(names).flatMap(([name, what]) => [element("dt", name), element("dd", what)]));
      parts.push(list);
    }
    this.#tell(parts, line);
    this.editor.remark([...this.#names, ...(line ? [/** @type {Remark} */ ({ line, message, severity: "error" })] : [])]);
  }

  /** @param {Unlike | null} unlike  what works, but otherwise than in the notes */
  showUnlike(unlike) {
    if (!unlike) {
      this.#tell([]);
      return;
    }
    const { method, message, line } = unlike;
    this.#tell([element("p", `It runs, but not as in the notes. Line ${line}, ${method}: ${message}`)], line);
    this.editor.remark([...this.#names, { line, message, severity: "warning" }]);
  }

  /** @param {string} text */
  print(text) {
    this.#printed = (this.#printed + text).slice(-MOST_PRINTED);
    this.#printing.soon();
  }

  #paintPrinted() {
    this.printed.textContent = this.#printed;
    /** @type {HTMLElement} */ (this.printed.closest("details")).hidden = false;
  }

  /**
   * Another text to go on with, and to run.
   *
   * @param {string} text
   */
  async take(text) {
    await this.open();
    this.written.replace(text === this.#shipped ? null : text);
    this.editor.replace(text);
    await this.#run(text);
  }

  /** @param {string} text */
  async #run(text) {
    this.#tell([]);
    this.editor.remark(this.#names);
    await this.experiment.useCode(text);
  }

  async #checkNames() {
    const { text } = this.editor;
    const remarks = await this.experiment.look("names", { text });
    if (!remarks || text !== this.editor.text) return;
    this.#names = remarks.map(({ line, message, is_error }) => ({ line, message, severity: is_error ? "error" : "warning" }));
    this.editor.remark(this.#names);
    const [first, ...others] = this.#names;
    const more = others.length > 0 ? ` (and ${others.length} more)` : "";
    this.remark.textContent = first ? `Line ${first.line}: ${first.message}${more}` : "";
  }

  #update() {
    const isOpen = this.editor.isOpen;
    const isChanged = isOpen && this.editor.text !== this.#shipped;
    this.runButton.disabled = !isOpen;
    this.restoreButton.disabled = !isChanged;
    this.shareButton.disabled = !isChanged;
    const { replaced } = this.written;
    this.backButton.hidden = replaced === null || replaced === this.editor.text;
  }

  /**
   * @param {HTMLElement[]} parts
   * @param {number} [line]
   */
  #tell(parts, line) {
    this.error.replaceChildren(...parts);
    this.error.hidden = parts.length === 0;
    this.error.dataset.line = line ? String(line) : "";
    if (line) this.error.append(button("Go to the line", () => this.editor.goTo(line)));
  }
}

/**
 * The text as a file that runs outside of the package, where that is installed.
 *
 * @param {string} text
 */
function standingAlone(text) {
  return text.replace(/^from \.(\w*) import /gm, (_, module) => `from mlp_py${module && `.${module}`} import `);
}
