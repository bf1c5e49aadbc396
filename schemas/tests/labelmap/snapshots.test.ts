import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LabelMap,
  LabelMapError,
  decodeBrick,
  decodeRegion,
  encodeBricks,
  encodeStroke,
  encodeVisibility,
  type Dims,
  type RecordEntry,
  type Snapshot
} from '../../src/labelmap/index.js';
import { paint } from './referenceFold.js';
import { randomRegion } from './randomRegions.js';
import { sameVoxels } from './sameVoxels.js';
import { SeededRandom } from './seededRandom.js';

const DIMS: Dims = [70, 45, 80];
const SEED = 99;

function randomBitmap(random: SeededRandom): Uint8Array {
  const bitmap = new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]);
  for (let n = random.integer(0, 12); n > 0; n--) paint(bitmap, DIMS, randomRegion(random, DIMS), random.integer(0, 5));
  return bitmap;
}

/** A log of `count` records of two clients: strokes, and every fifth hides the one before. */
function someRecords(count: number, seed = SEED): RecordEntry[] {
  const random = new SeededRandom(seed);
  const clocks = [0, 0];
  const entries: RecordEntry[] = [];
  for (let lamport = 1; lamport <= count; lamport++) {
    const who = random.integer(0, 1);
    const id = { client: 10 + who, clock: clocks[who] ?? 0 };
    clocks[who] = id.clock + 1;
    const before = entries.at(-1);
    if (lamport % 5 === 0 && before !== undefined) {
      entries.push({ id, bytes: encodeVisibility({ lamport, target: before.id, hidden: true }) });
      continue;
    }
    const region = randomRegion(random, DIMS);
    const segment = random.integer(0, 4);
    entries.push({
      id,
      bytes: encodeStroke({ lamport, segment, tool: 'brush', continues: false, region, dims: DIMS })
    });
  }
  return entries;
}

function folded(entries: readonly RecordEntry[]): LabelMap {
  const map = new LabelMap(DIMS);
  map.insertMany(entries);
  return map;
}

describe('bricks', () => {
  it('give back the bitmap they were made from, and nothing is kept of empty ones', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const bitmap = randomBitmap(new SeededRandom(seed));
        const bricks = encodeBricks(bitmap, DIMS);
        const restored = new Uint8Array(bitmap.length);
        for (const [index, bytes] of bricks) decodeBrick(bytes, index, DIMS, restored);
        expect(sameVoxels(restored, bitmap)).toBe(true);
        expect(bricks.size === 0).toBe(bitmap.every(voxel => voxel === 0));
      }),
      { seed: SEED, numRuns: 60 }
    );
  });

  it('are equal for equal labels, whatever was painted before', () => {
    const entries = someRecords(40);
    const [inOrder, reversed] = [folded(entries), new LabelMap(DIMS)];
    for (const { id, bytes } of [...entries].reverse()) reversed.insert(id, bytes);
    expect([...reversed.snapshot().bricks]).toEqual([...inOrder.snapshot().bricks]);
  });

  it('can be encoded alone', () => {
    const bitmap = randomBitmap(new SeededRandom(4));
    const all = encodeBricks(bitmap, DIMS);
    expect([...encodeBricks(bitmap, DIMS, [3, 1])]).toEqual([...all].filter(([index]) => index === 1 || index === 3));
  });

  it('are refused when they are damaged, and then change nothing', () => {
    const random = new SeededRandom(SEED);
    const { bitmap } = folded(someRecords(40));
    const bricks = [...encodeBricks(bitmap, DIMS)];
    let refused = 0;
    for (let n = 0; n < 1500; n++) {
      const [index, bytes] = random.pick(bricks);
      const damaged = random.chance(0.3) ? bytes.slice(0, random.integer(0, bytes.length - 1)) : bytes.slice();
      const at = random.integer(0, Math.max(0, damaged.length - 1));
      if (damaged.length > 0) damaged[at] = (damaged[at] ?? 0) ^ (1 << random.integer(0, 7));
      const target = new Uint8Array(bitmap.length).fill(200);
      try {
        decodeBrick(damaged, index, DIMS, target);
      } catch (error) {
        if (!(error instanceof LabelMapError)) throw error;
        expect(error.code).toBe('snapshot.malformed');
        expect(target.every(voxel => voxel === 200)).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });

  it('are refused outside the grid', () => {
    const [first] = encodeBricks(new Uint8Array(DIMS[0] * DIMS[1] * DIMS[2]).fill(1), DIMS).values();
    expect(() => decodeBrick(first ?? new Uint8Array(0), 400, DIMS, new Uint8Array(252000))).toThrow(LabelMapError);
  });
});

