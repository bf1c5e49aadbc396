import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LabelMap,
  LabelMapError,
  checkRecord,
  decodeRegion,
  encodeStroke,
  encodeVisibility,
  forEachRun,
  type Dims
} from '../../src/labelmap/index.js';
import { randomRegion } from './randomRegions.js';
import { sameVoxels } from './sameVoxels.js';
import { SeededRandom } from './seededRandom.js';

const DIMS: Dims = [70, 45, 40];
const SEED = 4402;

/** True if the bytes are a record; false if they were refused as they must be. Anything else fails the test. */
function isAccepted(bytes: Uint8Array, dims: Dims = DIMS): boolean {
  try {
    const record = checkRecord(bytes, dims);
    if (record.kind === 'stroke') {
      // What is accepted must be usable: inside its box, of the declared number of voxels, each voxel once.
      const seen = new Set<number>();
      forEachRun(bytes, dims, (start, length, stride) => {
        for (let n = 0; n < length; n++) seen.add(start + n * stride);
      });
      expect(seen.size).toBe(record.voxels);
      expect(decodeRegion(bytes, dims).mask.reduce((sum, voxel) => sum + voxel, 0)).toBe(record.voxels);
    }
    return true;
  } catch (error) {
    if (!(error instanceof LabelMapError)) throw error;
    return false;
  }
}

function someRecord(random: SeededRandom): Uint8Array {
  if (random.chance(0.1)) {
    return encodeVisibility({ lamport: random.integer(0, 1e9), target: { client: 5, clock: 3 }, hidden: true });
  }
  return encodeStroke({
    lamport: random.integer(0, 1e9),
    segment: 1,
    tool: 'fill',
    continues: false,
    region: randomRegion(random, DIMS),
    dims: DIMS
  });
}

describe('hostile bytes', () => {
  it('are refused or are a sound record: random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        isAccepted(bytes);
      }),
      { seed: SEED, numRuns: 5000 }
    );
  });

  it('are refused or are a sound record: random bytes behind a sound header', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 8, max: 20 }),
        (seed, tail, cut) => {
          const bytes = someRecord(new SeededRandom(seed));
          isAccepted(Uint8Array.from([...bytes.subarray(0, cut), ...tail]));
        }
      ),
      { seed: SEED, numRuns: 3000 }
    );
  });

  it('are refused or are a sound record: bits flipped', () => {
    const random = new SeededRandom(SEED);
    let refused = 0;
    for (let n = 0; n < 4000; n++) {
      const bytes = someRecord(random);
      for (let flips = random.integer(1, 3); flips > 0; flips--) {
        const at = random.integer(0, bytes.length - 1);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
      }
      if (!isAccepted(bytes)) refused++;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('are refused or are a sound record: cut off', () => {
    const random = new SeededRandom(SEED + 1);
    for (let n = 0; n < 40; n++) {
      const bytes = someRecord(random);
      for (let length = 0; length < bytes.length; length++) isAccepted(bytes.subarray(0, length));
    }
  });

  it('are refused with something appended', () => {
    const random = new SeededRandom(SEED + 2);
    for (let n = 0; n < 200; n++) {
      const bytes = someRecord(random);
      expect(isAccepted(bytes)).toBe(true);
      expect(isAccepted(Uint8Array.from([...bytes, 0]))).toBe(false);
      expect(isAccepted(Uint8Array.from([...bytes, 1, 2, 3, 4, 5]))).toBe(false);
    }
  });

  it('cannot claim more than their box, runs or rows allow', () => {
    const varuint = (value: number): number[] =>
      value < 128 ? [value] : [(value % 128) | 128, ...varuint(Math.floor(value / 128))];
    const header = (size: number[], voxels: number, runs: number, axis = 0): Uint8Array =>
      Uint8Array.from([
        1 | (axis << 6),
        1,
        1,
        5,
        0,
        0,
        0,
        ...size.flatMap(n => varuint(n - 1)),
        ...varuint(voxels),
        ...varuint(runs)
      ]);
    const huge: Dims = [1, 40000, 40000];
    const code = (bytes: Uint8Array, dims: Dims): string => {
      try {
        checkRecord(bytes, dims);
      } catch (error) {
        return error instanceof LabelMapError ? error.code : 'untyped';
      }
      return 'none';
    };
    expect(code(header([1, 40000, 40000], 5, 5), huge)).toBe('record.too-large');
    expect(code(header([70, 45, 40], 100, 200), DIMS)).toBe('record.malformed');
    expect(code(header([70, 45, 40], 126001, 200), DIMS)).toBe('record.malformed');
    expect(code(header([70, 45, 40], 126000, 150001), DIMS)).toBe('record.too-large');
    expect(code(header([71, 45, 40], 5, 5), DIMS)).toBe('stroke.outside-grid');
    expect(code(header([70, 45, 40], 5, 5, 3), DIMS)).toBe('record.malformed');
    expect(code(Uint8Array.of(2, 0, 0), DIMS)).toBe('record.version');
    expect(code(new Uint8Array(800_000).fill(1), DIMS)).toBe('record.too-large');
    expect(code(new Uint8Array(0), DIMS)).toBe('record.malformed');
  });

  it('leave a label map as it was', () => {
    const map = new LabelMap(DIMS);
    const random = new SeededRandom(SEED + 3);
    const good = someRecord(random);
    map.insert({ client: 1, clock: 0 }, good);
    const before = { bitmap: map.bitmap.slice(), frontier: map.frontier(), counts: [...map.counts()] };
    const bad = good.slice(0, good.length - 2);
    expect(() => map.insert({ client: 1, clock: 1 }, bad)).toThrow(LabelMapError);
    expect(() =>
      map.insertMany([
        { id: { client: 2, clock: 0 }, bytes: good },
        { id: { client: 3, clock: 0 }, bytes: Uint8Array.of(9) }
      ])
    ).toThrow(LabelMapError);
    expect(sameVoxels(map.bitmap, before.bitmap)).toBe(true);
    expect({ frontier: map.frontier(), counts: [...map.counts()] }).toEqual({
      frontier: before.frontier,
      counts: before.counts
    });
  });
});
