import { orientationOf, type Affine, type Axis } from '@voxcord/schemas/geometry';

export type Triple<Value> = readonly [Value, Value, Value];

/** How the axes of a volume lie in the tensor of a network. */
export interface Turn {
  /** Of each axis of the volume: which axis of the tensor it becomes. */
  readonly tensorAxis: Triple<Axis>;
  /** Of each axis of the volume: whether the tensor walks it from its end. */
  readonly flipped: Triple<boolean>;
}

const AXES: Readonly<Record<string, { readonly axis: Axis; readonly sign: 1 | -1 }>> = {
  R: { axis: 0, sign: 1 },
  L: { axis: 0, sign: -1 },
  A: { axis: 1, sign: 1 },
  P: { axis: 1, sign: -1 },
  S: { axis: 2, sign: 1 },
  I: { axis: 2, sign: -1 }
};

/**
 * How a volume on any grid comes to `orientation`, three letters as nibabel writes them (`RAS`, `LIA`): its axes are
 * permuted and flipped, no voxel changes its value. Throws `RangeError` for anything else than such letters.
 *
 * @param affine voxel to world, mm, RAS+
 */
export function turnTo(orientation: string, affine: Affine): Turn {
  const wanted = Array.from(orientation, letter => AXES[letter]);
  const turned = orientationOf(affine).map(heading => {
    const tensorAxis = wanted.findIndex(each => each?.axis === heading.axis);
    if (wanted.length !== 3 || (tensorAxis !== 0 && tensorAxis !== 1 && tensorAxis !== 2)) {
      throw new RangeError(`${orientation} is not an orientation: one of R/L, A/P and S/I each is.`);
    }
    return { tensorAxis, flipped: wanted[tensorAxis]?.sign !== heading.sign } as const;
  });
  const [i, j, k] = turned;
  if (i === undefined || j === undefined || k === undefined) throw new RangeError('A volume has three axes.');
  return {
    tensorAxis: [i.tensorAxis, j.tensorAxis, k.tensorAxis],
    flipped: [i.flipped, j.flipped, k.flipped]
  };
}

/** Three values along the axes of the tensor, in the order of the volume's. */
export function alongVolume<Value>({ tensorAxis }: Turn, ofTensor: Triple<Value>): [Value, Value, Value] {
  return [ofTensor[tensorAxis[0]], ofTensor[tensorAxis[1]], ofTensor[tensorAxis[2]]];
}

/** Three values along the axes of the volume, in the order of the tensor's. */
export function alongTensor<Value>({ tensorAxis }: Turn, ofVolume: Triple<Value>): [Value, Value, Value] {
  const [i, j, k] = ofVolume;
  const at = (axis: Axis): Value => (tensorAxis[0] === axis ? i : tensorAxis[1] === axis ? j : k);
  return [at(0), at(1), at(2)];
}

/** How far apart neighbours along the axes of the volume lie in a tensor whose last axis is the fastest. */
export function tensorStrides(turn: Turn, tensorDims: Triple<number>): [number, number, number] {
  return alongVolume(turn, [tensorDims[1] * tensorDims[2], tensorDims[2], 1]);
}
