/** Losses in a row after which the hardware is left alone. */
const MOST_LOSSES = 4;

export interface ContextGuardEvents {
  isInSight(): boolean;
  rebuild(): void;
  giveUp(): void;
}

/**
 * What to do when the browser takes a graphics context away: build the picture again, once it is in
 * sight. Hidden viewers that all wanted a context back would take it from each other.
 */
export class ContextGuard {
  constructor(private readonly events: ContextGuardEvents) {}

  lost(): void {
    this._isWaiting = !this.events.isInSight();
    if (this._isWaiting) return;
    this._losses++;
    if (this._losses < MOST_LOSSES) {
      this.events.rebuild();
      return;
    }
    this._losses = 0;
    this.events.giveUp();
  }

  /** The picture came into sight. */
  shown(): void {
    if (!this._isWaiting) return;
    this._isWaiting = false;
    this.events.rebuild();
  }

  private _losses = 0;
  private _isWaiting = false;
}
