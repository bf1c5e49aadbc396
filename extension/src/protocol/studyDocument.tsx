import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import type { JSX, KeyboardEvent, ReactNode } from 'react';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { MembersModel } from '../members/membersModel.js';
import { MembersTab } from '../members/membersTab.js';
import { ReadsTab } from '../reading/readsTab.js';
import { StudyReads } from '../reading/studyReads.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { StrataModel } from '../strata/strataModel.js';
import { StrataTab } from '../strata/strataTab.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { LookAgain } from '../ui/lookAgain.js';
import { draftStateText } from './draftStateText.js';
import { DiscardButton } from './discardButton.js';
import { lockProtocol } from './lockProtocol.js';
import { ProtocolModel } from './protocolModel.js';
import { ProtocolTab } from './protocolTab.js';
import { STUDY_TABS, type StudyTab } from './studyTabs.js';

export interface StudyDocumentOptions {
  readonly service: VoxcordService;
  readonly commands: CommandRegistry;
  readonly projectId: string;
  readonly tab: StudyTab;
  readonly trans: TranslationBundle;
}

/** A project as a document: its protocol, its people, who reads which case, and what the cases differ in. */
export class StudyDocument extends ReactWidget {
  readonly projectId: string;
  readonly protocol: ProtocolModel;
  readonly members: MembersModel;
  readonly reads: StudyReads;
  readonly strata: StrataModel;
  private readonly lookAgain: LookAgain;
  private readonly trans: TranslationBundle;
  private readonly commands: CommandRegistry;
  private _tab: StudyTab;
  private caseId: string | null = null;
  private problem: string | null = null;
  /** How many things are being done, and when the last of them is. */
  private running = 0;
  private last = Promise.resolve();
  private readonly _changed = new Signal<this, void>(this);

  constructor({ service, commands, projectId, tab, trans }: StudyDocumentOptions) {
    super();
    this.addClass('voxcord-Study');
    this.node.tabIndex = -1;
    this.projectId = projectId;
    this.trans = trans;
    this.commands = commands;
    this._tab = tab;
    this.protocol = new ProtocolModel(service, projectId);
    this.members = new MembersModel(service, projectId);
    this.reads = new StudyReads(service, projectId);
    this.strata = new StrataModel(service, projectId);
    for (const { changed } of [this.protocol, this.members, this.reads, this.strata]) {
      changed.connect(this.emitChanged, this);
    }
    this.lookAgain = new LookAgain(() => {
      if (this.isVisible && this._tab === 'reads') void this.reads.load();
      if (this.isVisible && this._tab === 'groups') void this.strata.load();
    });
    void this.refresh();
  }

  /** Anything that the document shows changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get tab(): StudyTab {
    return this._tab;
  }

  /** Turns to a tab; on that of the reads to a case. */
  turnTo(tab: StudyTab, caseId: string | null = null): void {
    this._tab = tab;
    this.caseId = caseId;
    void this.refresh();
    this._changed.emit();
  }

  /** Title of the project; empty until it is known. */
  get projectTitle(): string {
    return this.protocol.project?.title ?? '';
  }

  /** Something that was written here is not stored yet. */
  get isAtRisk(): boolean {
    return this.protocol.draftState.kind !== 'saved' || this.running > 0;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.lookAgain.dispose();
    this.protocol.dispose();
    this.members.dispose();
    this.reads.dispose();
    this.strata.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  protected override onBeforeHide(message: Message): void {
    super.onBeforeHide(message);
    void this.protocol.flush();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.node.focus({ preventScroll: true });
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this._changed}>{() => this.draw()}</UseSignal>;
  }

  private draw(): ReactNode {
    const { trans, protocol } = this;
    const { phase } = protocol;
    if (phase.kind === 'loading') return <p className="voxcord-Spinner">{trans.__('Loading the project…')}</p>;
    if (phase.kind === 'failed') {
      return <LoadFailed error={phase.error} onRetry={() => void this.refresh()} trans={trans} isPage />;
    }
    return (
      <>
        {this.header()}
        {this.problem !== null && (
          <div className="voxcord-Notice voxcord-mod-alert" role="alert">
            <span className="voxcord-Notice-text">{this.problem}</span>
            <button className="voxcord-Button" onClick={() => this.tell(null)}>
              {trans.__('Close')}
            </button>
          </div>
        )}
        <div className="voxcord-Study-body" role="tabpanel" aria-label={this.tabName(this._tab)}>
          {this.body()}
        </div>
      </>
    );
  }

