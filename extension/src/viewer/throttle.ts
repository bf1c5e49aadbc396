/** Does something soon after it was asked for, and not more often than once in `milliseconds`. */
export class Throttle {
  constructor(
    private readonly milliseconds: number,
    private readonly action: () => void
  ) {}

  ask(): void {
    this._timer ??= window.setTimeout(() => {
      this._timer = null;
      this.action();
    }, this.milliseconds);
  }

  dispose(): void {
    if (this._timer !== null) window.clearTimeout(this._timer);
    this._timer = null;
  }

  private _timer: number | null = null;
}
