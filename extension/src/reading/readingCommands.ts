import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { CaseInFront } from '../case/caseInFront.js';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import type { VoxcordService } from '../service/voxcordService.js';
import { tellProblem } from '../ui/notices.js';

/** Commands of a reader: begin what one has been given, submit what is done, change the passphrase. */
export function addReadingCommands(
  commands: CommandRegistry,
  service: VoxcordService,
  front: CaseInFront,
  trans: TranslationBundle
): void {
  commands.addCommand(CommandIDs.beginRead, {
    label: trans.__('Begin the Read'),
    caption: trans.__('Begins a read that you have been given, and opens it'),
    describedBy: {
      args: {
        type: 'object',
        properties: { case: { type: 'string' }, read: { type: 'string' } },
        required: []
      }
    },
    isEnabled: args => typeof args['read'] === 'string' || (front.view?.reading.waiting.length ?? 0) > 0,
    execute: async args => {
      try {
        const given = args['read'];
        const [waiting] = front.view?.reading.waiting ?? [];
        if (typeof given === 'string') {
          const read = await service.api.call('beginRead', { params: { readId: given } });
          service.noteCasesChanged();
          await commands.execute(CommandIDs.openCase, { case: read.caseId, read: read.id });
          const opened = front.view;
          // A case that was open already does not know of it yet.
          if (opened?.model.caseId === read.caseId && opened.model.read?.id !== read.id) {
            await opened.model.whenSettled();
            await opened.reading.rejoin(read);
          }
        } else if (waiting !== undefined) await front.view?.reading.begin(waiting.id);
      } catch (reason) {
        tellProblem(messageOf(reason));
      }
    }
  });
  commands.addCommand(CommandIDs.submitRead, {
    label: trans.__('Submit the Read…'),
    caption: trans.__('Sign the read and hand it in'),
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => front.view?.reading.mayOfferSubmission === true,
    execute: async () => {
      const { view } = front;
      if (view === null) return;
      const { submitRead } = await import('./submitRead.js');
      await submitRead(view, trans);
    }
  });
  commands.addCommand(CommandIDs.changePassphrase, {
    label: trans.__('Change the Passphrase for Signing…'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { changePassphrase } = await import('../signing/changePassphrase.js');
      await changePassphrase(service.api, trans);
    }
  });
}
