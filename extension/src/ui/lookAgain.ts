import type { IDisposable } from '@lumino/disposable';

/** Between two looks at what others may have done; ms. */
const INTERVAL = 15_000;

/** Looks again at what others may have changed: when the window gets the focus, and now and then while it can be seen. */
export class LookAgain implements IDisposable {
  private readonly timer: ReturnType<typeof setInterval>;
  private _isDisposed = false;

  constructor(private readonly look: () => void) {
    this.timer = setInterval(this.onTime, INTERVAL);
    window.addEventListener('focus', this.onTime);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    clearInterval(this.timer);
    window.removeEventListener('focus', this.onTime);
  }

  private readonly onTime = (): void => {
    if (!document.hidden) this.look();
  };
}
