import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxVolume, type Dims, type VoxelBox } from '../../src/labelmap/index.js';
import {
  decodeLiveBox,
  encodeLiveBox,
  encodeLiveState,
  formatLiveName,
  isResync,
  encodeResync,
  LiveStateReader,
  MAX_FRAME_BYTES,
  parseLiveName,
  type LiveState
} from '../../src/rooms/index.js';

const SEED = 20261124;
const DIMS: Dims = [9, 7, 5];
const CASE = '0b0c7a52-5b1f-4a1e-9d4e-3f6f0a5e7c11';

const axis = (edge: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.nat({ max: edge - 1 }), fc.nat({ max: edge - 1 })).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
const box: fc.Arbitrary<VoxelBox> = fc
  .tuple(axis(DIMS[0]), axis(DIMS[1]), axis(DIMS[2]))
  .map(([i, j, k]) => ({ min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] }));
const voxels = boxVolume({ min: [0, 0, 0], max: [8, 6, 4] });
const map = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2, 255), { minLength: voxels, maxLength: voxels });

/** Puts boxes into whole maps, as whoever receives them does. */
function paste(dims: Dims, parts: readonly Uint8Array[], into: { labels: Uint8Array; disagreement: Uint8Array }): void {
  for (const bytes of parts) {
    const part = decodeLiveBox(bytes, dims);
    let at = 0;
    for (let k = part.box.min[2]; k <= part.box.max[2]; k++) {
      for (let j = part.box.min[1]; j <= part.box.max[1]; j++) {
        for (let i = part.box.min[0]; i <= part.box.max[0]; i++, at++) {
          const voxel = i + dims[0] * (j + dims[1] * k);
          into.labels[voxel] = part.labels[at] ?? 0;
          into.disagreement[voxel] = part.disagreement[at] ?? 0;
        }
      }
    }
  }
}

describe('a box of a live consensus', () => {
  test('arrives as it was, and touches nothing outside it', () => {
    fc.assert(
      fc.property(box, map, map, (where, labels, disagreement) => {
        const [from, apart] = [Uint8Array.from(labels), Uint8Array.from(disagreement)];
        const got = { labels: new Uint8Array(voxels).fill(9), disagreement: new Uint8Array(voxels).fill(9) };
        paste(DIMS, encodeLiveBox(DIMS, where, from, apart), got);
        for (let voxel = 0; voxel < voxels; voxel++) {
          const at = [voxel % 9, Math.floor(voxel / 9) % 7, Math.floor(voxel / 63)];
          const isInside = at.every((x, n) => x >= (where.min[n] ?? 0) && x <= (where.max[n] ?? 0));
          expect(got.labels[voxel]).toBe(isInside ? from[voxel] : 9);
          expect(got.disagreement[voxel]).toBe(isInside ? apart[voxel] : 9);
        }
      }),
      { seed: SEED }
    );
  });

  test('that is all noise is cut into parts that fit into frames', () => {
    const dims: Dims = [128, 128, 64];
    const all: VoxelBox = { min: [0, 0, 0], max: [127, 127, 63] };
    const noise = (factor: number): Uint8Array =>
      Uint8Array.from({ length: boxVolume(all) }, (_, n) => Math.imul(n + 1, factor) >>> 24);
    const [labels, disagreement] = [noise(0x9e3779b1), noise(0x85ebca6b)];
    const boxes = encodeLiveBox(dims, all, labels, disagreement);
    const frames = encodeLiveState({ state: stateOf(1, null), boxes });
    expect(frames.length).toBeGreaterThan(3);
    for (const frame of frames) expect(frame.length).toBeLessThan(MAX_FRAME_BYTES);
    const reader = new LiveStateReader();
    const states = frames.map(frame => reader.receive(frame));
    expect(states.slice(0, -1).every(state => state === null)).toBe(true);
    const got = { labels: new Uint8Array(labels.length), disagreement: new Uint8Array(labels.length) };
    paste(dims, states.at(-1)?.boxes ?? [], got);
    // Comparing arrays of this size number by number takes long.
    expect(Buffer.compare(got.labels, labels)).toBe(0);
    expect(Buffer.compare(got.disagreement, disagreement)).toBe(0);
  });

  test('that cannot be read is refused', () => {
    const labels = new Uint8Array(voxels).fill(1);
    const [good] = encodeLiveBox(DIMS, { min: [0, 0, 0], max: [8, 6, 4] }, labels, labels);
    if (good === undefined) throw new Error('Nothing was encoded.');
    expect(() => decodeLiveBox(good, [9, 7, 4])).toThrow('outside');
    for (let length = 0; length < good.length; length++) {
      expect(() => decodeLiveBox(good.subarray(0, length), DIMS)).toThrow();
    }
    expect(() => decodeLiveBox(Uint8Array.from([...good, 0]), DIMS)).toThrow('cannot be read');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        try {
          expect(decodeLiveBox(bytes, DIMS).labels.length).toBeLessThanOrEqual(voxels);
        } catch (error) {
          expect(error).toMatchObject({ name: 'LabelMapError' });
        }
      }),
      { seed: SEED, numRuns: 500 }
    );
  });
});

describe('a state of a live consensus', () => {
  test('is read only if it is whole and as the contract says', () => {
    const [frame] = encodeLiveState({ state: stateOf(3, 2), boxes: [] });
    if (frame === undefined) throw new Error('Nothing was encoded.');
    expect(new LiveStateReader().receive(frame)).toEqual({ state: stateOf(3, 2), boxes: [] });
    expect(() => new LiveStateReader().receive(frame.subarray(0, -3))).toThrow('cannot be read');
    expect(() => new LiveStateReader().receive(encodeResync())).toThrow('cannot be read');
    const wrong = { ...stateOf(3, 2), version: 0 };
    for (const bad of encodeLiveState({ state: wrong, boxes: [] })) {
      expect(() => new LiveStateReader().receive(bad)).toThrow('cannot be read');
    }
  });

  test('is asked for by one message, and a case by its name', () => {
    expect(isResync(encodeResync())).toBe(true);
    expect(isResync(Uint8Array.of(110))).toBe(false);
    expect(parseLiveName(formatLiveName(CASE))).toBe(CASE);
    for (const other of [`case:${CASE}`, CASE, `live:${CASE}x`, 'live:']) expect(parseLiveName(other)).toBeNull();
  });
});

function stateOf(version: number, follows: number | null): LiveState {
  return { version, follows, records: [4, 5], segments: [] };
}