describe('opening from snapshots', () => {
  const entries = someRecords(60);

  it('shows the same as folding the whole history, wherever the head was taken', () => {
    const expected = folded(entries);
    for (const cut of [0, 1, 17, 42, 60]) {
      const head = folded(entries.slice(0, cut)).snapshot();
      const map = LabelMap.open(DIMS, { head, records: entries });
      expect(sameVoxels(map.bitmap, expected.bitmap)).toBe(true);
      expect([...map.counts()]).toEqual([...expected.counts()]);
      expect([...map.fingerprints()]).toEqual([...expected.fingerprints()]);
      expect(map.frontier()).toEqual(expected.frontier());
      expect(map.nextLamport()).toBe(61);
      expect([...map.snapshot().bricks]).toEqual([...expected.snapshot().bricks]);
    }
  });

  it('can undo every stroke that the head holds', () => {
    const head = folded(entries).snapshot();
    const map = LabelMap.open(DIMS, { head, records: entries });
    const strokes = map.records().filter(({ record, hidden }) => record.kind === 'stroke' && !hidden);
    strokes.forEach(({ id: target }, index) => {
      map.insert({ client: 99, clock: index }, encodeVisibility({ lamport: 100 + index, target, hidden: true }));
    });
    expect(map.bitmap.every(voxel => voxel === 0)).toBe(true);
  });

  it('refuses a damaged snapshot', () => {
    const head = folded(entries).snapshot();
    const bricks = new Map(head.bricks).set(0, Uint8Array.of(1, 2, 3));
    expect(() => LabelMap.open(DIMS, { head: { ...head, bricks }, records: [] })).toThrow(LabelMapError);
  });
});

describe('compaction', () => {
  const entries = someRecords(60);

  function compacted(horizon: number): { map: LabelMap; base: Snapshot; left: RecordEntry[] } {
    const map = folded(entries);
    const base = map.foldThrough(horizon);
    if (base === null) throw new Error('There is nothing to fold.');
    const left = entries.filter(({ id }) => id.clock >= (base.frontier[String(id.client)] ?? 0));
    return { map, base, left };
  }

  it('changes nothing that anybody sees', () => {
    for (const horizon of [1, 9, 33, 60]) {
      const { map, base, left } = compacted(horizon);
      const before = map.bitmap.slice();
      expect(map.rebase(base)).toEqual([]);
      const reopened = LabelMap.open(DIMS, { base, records: left });
      expect(sameVoxels(map.bitmap, before)).toBe(true);
      expect(sameVoxels(reopened.bitmap, before)).toBe(true);
      expect(reopened.frontier()).toEqual(map.frontier());
      expect(reopened.nextLamport()).toBe(61);
    }
  });

  it('never separates a stroke from its being undone', () => {
    // Record 5 hides record 4.
    expect(folded(entries).foldThrough(4)?.lamport).toBe(3);
    expect(folded(entries).foldThrough(5)?.lamport).toBe(5);
  });

  it('has nothing to fold below the present horizon', () => {
    const { map, base } = compacted(33);
    map.rebase(base);
    expect(map.foldThrough(base.lamport)).toBeNull();
    expect(map.horizon).toBe(base.lamport);
    expect(() => map.rebase({ ...base, lamport: 1 })).toThrow(expect.objectContaining({ code: 'snapshot.mismatch' }));
  });

  it('keeps the newest records', () => {
    const map = folded(entries);
    const horizon = map.horizonKeeping(20);
    expect(horizon).toBe(40);
    expect(map.horizonKeeping(60)).toBe(0);
  });

  it('puts a stroke that was away meanwhile right above the base, on every replica alike', () => {
    const { map, base, left } = compacted(33);
    const region = { box: { min: [0, 0, 0], max: [69, 44, 79] } as const, mask: new Uint8Array(252000).fill(1) };
    const late = {
      id: { client: 77, clock: 0 },
      bytes: encodeStroke({ lamport: 2, segment: 9, tool: 'fill', continues: false, region, dims: DIMS })
    };

    // The server hears of it after compacting; its painter had it all the time; a third opens the read afterwards.
    map.rebase(base);
    map.insert(late.id, late.bytes);
    const painter = folded([...entries, late]);
    painter.rebase(base);
    const opened = LabelMap.open(DIMS, { base, records: [...left, late] });

    const expected = new Uint8Array(252000).fill(9);
    for (const { record, hidden, id } of opened.records()) {
      if (record.kind !== 'stroke' || hidden || id.client === 77) continue;
      const bytes = entries.find(entry => entry.id.client === id.client && entry.id.clock === id.clock)?.bytes;
      paint(expected, DIMS, decodeRegion(bytes ?? new Uint8Array(0), DIMS), record.segment);
    }
    for (const replica of [map, painter, opened]) expect(sameVoxels(replica.bitmap, expected)).toBe(true);
  });

  it('ignores an undo that arrives after its stroke was folded, on every replica alike', () => {
    const { map, base, left } = compacted(33);
    const target = entries[0]?.id ?? { client: 0, clock: 0 };
    const undo = { id: { client: 77, clock: 0 }, bytes: encodeVisibility({ lamport: 3, target, hidden: true }) };
    const before = map.bitmap.slice();
    map.rebase(base);
    map.insert(undo.id, undo.bytes);
    const painter = folded([...entries, undo]);
    painter.rebase(base);
    const opened = LabelMap.open(DIMS, { base, records: [...left, undo] });
    for (const replica of [map, painter, opened]) expect(sameVoxels(replica.bitmap, before)).toBe(true);
  });
});
