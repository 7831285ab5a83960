import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { closeIcon } from "./cell-tools-icons";
import { cellKind } from "./cell-tools-kinds";
import { labelOf, layOut, path, type Layout } from "./graph-view-layout";
import { cellGraph, stateText, type CellGraph, type GraphNode } from "./graph-view-model";
import { graphViewStyles } from "./graph-view-styles";
import type { NotebookElement } from "./notebook";
import { controlStyles } from "./theme";

/** How often the states are looked at while the graph is seen. */
const LOOK_MS = 200;
/** A drawing is made smaller down to this to fit the width; then it can be scrolled. */
const SMALLEST = 0.72;
/** Where the panel has room beside the notebook. */
const WIDE = "(min-width: 1200px)";

/**
 * The cells of a notebook that compute, and who reads whom: as a drawing, or as a list. A panel beside the notebook where there
 * is room, else over it. Fires "close" when the reader closes it.
 *
 *     const view = document.createElement("nst-graph-view");
 *     view.notebook = notebookElement;
 *     document.body.append(view);
 */
@customElement("nst-graph-view")
export class GraphView extends LitElement {
  @property({ attribute: false }) notebook: NotebookElement | null = null;
  @state() private graph: CellGraph = { nodes: [], edges: [] };
  @state() private layout: Layout | null = null;
  @state() private as: "drawing" | "list" = "drawing";
  /** key of the node that the Tab key reaches */
  @state() private at: string | null = null;
  @state() private failed = "";
  @state() private roomWidth = 0;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query(".room") private room!: HTMLElement;
  #timer = 0;
  #seen = "";
  #wiring = "";
  readonly #wide = matchMedia(WIDE);
  readonly #resized = new ResizeObserver(([entry]) => (this.roomWidth = entry.contentRect.width));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = window.setInterval(() => this.#look(), LOOK_MS);
    this.#wide.addEventListener("change", this.#open);
    void this.updateComplete.then(() => {
      if (!this.isConnected) return;
      this.#look();
      this.#open();
      this.#resized.observe(this.room);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#wide.removeEventListener("change", this.#open);
    this.#resized.disconnect();
    delete document.documentElement.dataset["panel"];
  }

  readonly #open = (): void => {
    const beside = this.#wide.matches;
    if (this.dialog.open) this.dialog.close();
    if (beside) this.dialog.show();
    else this.dialog.showModal();
    if (beside) document.documentElement.dataset["panel"] = "beside";
    else delete document.documentElement.dataset["panel"];
  };

  #look(): void {
    const { notebook } = this;
    if (!notebook?.session || document.hidden) return;
    const graph = cellGraph(notebook.graph.describe(), notebook.session.slots);
    const seen = JSON.stringify(graph);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.graph = graph;
    if (!graph.nodes.some(({ key }) => key === this.at)) this.at = graph.nodes[0]?.key ?? null;
    const wiring = JSON.stringify([graph.nodes.map((node) => [node.key, title(node)]), graph.edges]);
    if (wiring === this.#wiring) return;
    this.#wiring = wiring;
    layOut(graph, (key) => title(graph.nodes.find((node) => node.key === key)!)).then(
      (layout) => {
        if (this.#wiring === wiring) this.layout = layout;
      },
      (error: Error) => {
        // the list says the same
        this.failed = `The graph cannot be drawn: ${error.message}`;
        this.as = "list";
      },
    );
  }

  #close(): void {
    this.dialog.close();
    this.dispatchEvent(new Event("close"));
  }

  #jump(key: string): void {
    if (!this.#wide.matches) this.#close();
    this.notebook?.goTo(key);
  }

