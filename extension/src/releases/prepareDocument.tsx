import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { VersionStep } from '@voxcord/schemas/api';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { StateChip } from '../review/versionList.js';
import { dayText } from '../ui/dates.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { PageDocument } from '../ui/pageDocument.js';
import { type CandidateCase, Preparation } from './preparation.js';
import { nextVersion } from './versionNumbers.js';

export interface PrepareDocumentOptions {
  readonly service: VoxcordService;
  readonly commands: CommandRegistry;
  readonly projectId: string;
  readonly caseId: string | null;
  readonly trans: TranslationBundle;
}

/** Which cases, which version and what is said about it: before a release is put together. */
export class PrepareDocument extends PageDocument<Preparation> {
  constructor(private readonly options: PrepareDocumentOptions) {
    super(new Preparation(options.service.api, options.projectId, options.caseId));
    this.addClass('voxcord-Release');
  }

  /** Cases may have been decided meanwhile. */
  protected override look(): void {
    if (this.model.mayLookAgain) void this.model.load();
  }

  protected override draw(): ReactNode {
    const { model, options } = this;
    return (
      <PreparePage
        model={model}
        commands={options.commands}
        onPrepared={release => {
          void options.commands.execute(CommandIDs.openRelease, { release });
          this.parent?.close();
        }}
        trans={options.trans}
      />
    );
  }
}

interface PageProps {
  readonly model: Preparation;
  readonly commands: CommandRegistry;
  readonly onPrepared: (releaseId: string) => void;
  readonly trans: TranslationBundle;
}

function PreparePage({ model, commands, onPrepared, trans }: PageProps): ReactNode {
  const { project, pending, cases, error } = model;
  if (error !== null) {
    return <LoadFailed error={error} onRetry={() => void model.load()} trans={trans} />;
  }
  if (project === null || cases === null) {
    return <p className="voxcord-Spinner">{trans.__('Looking at the cases…')}</p>;
  }
  // An adjudicator signs releases and puts none together.
  const mayPrepare = project.myRole === 'manager';
  return (
    <article className="voxcord-Page">
      <header>
        <p className="voxcord-Page-kind">{mayPrepare ? trans.__('New release') : trans.__('Releases')}</p>
        <h1>
          {project.title} {mayPrepare && <span data-next-version>{nextVersion(model.releases, model.step)}</span>}
        </h1>
        <p>
          {trans.__(
            'A release is ground truth that does not change any more: labels, who made them and how, decisions and signatures, in one folder that anybody can check.'
          )}
        </p>
      </header>
      {pending !== null && (
        <div className="voxcord-Callout" role="note">
          <p>
            {mayPrepare
              ? trans.__('Release %1 waits for signatures. Sign or withdraw it first.', pending.version)
              : trans.__('Release %1 waits for signatures.', pending.version)}
          </p>
          <button
            className="voxcord-Button"
            onClick={() => void commands.execute(CommandIDs.openRelease, { release: pending.id })}
          >
            {trans.__('Open release %1', pending.version)}
          </button>
        </div>
      )}
      {mayPrepare ? (
        <PreparationForm model={model} commands={commands} onPrepared={onPrepared} trans={trans} />
      ) : (
        model.releases.length === 0 && (
          <p>{trans.__('Nothing is released yet. A manager of the project puts a release together.')}</p>
        )
      )}
      <Releases model={model} commands={commands} trans={trans} />
    </article>
  );
}

/** What goes into the next release. */
function PreparationForm({ model, commands, onPrepared, trans }: PageProps): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const cases = model.cases ?? [];
  const chosen = model.chosenCases.length;
  const prepare = async (): Promise<void> => {
    setProblem(null);
    try {
      onPrepared((await model.prepare()).id);
    } catch (reason) {
      setProblem(messageOf(reason));
    }
  };
  return (
    <>
      <Step model={model} trans={trans} />
      <section>
        <h2>{trans.__('Cases')}</h2>
        {cases.length === 0 && <p>{trans.__('This project has no case yet.')}</p>}
        <ul className="voxcord-Rows">
          {cases.map(candidate => (
            <Candidate key={candidate.case.id} candidate={candidate} model={model} commands={commands} trans={trans} />
          ))}
        </ul>
      </section>
      <section>
        <h2>
          <label htmlFor="voxcord-release-notes">{trans.__('Notes')}</label>
        </h2>
        <textarea
          id="voxcord-release-notes"
          className="voxcord-Field voxcord-mod-text"
          rows={4}
          maxLength={4000}
          placeholder={trans.__('What changed and why; what users of the data should know')}
          defaultValue={model.notes}
          onChange={event => {
            model.notes = event.target.value;
          }}
        />
      </section>
      {problem !== null && (
        <p className="voxcord-Problem" role="alert">
          {problem}
        </p>
      )}
      <div className="voxcord-Page-actions">
        <button
          className="voxcord-Button voxcord-mod-primary"
          data-act="prepare"
          disabled={chosen === 0 || model.pending !== null || model.isPreparing}
          onClick={() => void prepare()}
        >
          {model.isPreparing
            ? trans.__('Being put together…')
            : trans._n('Prepare with one case', 'Prepare with %1 cases', chosen)}
        </button>
        <span className="voxcord-Row-detail">
          {trans._n(
            'Then one person signs it.',
            'Then %1 people sign it.',
            model.protocol?.content.signatures.release ?? 1
          )}
        </span>
      </div>
    </>
  );
}

