import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { CloseCode } from '@voxcord/schemas/rooms';
import type { JSX, ReactNode } from 'react';
import { RoomRefused, messageOf } from '../client/index.js';
import { saveCopy } from './caseCopy.js';
import type { CaseView } from './caseView.js';
import { returnFocusAfterPointer } from '../ui/returnFocus.js';
import { openingProblemText, refusalText } from './problemText.js';
import { tellProblem } from '../ui/notices.js';

interface Action {
  readonly label: string;
  readonly run: () => void;
  readonly primary?: boolean;
}

/** The line above the picture that says what happened, what is safe and what to do. Empty when all is well. */
export class CaseNotice extends ReactWidget {
  constructor(
    private readonly view: CaseView,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('voxcord-CaseNotice');
    // Space and Enter press the button that has the focus.
    this.node.dataset['lmSuppressShortcuts'] = 'true';
    returnFocusAfterPointer(this.node, () => view);
  }

  protected override render(): JSX.Element {
    const { model, reading } = this.view;
    return (
      <UseSignal signal={model.changed}>
        {() => <UseSignal signal={reading.changed}>{() => this.notice()}</UseSignal>}
      </UseSignal>
    );
  }

  private notice(): ReactNode {
    const { trans } = this;
    const { model } = this.view;
    const { phase, readPhase } = model;
    if (phase.kind === 'failed') {
      return this.alert(openingProblemText(phase.error, trans), [
        { label: trans.__('Try again'), run: () => void this.view.open(), primary: true }
      ]);
    }
    if (phase.kind === 'opening') return this.status(trans.__('Opening the case…'));
    if (readPhase.kind === 'joining') return this.status(trans.__('Joining the read…'));
    if (readPhase.kind === 'failed') {
      const { error } = readPhase;
      const isOtherHistory = error instanceof RoomRefused && error.closeCode === CloseCode.otherEpoch;
      return this.alert(openingProblemText(error, trans), [
        isOtherHistory
          ? { label: this.mergeLabel, run: () => void this.rejoin(true), primary: true }
          : { label: trans.__('Try again'), run: () => void this.rejoin(false), primary: true }
      ]);
    }
    if (readPhase.kind === 'none') return this.view.kind === 'review' ? null : this.noRead();
    return this.refusal();
  }

  private refusal(): ReactNode {
    const { trans } = this;
    const { model } = this.view;
    const { saveState, session } = model;
    if (saveState === null || session === null || saveState.kind !== 'refused') return null;
    const copy: Action = { label: trans.__('Save a copy'), run: () => void saveCopy(model) };
    const reconnect: Action = { label: trans.__('Reconnect'), run: () => session.retry(), primary: true };
    const merge: Action = {
      label: this.mergeLabel,
      run: () => void this.merge(),
      primary: true
    };
    const first = saveState.code === CloseCode.otherEpoch ? merge : reconnect;
    return this.alert(refusalText(saveState.code, saveState.count, trans), [first, copy]);
  }

  private noRead(): ReactNode {
    const { trans } = this;
    const { model, reading } = this.view;
    const [waiting] = reading.waiting;
    if (waiting !== undefined) {
      const begin: Action = { label: trans.__('Begin reading'), run: () => void this.begin(waiting.id), primary: true };
      return this.status(
        waiting.access === 'blind'
          ? trans.__('You have been given this case to read. Blind read: you see nobody, nobody sees you.')
          : trans.__('You have been given this case to read.'),
        [begin]
      );
    }
    if (reading.project !== null && reading.project.protocol !== null) {
      return reading.project.myRole === 'manager'
        ? this.status(trans.__('This case is read under the protocol.'), [
            { label: trans.__('Readers…'), run: () => this.view.chooseReaders() }
          ])
        : this.status(trans.__('This case is read under the protocol, and you have not been given it.'));
    }
    return this.status(trans.__('Nobody has begun a read of this case, or none that you may see.'), [
      { label: trans.__('Read together'), run: () => void model.beginRead({ access: 'shared' }), primary: true },
      { label: trans.__('Read on my own'), run: () => void model.beginRead({ access: 'blind' }) }
    ]);
  }

  private async begin(readId: string): Promise<void> {
    try {
      await this.view.reading.begin(readId);
    } catch (reason) {
      tellProblem(messageOf(reason));
    }
  }

  private get mergeLabel(): string {
    return this.trans.__('Add my strokes to the server’s version');
  }

  private async merge(): Promise<void> {
    const { trans, view } = this;
    const added = await view.model.mergeIntoServersHistory();
    if (added === null) {
      view.viewer.tell(trans.__('The server’s version cannot be joined now. Your copy is as it was; try again.'));
    } else this.tellAdded(added);
  }

  private async rejoin(anyEpoch: boolean): Promise<void> {
    const { model } = this.view;
    if (model.read === null) return;
    await model.join(model.read, anyEpoch);
    if (anyEpoch && model.session !== null) this.tellAdded(model.session.repainted);
  }

  private tellAdded(added: number): void {
    const { trans } = this;
    this.view.viewer.tell(
      added === 0
        ? trans.__('The server has all your strokes already.')
        : trans._n('%1 stroke was added.', '%1 strokes were added.', added)
    );
  }

  private status(text: string, actions: readonly Action[] = []): ReactNode {
    return (
      <div className="voxcord-Notice" role="status">
        <span className="voxcord-Notice-text">{text}</span>
        {buttons(actions)}
      </div>
    );
  }

  private alert(text: string, actions: readonly Action[]): ReactNode {
    return (
      <div className="voxcord-Notice voxcord-mod-alert" role="alert">
        <span className="voxcord-Notice-text">{text}</span>
        {buttons(actions)}
      </div>
    );
  }
}

function buttons(actions: readonly Action[]): ReactNode {
  return actions.map(({ label, run, primary }) => (
    <button key={label} className={`voxcord-Button${primary === true ? ' voxcord-mod-primary' : ''}`} onClick={run}>
      {label}
    </button>
  ));
}
