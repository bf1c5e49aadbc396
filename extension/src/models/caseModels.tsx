import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ModelJob } from '@voxcord/schemas/api';
import { type ReactNode, useEffect, useState } from 'react';
import type { CaseView } from '../case/caseView.js';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';
import { isBlinded } from './blindness.js';
import { CopyLabels } from './copyLabels.js';
import { JobProgress } from './jobProgress.js';
import { jobStateText } from './jobTexts.js';
import { mayRunModels } from './mayRunModels.js';
import { nameAndVersion } from './modelTexts.js';
import { type ProjectJobs, isActive } from './projectJobs.js';
import { Provenance } from './provenance.js';
import type { VoxcordModels } from './voxcordModels.js';

interface CaseModelsProps {
  readonly view: CaseView;
  readonly models: VoxcordModels;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** What models do in the case in front. Who reads it blind sees nothing of it. */
export function CaseModels(props: CaseModelsProps): ReactNode {
  const { view } = props;
  const { case: opened, me } = view.model;
  if (view.kind !== 'case' || opened === null || me === null || isBlinded(opened, me.username)) return null;
  return <Jobs key={opened.id} {...props} caseId={opened.id} projectId={opened.projectId} />;
}

interface JobsProps extends CaseModelsProps {
  readonly caseId: string;
  readonly projectId: string;
}

function Jobs({ view, models, commands, trans, caseId, projectId }: JobsProps): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const mayRun = mayRunModels(view);
  const jobs = useJobs(models, mayRun ? projectId : null, ended => {
    // Its read is one more layer of the case; the next look at the case tries again.
    if (ended.some(job => job.caseId === caseId)) void view.model.refresh().catch(() => undefined);
  });
  const isModelRead = view.model.read?.purpose === 'model';
  const shown = jobs?.isHidden === false ? jobs.ofCase(caseId).filter(isOfInterest) : [];
  if (!mayRun && !isModelRead && shown.length === 0) return null;
  return (
    <Section
      title={trans.__('Models')}
      aside={
        mayRun && jobs?.isHidden !== true ? (
          <button
            className="voxcord-Button voxcord-mod-small"
            title={trans.__('Have a model label this case, as a reader among readers')}
            onClick={() => void commands.execute(CommandIDs.runModel, { case: caseId, project: projectId })}
          >
            {trans.__('Run a model…')}
          </button>
        ) : null
      }
    >
      {shown.map(job => (
        <div key={job.id} className="voxcord-Job" data-case-job={job.id} data-state={job.state}>
          <span className="voxcord-Job-head">
            <span className="voxcord-Job-title" title={nameAndVersion(job.model)}>
              {job.title} <span className="voxcord-Row-detail">· {jobStateText(job, trans)}</span>
            </span>
            {isActive(job) && (
              <button
                className="voxcord-Button voxcord-mod-small"
                aria-label={trans.__('Cancel %1', job.title)}
                onClick={() => {
                  setProblem(null);
                  jobs?.cancel(job.id).catch((reason: unknown) => setProblem(messageOf(reason)));
                }}
              >
                {trans.__('Cancel')}
              </button>
            )}
          </span>
          <JobProgress job={job} trans={trans} />
          {job.problem !== null && <p className="voxcord-Problem">{job.problem.detail}</p>}
        </div>
      ))}
      {problem !== null && (
        <p className="voxcord-Problem voxcord-Hint" role="alert">
          {problem}
        </p>
      )}
      {isModelRead && <ModelRead view={view} jobs={jobs} trans={trans} />}
    </Section>
  );
}

/** The read in front, if a model has labelled it: nobody signs it, so what made it stands in place of a signature. */
function ModelRead({
  view,
  jobs,
  trans
}: Pick<CaseModelsProps, 'view' | 'trans'> & { readonly jobs: ProjectJobs | null }): ReactNode {
  const { read } = view.model;
  if (read === null) return null;
  const provenance =
    view.reading.revisions.at(-1)?.model ?? jobs?.jobs?.find(job => job.read === read.id)?.provenance ?? null;
  return (
    <>
      <p className="voxcord-Hint">
        {trans.__(
          '%1 has labelled this, no person has. It can be looked at, compared and copied from, not changed.',
          read.reader.displayName
        )}
      </p>
      {provenance !== null && (
        <details className="voxcord-More-of voxcord-mod-inset">
          <summary>{trans.__('How it was made')}</summary>
          <Provenance provenance={provenance} trans={trans} />
        </details>
      )}
      <CopyLabels view={view} trans={trans} />
    </>
  );
}

/** What is under way, and what has failed since this page was loaded: what is done stands among the layers. */
function isOfInterest(job: ModelJob, place: number, newestFirst: readonly ModelJob[]): boolean {
  if (isActive(job)) return true;
  const newest = newestFirst.findIndex(({ model }) => model.sha256 === job.model.sha256);
  return job.state === 'failed' && newest === place && Date.parse(job.endedAt ?? '') > performance.timeOrigin;
}

/** Jobs of a project, followed for as long as they are shown. `projectId` null: they are not for this person. */
function useJobs(
  models: VoxcordModels,
  projectId: string | null,
  onEnded: (ended: readonly ModelJob[]) => void
): ProjectJobs | null {
  const [jobs, setJobs] = useState<ProjectJobs | null>(null);
  const [, redraw] = useState(0);
  useEffect(() => {
    if (projectId === null) return undefined;
    let isGone = false;
    // Without an answer there is nothing to show.
    models.jobsOf(projectId).then(
      found => (isGone ? undefined : setJobs(found)),
      () => undefined
    );
    return () => {
      isGone = true;
    };
  }, [models, projectId]);
  useEffect(() => {
    if (jobs === null) return undefined;
    const changed = (): void => redraw(count => count + 1);
    const ended = (_: ProjectJobs, over: readonly ModelJob[]): void => onEnded(over);
    jobs.changed.connect(changed);
    jobs.ended.connect(ended);
    const watching = jobs.watch();
    return () => {
      watching.dispose();
      jobs.changed.disconnect(changed);
      jobs.ended.disconnect(ended);
    };
    // What is done when jobs end is about the case, which does not change here.
  }, [jobs]);
  return jobs;
}
