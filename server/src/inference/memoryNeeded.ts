import type { Affine } from '@voxcord/schemas/geometry';
import { networkGridOf } from './networkGrid.js';
import { alongTensor, alongVolume, type Triple } from './orientation.js';
import type { AppliedModel } from './pipeline.js';

const FLOAT = 4;

/**
 * Bytes of all arrays that `applyModel` holds together, which is the bound of its memory; the network itself and Node come on
 * top. docs/contributors/inference.md tells the formula.
 */
export function memoryNeeded(
  model: AppliedModel,
  volume: { readonly dims: Triple<number>; readonly affine: Affine }
): number {
  const grid = networkGridOf(model, volume);
  const channels = Math.max(...model.output.segments.map(({ channel }) => channel)) + 1;
  const voxels = product(volume.dims);
  const image = FLOAT * product(grid.dims);
  const isSpline = model.input.spacing !== null && model.input.interpolation === 'bspline';
  const reading = isSpline ? FLOAT * grid.dims[0] * grid.dims[1] * volume.dims[2] : 0;
  const back = FLOAT * 3 * channels * volume.dims[0] * volume.dims[1];
  const cleanUp = model.output.cleanUp === null ? 0 : FLOAT * voxels;
  return image + voxels + Math.max(reading, scoring(model, grid, channels) + back + cleanUp);
}

function scoring(
  { input, field }: AppliedModel,
  { turn, dims }: ReturnType<typeof networkGridOf>,
  channels: number
): number {
  if (field.kind === 'whole') {
    const padded = alongTensor(turn, dims).map((size, axis) => {
      const multiple = input.multipleOf[axis] ?? 1;
      return Math.ceil(size / multiple) * multiple;
    });
    return FLOAT * (1 + channels) * product(padded);
  }
  const slices = Math.min(alongVolume(turn, field.patch)[2], dims[2]);
  return FLOAT * (channels + 1) * dims[0] * dims[1] * slices + FLOAT * (channels + 4) * product(field.patch);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
