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

/** Dice that a flip must reach, and by how much it must be better, to be the explanation. */
const REPAIRED = { dice: 0.6, gain: 0.3 };
/**
 * The same for one pair of several reads: readers who disagree about a round thing near the middle of the grid often agree
 * better with one another's mirror image, so that one pair says little.
 */
const REPAIRED_PAIR = { dice: 0.8, gain: 0.5 };
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

/** Dice of a read with others, as it is and flipped. */
interface Repair {
  readonly axes: readonly Axis[];
  readonly dice: number;
  readonly diceFlipped: number;
}

/** Dice of two reads, the first one flipped. */
type DiceOf = (a: number, b: number, axes: readonly Axis[]) => number;

/**
 * Looks for reads that were saved upside down: a read that overlaps little with the others in a segment, and agrees well with
 * them once it is flipped along one, two or three axes about the middle of the grid.
 *
 * @param reads segment numbers on the same closest-canonical grid
 */
export function findFlippedReads(
  reads: readonly { readonly id: string; readonly labels: Uint8Array }[],
  dims: Dims
): FlippedReads[] {
  const samples = reads.map(({ labels }) => sampleSegments(labels, dims));
  const segments = new Set(samples.flatMap(bySegment => [...bySegment.keys()]));
  return [...segments].flatMap(segment => {
    const those = reads.flatMap(({ id, labels }, read) => {
      const sample = samples[read]?.get(segment);
      return sample === undefined ? [] : [{ id, labels, sample }];
    });
    const diceOf: DiceOf = (a, b, axes) => {
      const [one, other] = [those[a], those[b]];
      if (one === undefined || other === undefined) return 0;
      const both = overlap(one.sample, other.labels, segment, dims, axes);
      return (2 * both) / (one.sample.voxels + other.sample.voxels);
    };
    return turnedReads(those.length, diceOf).map(({ reads: named, repair }) => ({
      reads: named.map(read => those[read]?.id ?? ''),
      segment,
      ...repair
    }));
  });
}

/** Reads that are turned; of two, nobody can tell which one it is. */
function turnedReads(reads: number, diceOf: DiceOf): { readonly reads: readonly number[]; readonly repair: Repair }[] {
  const all = Array.from({ length: reads }, (_, read) => read);
  const pairs = all.flatMap(a => all.slice(a + 1).map(b => [a, b] as const));
  const straight = new Map(pairs.map(([a, b]) => [`${a} ${b}`, diceOf(a, b, [])]));
  const repairOf = (read: number, others: readonly number[], least: typeof REPAIRED): Repair | null => {
    const dice = mean(others.map(other => straight.get(`${Math.min(read, other)} ${Math.max(read, other)}`) ?? 0));
    let best: Repair | null = null;
    if (dice + least.gain > 1) return best;
    for (const axes of FLIPS) {
      const diceFlipped = mean(others.map(other => diceOf(read, other, axes)));
      if (diceFlipped < least.dice || diceFlipped < dice + least.gain) continue;
      if (best === null || diceFlipped > best.diceFlipped) best = { axes, dice, diceFlipped };
    }
    return best;
  };
  const turned = all.flatMap(read => {
    const others = all.filter(other => other !== read);
    const repair = reads > 2 ? repairOf(read, others, REPAIRED) : null;
    return repair === null ? [] : [{ reads: [read], repair }];
  });
  const named = new Set(turned.flatMap(each => each.reads));
  const inDoubt = pairs.flatMap(([a, b]) => {
    const repair = named.has(a) || named.has(b) ? null : repairOf(a, [b], reads > 2 ? REPAIRED_PAIR : REPAIRED);
    return repair === null ? [] : [{ reads: [a, b], repair }];
  });
  return [...turned, ...inDoubt];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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
