import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ModelJob } from '@voxcord/schemas/api';
import { modelUsername } from '@voxcord/schemas/models';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { instantText } from '../ui/dates.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { jobStateText } from './jobTexts.js';
import { JobProgress } from './jobProgress.js';
import { mayEvaluateIn } from './mayRunModels.js';
import { nameAndVersion } from './modelTexts.js';
import type { ModelsPageModel } from './modelsPageModel.js';
import { Provenance } from './provenance.js';
import { isActive } from './projectJobs.js';

interface JobListProps {
  readonly model: ModelsPageModel;
  readonly commands: CommandRegistry;
  /** Does something that may fail, and shows what went wrong. */
  readonly run: (action: () => Promise<void>) => void;
  readonly trans: TranslationBundle;
}

/** As many as are looked at; the rest is history. */
const FIRST = 20;

/** What models are doing and have done in the project on show. */
export function JobList(props: JobListProps): ReactNode {
  const { model, trans } = props;
  const { jobs, project, error } = model;
  const [isWhole, setWhole] = useState(false);
  if (error !== null) {
    return <LoadFailed error={error} onRetry={() => void model.look()} trans={trans} />;
  }
  if (project === null || jobs === null || jobs.isHidden) return null;
  const list = jobs.jobs;
  const active = list?.filter(isActive).length ?? 0;
  return (
    <Section title={trans.__('Jobs')} aside={active === 0 ? null : trans._n('%1 under way', '%1 under way', active)}>
      {jobs.error !== null && (
        <p className="voxcord-Problem voxcord-Hint" role="alert">
          {messageOf(jobs.error)}
        </p>
      )}
      {list === null && jobs.error === null && <p className="voxcord-Spinner">{trans.__('Looking for jobs…')}</p>}
      {list?.length === 0 && (
        <p className="voxcord-Hint">
          {trans.__(
            'No model has been run in this project. A job goes on when you leave this page, and its result is a read of the case.'
          )}
        </p>
      )}
      <ul className="voxcord-Rows" aria-label={trans.__('Jobs')}>
        {list?.slice(0, isWhole ? undefined : FIRST).map(job => (
          <JobRow key={job.id} {...props} job={job} />
        ))}
      </ul>
      {list !== null && list.length > FIRST && !isWhole && (
        <div className="voxcord-Actions">
          <button className="voxcord-Button" onClick={() => setWhole(true)}>
            {trans.__('Show all %1', list.length)}
          </button>
        </div>
      )}
    </Section>
  );
}

function JobRow({ job, model, commands, run, trans }: JobListProps & { readonly job: ModelJob }): ReactNode {
  const caseTitle = model.caseTitle(job.caseId) ?? trans.__('a case that is gone');
  const about = `${job.title} · ${caseTitle}`;
  return (
    <li className="voxcord-Job" data-job={job.id} data-state={job.state}>
      <span className="voxcord-Job-head">
        <span className={`voxcord-Chip${chipOf(job)}`}>{jobStateText(job, trans)}</span>
        <span className="voxcord-Job-title" title={nameAndVersion(job.model)}>
          {caseTitle} <span className="voxcord-Row-detail">· {job.title}</span>
        </span>
        <span className="voxcord-Form-line">
          {isActive(job) && (
            <button
              className="voxcord-Button voxcord-mod-small"
              aria-label={trans.__('Cancel %1', about)}
              onClick={() => run(async () => model.jobs?.cancel(job.id))}
            >
              {trans.__('Cancel')}
            </button>
          )}
          {job.state === 'done' && job.read !== null && (
            <button
              className="voxcord-Button voxcord-mod-small"
              aria-label={trans.__('Open the read of %1', about)}
              onClick={() => void commands.execute(CommandIDs.openCase, { case: job.caseId, read: job.read })}
            >
              {trans.__('Open read')}
            </button>
          )}
          {job.state === 'done' && mayEvaluateIn(model.project) && commands.hasCommand(CommandIDs.evaluate) && (
            <button
              className="voxcord-Button voxcord-mod-small"
              aria-label={trans.__('Evaluate %1', about)}
              onClick={() =>
                void commands.execute(CommandIDs.evaluate, {
                  project: job.projectId,
                  reader: modelUsername(job.model)
                })
              }
            >
              {trans.__('Evaluate…')}
            </button>
          )}
        </span>
      </span>
      <JobProgress job={job} trans={trans} />
      {job.problem !== null && (
        <p className="voxcord-Problem" data-code={job.problem.code}>
          {job.problem.detail}
        </p>
      )}
      {job.warnings.map(warning => (
        <p key={warning} className="voxcord-Warning">
          {warning}
        </p>
      ))}
      <span className="voxcord-Row-detail">
        {trans.__('asked for by %1, %2', job.requestedBy.displayName, instantText(job.createdAt))}
        {job.attempts > 1 && ` · ${trans.__('begun %1 times', job.attempts)}`}
      </span>
      {job.provenance !== null && (
        <details className="voxcord-More-of">
          <summary aria-label={trans.__('How it was made: %1', about)}>{trans.__('How it was made')}</summary>
          <Provenance provenance={job.provenance} trans={trans} />
        </details>
      )}
    </li>
  );
}

function chipOf({ state }: ModelJob): string {
  switch (state) {
    case 'done':
      return ' voxcord-mod-good';
    case 'failed':
      return ' voxcord-mod-bad';
    case 'running':
      return ' voxcord-mod-open';
    default:
      return '';
  }
}
