import type { TranslationBundle } from '@jupyterlab/translation';
import type { ViewerPhase } from './contracts.js';
import { element } from './paneChrome.js';

/** A picture that is there sooner than this needs no progress bar. */
const PATIENCE_MS = 200;
const MESSAGE_MS = 3500;

/** What stands where the picture will be: progress with cancel, an error with another try; and short messages. */
export class ViewerStatus {
  readonly node = element('div', 'vx-Status');

  constructor(
    private readonly trans: TranslationBundle,
    onCancel: () => void,
    onRetry: () => void
  ) {
    this._bar.max = 1;
    this._action.addEventListener('click', () => (this._phase === 'failed' ? onRetry() : onCancel()));
    this._box.append(this._text, this._bar, this._action);
    this._box.setAttribute('role', 'status');
    this._message.setAttribute('role', 'status');
    this.node.append(this._box, this._message);
    this._box.hidden = true;
    this._message.hidden = true;
  }

  show(phase: ViewerPhase): void {
    const { trans } = this;
    const began = this._phase !== phase.phase;
    this._phase = phase.phase;
    if (began) window.clearTimeout(this._patience);
    this._bar.hidden = phase.phase !== 'loading';
    switch (phase.phase) {
      case 'loading':
        this._text.textContent = trans.__('Loading the image… %1 %', Math.floor(phase.fraction * 100));
        this._bar.value = phase.fraction;
        this._action.textContent = trans.__('Cancel');
        this._action.hidden = false;
        if (began) {
          this._box.hidden = true;
          this._patience = window.setTimeout(() => (this._box.hidden = false), PATIENCE_MS);
        }
        break;
      case 'failed':
        this._text.textContent = phase.error.message;
        this._action.textContent = trans.__('Try again');
        this._action.hidden = false;
        this._box.hidden = false;
        break;
      case 'empty':
        this._text.textContent = trans.__('No image is open.');
        this._action.hidden = true;
        this._box.hidden = false;
        break;
      case 'ready':
        this._box.hidden = true;
    }
  }

  tell(message: string): void {
    this._message.textContent = message;
    this._message.hidden = false;
    window.clearTimeout(this._fading);
    this._fading = window.setTimeout(() => (this._message.hidden = true), MESSAGE_MS);
  }

  dispose(): void {
    window.clearTimeout(this._patience);
    window.clearTimeout(this._fading);
  }

  private readonly _box = element('div', 'vx-Status-box');
  private readonly _text = element('p', 'vx-Status-text');
  private readonly _bar = element('progress', 'vx-Status-bar');
  private readonly _action = element('button', 'vx-Status-action');
  private readonly _message = element('div', 'vx-Status-message');
  private _phase: ViewerPhase['phase'] | null = null;
  private _patience: number | undefined = undefined;
  private _fading: number | undefined = undefined;
}
