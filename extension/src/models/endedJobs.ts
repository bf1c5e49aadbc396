import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../commandIds.js';
import type { EndedJobs } from './voxcordModels.js';

/** As long as it takes to come back to the window and act on it; ms. */
const SHOWN = 20_000;

/** Tells that a model has done, or could not do, what this person had asked of it. */
export function tellEndedJobs(
  { projectId, jobs }: EndedJobs,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const [first] = jobs;
  if (first === undefined) return;
  const failed = jobs.filter(({ state }) => state === 'failed');
  const done = jobs.filter(({ state }) => state === 'done');
  const [only] = done;
  const showJobs = {
    label: trans.__('Jobs'),
    callback: () => void commands.execute(CommandIDs.openModels, { project: projectId })
  };
  if (failed.length > 0) {
    const text =
      jobs.length === 1
        ? trans.__('%1 could not label the case.', first.title)
        : trans.__('%1 could not label %2 of %3 cases.', first.title, failed.length, jobs.length);
    Notification.error(text, { autoClose: false, actions: [showJobs] });
  } else if (jobs.length === 1 && only !== undefined && only.read !== null) {
    const { caseId, read } = only;
    Notification.success(trans.__('%1 has labelled the case.', first.title), {
      autoClose: SHOWN,
      actions: [
        {
          label: trans.__('Open read'),
          callback: () => void commands.execute(CommandIDs.openCase, { case: caseId, read })
        }
      ]
    });
  } else {
    Notification.success(trans._n('%2 has labelled %1 case.', '%2 has labelled %1 cases.', done.length, first.title), {
      autoClose: SHOWN,
      actions: [showJobs]
    });
  }
}
