/** Over how long the rate is taken, in ms. */
const SPAN = 5000;

/** How many steps a second something makes, over the last seconds. */
export class StepRate {
  private recent: { step: number; time: number }[] = [];

  /** Notes that a step is done. */
  count(step: number): void {
    this.recent.push({ step, time: performance.now() });
  }

  /** Forgets what was before a pause. */
  restart(): void {
    this.recent = [];
  }

  /** 0 until two steps have been counted. */
  perSecond(): number {
    const newest = this.recent[this.recent.length - 1];
    if (!newest) return 0;
    while (this.recent.length > 2 && newest.time - this.recent[0].time > SPAN) this.recent.shift();
    const oldest = this.recent[0];
    return newest.step === oldest.step ? 0 : ((newest.step - oldest.step) / (newest.time - oldest.time)) * 1000;
  }
}
