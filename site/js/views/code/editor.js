/**
 * @import { EditorView } from "../../../vendor/codemirror/codemirror-view.js"
 * @import { Diagnostic } from "../../../vendor/codemirror/codemirror-lint.js"
 */
import { Emitter } from "../../emitter.js";

/** @typedef {{line: number, message: string, severity: "error" | "warning"}} Remark  line: counted from 1 */

/**
 * A code editor for Python, which is fetched when it is first needed. It lives in a shadow root, whose styles it can bring
 * under the page's policy.
 *
 * @extends {Emitter<{change: string}>}
 */
export class Editor extends Emitter {
  /** @type {EditorView | null} */
  #view = null;
  /** @type {((remarks: Remark[]) => void) | null} */
  #remark = null;

  /**
   * @param {HTMLElement} place
   * @param {string} testid  of the text that is edited
   * @param {string} label
   */
  constructor(place, testid, label) {
    super();
    this.place = place;
    this.attributes = { "aria-label": label, "data-testid": testid, tabindex: "0" };
  }

  /** @param {string} text  to begin with */
  async open(text) {
    const [{ EditorState }, view, language, commands, lint, { python }, { tags }] = await Promise.all([
      import("../../../vendor/codemirror/codemirror-state.js"),
      import("../../../vendor/codemirror/codemirror-view.js"),
      import("../../../vendor/codemirror/codemirror-language.js"),
      import("../../../vendor/codemirror/codemirror-commands.js"),
      import("../../../vendor/codemirror/codemirror-lint.js"),
      import("../../../vendor/codemirror/codemirror-lang-python.js"),
      import("../../../vendor/codemirror/lezer-highlight.js"),
    ]);
    if (this.isOpen) return; // it was asked for once more before it came
    const root = this.place.attachShadow({ mode: "open" });
    const { EditorView } = view;
    const colours = language.HighlightStyle.define([
      { tag: [tags.keyword, tags.self, tags.bool, tags.null], color: "var(--accent)" },
      { tag: [tags.string, tags.number], color: "var(--good)" },
      { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
    ]);
    this.#view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          view.lineNumbers(),
          view.highlightActiveLine(),
          commands.history(),
          language.indentUnit.of("    "),
          language.bracketMatching(),
          language.syntaxHighlighting(colours),
          lint.lintGutter(),
          python(),
          // Without Tab, which moves on as everywhere on the page.
          view.keymap.of([...commands.defaultKeymap, ...commands.historyKeymap]),
          EditorView.contentAttributes.of(this.attributes),
          EditorView.domEventHandlers({ beforeinput }),
          EditorView.updateListener.of(({ docChanged }) => docChanged && this.emit("change", this.text)),
          theme(EditorView),
        ],
      }),
    });
    const opened = this.#view;
    this.#remark = (remarks) => {
      const diagnostics = remarks.map(({ line, message, severity }) => {
        const { from, to } = lineOf(opened, line);
        return /** @type {Diagnostic} */ ({ from, to, message, severity });
      });
      opened.dispatch(lint.setDiagnostics(opened.state, diagnostics));
    };
  }

  get isOpen() {
    return this.#view !== null;
  }

  get text() {
    return this.#view?.state.doc.toString() ?? "";
  }

  /** @param {string} text  in place of all; can be undone */
  replace(text) {
    const view = this.#view;
    view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  /** @param {Remark[]} remarks  shown at their lines; those before go */
  remark(remarks) {
    this.#remark?.(remarks);
  }

  /** @param {number} number  of the line to go to, from 1 */
  goTo(number) {
    const view = this.#view;
    if (!view) return;
    view.dispatch({ selection: { anchor: lineOf(view, number).from }, scrollIntoView: true });
    view.focus();
  }
}

/**
 * A line by its number, from 1; the last one where there are not so many.
 *
 * @param {EditorView} view
 * @param {number} number
 */
function lineOf({ state: { doc } }, number) {
  return doc.line(Math.min(Math.max(1, number), doc.lines));
}

/**
 * Text in place of other text is put in by the editor itself: of the browsers, Chromium would write a style, which the page's
 * policy forbids, and Firefox lines of its own.
 *
 * @param {InputEvent} event
 * @param {EditorView} view
 */
function beforeinput(event, view) {
  const { inputType, data } = event;
  const [range] = event.getTargetRanges();
  if (inputType !== "insertText" || data === null || !range) return false;
  let from = view.posAtDOM(range.startContainer, range.startOffset);
  let to = view.posAtDOM(range.endContainer, range.endOffset);
  if (from === to && !data.includes("\n")) return false;
  const { main } = view.state.selection;
  const { viewport } = view; // lines outside of it are not in the document
  if (main.from <= from && to <= main.to) ({ from, to } = main);
  else if (from <= viewport.from && to >= viewport.to) [from, to] = [0, view.state.doc.length];
  view.dispatch({ changes: { from, to, insert: data }, selection: { anchor: from + data.length }, scrollIntoView: true });
  return true;
}

/** @param {typeof EditorView} View */
function theme(View) {
  return View.theme({
    "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--page)", fontSize: "0.8rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.5", overflow: "auto" },
    ".cm-content": { caretColor: "var(--ink)" },
    ".cm-gutters": { color: "var(--muted)", backgroundColor: "var(--page)", border: "0" },
    ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
    "&.cm-focused .cm-selectionBackground, ::selection": { backgroundColor: "var(--band)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)" },
    ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--card)", border: "1px solid var(--line)" },
  });
}