  /** Up and down go along the edges, left and right to what stands beside. */
  #key(event: KeyboardEvent, key: string): void {
    const { edges } = this.graph;
    let next: string | undefined;
    if (event.key === "Enter" || event.key === " ") this.#jump(key);
    else if (event.key === "ArrowUp") next = this.#closest(key, edges.filter(({ to }) => to === key).map(({ from }) => from));
    else if (event.key === "ArrowDown") next = this.#closest(key, edges.filter(({ from }) => from === key).map(({ to }) => to));
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") next = this.#beside(key, event.key === "ArrowLeft" ? -1 : 1);
    else return;
    event.preventDefault();
    if (next) this.#focus(next);
  }

  #closest(key: string, keys: readonly string[]): string | undefined {
    const x = (of: string) => this.layout?.nodes.get(of)?.x ?? 0;
    return [...keys].sort((a, b) => Math.abs(x(a) - x(key)) - Math.abs(x(b) - x(key)))[0];
  }

  /** The next one in reading order: along the row, then on to the next row. */
  #beside(key: string, step: number): string | undefined {
    const places = [...(this.layout?.nodes ?? [])].sort(([, a], [, b]) => a.y - b.y || a.x - b.x).map(([of]) => of);
    return places[places.indexOf(key) + step];
  }

  #focus(key: string): void {
    this.at = key;
    const node = this.renderRoot.querySelector<SVGGElement>(`.node[data-key="${CSS.escape(key)}"]`);
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  override render() {
    return html`<dialog aria-label="Graph of the notebook" @cancel=${this.#close} @keydown=${(event: KeyboardEvent) => event.key === "Escape" && !this.dialog.matches(":modal") && this.#close()}>
      <header>
        <h2>Graph</h2>
        <span class="either" role="group" aria-label="Shown as">
          ${(["drawing", "list"] as const).map((as) => html`<button aria-pressed=${as === this.as} @click=${() => (this.as = as)}>${as}</button>`)}
        </span>
        <button class="close" aria-label="Close the graph" @click=${this.#close}>${closeIcon}</button>
      </header>
      <div class="room">
        ${this.failed ? html`<p class="none" role="alert">${this.failed}</p>` : nothing}
        ${this.graph.nodes.length === 0 ? html`<p class="none">No cell of this notebook computes anything.</p>` : this.as === "list" ? this.#list() : this.#drawing()}
      </div>
    </dialog>`;
  }

  #drawing(): TemplateResult | typeof nothing {
    const { layout } = this;
    if (!layout) return nothing;
    const scale = Math.max(SMALLEST, Math.min(1, this.roomWidth / layout.width || 1));
    return html`<svg class="graph" role="group" aria-label="Cells, and the values that they read. Arrow up and down go along the values." width=${layout.width * scale} height=${layout.height * scale} viewBox="0 0 ${layout.width} ${layout.height}">
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.8 L8,4 L0,7.2z" /></marker></defs>
      ${layout.edges.map(
        ({ from, to, names, points, label }) => svg`<g class="edge ${this.at === from || this.at === to ? "near" : ""}" aria-hidden="true">
          <path d=${path(points)} marker-end="url(#tip)" /><text x=${label.x} y=${label.y}>${labelOf(names)}</text>
        </g>`,
      )}
      ${this.graph.nodes.map((node) => this.#node(node, layout))}
    </svg>`;
  }

  #node(node: GraphNode, layout: Layout) {
    const box = layout.nodes.get(node.key);
    if (!box) return nothing;
    const { mark, text } = stateText(node);
    const left = box.x - box.width / 2;
    const top = box.y - box.height / 2;
    const kind = cellKind(node.cell);
    return svg`<g class="node ${node.state}" data-key=${node.key} role="button" tabindex=${node.key === this.at ? 0 : -1} aria-label=${this.#said(node)}
      @click=${() => this.#jump(node.key)} @keydown=${(event: KeyboardEvent) => this.#key(event, node.key)} @focus=${() => (this.at = node.key)}>
      <title>${node.reason ?? text}</title>
      <rect x=${left} y=${top} width=${box.width} height=${box.height} rx="8" />
      <text class=${node.names.length > 0 ? "" : "unnamed"} x=${left + 12} y=${top + 19}>${shortened(title(node), box.width)}</text>
      <text class="state-line" x=${left + 12} y=${top + 35}>${mark} ${shortened(node.state === "fulfilled" ? kind : text, box.width * 1.2)}</text>
    </g>`;
  }

  #said(node: GraphNode): string {
    const { reads, readBy } = this.#neighbours(node.key);
    return [`${title(node)}, ${cellKind(node.cell)}: ${stateText(node).text}.`, reads && `Reads ${reads}.`, readBy && `Read by ${readBy}.`].filter(Boolean).join(" ");
  }

  #neighbours(key: string): { reads: string; readBy: string } {
    const { nodes, edges } = this.graph;
    const called = (of: string) => title(nodes.find((node) => node.key === of)!);
    return {
      reads: edges.filter(({ to }) => to === key).flatMap(({ names }) => names).join(", "),
      readBy: edges.filter(({ from }) => from === key).map(({ to }) => called(to)).join(", "),
    };
  }

  #list(): TemplateResult {
    return html`<ul>
      ${this.graph.nodes.map((node) => {
        const { reads, readBy } = this.#neighbours(node.key);
        const { mark, text } = stateText(node);
        return html`<li>
          <button @click=${() => this.#jump(node.key)}>${title(node)}</button> ${cellKind(node.cell)}
          <p class=${node.state}><span aria-hidden="true">${mark}</span> ${text}${node.state === "rejected" ? `: ${node.reason}` : ""}</p>
          ${reads ? html`<p>reads ${reads}</p>` : nothing} ${readBy ? html`<p>read by ${readBy}</p>` : nothing}
        </li>`;
      })}
    </ul>`;
  }

  static override styles = [controlStyles, graphViewStyles];
}

function title({ names, cell }: GraphNode): string {
  return names.length > 0 ? labelOf(names) : cellKind(cell);
}

function shortened(text: string, width: number): string {
  const letters = Math.floor((width - 22) / 6.9);
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-graph-view": GraphView;
  }
}