  private body(): ReactNode {
    const { trans, protocol, run } = this;
    const { project } = protocol;
    if (project === null) return null;
    switch (this._tab) {
      case 'protocol':
        return <ProtocolTab model={protocol} trans={trans} run={run} />;
      case 'people':
        return (
          <MembersTab
            model={this.members}
            mayManage={protocol.mayManage}
            everyone={project.everyone}
            trans={trans}
            run={run}
          />
        );
      case 'reads':
        return (
          <ReadsTab
            model={this.reads}
            project={project}
            rules={protocol.locked?.content.readers ?? null}
            caseId={this.caseId}
            onOpenCase={id => void this.commands.execute(CommandIDs.openCase, { case: id })}
            trans={trans}
            run={run}
          />
        );
      case 'groups':
        return <StrataTab model={this.strata} trans={trans} run={run} />;
    }
  }

  private header(): ReactNode {
    const { trans, protocol } = this;
    // One that is shown already stays, whoever may turn to it.
    const tabs = STUDY_TABS.filter(tab => tab !== 'groups' || protocol.mayManage || this._tab === tab);
    const onKey = (event: KeyboardEvent): void => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      const next = tabs[(tabs.indexOf(this._tab) + step + tabs.length) % tabs.length];
      if (step === 0 || next === undefined) return;
      event.preventDefault();
      this.turnTo(next);
      requestAnimationFrame(() => this.node.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus());
    };
    return (
      <header className="voxcord-Study-header">
        <h1 title={this.projectTitle}>{this.projectTitle}</h1>
        <span className="voxcord-Choice" role="tablist" aria-label={trans.__('Parts of the project')} onKeyDown={onKey}>
          {tabs.map(tab => (
            <button
              key={tab}
              role="tab"
              className={`voxcord-Button${tab === this._tab ? ' voxcord-mod-pressed' : ''}`}
              aria-selected={tab === this._tab}
              tabIndex={tab === this._tab ? 0 : -1}
              data-tab={tab}
              onClick={() => this.turnTo(tab)}
            >
              {this.tabName(tab)}
            </button>
          ))}
        </span>
        <span className="voxcord-Study-spacer" />
        {this._tab === 'protocol' && protocol.mayEdit && this.draftActions()}
      </header>
    );
  }

  private draftActions(): ReactNode {
    const { trans, protocol, run } = this;
    const state = protocol.draftState;
    const errors = protocol.errors.length;
    const isStoppable = errors > 0 || state.kind === 'conflict' || state.kind === 'incomplete' || this.running > 0;
    return (
      <>
        <span className="voxcord-Row-detail" role="status" data-draft-state={state.kind}>
          {draftStateText(state, trans)}
        </span>
        {state.kind === 'failed' && (
          <button className="voxcord-Button" onClick={() => void run(() => protocol.retry())}>
            {trans.__('Save again')}
          </button>
        )}
        <DiscardButton trans={trans} onDiscard={() => void run(() => protocol.discard())} />
        <button
          className="voxcord-Button voxcord-mod-primary"
          disabled={isStoppable}
          title={
            errors > 0
              ? trans._n(
                  'One thing must be done before the protocol can be locked; see the list on the right',
                  '%1 things must be done before the protocol can be locked; see the list on the right',
                  errors
                )
              : trans.__('Locks the protocol with your signature')
          }
          onClick={() => void run(() => this.lock())}
        >
          {trans.__('Lock and sign…')}
        </button>
      </>
    );
  }

  private async lock(): Promise<void> {
    if ((await lockProtocol(this.protocol, this.trans)) !== null) await this.refresh();
  }

  private tabName(tab: StudyTab): string {
    const { trans } = this;
    return {
      protocol: trans.__('Protocol'),
      people: trans.__('People'),
      reads: trans.__('Reads'),
      groups: trans.__('Groups')
    }[tab];
  }

  private async refresh(): Promise<void> {
    await Promise.all([
      this.protocol.load(),
      ...(this._tab === 'people' ? [this.members.load()] : []),
      ...(this._tab === 'reads' ? [this.reads.load()] : []),
      ...(this._tab === 'groups' ? [this.strata.load()] : [])
    ]);
  }

  /** Does things that may fail, one after the other, and shows what went wrong. Answers whether it was done. */
  private readonly run = (action: () => Promise<void>): Promise<boolean> => {
    this.running++;
    this.tell(null);
    const done = this.last.then(action).then(
      () => true,
      (reason: unknown) => {
        this.tell(messageOf(reason));
        return false;
      }
    );
    this.last = done.then(() => {
      this.running--;
      this.emitChanged();
    });
    return done;
  };

  private tell(problem: string | null): void {
    this.problem = problem;
    this.emitChanged();
  }

  private readonly emitChanged = (): void => {
    if (!this.isDisposed) this._changed.emit();
  };
}
