import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isAbort, messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { type CaseSource, type StartStep, startCase } from './startCase.js';
import { tellNews, tellProblem } from '../ui/notices.js';

/** Starts a case in the background, with progress and a way to cancel, and opens it. `projectId` null: where cases are painted together. */
export async function startWithNotice(
  app: JupyterFrontEnd,
  service: VoxcordService,
  source: CaseSource,
  projectId: string | null,
  trans: TranslationBundle
): Promise<void> {
  const name = source.kind === 'path' ? source.path : source.file.name;
  const text = (step: StartStep, fraction: number): string => {
    const percent = Math.floor(fraction * 100);
    return step === 'sending'
      ? trans.__('Sending %1… %2 %', name, percent)
      : trans.__('Reading %1… %2 %', name, percent);
  };
  const abort = new AbortController();
  const actions = [{ label: trans.__('Cancel'), callback: () => abort.abort() }];
  const notice = Notification.emit(text(source.kind === 'path' ? 'reading' : 'sending', 0), 'in-progress', {
    autoClose: false,
    progress: 0,
    actions
  });
  try {
    const started = await startCase(service, app.serviceManager.contents, source, {
      signal: abort.signal,
      onProgress: (step, progress) =>
        void Notification.update({ id: notice, message: text(step, progress), progress, actions }),
      projectId,
      newProjectTitle: trans.__('Cases of %1', (await service.me()).person.displayName),
      firstSegment: trans.__('Segment 1')
    });
    Notification.dismiss(notice);
    await app.commands.execute(CommandIDs.openCase, { path: started.path });
  } catch (reason) {
    // The button that cancels has closed the notice with it.
    Notification.dismiss(notice);
    if (isAbort(reason)) tellNews(trans.__('Cancelled. Nothing was started.'));
    else tellProblem(messageOf(reason));
  }
}
