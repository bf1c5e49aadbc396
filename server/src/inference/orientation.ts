import type { Dims } from '@voxcord/schemas/labelmap';

/** How the axes of a tensor come from those of a volume: its axis n runs along `axis` of the volume, backwards if `flipped`. */
export type AxisOrder = readonly [AxisSource, AxisSource, AxisSource];

export interface AxisSource {
  readonly axis: 0 | 1 | 2;
  readonly flipped: boolean;
}

const AXES: Readonly<Record<string, AxisSource>> = {
  R: { axis: 0, flipped: false },
  L: { axis: 0, flipped: true },
  A: { axis: 1, flipped: false },
  P: { axis: 1, flipped: true },
  S: { axis: 2, flipped: false },
  I: { axis: 2, flipped: true }
};

/**
 * The order that brings a volume on its closest-canonical RAS grid to `orientation`, three letters as nibabel writes them
 * (`RAS`, `LIA`). Throws `RangeError` for anything else.
 */
export function axisOrder(orientation: string): AxisOrder {
  const sources = Array.from(orientation, letter => AXES[letter]);
  const [first, second, third] = sources;
  if (first === undefined || second === undefined || third === undefined || sources.length !== 3) {
    throw new RangeError(`${orientation} is not an orientation.`);
  }
  if (new Set([first.axis, second.axis, third.axis]).size !== 3) {
    throw new RangeError(`${orientation} names a direction twice.`);
  }
  return [first, second, third];
}

/** Three values along the axes of the volume, in the order of the tensor. */
export function inOrder<Value>(order: AxisOrder, ofVolume: readonly [Value, Value, Value]): [Value, Value, Value] {
  return [ofVolume[order[0].axis], ofVolume[order[1].axis], ofVolume[order[2].axis]];
}

/**
 * Where the voxels of a volume (i fastest) lie for somebody who walks along the axes of the tensor: voxel (x, y, z) of the
 * tensor is at `start + x * steps[0] + y * steps[1] + z * steps[2]` of the volume.
 */
export function walkOf(
  order: AxisOrder,
  dims: Dims
): { readonly start: number; readonly steps: readonly [number, number, number] } {
  const strides = [1, dims[0], dims[0] * dims[1]] as const;
  let start = 0;
  const step = ({ axis, flipped }: AxisSource): number => {
    if (flipped) start += (dims[axis] - 1) * strides[axis];
    return flipped ? -strides[axis] : strides[axis];
  };
  const steps = [step(order[0]), step(order[1]), step(order[2])] as const;
  return { start, steps };
}
