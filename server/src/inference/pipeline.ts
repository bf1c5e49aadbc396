import { spacing, type Affine } from '@voxcord/schemas/geometry';
import type { AutomaticModelFile } from '@voxcord/schemas/models';
import { softmax } from './classes.js';
import { cleanUp } from './cleanUp.js';
import { requireFinite } from './finiteScores.js';
import { flipSlice } from './flips.js';
import { normalise } from './intensity.js';
import { networkGridOf, type NetworkGrid } from './networkGrid.js';
import { readOntoGrid, type SliceReader } from './networkImage.js';
import { scoreImage, type Network, type ScoringOptions } from './networkScores.js';
import type { Triple } from './orientation.js';
import { cleanSpacing } from './resampling.js';
import { ScoresBack } from './scoresBack.js';
import { VolumeResult, type TakeScores } from './volumeResult.js';

const MM3_PER_ML = 1000;

export type AppliedModel = Pick<AutomaticModelFile, 'input' | 'field' | 'output'>;

/** A volume on any grid, read slice by slice along its third axis. */
export interface VolumeSlices {
  readonly dims: Triple<number>;
  /** Voxel to world, mm, RAS+. */
  readonly affine: Affine;
  /** Values of slice k, i fastest. */
  readonly read: SliceReader;
}

export interface PipelineOptions {
  readonly takeScores?: TakeScores;
  readonly report: (step: PipelineStep) => void;
}

export type PipelineStep =
  { readonly kind: 'reading' } | { readonly kind: 'windows'; readonly done: number; readonly of: number };

export interface PipelineResult {
  /** Channel of each voxel on the grid of the volume, i fastest; 0 where the strongest channel is no segment. */
  readonly labels: Uint8Array;
  readonly channels: number;
}

/**
 * What a model says of a volume, on the volume's own grid: turned, resampled and normalised as the model wants it, scored
 * window by window, brought back by its scores. docs/contributors/inference.md defines each step and the memory. Throws
 * `InferenceError`.
 */
export async function applyModel(
  model: AppliedModel,
  network: Network,
  volume: VolumeSlices,
  { takeScores, report }: PipelineOptions
): Promise<PipelineResult> {
  const { input, field, output } = model;
  const { dims } = volume;
  const grid = networkGridOf(model, volume);
  report({ kind: 'reading' });
  const image = readOntoGrid(turned(volume, grid), dims, grid.dims, grid.scale, input.interpolation);
  normalise(image.values, input.intensity);
  const result = new VolumeResult(dims, grid.turn, output.segments, takeScores ?? null);
  const toVolume: Triple<number> = [1 / grid.scale[0], 1 / grid.scale[1], 1 / grid.scale[2]];
  const scoring: ScoringOptions = {
    input,
    field,
    output,
    report: (done, of) => report({ kind: 'windows', done, of })
  };
  let back: ScoresBack | null = null;
  let channelCount = 0;
  await scoreImage(network, image, grid.turn, scoring, (k, scores, channels) => {
    channelCount = channels;
    back ??= new ScoresBack(grid.dims, dims, toVolume, channels, (turnedK, slice) => result.add(turnedK, slice));
    if (output.scores === 'logits') softmax(scores, channels);
    // Sums of finite scores may be infinite: without logits to compare, no share is a number.
    requireFinite(scores);
    back.add(k, scores);
  });
  if (output.cleanUp !== null) cleanUp(result.labels, dims, voxelMl(volume.affine), output.cleanUp);
  return { labels: result.labels, channels: channelCount };
}

function voxelMl(affine: Affine): number {
  const [i, j, k] = spacing(affine);
  return (cleanSpacing(i) * cleanSpacing(j) * cleanSpacing(k)) / MM3_PER_ML;
}

/** The volume with its axes the way round that the network wants; they keep their order. */
function turned({ dims, read }: VolumeSlices, { turn }: NetworkGrid): SliceReader {
  const [alongI, alongJ, alongK] = turn.flipped;
  return (k, target) => {
    read(alongK ? dims[2] - 1 - k : k, target);
    flipSlice(target, dims[0], dims[1], alongI, alongJ);
  };
}
