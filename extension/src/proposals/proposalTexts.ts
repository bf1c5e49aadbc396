import type { TranslationBundle } from '@jupyterlab/translation';
import { VoxcordError, messageOf } from '../client/index.js';
import { threeDigits } from '../ui/numbers.js';
import type { Proposing } from './proposing.js';

/** What has come of the places so far, in a line. */
export function proposalText({ proposed, problem, isAsking }: Proposing, trans: TranslationBundle): string {
  if (problem !== null) return problemText(problem, trans);
  if (isAsking) return trans.__('Looking for the border…');
  if (proposed === null) return '';
  const { voxels, volumeMl, isCut } = proposed.proposal;
  if (voxels === 0)
    return trans.__('Nothing was found here. Click on the middle of the thing, or take the click back.');
  const size = trans.__('%1 voxels, %2 ml', voxels.toLocaleString(), threeDigits(volumeMl));
  if (!isCut) return size;
  return trans.__('%1, cut off where the part that was looked at ends: click further on to go on.', size);
}

/** What one can do now. */
export function proposalKeys({ proposed, isAsking }: Proposing, trans: TranslationBundle): string {
  const mayAccept = proposed !== null && proposed.proposal.voxels > 0 && !isAsking;
  const correct = trans.__('click adds, Shift+click takes away, Backspace takes the last click back, Esc refuses');
  return mayAccept ? trans.__('Enter accepts, %1', correct) : correct;
}

function problemText(problem: unknown, trans: TranslationBundle): string {
  if (problem instanceof VoxcordError && problem.code === 'connection.lost') {
    return trans.__('A proposal needs the server, which cannot be reached now. What you paint by hand is kept.');
  }
  return messageOf(problem);
}
