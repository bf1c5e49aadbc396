import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LabelMapError,
  MAX_RECORD_BYTES,
  MAX_RECORD_RUNS,
  checkRecord,
  decodeRegion,
  encodeStroke,
  encodeStrokes,
  encodeVisibility,
  forEachRun,
  readRecord,
  type Dims,
  type LabelMapErrorCode,
  type PaintedRegion
} from '../../src/labelmap/index.js';
import { paint } from './referenceFold.js';
import { randomRegion } from './randomRegions.js';
import { sameVoxels } from './sameVoxels.js';
import { SeededRandom } from './seededRandom.js';

const DIMS: Dims = [70, 45, 40];
const SEED = 20260728;

function stroke(region: PaintedRegion, dims: Dims = DIMS): Parameters<typeof encodeStroke>[0] {
  return { lamport: 7, segment: 3, tool: 'brush', continues: false, region, dims };
}

function bitmapOf(region: PaintedRegion, dims: Dims): Uint8Array {
  const bitmap = new Uint8Array(dims[0] * dims[1] * dims[2]);
  paint(bitmap, dims, region, 1);
  return bitmap;
}

function codeOf(action: () => unknown): LabelMapErrorCode | 'none' {
  try {
    action();
  } catch (error) {
    if (error instanceof LabelMapError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a stroke record', () => {
  it('gives back the voxels it was made from, whatever their shape', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom<Dims>(DIMS, [1, 64, 33], [33, 1, 1], [300, 5, 5], [5, 5, 300]),
        (seed, dims) => {
          const region = randomRegion(new SeededRandom(seed), dims);
          const decoded = decodeRegion(encodeStroke(stroke(region, dims)), dims);
          expect(sameVoxels(bitmapOf(decoded, dims), bitmapOf(region, dims))).toBe(true);
        }
      ),
      { seed: SEED, numRuns: 400 }
    );
  });

  it('keeps all that its header says', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        (seed, lamport, segment, continues) => {
          const region = randomRegion(new SeededRandom(seed), DIMS);
          const bytes = encodeStroke({ lamport, segment, tool: 'threshold', continues, region, dims: DIMS });
          const record = checkRecord(bytes, DIMS);
          expect(record).toMatchObject({ kind: 'stroke', lamport, segment, tool: 'threshold', continues });
          expect(readRecord(bytes, DIMS)).toEqual(record);
          expect(record.kind === 'stroke' && record.voxels).toBe(region.mask.filter(voxel => voxel !== 0).length);
        }
      ),
      { seed: SEED, numRuns: 100 }
    );
  });

  it('has a tight box, however large the painted region was', () => {
    const region = { box: { min: [0, 0, 0], max: [69, 44, 39] } as const, mask: new Uint8Array(70 * 45 * 40) };
    region.mask[(5 * 45 + 6) * 70 + 7] = 1;
    region.mask[(9 * 45 + 6) * 70 + 17] = 1;
    const record = readRecord(encodeStroke(stroke(region)), DIMS);
    expect(record).toMatchObject({ box: { min: [7, 6, 5], max: [17, 6, 9] }, voxels: 2 });
  });

  it('visits disjoint runs inside the grid that cover exactly its voxels', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const region = randomRegion(new SeededRandom(seed), DIMS);
        const covered = new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]);
        forEachRun(encodeStroke(stroke(region)), DIMS, (start, length, stride) => {
          for (let n = 0; n < length; n++) covered[start + n * stride] = (covered[start + n * stride] ?? 2) + 1;
        });
        expect(sameVoxels(covered, bitmapOf(region, DIMS))).toBe(true);
      }),
      { seed: SEED, numRuns: 100 }
    );
  });

  it('is equal for equal voxels, so that it can be compared by its bytes', () => {
    const region = randomRegion(new SeededRandom(5), DIMS);
    const loose = { box: { min: [0, 0, 0], max: [69, 44, 39] } as const, mask: bitmapOf(region, DIMS) };
    expect(encodeStroke(stroke(loose))).toEqual(encodeStroke(stroke(region)));
  });

  it('takes a few bytes for a full box, however large', () => {
    const region = { box: { min: [0, 0, 0], max: [69, 44, 39] } as const, mask: new Uint8Array(70 * 45 * 40).fill(1) };
    expect(encodeStroke(stroke(region)).length).toBeLessThan(64);
  });

  it.each<[string, LabelMapErrorCode, () => unknown]>([
    [
      'nothing is painted',
      'stroke.empty',
      () => encodeStroke(stroke({ box: { min: [1, 1, 1], max: [2, 2, 2] }, mask: new Uint8Array(8) }))
    ],
    [
      'the box leaves the grid',
      'stroke.outside-grid',
      () => encodeStroke(stroke({ box: { min: [69, 1, 1], max: [70, 1, 1] }, mask: Uint8Array.of(1, 1) }))
    ],
    [
      'the box is negative',
      'stroke.outside-grid',
      () => encodeStroke(stroke({ box: { min: [-1, 1, 1], max: [0, 1, 1] }, mask: Uint8Array.of(1, 1) }))
    ],
    [
      'the mask does not fit its box',
      'grid.mismatch',
      () => encodeStroke(stroke({ box: { min: [0, 0, 0], max: [3, 3, 3] }, mask: new Uint8Array(63) }))
    ],
    [
      'the segment is no number',
      'stroke.segment',
      () =>
        encodeStroke({ ...stroke({ box: { min: [0, 0, 0], max: [0, 0, 0] }, mask: Uint8Array.of(1) }), segment: 256 })
    ],
    [
      'the clock is out of range',
      'record.malformed',
      () => encodeVisibility({ lamport: -1, target: { client: 1, clock: 1 }, hidden: true })
    ]
  ])('is refused when %s', (_what, code, action) => {
    expect(codeOf(action)).toBe(code);
  });
});

