import type { Case, Read } from '@voxcord/schemas/api';

/** Reads that somebody may paint in and that a model's labels can be copied into: those of their own, then shared ones. */
export function copyTargets({ reads }: Case, from: Read, username: string): Read[] {
  const own = (read: Read): boolean => read.reader.username === username && read.access !== 'shared';
  return reads
    .filter(
      read =>
        read.purpose === 'reading' &&
        read.state === 'open' &&
        read.mayWrite &&
        read.volume === from.volume &&
        (own(read) || read.access === 'shared')
    )
    .toSorted((a, b) => Number(own(b)) - Number(own(a)));
}

/** Reads by models that may be looked at. */
export function modelReads({ reads }: Case): Read[] {
  return reads.filter(({ purpose, mayView }) => purpose === 'model' && mayView);
}
