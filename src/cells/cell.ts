import { html, LitElement, nothing, type TemplateResult } from "lit";
import { equal } from "../notebook/equal";
import { KernelValue } from "../sandbox/client";
import { asInput } from "./as-input";
import { bindings, initialParam, type Binding } from "./bindings";
import { requestContext, type CellContext, type Kernels } from "./context";
import { offScreen, onScreen } from "./on-screen";
import { cellStyles, controlStyles } from "./theme";

export type CellStatus = "idle" | "pending" | "fulfilled" | "rejected" | "waiting" | "held" | "resting";

/** Fired (bubbling, composed) when the person has changed a parameter. */
export interface ParamChange {
  cellId: string;
  name: string;
  value: unknown;
}

let count = 0;

/**
 * An element that is one cell of the notebook's graph: it reads named values, computes one, and shows it in a card.
 *
 * What a cell is, it declares by statics, so that the notebook can list, wire and duplicate cells without knowing them.
 * The value of the cell is whatever `compute` returns, resolves to, or (an async iterable) gives one after the other.
 *
 *     @customElement("nst-crop")
 *     class Crop extends Cell<Picture> {
 *       static override title = "crop";
 *       static override roles = ["image", "settings.size"];          // the part alone: other settings do not recompute
 *       static override params = { zoom: 1 };                        // <nst-crop zoom="2"> starts from 2
 *       compute(inputs: { image: Picture; "settings.size": number }, { signal, kernel }: ComputeContext) {
 *         return crop(kernel.lab, inputs.image, inputs["settings.size"], this.param<number>("zoom"), signal);
 *       }
 *       view(value: Picture | undefined) {
 *         return html`<input type="range" aria-label="zoom" @input=${…this.setParam("zoom", …)}>`;
 *       }
 *     }
 *
 * In a notebook: `<nst-crop as="small" of="photo" zoom="2"></nst-crop>`. With the attribute `manual` it computes only when the
 * reader presses Run.
 */
export abstract class Cell<Out = unknown> extends LitElement {
  /** kind of cell, in one word; the header shows it beside the name */
  static title = "cell";
  /** what `compute` reads: names of values, or of their parts ("settings.size"); see bindings.ts for how they are bound */
  static roles: readonly string[] = [];
  /** what the person can change, with defaults; an attribute of the same name gives another start */
  static params: Readonly<Record<string, unknown>> = {};
  /** computed only when it is (nearly) on the screen, or another cell needs its value */
  static lazy = false;
  /** height in px that the body keeps free until there is a value: else what stands below would be pushed away when it comes */
  static reserve = 0;
  static override styles = [controlStyles, cellStyles];

  /** id in the graph; the notebook sets it to the id of the cell's text before it mounts the element */
  cellId = `element-${++count}`;
  /** the last value, also while a new one is being worked out */
  value: Out | undefined = undefined;
  status: CellStatus = "idle";
  error: Error | null = null;
  /** name of the failed input, while status is "waiting" */
  waitingFor: string | null = null;
  /** a cell that is run by hand: its inputs have changed since */
  outOfDate = false;
  /** how long the last value took, null if there is none or it is a later one of a stream */
  milliseconds: number | null = null;

  #context: CellContext | null = null;
  #params = new Map<string, unknown>();
  #bindings: Binding[] = [];

  /**
   * The cell's value from its inputs, by role. `signal` is aborted when the value is given up (an input or parameter changed,
   * the element was removed), also long after compute has returned: release there what the value holds.
   */
  abstract compute(inputs: Record<string, any>, context: { signal: AbortSignal; kernel: Kernels }): Out | Promise<Out> | AsyncIterable<Out>;

  /** The body. Called with the last value also while the next is pending (then dimmed), undefined before the first. */
  abstract view(value: Out | undefined): TemplateResult | typeof nothing;

  /** Right end of the header: shape, time. */
  headerNote(): TemplateResult | string | typeof nothing {
    return this.milliseconds === null ? nothing : `${Math.max(1, Math.round(this.milliseconds))} ms`;
  }

  /** What `compute` reads as things are set now: all roles, or those that this choice of parameters needs. */
  protected reads(): readonly string[] {
    return (this.constructor as typeof Cell).roles;
  }

  /** Names of further values that `compute` reads, as inputs by "named <name>": those that a text of the cell mentions. */
  protected mentions(): readonly string[] {
    return [];
  }

  /** Name of the value this cell gives (attribute `as`), null if none. */
  get name(): string | null {
    return this.getAttribute("as")?.trim() || null;
  }

