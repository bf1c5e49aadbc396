import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { JSX, ReactNode } from 'react';
import type { CaseInFront } from '../case/caseInFront.js';
import type { CaseView } from '../case/caseView.js';
import { returnFocusAfterPointer } from '../ui/returnFocus.js';

/** A widget that follows the case in front and is drawn anew when anything of it changes. */
export abstract class TrackedPanel extends ReactWidget {
  constructor(protected readonly front: CaseInFront) {
    super();
    returnFocusAfterPointer(this.node, () => front.view);
  }

  /** `view` is the case in front; null: another document is, or none. */
  protected abstract draw(view: CaseView | null): ReactNode;

  protected override render(): JSX.Element {
    return <UseSignal signal={this.front.changed}>{() => this.draw(this.front.view)}</UseSignal>;
  }
}
