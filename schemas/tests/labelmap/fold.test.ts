import { describe, expect, it } from 'vitest';
import {
  LabelMap,
  LabelMapError,
  encodeStroke,
  encodeVisibility,
  type Dims,
  type PaintedRegion,
  type RecordId,
  type VoxelBox
} from '../../src/labelmap/index.js';
import * as engine from '../../src/labelmap/index.js';
import { runFuzz } from './runFuzz.js';
import { sameVoxels } from './sameVoxels.js';

const DIMS: Dims = [70, 45, 40];
const ANNA = 11;
const BEN = 22;

function block(min: VoxelBox['min'], max: VoxelBox['max']): PaintedRegion {
  const volume = (max[0] - min[0] + 1) * (max[1] - min[1] + 1) * (max[2] - min[2] + 1);
  return { box: { min, max }, mask: new Uint8Array(volume).fill(1) };
}

const SMALL = block([30, 10, 10], [35, 15, 15]);
const LARGE = block([20, 5, 5], [60, 40, 35]);

function strokeBytes(region: PaintedRegion, segment: number, lamport: number): Uint8Array {
  return encodeStroke({ lamport, segment, tool: 'brush', continues: false, region, dims: DIMS });
}

function visibility(target: RecordId, hidden: boolean, lamport: number): Uint8Array {
  return encodeVisibility({ lamport, target, hidden });
}

function at(map: LabelMap, i: number, j: number, k: number): number | undefined {
  return map.bitmap[(k * DIMS[1] + j) * DIMS[0] + i];
}

const a0 = { client: ANNA, clock: 0 };
const a1 = { client: ANNA, clock: 1 };
const b0 = { client: BEN, clock: 0 };
const b1 = { client: BEN, clock: 1 };

describe('the fold', () => {
  it('shows the stroke of highest order in each voxel', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    map.insert(b0, strokeBytes(SMALL, 2, 2));
    expect([at(map, 25, 20, 20), at(map, 32, 12, 12), at(map, 0, 0, 0)]).toEqual([1, 2, 0]);
  });

  it('puts a late stroke beneath the newer ones', () => {
    const map = new LabelMap(DIMS);
    map.insert(b0, strokeBytes(SMALL, 2, 2));
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    expect([at(map, 25, 20, 20), at(map, 32, 12, 12)]).toEqual([1, 2]);
  });

  it('orders concurrent strokes by client, on every replica alike', () => {
    const records = [
      { id: a0, bytes: strokeBytes(SMALL, 1, 5) },
      { id: b0, bytes: strokeBytes(SMALL, 2, 5) }
    ];
    const [one, two] = [new LabelMap(DIMS), new LabelMap(DIMS)];
    for (const { id, bytes } of records) one.insert(id, bytes);
    for (const { id, bytes } of [...records].reverse()) two.insert(id, bytes);
    expect([at(one, 32, 12, 12), at(two, 32, 12, 12)]).toEqual([2, 2]);
  });

  it('erases with segment 0, and an undone eraser gives the paint back', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    map.insert(a1, strokeBytes(SMALL, 0, 2));
    expect(at(map, 32, 12, 12)).toBe(0);
    map.insert({ client: ANNA, clock: 2 }, visibility(a1, true, 3));
    expect(at(map, 32, 12, 12)).toBe(1);
  });

  it('undoes one stroke without removing what others painted over or under it', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    map.insert(b0, strokeBytes(SMALL, 2, 2));
    map.insert(a1, visibility(a0, true, 3));
    expect([at(map, 25, 20, 20), at(map, 32, 12, 12)]).toEqual([0, 2]);
    map.insert({ client: ANNA, clock: 2 }, visibility(a0, false, 4));
    expect([at(map, 25, 20, 20), at(map, 32, 12, 12)]).toEqual([1, 2]);
  });

  it('lets the visibility record of highest order decide, whichever comes last', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    map.insert(b1, visibility(a0, false, 9));
    map.insert(a1, visibility(a0, true, 3));
    expect(map.record(a0)?.hidden).toBe(false);
    expect(at(map, 25, 20, 20)).toBe(1);
  });

  it('takes a visibility record before its stroke', () => {
    const map = new LabelMap(DIMS);
    map.insert(a1, visibility(a0, true, 3));
    expect(map.insert(a0, strokeBytes(LARGE, 1, 1))).toEqual([]);
    expect(map.counts()[1]).toBe(0);
  });

  it('ignores a record that it knows', () => {
    const map = new LabelMap(DIMS);
    const bytes = strokeBytes(LARGE, 1, 1);
    expect(map.insert(a0, bytes)).not.toEqual([]);
    expect(map.insert(a0, bytes)).toEqual([]);
    expect(map.insertMany([{ id: a0, bytes }])).toEqual([]);
  });

  it('reports one tight box for one stroke across many cells', () => {
    const map = new LabelMap(DIMS);
    expect(map.insert(a0, strokeBytes(LARGE, 1, 1))).toEqual([LARGE.box]);
    expect(map.insert(b0, strokeBytes(SMALL, 2, 2))).toEqual([SMALL.box]);
    expect(map.insert(a1, strokeBytes(SMALL, 2, 3))).toEqual([]);
  });

  it('keeps distant changes apart', () => {
    const map = new LabelMap(DIMS);
    const [low, high] = [block([0, 0, 0], [3, 3, 3]), block([60, 40, 35], [63, 43, 38])];
    const boxes = map.insertMany([
      { id: a0, bytes: strokeBytes(low, 1, 1) },
      { id: a1, bytes: strokeBytes(high, 1, 2) }
    ]);
    expect(boxes).toEqual([low.box, high.box]);
  });

  it('counts voxels per segment', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    map.insert(b0, strokeBytes(SMALL, 2, 2));
    const counts = map.counts();
    expect([counts[0], counts[1], counts[2]]).toEqual([70 * 45 * 40 - LARGE.mask.length, LARGE.mask.length - 216, 216]);
  });

  it('knows how far each log is complete', () => {
    const map = new LabelMap(DIMS);
    map.insert(a1, strokeBytes(SMALL, 1, 2));
    expect(map.frontier()).toEqual({});
    map.insert(a0, strokeBytes(SMALL, 1, 1));
    expect(map.frontier()).toEqual({ [ANNA]: 2 });
  });

  it('gives new records a clock above all that it has seen', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(SMALL, 1, 41));
    expect(map.nextLamport()).toBe(42);
  });

  it('refuses a stroke outside its grid', () => {
    const other: Dims = [200, 45, 40];
    const bytes = encodeStroke({
      lamport: 1,
      segment: 1,
      tool: 'brush',
      continues: false,
      region: block([190, 1, 1], [195, 2, 2]),
      dims: other
    });
    const map = new LabelMap(DIMS);
    expect(() => map.insert(a0, bytes)).toThrow(expect.objectContaining({ code: 'stroke.outside-grid' }));
    expect(map.record(a0)).toBeNull();
  });

  it.each<[string, Dims]>([
    ['no voxels', [0, 4, 4]],
    ['half voxels', [1.5, 4, 4]],
    ['more voxels than an array holds', [65535, 65535, 4]]
  ])('refuses a grid with %s', (_what, dims) => {
    expect(() => new LabelMap(dims)).toThrow(LabelMapError);
  });
});

