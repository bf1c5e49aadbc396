import type { Dims, VoxelBox } from '@voxcord/schemas/labelmap';
import { boundingBox, forEachRow } from '../morphology/boxes.js';

type Axis = 0 | 1 | 2;

/** Reads that agree with the others once they are flipped. */
export interface FlippedReads {
  /** Ids: of the read that is turned; of both where two reads are all there is to go by. */
  readonly reads: readonly string[];
  /** Grid axes along which the read is flipped; two of them are a rotation by 180 degrees. */
  readonly axes: readonly Axis[];
  readonly segment: number;
  /** Mean Dice with the others as it is, and flipped. */
  readonly dice: number;
  readonly diceFlipped: number;
}

/** Dice below which agreement is suspiciously low. */
const SUSPICIOUS = 0.5;
/** Dice that a flip must reach, and by how much it must be better, to be the explanation. */
const REPAIRED = 0.6;
const GAIN = 0.3;
/** Smaller masks agree with a mirror image by chance. */
const LEAST_VOXELS = 20;
/** Voxels that stand for a mask. */
const SAMPLE = 20_000;

const FLIPS: readonly (readonly Axis[])[] = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
const NAMES = ['left-right', 'back-front', 'bottom-top'] as const;

/** Evenly spread voxels of one segment in one read. */
interface Sample {
  readonly voxels: number;
  readonly indices: Float64Array;
}

interface Suspicion {
  readonly a: number;
  readonly b: number;
  readonly axes: readonly Axis[];
  readonly segment: number;
  readonly dice: number;
  readonly diceFlipped: number;
}

/**
 * Looks for reads that were saved upside down: a pair of reads that hardly overlaps in a segment, and agrees well once
 * one of them is flipped along one, two or three axes about the middle of the grid.
 *
 * @param reads segment numbers on the same closest-canonical grid
 */
export function findFlippedReads(
  reads: readonly { readonly id: string; readonly labels: Uint8Array }[],
  dims: Dims
): FlippedReads[] {
  const segments = new Set<number>();
  const samples = reads.map(({ labels }) => {
    const bySegment = sampleSegments(labels, dims);
    for (const segment of bySegment.keys()) segments.add(segment);
    return bySegment;
  });
  const suspicions: Suspicion[] = [];
  for (const segment of segments) {
    for (let a = 0; a < reads.length; a++) {
      for (let b = a + 1; b < reads.length; b++) {
        const suspicion = suspect(reads, samples, dims, segment, a, b);
        if (suspicion !== null) suspicions.push(suspicion);
      }
    }
  }
  return blame(suspicions, reads);
}

function sampleSegments(labels: Uint8Array, dims: Dims): Map<number, Sample> {
  const box = boundingBox([labels], dims);
  const samples = new Map<number, Sample>();
  if (box === null) return samples;
  const counts = countSegments(labels, dims, box);
  const seen = new Float64Array(256);
  counts.forEach((voxels, segment) => {
    if (segment === 0 || voxels < LEAST_VOXELS) return;
    samples.set(segment, { voxels, indices: new Float64Array(Math.min(voxels, SAMPLE)) });
  });
  forEachRow(dims, box, (start, _, length) => {
    for (let voxel = start; voxel < start + length; voxel++) {
      const segment = labels[voxel] ?? 0;
      const sample = segment === 0 ? undefined : samples.get(segment);
      if (sample === undefined) continue;
      const number = seen[segment] ?? 0;
      seen[segment] = number + 1;
      const { indices, voxels } = sample;
      const place = Math.floor((number * indices.length) / voxels);
      indices[place] = voxel;
    }
  });
  return samples;
}

function countSegments(labels: Uint8Array, dims: Dims, box: VoxelBox): Float64Array {
  const counts = new Float64Array(256);
  forEachRow(dims, box, (start, _, length) => {
    for (let voxel = start; voxel < start + length; voxel++) {
      const segment = labels[voxel] ?? 0;
      if (segment !== 0) counts[segment] = (counts[segment] ?? 0) + 1;
    }
  });
  return counts;
}

function suspect(
  reads: readonly { readonly labels: Uint8Array }[],
  samples: readonly ReadonlyMap<number, Sample>[],
  dims: Dims,
  segment: number,
  a: number,
  b: number
): Suspicion | null {
  const one = samples[a]?.get(segment);
  const other = samples[b]?.get(segment);
  const labels = reads[b]?.labels;
  if (one === undefined || other === undefined || labels === undefined) return null;
  const diceOf = (axes: readonly Axis[]): number =>
    (2 * overlap(one, labels, segment, dims, axes)) / (one.voxels + other.voxels);
  const dice = diceOf([]);
  if (dice >= SUSPICIOUS) return null;
  let best: Suspicion | null = null;
  for (const axes of FLIPS) {
    const diceFlipped = diceOf(axes);
    if (diceFlipped < REPAIRED || diceFlipped < dice + GAIN) continue;
    if (best === null || diceFlipped > best.diceFlipped) best = { a, b, axes, segment, dice, diceFlipped };
  }
  return best;
}

/** Voxels of one mask, flipped, that lie in the other; estimated from the sample. */
function overlap(sample: Sample, labels: Uint8Array, segment: number, dims: Dims, axes: readonly Axis[]): number {
  const [ni, nj, nk] = dims;
  const flipI = axes.includes(0);
  const flipJ = axes.includes(1);
  const flipK = axes.includes(2);
  let hits = 0;
  for (const voxel of sample.indices) {
    const i = voxel % ni;
    const row = Math.floor(voxel / ni);
    const j = row % nj;
    const k = Math.floor(row / nj);
    const at = (flipI ? ni - 1 - i : i) + ni * ((flipJ ? nj - 1 - j : j) + nj * (flipK ? nk - 1 - k : k));
    if (labels[at] === segment) hits++;
  }
  return (hits / sample.indices.length) * sample.voxels;
}

/** A read that is at odds with most others is the one that is turned; between two, nobody can tell. */
function blame(suspicions: readonly Suspicion[], reads: readonly { readonly id: string }[]): FlippedReads[] {
  const found: FlippedReads[] = [];
  const groups = Map.groupBy(suspicions, ({ segment, axes }) => `${segment}:${axes.join('')}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const against = (reader: number): Suspicion[] => group.filter(({ a, b }) => a === reader || b === reader);
    const guilty = reads.flatMap((_, reader) => (against(reader).length > (reads.length - 1) / 2 ? [reader] : []));
    const isClear = reads.length > 2 && guilty.length > 0;
    const named = isClear ? guilty : [...new Set(group.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b);
    const mean = (of: (suspicion: Suspicion) => number): number =>
      group.reduce((sum, each) => sum + of(each), 0) / group.length;
    found.push({
      reads: named.map(reader => reads[reader]?.id ?? ''),
      axes: first.axes,
      segment: first.segment,
      dice: mean(({ dice }) => dice),
      diceFlipped: mean(({ diceFlipped }) => diceFlipped)
    });
  }
  return found;
}

/** In words; axes are those of the closest-canonical RAS grid. */
export function describeFlip({ reads, axes, segment, dice, diceFlipped }: FlippedReads): string {
  const names = axes.map(axis => NAMES[axis]).join(' and ');
  const what = axes.length === 2 ? `a rotation by 180 degrees (flips ${names})` : `a flip ${names}`;
  const who = reads.length === 1 ? `The read ${reads.join()}` : `One of the reads ${reads.join(' and ')}`;
  return (
    `${who} seems to be turned: ${what} takes its Dice with the others in segment ${segment} from ${dice.toFixed(2)} to ` +
    `${diceFlipped.toFixed(2)}.`
  );
}
