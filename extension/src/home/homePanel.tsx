import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import type { Case, Project } from '@voxcord/schemas/api';
import type { JSX, ReactNode } from 'react';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { LookAgain } from '../ui/lookAgain.js';
import { IconButton } from '../ui/iconButton.js';
import {
  agreementIcon,
  consensusIcon,
  peopleIcon,
  plusIcon,
  protocolIcon,
  refreshCasesIcon,
  releaseIcon,
  voxcordIcon
} from '../ui/icons.js';
import { NewProject } from './newProject.js';
import type { HomeModel } from './homeModel.js';
import { MyReads } from './myReads.js';

/** Where one begins: the cases that one may see, and how to start another. Side panel and main area alike. */
export class HomePanel extends ReactWidget {
  private readonly lookAgain: LookAgain;

  constructor(
    private readonly model: HomeModel,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.title.icon = voxcordIcon;
    this.title.caption = trans.__('Voxcord: projects and cases');
    this.addClass('voxcord-Panel');
    this.addClass('voxcord-Home');
    // Somebody may have been given a case.
    this.lookAgain = new LookAgain(() => {
      if (this.isVisible) void model.load();
    });
  }

  override dispose(): void {
    this.lookAgain.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.model.load();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) void this.model.load();
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this.model.changed}>{() => this.draw()}</UseSignal>;
  }

  private draw(): ReactNode {
    const { model, trans } = this;
    return (
      <div className="voxcord-Panel-body">
        {model.error !== null && <LoadFailed error={model.error} onRetry={() => void model.load()} trans={trans} />}
        {model.projects === null && model.isLoading && <p className="voxcord-Spinner">{trans.__('Loading cases…')}</p>}
        {model.unsaved.reads.length > 0 && this.unsaved()}
        {model.myReads.length > 0 && <MyReads reads={model.myReads} commands={this.commands} trans={trans} />}
        {model.recent.length > 0 && this.recent()}
        {model.projects !== null && this.projects()}
        {this.start()}
        <NewProject commands={this.commands} trans={trans} />
        {this.commands.hasCommand(CommandIDs.openModels) && this.models()}
      </div>
    );
  }

  private unsaved(): ReactNode {
    const { model, trans } = this;
    return (
      <Section title={trans.__('Not saved yet')}>
        <p className="voxcord-Hint">
          {trans.__('This browser keeps changes that the server has not confirmed. Open the case to send them.')}
        </p>
        <ul className="voxcord-Rows">
          {model.unsaved.reads.map(({ readId, caseId, title, count }) => (
            <li key={readId} className="voxcord-Row" data-unsaved={readId}>
              <button
                className="voxcord-Row-main"
                title={trans.__('Open %1', title)}
                onClick={() => void this.commands.execute(CommandIDs.openCase, { case: caseId, read: readId })}
              >
                <span className="voxcord-Row-name">{title}</span>
                <span className="voxcord-Row-value">{trans._n('%1 change', '%1 changes', count)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Section>
    );
  }

  private recent(): ReactNode {
    return (
      <Section title={this.trans.__('Recent')}>
        <ul className="voxcord-Rows">
          {this.model.recent.map(({ case: id, title, path }) => (
            <li key={id} className="voxcord-Row">
              <button className="voxcord-Row-main" title={path ?? title} onClick={() => this.open(id)}>
                <span className="voxcord-Row-name">{title}</span>
              </button>
            </li>
          ))}
        </ul>
      </Section>
    );
  }

  private projects(): ReactNode {
    const { model, trans } = this;
    if (model.projects?.length === 0) {
      return (
        <div className="voxcord-Empty">
          <p>{trans.__('There is no project yet that you may see.')}</p>
          <p>
            {trans.__(
              'A project holds cases that are read by the same rules. The first case that you start makes one.'
            )}
          </p>
        </div>
      );
    }
    return model.projects?.map(({ project, cases }, n) => (
      <Section
        key={project.id}
        title={project.title}
        aside={
          <>
            {project.myRole === 'manager' && (
              <IconButton
                icon={plusIcon}
                label={trans.__('Start a case in %1', project.title)}
                text={trans.__('Start a case')}
                onClick={() => void this.commands.execute(CommandIDs.startCaseFromComputer, { project: project.id })}
              />
            )}
            {mayDecide(project) && (
              <>
                <IconButton
                  icon={agreementIcon}
                  label={trans.__('Agreement of readers in %1', project.title)}
                  text={trans.__('Agreement')}
                  onClick={() => void this.commands.execute(CommandIDs.openAgreement, { project: project.id })}
                />
                <IconButton
                  icon={releaseIcon}
                  label={trans.__('Releases of %1', project.title)}
                  text={trans.__('Releases')}
                  onClick={() => void this.commands.execute(CommandIDs.prepareRelease, { project: project.id })}
                />
              </>
            )}
            <IconButton
              icon={protocolIcon}
              label={trans.__('Protocol and people of %1', project.title)}
              text={trans.__('Protocol')}
              onClick={() => void this.commands.execute(CommandIDs.editProtocol, { project: project.id })}
            />
            {n === 0 && (
              <IconButton icon={refreshCasesIcon} label={trans.__('Refresh')} onClick={() => void model.load()} />
            )}
          </>
        }
      >
        {project.protocol !== null && (
          <p className="voxcord-Hint" data-protocol={project.protocol.version}>
            {project.protocol.blind
              ? trans.__('Read blind, by version %1 of the protocol', project.protocol.version)
              : trans.__('Read by version %1 of the protocol', project.protocol.version)}
          </p>
        )}
        {project.description !== '' && <p className="voxcord-Hint">{project.description}</p>}
        {cases.length === 0 && <p className="voxcord-Hint">{trans.__('No case has been started here yet.')}</p>}
        <ul className="voxcord-Rows">{cases.map(listed => this.case(listed, project))}</ul>
      </Section>
    ));
  }

  private case(listed: Case, project: Project): ReactNode {
    const { trans } = this;
    // One of each is what one expects.
    const detail = [
      ...(listed.volumes.length > 1 ? [trans._n('%1 volume', '%1 volumes', listed.volumes.length)] : []),
      ...(listed.reads.length > 1 ? [trans._n('%1 read', '%1 reads', listed.reads.length)] : [])
    ];
    return (
      <li key={listed.id} className="voxcord-Row" data-case={listed.id}>
        <button
          className="voxcord-Row-main"
          title={trans.__('Open %1', listed.title)}
          onClick={() => this.open(listed.id)}
        >
          <span className="voxcord-Row-name">{listed.title}</span>
          <span className="voxcord-Row-value">{detail.join(' · ')}</span>
        </button>
        {mayDecide(project) && (
          <IconButton
            icon={consensusIcon}
            label={trans.__('Open the consensus of %1', listed.title)}
            text={trans.__('Consensus')}
            onClick={() => void this.commands.execute(CommandIDs.openReview, { case: listed.id })}
          />
        )}
        {project.myRole === 'manager' && project.protocol !== null && (
          <IconButton
            icon={peopleIcon}
            label={trans.__('Who reads %1', listed.title)}
            text={trans.__('Who reads')}
            onClick={() =>
              void this.commands.execute(CommandIDs.assignReaders, { project: project.id, case: listed.id })
            }
          />
        )}
      </li>
    );
  }

  private start(): ReactNode {
    const { trans } = this;
    return (
      <Section title={trans.__('Start a case')}>
        <p className="voxcord-Hint">
          {trans.__(
            'A case begins with a NIfTI file (.nii or .nii.gz). Everybody in the project can open it and paint with you.'
          )}
        </p>
        <div className="voxcord-Actions">
          <button
            className="voxcord-Button voxcord-mod-primary"
            title={trans.__('A file of this computer')}
            onClick={() => void this.commands.execute(CommandIDs.startCaseFromComputer)}
          >
            {trans.__('Choose a file…')}
          </button>
          <button
            className="voxcord-Button"
            title={trans.__('The file that is selected in the file browser')}
            onClick={() => void this.commands.execute(CommandIDs.startCaseFromBrowser)}
          >
            {trans.__('Use the selected file')}
          </button>
        </div>
      </Section>
    );
  }

  private models(): ReactNode {
    const { trans } = this;
    return (
      <Section title={trans.__('Models')}>
        <p className="voxcord-Hint">
          {trans.__('A model labels cases as a reader among readers: marked as one, compared, weighted, copied from.')}
        </p>
        <div className="voxcord-Actions">
          <button className="voxcord-Button" onClick={() => void this.commands.execute(CommandIDs.openModels)}>
            {trans.__('Models…')}
          </button>
        </div>
      </Section>
    );
  }

  private open(id: string): void {
    void this.commands.execute(CommandIDs.openCase, { case: id });
  }
}

/** Consensus, agreement and releases are for those who decide, once there is a protocol to decide by. */
function mayDecide({ myRole, protocol }: Project): boolean {
  return protocol !== null && (myRole === 'manager' || myRole === 'adjudicator');
}
