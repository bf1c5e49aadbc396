import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { expect, test } from 'vitest';
import type { CaseInFront } from '../../src/case/caseInFront.js';
import { CommandIDs } from '../../src/commandIds.js';
import { addProposalCommands } from '../../src/proposals/proposalCommands.js';

test('the key that refuses a proposal gives up the stroke under the pointer first', () => {
  let isPainting = true;
  const ended: string[] = [];
  const cancelStroke = (): boolean => {
    const wasPainting = isPainting;
    if (wasPainting) ended.push('stroke');
    isPainting = false;
    return wasPainting;
  };
  const proposing = { isActive: true, end: () => ended.push('proposal') };
  const front = { view: { viewer: { cancelStroke }, proposals: { proposing } } } as unknown as CaseInFront;
  const commands = new Map<string, CommandRegistry.ICommandOptions>();
  // The registry itself needs a page.
  const addCommand = (id: string, options: CommandRegistry.ICommandOptions): void => void commands.set(id, options);
  addProposalCommands({ addCommand } as unknown as CommandRegistry, front, {
    __: (text: string) => text
  } as TranslationBundle);
  const refuse = (): unknown => commands.get(CommandIDs.refuseProposal)?.execute({});
  refuse();
  expect(ended).toEqual(['stroke']);
  refuse();
  expect(ended).toEqual(['stroke', 'proposal']);
});
