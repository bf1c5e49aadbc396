import type { LabelMapSnapshot } from '@voxcord/schemas/api';
import type { StoredRead } from '../projects/records.js';
import { StudyError } from './errors.js';
import type { FixedLabelMaps } from './fixedLabelMaps.js';
import { runMeasure } from './labelMapThread.js';

/**
 * Checks which segments a reader says that they have not looked for. Not read is not background: consensus and
 * agreement leave the read out of these segments, so that nothing may be painted in them. Rejects with `StudyError`
 * (`read.not-read`).
 */
export async function checkNotRead(
  { purpose, segments }: StoredRead,
  notRead: readonly number[],
  painted: LabelMapSnapshot,
  maps: FixedLabelMaps
): Promise<void> {
  if (notRead.length === 0) return;
  if (purpose !== 'reading') throw refused('An adjudication decides on every segment: none can be left unread.');
  const read = segments.filter(({ number, retired }) => !retired && !notRead.includes(number));
  if (read.length === 0) throw refused('Nobody can submit a read in which nothing was looked for.');
  const bricks = await maps.load(painted);
  const { voxels } = await runMeasure({ kind: 'measure', dims: painted.dims, truth: bricks, lesionSegments: [] });
  for (const number of notRead) {
    const segment = segments.find(each => each.number === number);
    if (segment === undefined) throw refused(`The protocol has no segment ${number}.`);
    if ((voxels[number] ?? 0) === 0) continue;
    throw refused(`${segment.name} is painted: erase it, or submit it as read.`);
  }
}

function refused(message: string): StudyError {
  return new StudyError('read.not-read', message);
}
