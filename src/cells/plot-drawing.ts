import type { LitElement, ReactiveController } from "lit";
import { Coalesced } from "./coalesce";

export type PlotModule = typeof import("@observablehq/plot");

/** Narrower than this, in px, there is no room for axes. */
const NARROWEST = 120;

/**
 * Draws with Plot in a place of an element: Plot is loaded when it is first needed; the drawing is made again when it is
 * asked for, at most once every `interval` ms, and when its place has got another width. What is far from the screen rests.
 *
 *     private readonly drawing = new PlotDrawing(this, () => this.place, (plot, width) => this.draw(plot, width));
 */
export class PlotDrawing implements ReactiveController {
  /** why there is no drawing, for the person; null if all is well */
  failure: string | null = null;

  private plot: PlotModule | null = null;
  private started = false;
  private width = 0;
  private onScreen = true;
  private drawn = false;
  private readonly redraw: Coalesced;
  private readonly resizes = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width === this.width) return;
    this.width = width;
    this.request();
  });
  private readonly crossings = new IntersectionObserver((entries) => {
    this.onScreen = entries.at(-1)!.isIntersecting;
    if (this.onScreen) this.request();
  }, { rootMargin: "200px" });

  /**
   * @param place the element that holds the drawing, as soon as the host has rendered
   * @param draw puts the drawing into its place. @returns whether there was something to draw
   */
  constructor(
    private readonly host: LitElement,
    private readonly place: () => HTMLElement,
    private readonly draw: (plot: PlotModule, width: number) => boolean,
    interval = 100,
  ) {
    this.redraw = new Coalesced(() => this.run(), interval);
    host.addController(this);
  }

  /** Asks for the drawing anew. */
  request(): void {
    this.redraw.request();
  }

  hostConnected(): void {
    this.crossings.observe(this.host);
    if (this.started) this.resizes.observe(this.place());
  }

  hostDisconnected(): void {
    this.redraw.cancel();
    this.resizes.disconnect();
    this.crossings.disconnect();
  }

  hostUpdated(): void {
    if (this.started) return;
    this.started = true;
    this.resizes.observe(this.place());
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.plot = await import("@observablehq/plot");
    } catch {
      this.failure = "The curves could not be loaded. Are you offline? Reload the page to try again.";
      this.host.requestUpdate();
    }
    this.request();
  }

  private run(): void {
    if (!this.plot || !this.host.isConnected || this.width < NARROWEST || (!this.onScreen && this.drawn)) return;
    this.drawn = this.draw(this.plot, this.width);
  }
}
