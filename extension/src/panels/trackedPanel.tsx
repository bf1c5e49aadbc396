import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { JSX, ReactNode } from 'react';
import type { CaseTracker } from '../case/caseTracker.js';
import type { CaseView } from '../case/caseView.js';
import { returnFocusAfterPointer } from '../ui/returnFocus.js';

/** A widget that follows the case in front and is drawn anew when anything of it changes. */
export abstract class TrackedPanel extends ReactWidget {
  private readonly redraw = new Signal<this, void>(this);
  private _view: CaseView | null = null;

  constructor(tracker: CaseTracker) {
    super();
    returnFocusAfterPointer(this.node, () => this._view);
    tracker.currentChanged.connect((_, widget) => this.follow(widget?.content ?? null));
    this.follow(tracker.currentWidget?.content ?? null);
  }

  /** The case in front; null if none is open. */
  protected get view(): CaseView | null {
    return this._view;
  }

  protected abstract draw(view: CaseView | null): ReactNode;

  protected override render(): JSX.Element {
    return <UseSignal signal={this.redraw}>{() => this.draw(this._view)}</UseSignal>;
  }

  private follow(view: CaseView | null): void {
    if (view === this._view) return;
    this._view?.changed.disconnect(this.onChange);
    this._view = view;
    view?.changed.connect(this.onChange);
    this.redraw.emit();
  }

  private readonly onChange = (): void => {
    this.redraw.emit();
  };
}
