import { boxSize, boxVolume, unionBox, voxelCount, type Dims, type VoxelBox } from '@voxcord/schemas/labelmap';
import { boundingBox, forEachRow } from '../morphology/boxes.js';
import { PatternTable } from './patternTable.js';
import { ConsensusError } from './warnings.js';

/** Most readers of one consensus. */
export const MAX_READERS = 16;

/**
 * The votes of a case: voxels with the same votes are indistinguishable to every method but those of shape, so that a
 * method works on the table of the few different patterns instead of on the voxels.
 */
export interface VotePatterns {
  readonly dims: Dims;
  readonly readers: number;
  /** The voxels that any reader marked lie in this box; null if there are none. */
  readonly box: VoxelBox | null;
  /** Number of the pattern of each voxel of the box, i fastest. Outside the box it is 0. */
  readonly index: Uint16Array | Uint32Array;
  /** Label that reader r gave in pattern p: `table[p * readers + r]`. Pattern 0 is background in all reads. */
  readonly table: Uint8Array;
  /** Voxels of the whole grid with each pattern. */
  readonly counts: Float64Array;
}

/**
 * Reads the votes in one pass over the voxels that any reader marked.
 *
 * @param reads segment numbers of each reader, one per voxel, i fastest
 * @param counted labels that count, per reader; other labels are background. Left out: all count.
 *
 * Throws `ConsensusError` (`consensus.no-reads`, `consensus.too-many-reads`, `consensus.grid`).
 */
export function readVotes(
  reads: readonly Uint8Array[],
  dims: Dims,
  counted?: (reader: number, label: number) => boolean
): VotePatterns {
  checkReads(reads, dims);
  const readers = reads.length;
  const box = boundingBox(reads, dims);
  const table = new PatternTable(readers);
  const voxels = box === null ? 0 : boxVolume(box);
  let index: Uint16Array | Uint32Array = new Uint16Array(voxels);
  if (box !== null) {
    const translated = counted === undefined ? null : translations(readers, counted);
    const votes = new Uint8Array(readers * boxSize(box)[0]);
    const { counts: first } = table;
    let counts = first;
    forEachRow(dims, box, (start, position, length) => {
      gatherRow(reads, start, length, votes, translated);
      let previous = -1;
      for (let x = 0; x < length; x++) {
        const offset = x * readers;
        const pattern = previous >= 0 && repeats(votes, offset, readers) ? previous : table.intern(votes, offset);
        previous = pattern;
        if (pattern > 0xffff && index instanceof Uint16Array) index = Uint32Array.from(index);
        index[position + x] = pattern;
        if (counts !== table.counts) counts = table.counts;
        counts[pattern] = (counts[pattern] ?? 0) + 1;
      }
    });
  }
  const counts = table.counts.slice(0, table.size);
  counts[0] = (counts[0] ?? 0) + voxelCount(dims) - voxels;
  return { dims, readers, box, index, table: table.labels.slice(0, table.size * readers), counts };
}

function checkReads(reads: readonly Uint8Array[], dims: Dims): void {
  if (reads.length === 0) {
    throw new ConsensusError('consensus.no-reads', 'There is no read to make a consensus of. Submit one at least.');
  }
  if (reads.length > MAX_READERS) {
    throw new ConsensusError(
      'consensus.too-many-reads',
      `A consensus takes at most ${MAX_READERS} reads, not ${reads.length}. Leave some out.`
    );
  }
  const voxels = voxelCount(dims);
  for (const read of reads) {
    if (read.length === voxels) continue;
    throw new ConsensusError(
      'consensus.grid',
      `A read has ${read.length} voxels, the grid ${voxels}: they belong to different volumes.`
    );
  }
}

/** The label that counts for each label, 256 per reader. */
function translations(readers: number, counted: (reader: number, label: number) => boolean): Uint8Array {
  const table = new Uint8Array(256 * readers);
  for (let r = 0; r < readers; r++) {
    for (let label = 1; label < 256; label++) if (counted(r, label)) table[256 * r + label] = label;
  }
  return table;
}

