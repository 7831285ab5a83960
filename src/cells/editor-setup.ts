/** The editor proper: all that is loaded of CodeMirror. Reached by a dynamic import only. */
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { javascript, javascriptLanguage, localCompletionSource } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension, Prec, RangeSetBuilder, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView as View, highlightActiveLine, highlightSpecialChars, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { highlightCode, tags } from "@lezer/highlight";
import type { Completions, EditorCompletion, EditorDiagnostic } from "./editor";
import { frame } from "./editor-frame";

type Language = "js" | "markdown";

export interface EditorOptions {
  root: ShadowRoot;
  parent: HTMLElement;
  text: string;
  /** characters that are selected from the start */
  selection: readonly [number, number] | null;
  language: Language;
  label: string;
  completions: Completions;
  /** the person changed the text */
  edited(text: string): void;
  run(): void;
  escaped(): void;
}

/** An open editor, as its element holds it. */
export interface EditorView {
  /** exchanges what differs, so that the cursor and the history stay */
  setText(text: string): void;
  setDiagnostics(diagnostics: readonly EditorDiagnostic[]): void;
  setMarked(line: number | null): void;
  setLabel(label: string): void;
  setLanguage(language: Language): void;
  /** @param at character to put the cursor before */
  focus(at?: number): void;
  destroy(): void;
}

const style = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], class: "tok-keyword" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character], class: "tok-string" },
  { tag: tags.number, class: "tok-number" },
  { tag: [tags.bool, tags.null, tags.atom], class: "tok-literal" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], class: "tok-definition" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment, tags.docComment], class: "tok-comment" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.meta, tags.angleBracket], class: "tok-quiet" },
  { tag: tags.heading, class: "tok-heading" },
  { tag: tags.strong, class: "tok-strong" },
  { tag: tags.emphasis, class: "tok-emphasis" },
  { tag: [tags.link, tags.url], class: "tok-link" },
  { tag: tags.monospace, class: "tok-string" },
  { tag: tags.invalid, class: "tok-wrong" },
]);

/** Marks changes that the person did not make. */
const outside = Annotation.define<boolean>();

export function openEditor(options: EditorOptions): EditorView {
  // one and the same, by which a source is known again
  const completing = [{ autocomplete: completionsOf(options.completions) }];
  const languages = new Compartment();
  const attributes = new Compartment();
  const view = new View({
    root: options.root,
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      selection: options.selection ? { anchor: options.selection[0], head: options.selection[1] } : undefined,
      extensions: [
        keys(options),
        tabs(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        syntaxHighlighting(style),
        autocompletion({ icons: true, closeOnBlur: true, activateOnTyping: true, addToOptions: [], maxRenderedOptions: 60 }),
        EditorState.languageData.of(() => completing),
        languages.of(languageOf(options.language)),
        attributes.of(described(options.label)),
        diagnosticsField,
        markedField,
        hoverTooltip((view, at) => messageAt(view, at)),
        frame,
        View.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.every((transaction) => transaction.annotation(outside))) return;
          options.edited(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      const changes = difference(view.state.doc.toString(), text);
      if (changes) view.dispatch({ changes, annotations: [outside.of(true), Transaction.addToHistory.of(false)] });
    },
    setDiagnostics: (diagnostics) => view.dispatch({ effects: setDiagnostics.of(diagnostics) }),
    setMarked: (line) => view.dispatch({ effects: setMarked.of(line) }),
    setLabel: (label) => view.dispatch({ effects: attributes.reconfigure(described(label)) }),
    setLanguage: (language) => view.dispatch({ effects: languages.reconfigure(languageOf(language)) }),
    focus(at) {
      if (at !== undefined) view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
      view.setTabFocusMode(false);
    },
    destroy: () => view.destroy(),
  };
}

/** Gives each piece of highlighted JavaScript with its classes ("" for plain), line breaks as "\n". */
export function highlight(source: string): { text: string; classes: string }[] {
  const pieces: { text: string; classes: string }[] = [];
  highlightCode(source, javascriptLanguage.parser.parse(source), style, (text, classes) => pieces.push({ text, classes }), () => pieces.push({ text: "\n", classes: "" }));
  return pieces;
}

function languageOf(language: Language): Extension {
  if (language === "js") return [javascript(), lineNumbers(), javascriptLanguage.data.of({ autocomplete: localCompletionSource })];
  const js = javascript();
  return [markdown({ codeLanguages: (info) => (/^js\b/.test(info) ? js.language : null) }), View.contentAttributes.of({ spellcheck: "true", autocorrect: "on", autocapitalize: "sentences" })];
}

function described(label: string): Extension {
  return [
    View.contentAttributes.of({ "aria-label": label, "aria-description": "Press Escape, then Tab, to leave the editor. Control or Command and Enter runs or applies the text." }),
    View.lineWrapping,
  ];
}

function keys({ run, escaped }: EditorOptions): Extension {
  const done = (act: () => void) => () => {
    act();
    return true;
  };
  return [
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: done(run) }])),
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
      { key: "Tab", run: indentMore, shift: indentLess },
      {
        key: "Escape",
        run(view) {
          if (completionStatus(view.state) === "active") return false;
          view.setTabFocusMode(true);
          escaped();
          return true;
        },
      },
    ]),
  ];
}

