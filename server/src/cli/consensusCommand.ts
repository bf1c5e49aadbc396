import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RegionRule, TieRule } from '@voxcord/schemas/api';
import { orientationOf } from '@voxcord/schemas/geometry';
import { boxSize, boxVolume, voxelCount } from '@voxcord/schemas/labelmap';
import {
  ConsensusError,
  consensusOfLabels,
  describeFlip,
  findFlippedReads,
  softIndexIn,
  type ConsensusWarning,
  type LabelConsensus,
  type LabelConsensusInput,
  type LabelMethod,
  type LabelSegment
} from '../consensus/index.js';
import { declaredSpacing } from '../agreement/declaredSpacing.js';
import { RefusedError, UsageError } from './commandErrors.js';
import { checkOutputName, newLabelFile, newSoftFile, readLabelFile, type LabelFile } from './labelFiles.js';
import { requireOneGrid, resampledOnto } from './labelGrids.js';
import { distinctNames } from './labelNames.js';
import type { Output } from './output.js';
import type { ConsensusFigures } from './results.js';
import { writeWholeFiles, type NewFile } from './wholeFiles.js';

export interface ConsensusOptions {
  readonly method: LabelMethod;
  readonly segment?: number;
  readonly roi: RegionRule;
  readonly weight?: number;
  readonly threshold?: number;
  readonly ties: TieRule;
  readonly readerWeights?: readonly number[];
  readonly compat?: 'itk5.2';
  readonly resample: boolean;
  readonly allowFlipped: boolean;
  readonly output?: string;
  readonly soft?: string;
}

/** `voxcord consensus FILE...`: one method on label files, on the grid of the first. */
export async function consensusCommand(
  files: readonly string[],
  options: ConsensusOptions,
  output: Output
): Promise<void> {
  checkOptions(files, options);
  await keepInputs(files, options);
  const loaded: LabelFile[] = [];
  for (const file of files) {
    output.note(`Reading ${file}`);
    loaded.push(await readLabelFile(file));
  }
  const [first, ...others] = loaded;
  if (first === undefined) throw new UsageError('Name one label file at least.');
  if (!options.resample) requireOneGrid(loaded);
  const reads = [first, ...(options.resample ? others.map(file => resampledOnto(file, first)) : others)];
  const names = distinctNames(reads);
  const flips = refuseFlipped(reads, names, options.allowFlipped);
  output.note('Computing the consensus');
  const consensus = compute({
    dims: first.dims,
    spacing: first.spacing,
    orientation: orientationOf(first.original.header.affine),
    reads: reads.map(({ labels }, n) => ({ id: names[n] ?? '', labels })),
    method: options.method,
    segment: options.segment ?? null,
    region: options.roi,
    confidenceWeight: options.weight ?? 1,
    threshold: options.threshold ?? null,
    ties: options.ties,
    weights: options.readerWeights ?? null,
    compatibility: options.compat ?? null
  });
  const undecidedLabel = labelForUndecided(reads);
  const results: NewFile[] = [];
  if (options.output !== undefined) {
    results.push(newLabelFile(options.output, first, hardMap(consensus, undecidedLabel)));
  }
  if (options.soft !== undefined) results.push(newSoftMaps(options.soft, first, consensus));
  if (results.length > 0) output.note(`Writing ${results.map(({ file }) => file).join(' and ')}`);
  await writeWholeFiles(results);
  const figures = figuresOf(consensus, options, names, first, undecidedLabel, flips);
  for (const { text } of figures.warnings) output.note(`warning: ${text}`);
  output.result(figures, describe(figures));
}