describe('provisional paint', () => {
  it('lies over everything that arrives and leaves nothing behind', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    const before = map.bitmap.slice();
    expect(map.paintProvisional(SMALL, 7)).toEqual([SMALL.box]);
    expect(at(map, 32, 12, 12)).toBe(7);
    expect(map.insert(b0, strokeBytes(SMALL, 2, 2))).toEqual([]);
    expect(at(map, 32, 12, 12)).toBe(7);
    map.insert(b1, visibility(b0, true, 3));
    expect(map.discardProvisional()).toEqual([SMALL.box]);
    expect(sameVoxels(map.bitmap, before)).toBe(true);
  });

  it('turns into the finished stroke without a change on screen', () => {
    const map = new LabelMap(DIMS);
    map.insert(a0, strokeBytes(LARGE, 1, 1));
    map.paintProvisional(SMALL, 7);
    expect(map.insert(a1, strokeBytes(SMALL, 7, 2))).toEqual([]);
    expect(map.discardProvisional()).toEqual([]);
    expect(at(map, 32, 12, 12)).toBe(7);
  });

  it('is never taken for stored paint', () => {
    const map = new LabelMap(DIMS);
    map.paintProvisional(SMALL, 7);
    expect(() => map.snapshot()).toThrow(expect.objectContaining({ code: 'map.provisional' }));
    expect(() => map.fingerprints()).toThrow(expect.objectContaining({ code: 'map.provisional' }));
  });
});

describe('replicas', () => {
  it('end equal to the plain rule after 100,000 deliveries in any order, with undo, compaction and late returns', () => {
    const result = runFuzz(engine, { deliveries: 100_000, seed: 12 });
    expect(result.faults).toEqual([]);
    expect(result.diverged).toBe(0);
    expect(result.deliveries).toBeGreaterThanOrEqual(100_000);
    expect(
      [result.late, result.hides, result.compactions, result.reopened, result.returned].every(count => count > 200)
    ).toBe(true);
  });
});