describe('a gesture that is too large for one record', () => {
  const dims: Dims = [128, 128, 80];

  it('becomes several records of one gesture that cover it together', () => {
    const random = new SeededRandom(9);
    const mask = Uint8Array.from({ length: 128 * 128 * 80 }, () => (random.chance(0.5) ? 1 : 0));
    const region = { box: { min: [0, 0, 0], max: [127, 127, 79] } as const, mask };
    expect(codeOf(() => encodeStroke(stroke(region, dims)))).toBe('record.too-large');

    const records = encodeStrokes(stroke(region, dims));
    const bitmap = new Uint8Array(mask.length);
    records.forEach((bytes, index) => {
      const record = checkRecord(bytes, dims);
      expect(bytes.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
      expect(record).toMatchObject({ lamport: 7 + index, continues: index > 0 });
      expect(record.kind === 'stroke' && record.runs).toBeLessThanOrEqual(MAX_RECORD_RUNS);
      paint(bitmap, dims, decodeRegion(bytes, dims), 1);
    });
    expect(records.length).toBeGreaterThan(1);
    expect(sameVoxels(bitmap, mask)).toBe(true);
  });

  it('stays one record when it fits', () => {
    const region = randomRegion(new SeededRandom(3), DIMS);
    expect(encodeStrokes(stroke(region))).toEqual([encodeStroke(stroke(region))]);
  });
});

describe('a visibility record', () => {
  it('gives back what it was made from', () => {
    fc.assert(
      fc.property(
        fc.record({
          lamport: fc.integer({ min: 0, max: 2 ** 40 }),
          target: fc.record({ client: fc.maxSafeNat(), clock: fc.maxSafeNat() }),
          hidden: fc.boolean()
        }),
        record => {
          expect(checkRecord(encodeVisibility(record), DIMS)).toEqual({ kind: 'visibility', ...record });
        }
      ),
      { seed: SEED }
    );
  });

  it('has no runs', () => {
    const bytes = encodeVisibility({ lamport: 1, target: { client: 1, clock: 1 }, hidden: true });
    expect(codeOf(() => decodeRegion(bytes, DIMS))).toBe('record.malformed');
  });
});