function checkOptions(files: readonly string[], options: ConsensusOptions): void {
  const { method, weight, threshold, readerWeights, compat, roi, output, soft } = options;
  if (output !== undefined) checkOutputName(output);
  if (soft !== undefined) checkOutputName(soft);
  if (output !== undefined && soft !== undefined && path.resolve(output) === path.resolve(soft)) {
    throw new UsageError('The hard and the soft map cannot be the same file.');
  }
  if (weight !== undefined && method !== 'staple') throw new UsageError('--weight is for --method staple.');
  if (threshold !== undefined && method !== 'staple' && method !== 'vote') {
    throw new UsageError('--threshold is for --method vote and staple.');
  }
  if (threshold !== undefined && method === 'vote' && !(Number.isInteger(threshold) && threshold >= 1)) {
    throw new UsageError('--threshold of a vote is a number of votes, 1 or more.');
  }
  if (threshold !== undefined && method === 'vote' && threshold > files.length) {
    throw new UsageError(`--threshold ${threshold} asks for more votes than there are files.`);
  }
  if (threshold !== undefined && method === 'staple' && !(threshold > 0 && threshold < 1)) {
    throw new UsageError('--threshold of STAPLE is a probability between 0 and 1.');
  }
  if (compat !== undefined && method !== 'staple-multilabel') {
    throw new UsageError('--compat is for --method staple-multilabel.');
  }
  if (roi.rule !== 'whole' && method !== 'staple' && method !== 'staple-multilabel') {
    throw new UsageError('--roi is for --method staple and staple-multilabel: the others have no region.');
  }
  if (readerWeights !== undefined && readerWeights.length !== files.length) {
    throw new UsageError(`--reader-weights needs ${files.length} numbers, one per file.`);
  }
}

/** Reads are never written over, by whatever name. Rejects with `UsageError`. */
async function keepInputs(files: readonly string[], { output, soft }: ConsensusOptions): Promise<void> {
  const inputs = new Set((await Promise.all(files.map(identityOf))).flatMap(identity => identity ?? []));
  for (const file of [output, soft]) {
    const identity = file === undefined ? null : await identityOf(file);
    if (identity === null || !inputs.has(identity)) continue;
    throw new UsageError(`${file} is one of the reads: write the result to another file.`);
  }
}