/** The votes of a row of voxels, those of one voxel side by side. */
function gatherRow(
  reads: readonly Uint8Array[],
  start: number,
  length: number,
  votes: Uint8Array,
  translated: Uint8Array | null
): void {
  const readers = reads.length;
  reads.forEach((read, r) => {
    let at = r;
    for (let x = start; x < start + length; x++, at += readers) {
      const label = read[x] ?? 0;
      votes[at] = translated === null || label === 0 ? label : (translated[256 * r + label] ?? 0);
    }
  });
}

function repeats(votes: Uint8Array, offset: number, readers: number): boolean {
  for (let n = offset; n < offset + readers; n++) if (votes[n] !== votes[n - readers]) return false;
  return true;
}

/** Labels that occur, ascending, without background. */
export function labelsOf({ table }: Pick<VotePatterns, 'table'>): number[] {
  const present = new Set(table);
  present.delete(0);
  return [...present].sort((a, b) => a - b);
}

/** The box of the voxels of each pattern, for patterns other than 0; null for those without voxels. */
export function boxesOfPatterns({ box, index, counts }: VotePatterns): (VoxelBox | null)[] {
  const patterns = counts.length;
  const boxes: (VoxelBox | null)[] = Array.from({ length: patterns }, () => null);
  if (box === null) return boxes;
  const low = new Int32Array(3 * patterns).fill(2 ** 31 - 1);
  const high = new Int32Array(3 * patterns).fill(-1);
  const [ni, nj, nk] = boxSize(box);
  let voxel = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, voxel++) {
        const pattern = index[voxel] ?? 0;
        if (pattern === 0) continue;
        const at = 3 * pattern;
        if (i < (low[at] ?? 0)) low[at] = i;
        if (i > (high[at] ?? 0)) high[at] = i;
        if (j < (low[at + 1] ?? 0)) low[at + 1] = j;
        if (j > (high[at + 1] ?? 0)) high[at + 1] = j;
        if (k < (low[at + 2] ?? 0)) low[at + 2] = k;
        high[at + 2] = k;
      }
    }
  }
  const corner = (of: Int32Array, at: number): [number, number, number] => [
    (of[at] ?? 0) + box.min[0],
    (of[at + 1] ?? 0) + box.min[1],
    (of[at + 2] ?? 0) + box.min[2]
  ];
  for (let pattern = 1; pattern < patterns; pattern++) {
    const at = 3 * pattern;
    if ((high[at] ?? -1) >= 0) boxes[pattern] = { min: corner(low, at), max: corner(high, at) };
  }
  return boxes;
}

/** The box of the voxels that any of these readers gave one of these segments; null if there are none. */
export function boxOfSegments(
  patterns: VotePatterns,
  boxes: readonly (VoxelBox | null)[],
  readers: readonly number[],
  isSegment: (label: number) => boolean
): VoxelBox | null {
  let result: VoxelBox | null = null;
  boxes.forEach((box, pattern) => {
    if (box === null) return;
    const start = pattern * patterns.readers;
    if (!readers.some(r => isSegment(patterns.table[start + r] ?? 0))) return;
    result = result === null ? box : unionBox(result, box);
  });
  return result;
}

/** Pattern of each voxel of a box, which may reach beyond the box of the patterns. */
export function patternsInBox({ box: inner, index, dims }: VotePatterns, box: VoxelBox): Uint32Array {
  const [ni, nj, nk] = boxSize(box);
  const result = new Uint32Array(ni * nj * nk);
  if (inner === null) return result;
  const [wide, high] = boxSize(inner);
  const firstI = Math.max(box.min[0], inner.min[0]);
  const lastI = Math.min(box.max[0], inner.max[0]);
  if (lastI < firstI) return result;
  forEachRow(dims, box, (start, position) => {
    const row = Math.floor(start / dims[0]);
    const j = row % dims[1];
    const k = Math.floor(row / dims[1]);
    if (j < inner.min[1] || j > inner.max[1] || k < inner.min[2] || k > inner.max[2]) return;
    const from = firstI - inner.min[0] + wide * (j - inner.min[1] + high * (k - inner.min[2]));
    result.set(index.subarray(from, from + lastI - firstI + 1), position + firstI - box.min[0]);
  });
  return result;
}
