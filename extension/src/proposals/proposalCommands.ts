import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { CaseInFront } from '../case/caseInFront.js';
import { CommandIDs } from '../commandIds.js';
import type { CaseProposals } from './caseProposals.js';

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** Commands that make and end proposals. */
export function addProposalCommands(commands: CommandRegistry, front: CaseInFront, trans: TranslationBundle): void {
  const proposals = (): CaseProposals | null => front.view?.proposals ?? null;
  const isActive = (): boolean => proposals()?.proposing.isActive === true;

  commands.addCommand(CommandIDs.proposeHere, {
    label: args =>
      args['on'] === false ? trans.__('Take Away at the Crosshair') : trans.__('Propose at the Crosshair'),
    describedBy: { args: { type: 'object', properties: { on: { type: 'boolean' } } } },
    isEnabled: () => (front.view?.model.session ?? null) !== null,
    execute: args => proposals()?.pointAtCrosshair(args['on'] !== false)
  });
  commands.addCommand(CommandIDs.acceptProposal, {
    label: trans.__('Accept the Proposal'),
    describedBy: NO_ARGUMENTS,
    isEnabled: isActive,
    execute: () => proposals()?.accept()
  });
  commands.addCommand(CommandIDs.takeClickBack, {
    label: trans.__('Take the Last Click Back'),
    describedBy: NO_ARGUMENTS,
    isEnabled: isActive,
    execute: () => proposals()?.proposing.takeBack()
  });
  commands.addCommand(CommandIDs.refuseProposal, {
    label: trans.__('Refuse the Proposal'),
    describedBy: NO_ARGUMENTS,
    isEnabled: isActive,
    execute: () => {
      // The same key gives up a stroke: what is under the pointer comes first.
      if (front.view?.viewer.cancelStroke() !== true) proposals()?.proposing.end();
    }
  });
}
