import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ISignal, Signal } from '@lumino/signaling';
import type { CaseTracker } from './caseTracker.js';
import type { CaseView } from './caseView.js';

/** The case that a person works in now: none while a notebook or another document is in front. */
export class CaseInFront {
  private _view: CaseView | null = null;
  private readonly _changed = new Signal<this, void>(this);

  constructor(
    private readonly tracker: CaseTracker,
    private readonly shell: JupyterFrontEnd.IShell
  ) {
    shell.currentChanged?.connect(this.look);
    tracker.currentChanged.connect(this.look);
    tracker.widgetAdded.connect((_, widget) => {
      widget.disposed.connect(this.look);
      widget.content.changed.connect(this.emitChanged);
      this.look();
    });
    this.look();
  }

  get view(): CaseView | null {
    return this._view;
  }

  /** Another case is in front, or anything of an open case changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** All open cases, in front or not. */
  get open(): readonly { readonly id: string; readonly view: CaseView }[] {
    const open: { id: string; view: CaseView }[] = [];
    this.tracker.forEach(({ id, content }) => open.push({ id, view: content }));
    return open;
  }

  private readonly look = (): void => {
    this._view = this.find();
    this._changed.emit();
  };

  private readonly emitChanged = (): void => {
    this._changed.emit();
  };

  private find(): CaseView | null {
    const { currentWidget } = this.shell;
    const tracked = this.tracker.currentWidget;
    // Right after a reload nothing has been activated yet.
    const front = currentWidget ?? (tracked?.isVisible === true ? tracked : null);
    if (front === null || front.isDisposed) return null;
    return this.tracker.find(widget => widget === front)?.content ?? null;
  }
}