/** The same for all names of a file; null if there is no such file. */
async function identityOf(file: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

function compute(input: LabelConsensusInput): LabelConsensus {
  try {
    return consensusOfLabels(input);
  } catch (error) {
    if (error instanceof ConsensusError) throw new RefusedError(error.code, error.message, { cause: error });
    throw error;
  }
}

function refuseFlipped(reads: readonly LabelFile[], names: readonly string[], areAllowed: boolean): ConsensusWarning[] {
  const [first] = reads;
  if (first === undefined) return [];
  const found = findFlippedReads(
    reads.map(({ labels }, n) => ({ id: names[n] ?? '', labels })),
    first.dims
  );
  const [worst] = found;
  if (worst !== undefined && !areAllowed) {
    throw new RefusedError(
      'read.flipped',
      `${describeFlip(worst)} Correct the file, or use --allow-flipped if it is right.`
    );
  }
  return found.map(flipped => ({
    code: 'read.flipped',
    text: describeFlip(flipped),
    segment: flipped.segment,
    reads: flipped.reads
  }));
}

/** As ITK does: one more than the largest label of the input; null if there is no such label. */
function labelForUndecided(reads: readonly LabelFile[]): number | null {
  let largest = 0;
  for (const { labels } of reads) for (const label of labels) if (label > largest) largest = label;
  return largest === 255 ? null : largest + 1;
}

function hardMap({ labels, undecided, undecidedVoxels }: LabelConsensus, undecidedLabel: number | null): Uint8Array {
  if (undecidedVoxels === 0) return labels;
  if (undecidedLabel === null) {
    throw new RefusedError(
      'undecided.no-label',
      'Some voxels are undecided, and all labels to 255 are taken, so that none is left for them. Choose another rule ' +
        'for --ties, or renumber the segments.'
    );
  }
  const marked = labels.slice();
  for (let n = 0; n < undecided.length; n += 2) {
    const start = undecided[n] ?? 0;
    marked.fill(undecidedLabel, start, start + (undecided[n + 1] ?? 0));
  }
  return marked;
}

function newSoftMaps(file: string, like: LabelFile, { patterns, segments }: LabelConsensus): NewFile {
  if (segments.length === 0) {
    const index = new Uint8Array(voxelCount(like.dims));
    return newSoftFile(file, like, 1, () => ({ index, values: new Float64Array(1) }));
  }
  let last: { box: LabelSegment['box']; index: Uint32Array | Uint16Array } | null = null;
  return newSoftFile(file, like, segments.length, frame => {
    const segment = segments[frame];
    const box = segment?.box ?? null;
    // Segments of one region share the array.
    const index: Uint32Array | Uint16Array =
      last !== null && last.box === box ? last.index : softIndexIn(patterns, box);
    last = { box, index };
    return { index, values: Float64Array.from([0, ...(segment?.soft ?? [])]) };
  });
}

function figuresOf(
  { segments, undecidedVoxels, warnings }: LabelConsensus,
  options: ConsensusOptions,
  names: readonly string[],
  { dims, spacing }: LabelFile,
  undecidedLabel: number | null,
  flips: readonly ConsensusWarning[]
): ConsensusFigures {
  const [i, j, k] = declaredSpacing(spacing);
  const ml = (i * j * k) / 1000;
  const readersOf = (segment: LabelSegment | undefined): ConsensusFigures['readers'] =>
    names.map((name, n) => ({
      name,
      sensitivity: segment?.sensitivity[n] ?? null,
      specificity: segment?.specificity[n] ?? null
    }));
  const iterations = segments.flatMap(segment => segment.iterations ?? []);
  const isStaple = options.method === 'staple' || options.method === 'staple-multilabel';
  const { rule } = options.roi;
  return {
    method: options.method,
    parameters: {
      segment: options.segment ?? null,
      roi: !isStaple ? null : options.roi.rule === 'margin' ? `margin:${options.roi.millimetres}` : rule,
      weight: options.method === 'staple' ? (options.weight ?? 1) : null,
      threshold: options.threshold ?? (options.method === 'staple' ? 0.5 : null),
      ties: options.ties,
      readerWeights: options.readerWeights ?? null,
      compat: options.compat ?? null,
      resample: options.resample
    },
    // Of several segments there is no one number.
    readers: readersOf(segments.length === 1 ? segments[0] : undefined),
    iterations: iterations.length === 0 ? null : Math.max(...iterations),
    segments: segments.map(segment => ({
      number: segment.segment,
      voxels: segment.voxels,
      volumeMl: segment.voxels * ml,
      undecidedVoxels: segment.undecidedVoxels,
      iterations: segment.iterations,
      readers: readersOf(segment),
      reason: segment.reason,
      region:
        isStaple && segment.box !== null
          ? {
              from: [...segment.box.min],
              size: boxSize(segment.box),
              voxels: boxVolume(segment.box),
              depends: segment.dependence.depends,
              answers: segment.dependence.answers
            }
          : null
    })),
    grid: { dims: [...dims], spacing: [...spacing] },
    undecidedVoxels,
    undecidedLabel,
    warnings: [...flips, ...warnings]
  };
}

function describe({ method, segments, undecidedVoxels, readers }: ConsensusFigures): string {
  const share = (value: number | null): string => (value === null ? '-' : value.toFixed(4));
  const lines = [`${method} of ${readers.length} reads`];
  for (const { number, voxels, volumeMl, readers: list } of segments) {
    lines.push(`segment ${number}: ${voxels} voxels, ${volumeMl.toPrecision(3)} ml`);
    for (const { name, sensitivity, specificity } of list) {
      lines.push(`  ${name}: sensitivity ${share(sensitivity)}, specificity ${share(specificity)}`);
    }
  }
  lines.push(`${undecidedVoxels} voxels undecided`);
  return lines.join('\n');
}
