import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CaseTracker } from '../case/caseTracker.js';
import { CommandIDs } from '../commandIds.js';
import type { UnsavedWork } from './unsavedWork.js';

/** Longest wait for the cases of the restored layout to take up what is theirs, ms. */
const SETTLING = 20_000;

/** At the start of a page: changes of an earlier visit that no open case has taken up. */
export async function tellOfUnsavedWork(
  app: JupyterFrontEnd,
  unsaved: UnsavedWork,
  cases: CaseTracker | null,
  trans: TranslationBundle
): Promise<void> {
  const opening: Promise<void>[] = [];
  cases?.forEach(({ content }) => opening.push(content.model.whenSettled()));
  await Promise.race([Promise.all(opening), new Promise(resolve => setTimeout(resolve, SETTLING))]);
  await unsaved.look();
  for (const { caseId, readId, title, count } of unsaved.reads) {
    // An open case tells by itself what it could not save.
    if (cases?.find(({ content }) => content.model.read?.id === readId) !== undefined) continue;
    const message = trans._n('%1 change to %2 is not saved yet.', '%1 changes to %2 are not saved yet.', count, title);
    Notification.warning(message, {
      autoClose: false,
      actions: [
        {
          label: trans.__('Open'),
          callback: () => void app.commands.execute(CommandIDs.openCase, { case: caseId, read: readId })
        }
      ]
    });
  }
}
