import type { Case, Read } from '@voxcord/schemas/api';

/** Why there is no live consensus of a case for somebody, as far as they may know. */
export type LiveObstacle = 'blind' | 'too-few';

/** The server decides; this says in advance what it is likely to say. Null: nothing stands in the way. */
export function liveObstacle({ reads }: Case): LiveObstacle | null {
  const counting = reads.filter(countsLive);
  const seen = counting.filter(({ mayView }) => mayView);
  const isHidden = counting.some(({ mayView, access }) => !mayView && access === 'blind');
  if (seen.length >= 2 && !isHidden) return null;
  return counting.some(({ access }) => access === 'blind') ? 'blind' : 'too-few';
}

/** Whether a live consensus is made of it: begun, and neither a repeat nor kept to its reader. */
function countsLive({ purpose, repeat, state, access, protocolVersion }: Read): boolean {
  return purpose === 'reading' && !repeat && state !== 'assigned' && (access !== 'blind' || protocolVersion !== null);
}
