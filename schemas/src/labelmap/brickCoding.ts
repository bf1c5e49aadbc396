import { deflateSync, inflateSync } from 'fflate';
import { ByteReader } from './byteReader.js';
import { ByteWriter } from './byteWriter.js';
import { LabelMapError } from './errors.js';
import { BRICK_EDGE, tileCounts } from './grid.js';

/*
 * A brick's bytes: version (1), 0 or 1 = deflated, length of the runs in bytes (varuint), then the runs, deflated if
 * that is shorter. A run: label (1 byte), voxels - 1 (varuint); voxels in brick order, i fastest, cut at the grid's
 * border; runs go on over row ends.
 */

const VERSION = 1;
const BRICK_VOXELS = BRICK_EDGE ** 3;
const LONGEST_RUNS = 2 * BRICK_VOXELS;

const UNREADABLE = 'A brick of the saved label map cannot be read. Open the read without this snapshot.';

const out = new ByteWriter(1 << 16);

/** The bytes of the brick that covers `box` of a bitmap; null if it holds no label. */
export function encodeBrickBox(
  bitmap: Uint8Array,
  strideJ: number,
  strideK: number,
  origin: number,
  size: readonly [number, number, number]
): Uint8Array | null {
  const runs = brickBoxRuns(bitmap, strideJ, strideK, origin, size);
  return runs === null ? null : wrap(runs);
}

/** The runs of the brick that covers `box` of a bitmap, as long as they can be; null if it holds no label. */
export function brickBoxRuns(
  bitmap: Uint8Array,
  strideJ: number,
  strideK: number,
  origin: number,
  size: readonly [number, number, number]
): Uint8Array | null {
  out.clear();
  let label = -1;
  let length = 0;
  let labelled = false;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = origin + k * strideK + j * strideJ;
      for (let at = row; at < row + size[0]; at++) {
        const value = bitmap[at] ?? 0;
        if (value === label) {
          length++;
          continue;
        }
        if (length > 0) writeRun(label, length);
        label = value;
        length = 1;
        if (value !== 0) labelled = true;
      }
    }
  }
  if (!labelled) return null;
  writeRun(label, length);
  return out.toBytes();
}

function writeRun(label: number, length: number): void {
  out.byte(label);
  out.varuint(length - 1);
}

function wrap(runs: Uint8Array): Uint8Array {
  const deflated = deflateSync(runs, { level: 6 });
  const shorter = deflated.length < runs.length;
  const body = shorter ? deflated : runs;
  const header = new ByteWriter(8);
  header.byte(VERSION);
  header.byte(shorter ? 1 : 0);
  header.varuint(runs.length);
  const head = header.toBytes();
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/**
 * The runs of a brick, unpacked and checked: every length ends in these bytes and all add up to `voxels`, so that what
 * follows may read them without looking. Throws `snapshot.malformed`.
 */
export function readBrickRuns(bytes: Uint8Array, voxels: number): Uint8Array {
  const reader = new ByteReader(bytes, 'snapshot.malformed', UNREADABLE);
  if (reader.byte() !== VERSION) throw reader.refuse();
  const packing = reader.byte();
  const declared = reader.varuint(LONGEST_RUNS);
  const body = reader.rest();
  if (packing > 1 || (packing === 1 ? body.length >= declared : body.length !== declared)) throw reader.refuse();
  return checkBrickRuns(packing === 1 ? inflate(body, declared) : body, voxels);
}

/** The runs, once it is known that they can be read without looking. Throws `snapshot.malformed`. */
export function checkBrickRuns(runs: Uint8Array, voxels: number): Uint8Array {
  let left = voxels;
  for (let at = 0; at < runs.length;) {
    at++;
    let length = 1;
    let shift = 0;
    let byte = 128;
    while (byte >= 128 && shift <= 21) {
      byte = runs[at++] ?? 255;
      length += (byte & 127) << shift;
      shift += 7;
    }
    left -= length;
    if (byte >= 128 || left < 0) throw new LabelMapError('snapshot.malformed', UNREADABLE);
  }
  if (left !== 0) throw new LabelMapError('snapshot.malformed', UNREADABLE);
  return runs;
}

function inflate(bytes: Uint8Array, length: number): Uint8Array {
  // One byte more than declared: what inflates to more than it says is then seen, and never takes more memory.
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(bytes, { out: new Uint8Array(length + 1) });
  } catch {
    throw new LabelMapError('snapshot.malformed', 'A brick of the saved label map cannot be inflated.');
  }
  if (inflated.length !== length) {
    throw new LabelMapError('snapshot.malformed', 'A brick of the saved label map has another length than it says.');
  }
  return inflated;
}

/** How many bricks cover a grid. */
export function brickCount(dims: readonly [number, number, number]): number {
  const [i, j, k] = tileCounts(dims, BRICK_EDGE);
  return i * j * k;
}
