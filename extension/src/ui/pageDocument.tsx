import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import type { JSX, ReactNode } from 'react';
import { LookAgain } from './lookAgain.js';

/** What a page shows, and when that has changed. */
export interface PageModel {
  readonly changed: ISignal<PageModel, unknown>;
  dispose(): void;
}

/**
 * A page in the main area: drawn anew when its model changes, reachable by keyboard, and told when others may have changed
 * what it shows. It owns its model.
 */
export abstract class PageDocument<Model extends PageModel> extends ReactWidget {
  private readonly lookAgain = new LookAgain(() => {
    if (this.isVisible) this.look();
  });

  constructor(readonly model: Model) {
    super();
    this.node.tabIndex = -1;
  }

  protected abstract draw(): ReactNode;

  /** Called while the page can be seen: when it comes to the front, and now and then. */
  protected look(): void {
    // Most pages change by what is done on them alone.
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.lookAgain.dispose();
    this.model.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.look();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.focus({ preventScroll: true });
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this.model.changed}>{() => this.draw()}</UseSignal>;
  }
}