/** Who comes by the Tab key can go on by it; whoever presses, types or moves in the text has Tab to indent. */
function tabs(): Extension {
  let pressed = false;
  const passing = ["Tab", "Escape", "Shift", "Control", "Alt", "Meta"];
  // observers, because the keys that do something are kept from other handlers
  return View.domEventObservers({
    mousedown(_, view) {
      pressed = true;
      view.setTabFocusMode(false);
    },
    focus(_, view) {
      if (!pressed) view.setTabFocusMode(true);
      pressed = false;
    },
    blur() {
      pressed = false;
    },
    keydown(event, view) {
      if (!passing.includes(event.key)) view.setTabFocusMode(false);
    },
  });
}

/** The one change that makes `after` of `before`, null if they are equal. */
function difference(before: string, after: string): { from: number; to: number; insert: string } | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

const setDiagnostics = StateEffect.define<readonly EditorDiagnostic[]>();

/** The diagnostics at where their text has moved to since. */
const diagnosticsField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    marks = marks.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setDiagnostics)) marks = underlines(effect.value, transaction.newDoc.length);
    return marks;
  },
  provide: (field) => View.decorations.from(field),
});

function underlines(diagnostics: readonly EditorDiagnostic[], length: number): DecorationSet {
  const ranges = diagnostics.map(({ from, to, message }) => {
    const start = Math.max(0, Math.min(from, length - 1));
    const end = Math.min(length, Math.max(to, start + 1));
    return { start, end, message };
  });
  const marks = ranges.filter(({ start, end }) => end > start).map(({ start, end, message }) => Decoration.mark({ class: "cm-problem", attributes: { "aria-invalid": "true" }, message }).range(start, end));
  return Decoration.set(marks, true);
}

function messageAt(view: View, at: number) {
  let found: { from: number; to: number; message: string } | null = null;
  view.state.field(diagnosticsField).between(at, at, (from, to, mark) => {
    found = { from, to, message: mark.spec.message as string };
  });
  if (!found) return null;
  const { from, to, message } = found as { from: number; to: number; message: string };
  return {
    pos: from,
    end: to,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "cm-message";
      dom.textContent = message;
      return { dom };
    },
  };
}

const setMarked = StateEffect.define<number | null>();

/** The line where something went wrong, until the text of that line changes. */
const markedField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    marks = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarked)) continue;
      const builder = new RangeSetBuilder<Decoration>();
      if (effect.value !== null && effect.value >= 1 && effect.value <= transaction.newDoc.lines) {
        const { from } = transaction.newDoc.line(effect.value);
        builder.add(from, from, Decoration.line({ class: "cm-marked" }));
      }
      marks = builder.finish();
    }
    return marks;
  },
  provide: (field) => View.decorations.from(field),
});

function completionsOf(completions: Completions): CompletionSource {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const written = context.matchBefore(/[\w$.]*/)!;
    const dot = written.text.lastIndexOf(".");
    // what stands before a leading dot is the value of an expression: f(x).me
    const path = dot < 0 ? "" : written.text.slice(0, dot) || "()";
    const word = written.text.slice(dot + 1);
    // not in the middle of a number, nor for nothing that has been typed
    if (/^\d/.test(written.text) || (word === "" && dot < 0 && !context.explicit)) return null;
    const options = await completions(path);
    if (options.length === 0 || context.aborted) return null;
    return { from: written.from + dot + 1, options: options.map(asOption), validFor: /^[\w$]*$/ };
  };
}

function asOption({ label, detail, info, signature, type }: EditorCompletion) {
  return { label, detail, type, info: info || signature ? () => panel(signature, info) : undefined };
}

function panel(signature = "", info = ""): Node {
  const dom = document.createElement("div");
  for (const [name, text] of [["code", signature], ["p", info]] as const) {
    if (text) dom.append(Object.assign(document.createElement(name), { textContent: text }));
  }
  return dom;
}
