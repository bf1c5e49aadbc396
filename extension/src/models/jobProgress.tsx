import type { TranslationBundle } from '@jupyterlab/translation';
import type { ModelJob } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { remainingText } from './jobTexts.js';

interface JobProgressProps {
  readonly job: ModelJob;
  readonly trans: TranslationBundle;
}

/** How far a job is that runs, what it does, and how long it still takes. */
export function JobProgress({ job, trans }: JobProgressProps): ReactNode {
  if (job.state !== 'running') return null;
  const percent = Math.floor(job.fraction * 100);
  const details = [job.step, trans.__('%1 %', percent), remainingText(job, trans)];
  return (
    <span className="voxcord-Job-progress">
      <progress className="voxcord-Progress" value={job.fraction} aria-label={trans.__('Progress of %1', job.title)} />
      <span className="voxcord-Row-detail" data-percent={percent}>
        {details.filter(text => text !== null && text !== '').join(' · ')}
      </span>
    </span>
  );
}
