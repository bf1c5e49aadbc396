import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { LabelMapError } from '../labelmap/errors.js';
import { boxSize, boxVolume, isInside, type Dims, type VoxelBox } from '../labelmap/grid.js';

/** What the live consensus shows in one box of the grid: two bytes per voxel, i fastest. */
export interface LiveBox {
  readonly box: VoxelBox;
  /** Segment numbers; 0 where nothing is, and where it is undecided. */
  readonly labels: Uint8Array;
  /** 0 (all agree) to 255 (as far apart as can be). */
  readonly disagreement: Uint8Array;
}

/** Longest encoded box, bytes: a box that needs more is cut in two. */
const LONGEST = 256 * 1024;
const PAIRS = 65_536;

/**
 * Runs of equal pairs (label, disagreement) in one box, in the order of its voxels: there are few different pairs, and
 * both maps change at the same borders. `labels` and `disagreement` are those of the whole grid. A large box gives
 * several parts, which together cover it.
 */
export function encodeLiveBox(dims: Dims, box: VoxelBox, labels: Uint8Array, disagreement: Uint8Array): Uint8Array[] {
  const size = boxSize(box);
  const [ni, nj, nk] = size;
  const places = new Int32Array(PAIRS);
  const pairs: number[] = [];
  const runs = encoding.createEncoder();
  let current = -1;
  let length = 0;
  const endRun = (): void => {
    if (length === 0) return;
    let place = places[current] ?? 0;
    if (place === 0) {
      pairs.push(current);
      places[current] = place = pairs.length;
    }
    encoding.writeVarUint(runs, place - 1);
    encoding.writeVarUint(runs, length - 1);
  };
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = ((box.min[2] + k) * dims[1] + box.min[1] + j) * dims[0] + box.min[0];
      for (let voxel = row; voxel < row + ni; voxel++) {
        const pair = ((labels[voxel] ?? 0) << 8) | (disagreement[voxel] ?? 0);
        if (pair === current) {
          length++;
          continue;
        }
        endRun();
        current = pair;
        length = 1;
      }
    }
    if (encoding.length(runs) > LONGEST && nj * nk > 1) return encodeHalves(dims, box, labels, disagreement);
  }
  endRun();
  const encoder = encoding.createEncoder();
  for (const value of [...box.min, ...size, pairs.length]) encoding.writeVarUint(encoder, value);
  for (const pair of pairs) encoding.writeUint16(encoder, pair);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(runs));
  return [encoding.toUint8Array(encoder)];
}

function encodeHalves(dims: Dims, box: VoxelBox, labels: Uint8Array, disagreement: Uint8Array): Uint8Array[] {
  const { min, max } = box;
  const axis = max[2] > min[2] ? 2 : 1;
  const middle = Math.floor((min[axis] + max[axis]) / 2);
  const lower: VoxelBox = { min, max: axis === 2 ? [max[0], max[1], middle] : [max[0], middle, max[2]] };
  const upper: VoxelBox = { min: axis === 2 ? [min[0], min[1], middle + 1] : [min[0], middle + 1, min[2]], max };
  return [lower, upper].flatMap(half => encodeLiveBox(dims, half, labels, disagreement));
}

/** Throws `LabelMapError` (`snapshot.malformed`, `stroke.outside-grid`) for bytes that are no box of this grid. */
export function decodeLiveBox(bytes: Uint8Array, dims: Dims): LiveBox {
  try {
    return decode(bytes, dims);
  } catch (error) {
    if (error instanceof LabelMapError) throw error;
    throw malformed();
  }
}

function decode(bytes: Uint8Array, dims: Dims): LiveBox {
  const decoder = decoding.createDecoder(bytes);
  const next = (): number => decoding.readVarUint(decoder);
  const min: [number, number, number] = [next(), next(), next()];
  const [ni, nj, nk] = [next(), next(), next()];
  const box: VoxelBox = { min, max: [min[0] + ni - 1, min[1] + nj - 1, min[2] + nk - 1] };
  if (!isInside(box, dims)) {
    throw new LabelMapError('stroke.outside-grid', `A box of the live consensus lies outside ${dims.join(' x ')}.`);
  }
  const count = next();
  if (count > PAIRS) throw malformed();
  const pairs = Uint16Array.from({ length: count }, () => decoding.readUint16(decoder));
  const runs = decoding.createDecoder(decoding.readVarUint8Array(decoder));
  const volume = boxVolume(box);
  const labels = new Uint8Array(volume);
  const disagreement = new Uint8Array(volume);
  let voxel = 0;
  while (voxel < volume) {
    const pair = pairs[decoding.readVarUint(runs)];
    const end = voxel + decoding.readVarUint(runs) + 1;
    if (pair === undefined || end > volume) throw malformed();
    if (pair !== 0) {
      labels.fill(pair >> 8, voxel, end);
      disagreement.fill(pair & 255, voxel, end);
    }
    voxel = end;
  }
  if (decoding.hasContent(runs) || decoding.hasContent(decoder)) throw malformed();
  return { box, labels, disagreement };
}

function malformed(): LabelMapError {
  return new LabelMapError('snapshot.malformed', 'A box of the live consensus cannot be read. Connect again.');
}