interface ReleasesProps {
  readonly model: Preparation;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** What was released before. */
function Releases({ model, commands, trans }: ReleasesProps): ReactNode {
  if (model.releases.length === 0) return null;
  return (
    <section>
      <h2>{trans.__('Releases')}</h2>
      <ul className="voxcord-Rows">
        {model.releases.map(release => (
          <li key={release.id} className="voxcord-Row" data-listed-release={release.version}>
            <button
              className="voxcord-Row-main"
              onClick={() => void commands.execute(CommandIDs.openRelease, { release: release.id })}
            >
              <span className="voxcord-Row-name">
                <b>{release.version}</b> <StateChip release={release} trans={trans} />
              </span>
              <span className="voxcord-Row-value">{dayText(release.releasedAt ?? release.createdAt)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Step({ model, trans }: { readonly model: Preparation; readonly trans: TranslationBundle }): ReactNode {
  if (model.isFirst) return null;
  const steps: readonly [VersionStep, string, string][] = [
    ['major', trans.__('Major'), trans.__('what the labels mean has changed')],
    ['minor', trans.__('Minor'), trans.__('cases or lesions were added or changed')],
    ['patch', trans.__('Patch'), trans.__('only texts changed; every label is the same')]
  ];
  return (
    <section>
      <h2>{trans.__('Version')}</h2>
      <div role="radiogroup" aria-label={trans.__('Version')}>
        {steps.map(([step, name, means]) => (
          <label key={step} className="voxcord-Page-choice">
            <input
              type="radio"
              name="voxcord-release-step"
              value={step}
              checked={model.step === step}
              onChange={() => {
                model.step = step;
              }}
            />
            <b>{name}</b> {nextVersion(model.releases, step)} <span className="voxcord-Row-detail">{means}</span>
          </label>
        ))}
      </div>
    </section>
  );
}

interface CandidateProps {
  readonly candidate: CandidateCase;
  readonly model: Preparation;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

function Candidate({ candidate, model, commands, trans }: CandidateProps): ReactNode {
  const { case: one, readiness } = candidate;
  const isReady = readiness?.kind === 'ready';
  return (
    <li className="voxcord-Row" data-candidate-case={one.id} data-readiness={readiness?.kind ?? 'looking'}>
      <label className="voxcord-Row-main">
        <input
          type="checkbox"
          className="voxcord-Check"
          checked={model.isChosen(one.id)}
          disabled={!isReady}
          onChange={event => model.choose(one.id, event.target.checked)}
        />
        <span className="voxcord-Row-name">{one.title}</span>
        <span className={`voxcord-Chip${isReady ? ' voxcord-mod-good' : ''}`}>{readinessText(candidate, trans)}</span>
      </label>
      <button className="voxcord-Button" onClick={() => void commands.execute(CommandIDs.openReview, { case: one.id })}>
        {trans.__('Consensus')}
      </button>
    </li>
  );
}

function readinessText({ readiness }: CandidateCase, trans: TranslationBundle): string {
  switch (readiness?.kind) {
    case undefined:
      return trans.__('looking…');
    case 'ready':
      return trans.__('decided');
    case 'no-consensus':
      return trans.__('no consensus yet');
    case 'running':
      return trans.__('consensus is being computed');
    case 'outdated':
      return trans.__('a read changed: compute the consensus again');
    case 'open-disputes':
      return trans.__('%1 of %2 disputes decided', readiness.decided, readiness.asked);
    case 'adjudication-open':
      return trans.__('adjudication not signed');
  }
}