  /** The context of the notebook around, null while the element is not in one. */
  get context(): CellContext | null {
    return this.#context;
  }

  /**
   * A parameter: what the person chose, else the attribute, else the default of `params`.
   * @throws Error if the class declares no such parameter, or the attribute cannot be read
   */
  param<T>(name: string): T {
    const { params } = this.constructor as typeof Cell;
    if (!(name in params)) throw new Error(`<${this.localName}> has no parameter “${name}”; it has ${Object.keys(params).join(", ") || "none"}.`);
    if (this.#params.has(name)) return this.#params.get(name) as T;
    return initialParam(name, params[name], (attribute) => this.getAttribute(attribute)) as T;
  }

  /**
   * Changes a parameter and computes again (a compute that is going on is aborted). `recompute: false` is for parameters that
   * only the view reads. An equal value changes nothing.
   */
  setParam(name: string, value: unknown, { recompute = true } = {}): void {
    if (equal(this.param(name), value)) return;
    const before = [...this.reads(), ...this.mentions()];
    this.#params.set(name, value);
    const detail: ParamChange = { cellId: this.cellId, name, value };
    this.dispatchEvent(new CustomEvent("nst-param", { bubbles: true, composed: true, detail }));
    this.requestUpdate();
    if (this.#context && !equal(before, [...this.reads(), ...this.mentions()])) this.#define();
    else if (recompute) this.invalidate();
  }

  /** Computes again with the same inputs. */
  invalidate(): void {
    this.#context?.graph.invalidate(this.cellId);
  }

  /** Every kind of cell that the page has defined so far: what a menu of new cells can offer. */
  static readonly kinds = new Set<typeof Cell>();

  protected static override finalize(): void {
    super.finalize();
    if (this !== Cell) Cell.kinds.add(this);
  }

  static override get observedAttributes(): string[] {
    const own = [...this.roles.map((role) => role.split(".")[0]), ...Object.keys(this.params)].map((name) => name.toLowerCase());
    const kebab = Object.keys(this.params).map((name) => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`));
    return [...new Set([...super.observedAttributes, "as", "of", "manual", ...own.filter((name) => name !== "style"), ...kebab])];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (this.#context && old !== value) this.#define();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const context = requestContext(this);
    // moved within the same notebook: whatever runs goes on
    if (context && context.graph === this.#context?.graph && context.kernels === this.#context.kernels) return;
    this.#leave();
    this.#context = context;
    context?.session?.addEventListener("change", this.#recall);
    this.#recall();
    if (context) {
      this.#define();
      if ((this.constructor as typeof Cell).lazy) {
        context.graph.look(this.cellId, null);
        onScreen(this, (yes) => this.#context?.graph.look(this.cellId, yes));
      }
    } else this.#fail(new Error(`<${this.localName}> stands outside of a notebook, so it has nothing to read. Put it inside <nst-notebook>.`));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Moving an element in the page disconnects and connects it within one task; that must not end a run.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#leave();
      this.#context = null;
    });
  }

  /** Takes over what the session holds for this cell: at the start, and when it was changed elsewhere (another tab, a reset). */
  #recall = (): void => {
    const session = this.#context?.session;
    if (!session) return;
    const { params } = this.constructor as typeof Cell;
    const kept = session.params(this.cellId);
    let changed = false;
    for (const name of Object.keys(params)) {
      const known = this.#params.has(name);
      if (known === Object.hasOwn(kept, name) && (!known || equal(this.#params.get(name), kept[name]))) continue;
      if (Object.hasOwn(kept, name)) this.#params.set(name, kept[name]);
      else this.#params.delete(name);
      changed = true;
    }
    if (!changed) return;
    this.requestUpdate();
    // also what is read may be another now
    if (this.#defined) this.#define();
  };

  #defined = false;

  #define(): void {
    this.#defined = true;
    const { graph, kernels } = this.#context!;
    const { roles, params } = this.constructor as typeof Cell;
    let bound: Binding[];
    try {
      const read = this.reads();
      bound = bindings(roles, (attribute) => this.getAttribute(attribute)).filter(({ role }) => read.includes(role));
      bound.push(...this.mentions().map((name) => ({ role: `named ${name}`, input: name, name, by: null })));
      for (const name of Object.keys(params)) this.param(name);
    } catch (error) {
      this.#bindings = [];
      graph.define(this.cellId, {
        ...this.#about(),
        inputs: [],
        compute: () => {
          throw error;
        },
      });
      return;
    }
    this.#bindings = bound;
    graph.define<Out>(this.cellId, {
      ...this.#about(),
      inputs: bound.map(({ input }) => input),
      compute: (values, { signal }) => {
        this.#started = performance.now();
        const compute = (values: readonly unknown[]) => this.compute(Object.fromEntries(bound.map(({ role }, i) => [role, values[i]])), { signal, kernel: kernels });
        return values.some((value) => value instanceof KernelValue) ? asInputs(values, bound).then(compute) : compute(values);
      },
    });
  }

  #about() {
    return {
      name: this.name,
      label: `<${this.localName}${this.name ? ` as="${this.name}"` : ""}>`,
      observe: {
        pending: () => this.#turn("pending"),
        fulfilled: (value: Out) => {
          this.milliseconds = this.#started === null ? null : performance.now() - this.#started;
          this.#started = null;
          this.value = value;
          this.#turn("fulfilled");
        },
        rejected: (error: Error) => this.#fail(error),
        waiting: (name: string) => {
          this.waitingFor = name;
          this.#turn("waiting");
        },
        held: () => this.#turn("held"),
        resting: () => this.#turn("resting"),
        outOfDate: (yes: boolean) => {
          this.outOfDate = yes;
          this.requestUpdate();
        },
      },
      manual: this.hasAttribute("manual"),
      lazy: (this.constructor as typeof Cell).lazy,
    };
  }

  #started: number | null = null;

  #leave(): void {
    offScreen(this);
    this.#context?.session?.removeEventListener("change", this.#recall);
    this.#context?.graph.undefine(this.cellId);
    this.#defined = false;
  }

  #fail(error: Error): void {
    this.error = error;
    this.#turn("rejected");
  }

  #turn(status: CellStatus): void {
    this.status = status;
    if (status !== "rejected") this.error = null;
    if (status !== "waiting") this.waitingFor = null;
    this.toggleAttribute("busy", status === "pending");
    this.requestUpdate();
  }

  override render(): TemplateResult {
    let body: unknown = nothing;
    let error = this.error;
    try {
      body = this.view(this.value);
    } catch (thrown) {
      error ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    const { reserve } = this.constructor as typeof Cell;
    const stale = this.status !== "fulfilled" && this.value !== undefined;
    return html`<section class="cell" role="group" aria-label=${this.name ?? (this.constructor as typeof Cell).title}>
      ${this.#header()}
      ${error ? html`<p class="error" role="status">${error.message}</p>` : nothing}
      <div class="view ${stale ? "stale" : ""}" style=${reserve > 0 && this.value === undefined && !error ? `min-height:${reserve}px` : nothing} aria-busy=${this.status === "pending"}>${body}</div>
    </section>`;
  }

  #header(): TemplateResult {
    const { title } = this.constructor as typeof Cell;
    const { name } = this;
    const of = unique(this.#bindings.filter(({ by }) => by === "of"));
    const others = unique(this.#bindings.filter(({ by, role, name }) => by !== null && by !== "of" && name !== role.split(".")[0]));
    const chips = (names: string[], word: string) => (names.length > 0 ? html`${word} ${names.map((chip) => html`<span class="chip">${chip}</span>`)}` : nothing);
    return html`<header>
      <b class="name ${name ? "given" : ""}">${name ?? title}</b>
      ${name && name !== title ? html`<span>${title}</span>` : nothing} ${chips(of, "of")} ${chips(others, "with")}
      <span class="spacer"></span>
      <span class="note">${this.headerNote()}</span>
      ${this.#state()}
    </header>`;
  }

  #state(): TemplateResult | typeof nothing {
    if (this.status === "held") return this.#run("not run yet");
    if (this.outOfDate && this.status === "fulfilled") return this.#run("out of date");
    if (this.status === "pending") return html`<span class="state pending">computing</span>`;
    if (this.status === "waiting") return html`<span class="state waiting">waiting for ${this.waitingFor}</span>`;
    if (this.status === "rejected") return html`<span class="state rejected">error</span>`;
    return nothing;
  }

  #run(state: string): TemplateResult {
    return html`<span class="state waiting">${state}</span><button class="run" @click=${() => this.invalidate()}>Run</button>`;
  }
}

/** What elements compute with: plain data, and pictures where a code cell gives a picture tensor. */
async function asInputs(values: readonly unknown[], bound: readonly Binding[]): Promise<unknown[]> {
  return Promise.all(values.map(async (value, i) => (value instanceof KernelValue ? asInput(await value.read(), bound[i].name) : value)));
}

function unique(bound: readonly Binding[]): string[] {
  return [...new Set(bound.map(({ name }) => name))];
}
