/** The comparison proper: all that is loaded of CodeMirror for it. Reached by a dynamic import only. */
import { markdown } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { MergeView, getChunks, unifiedMergeView } from "@codemirror/merge";
import { EditorState, Text, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface ComparisonOptions {
  root: ShadowRoot;
  parent: HTMLElement;
  shipped: string;
  mine: string;
  labels: { shipped: string; mine: string };
  /** one column instead of two */
  unified: boolean;
  /** changes can be taken back one by one */
  revertible: boolean;
  /** the person took a change back: my text without it */
  changed(mine: string): void;
}

export interface Comparison {
  /** places that differ */
  readonly changes: number;
  destroy(): void;
}

const TAKE_BACK = "Take this change back";

export function compare(options: ComparisonOptions): Comparison {
  return options.unified ? inOneColumn(options) : sideBySide(options);
}

function sideBySide({ root, parent, shipped, mine, labels, revertible, changed }: ComparisonOptions): Comparison {
  const view = new MergeView({
    root,
    parent,
    a: { doc: shipped, extensions: reading(labels.shipped) },
    b: { doc: mine, extensions: [reading(labels.mine), whenTaken(changed)] },
    ...(revertible ? { revertControls: "a-to-b" as const } : {}),
    renderRevertControl: () => takeBack("→", () => {}),
    collapseUnchanged: { margin: 3, minSize: 6 },
    diffConfig: { timeout: 1000 },
  });
  return {
    get changes() {
      return view.chunks.length;
    },
    destroy: () => view.destroy(),
  };
}

function inOneColumn({ root, parent, shipped, mine, labels, revertible, changed }: ComparisonOptions): Comparison {
  const view = new EditorView({
    root,
    parent,
    doc: mine,
    extensions: [
      reading(labels.mine),
      whenTaken(changed),
      unifiedMergeView({
        original: Text.of(shipped.split("\n")),
        collapseUnchanged: { margin: 3, minSize: 6 },
        diffConfig: { timeout: 1000 },
        mergeControls: revertible ? (type, action) => (type === "reject" ? takeBack(TAKE_BACK, action) : document.createElement("span")) : false,
      }),
    ],
  });
  return {
    get changes() {
      return getChunks(view.state)?.chunks.length ?? 0;
    },
    destroy: () => view.destroy(),
  };
}

function reading(label: string): Extension {
  return [
    // carriage returns are characters of the file like any other
    EditorState.lineSeparator.of("\n"),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    markdown(),
    syntaxHighlighting(HighlightStyle.define([{ tag: tags.heading, fontWeight: "700" }, { tag: tags.emphasis, fontStyle: "italic" }, { tag: tags.strong, fontWeight: "700" }])),
  ];
}

function whenTaken(changed: (mine: string) => void): Extension {
  return EditorView.updateListener.of((update) => {
    if (update.docChanged) changed(update.state.sliceDoc());
  });
}

/** The library hears the mouse going down only; the keyboard presses too. */
function takeBack(text: string, action: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "take-back";
  button.textContent = text;
  button.title = TAKE_BACK;
  button.setAttribute("aria-label", TAKE_BACK);
  button.addEventListener("mousedown", action);
  button.addEventListener("click", (event) => {
    if (event.detail === 0) button.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
  });
  return button;
}
