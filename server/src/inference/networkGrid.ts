import { spacing, type Affine } from '@voxcord/schemas/geometry';
import type { AutomaticModelFile } from '@voxcord/schemas/models';
import { alongVolume, turnTo, type Triple, type Turn } from './orientation.js';
import { cleanSpacing, resampledSize } from './resampling.js';

/** Where the network looks at a volume: its own grid, with axes in the order of the volume's. */
export interface NetworkGrid {
  readonly turn: Turn;
  readonly dims: Triple<number>;
  /** Voxels of the volume per voxel of the network, along each axis. */
  readonly scale: Triple<number>;
}

/** The grid that a model wants for a volume. Throws `RangeError` if its orientation is none. */
export function networkGridOf(
  { input }: Pick<AutomaticModelFile, 'input'>,
  volume: { readonly dims: Triple<number>; readonly affine: Affine }
): NetworkGrid {
  const turn = turnTo(input.orientation, volume.affine);
  if (input.spacing === null) return { turn, dims: volume.dims, scale: [1, 1, 1] };
  const wanted = alongVolume(turn, input.spacing);
  const sizes = spacing(volume.affine);
  const had: Triple<number> = [cleanSpacing(sizes[0]), cleanSpacing(sizes[1]), cleanSpacing(sizes[2])];
  return {
    turn,
    dims: [
      resampledSize(volume.dims[0], had[0], wanted[0]),
      resampledSize(volume.dims[1], had[1], wanted[1]),
      resampledSize(volume.dims[2], had[2], wanted[2])
    ],
    scale: [wanted[0] / had[0], wanted[1] / had[1], wanted[2] / had[2]]
  };
}
