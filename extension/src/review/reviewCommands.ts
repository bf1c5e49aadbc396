import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { CaseInFront } from '../case/caseInFront.js';
import { CommandIDs } from '../commandIds.js';
import type { OverlayName } from './reviewModel.js';
import { ReviewView } from './reviewView.js';

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** The review in front; null: something else is. */
export function reviewIn(front: CaseInFront): ReviewView | null {
  return front.view instanceof ReviewView ? front.view : null;
}

/** What can be done in a review. Its keys mean something else in a case. */
export function addReviewCommands(commands: CommandRegistry, front: CaseInFront, trans: TranslationBundle): void {
  const view = (): ReviewView | null => reviewIn(front);
  const hasResult = (): boolean => (view()?.review?.result ?? null) !== null;

  commands.addCommand(CommandIDs.computeConsensus, {
    label: trans.__('Compute the Consensus'),
    caption: trans.__('From the reads that are submitted, by the rules of the protocol'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => (view()?.review ?? null) !== null,
    execute: () => view()?.review?.drafts.compute()
  });
  commands.addCommand(CommandIDs.beginAdjudication, {
    label: trans.__('Begin the Adjudication'),
    describedBy: NO_ARGUMENTS,
    isEnabled: hasResult,
    execute: () => view()?.begin()
  });
  commands.addCommand(CommandIDs.dispute, {
    label: args => (Number(args['steps']) < 0 ? trans.__('Previous Dispute') : trans.__('Next Dispute')),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          steps: { type: 'integer', description: trans.__('Places on in the list; negative: back') },
          number: { type: 'integer', description: trans.__('Or the number of a dispute') }
        }
      }
    },
    isEnabled: hasResult,
    execute: args => {
      const review = view()?.review;
      if (typeof args['number'] === 'number') review?.choose(args['number']);
      else review?.step(Number(args['steps'] ?? 1));
    }
  });
  commands.addCommand(CommandIDs.accept, {
    label: args =>
      typeof args['reader'] === 'string'
        ? trans.__('Accept Reader %1, Go On', args['reader'])
        : trans.__('Accept the Consensus, Go On'),
    describedBy: {
      args: {
        type: 'object',
        properties: { reader: { type: 'string', description: trans.__('Letter; left out: the consensus') } }
      }
    },
    isEnabled: args =>
      hasResult() && (typeof args['reader'] !== 'string' || view()?.review?.reader(args['reader']) !== null),
    execute: async args => {
      const letter = args['reader'];
      await view()?.decide(typeof letter === 'string' ? { kind: 'reader', letter } : { kind: 'consensus' });
    }
  });
  commands.addCommand(CommandIDs.paintDispute, {
    label: trans.__('Paint the Dispute Myself; Keep What I Painted'),
    describedBy: NO_ARGUMENTS,
    isEnabled: hasResult,
    execute: () => view()?.paintMyself()
  });
  commands.addCommand(CommandIDs.leaveOpen, {
    label: trans.__('Leave the Dispute Open, Go On'),
    describedBy: NO_ARGUMENTS,
    isEnabled: hasResult,
    execute: () => view()?.decide({ kind: 'open' })
  });
  commands.addCommand(CommandIDs.overlay, {
    label: args => {
      switch (args['overlay']) {
        case 'soft':
          return trans.__('Soft Map');
        case 'outlines':
          return trans.__('Outlines of All Readers');
        default:
          return trans.__('Disagreement');
      }
    },
    describedBy: {
      args: {
        type: 'object',
        properties: { overlay: { enum: ['disagreement', 'soft', 'outlines'] } },
        required: ['overlay']
      }
    },
    isEnabled: hasResult,
    execute: args => {
      const review = view()?.review;
      if (review === null || review === undefined) return;
      const names: OverlayName[] =
        args['overlay'] === 'outlines'
          ? review.readers.map(({ letter }): OverlayName => `outline:${letter}`)
          : [args['overlay'] === 'soft' ? 'soft' : 'disagreement'];
      const isShown = names.every(name => review.overlays.has(name));
      for (const name of names) review.show(name, !isShown);
    }
  });
}
