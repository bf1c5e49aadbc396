import type { VoxcordApi } from './api.js';
import type { ReadLabels } from './readLabels.js';

export type Agreement = 'agrees' | 'moved-on' | 'repaired' | 'differs';

/**
 * Compares the own fold of a read with the server's at an equal frontier. If they differ, the label map is opened anew
 * from the server's snapshots and compared again.
 */
export async function checkAgreement(
  api: VoxcordApi,
  readId: string,
  labels: ReadLabels,
  signal?: AbortSignal
): Promise<Agreement> {
  const first = await compare(api, readId, labels, signal);
  if (first !== 'differs') return first;
  await labels.reopen();
  const second = await compare(api, readId, labels, signal);
  return second === 'agrees' ? 'repaired' : second;
}

async function compare(
  api: VoxcordApi,
  readId: string,
  labels: ReadLabels,
  signal: AbortSignal | undefined
): Promise<'agrees' | 'moved-on' | 'differs'> {
  const theirs = await api.call('getLabelMapFingerprint', { params: { readId } }, signal);
  if (!sameEntries(theirs.frontier, labels.frontier())) return 'moved-on';
  const mine = Object.fromEntries([...labels.fingerprints()].map(([brick, digest]) => [String(brick), digest]));
  return sameEntries(theirs.bricks, mine) ? 'agrees' : 'differs';
}

/** Equal but for entries that say nothing (0). */
function sameEntries<T extends string | number>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>
): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(key => (a[key] ?? 0) === (b[key] ?? 0));
}
