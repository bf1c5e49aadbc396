import { createHash } from 'node:crypto';
import { decodeBrickRuns, encodeBricks, decodeBrick, type Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentBricks, contentOfLabelMap } from '../../src/truth/index.js';

const SEED = 20_260_101;
/** Two bricks along i, one along j and k, each cut by the border. */
const DIMS: Dims = [70, 9, 5];
const VOXELS = DIMS[0] * DIMS[1] * DIMS[2];

const edit = fc.record({
  start: fc.nat(VOXELS - 1),
  length: fc.integer({ min: 1, max: 200 }),
  segment: fc.nat(255)
});

function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

describe('The name of a label map', () => {
  it('is the same for equal voxels, whatever edits led to them and in which order', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), fc.array(edit, { maxLength: 10 }), (edits, detours) => {
        const straight = new Uint8Array(VOXELS);
        for (const { start, length, segment } of edits) straight.fill(segment, start, start + length);
        // Another history: painted over first, and then voxel by voxel from the other end.
        const other = new Uint8Array(VOXELS);
        for (const { start, length, segment } of detours) other.fill(segment, start, start + length);
        for (let at = VOXELS - 1; at >= 0; at--) other[at] = straight[at] ?? 0;
        expect(contentOfLabelMap(other, DIMS)).toEqual(contentOfLabelMap(straight, DIMS));
      }),
      { seed: SEED, numRuns: 200 }
    );
  });

  it('differs as soon as one voxel does', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 10 }),
        fc.nat(VOXELS - 1),
        fc.integer({ min: 1, max: 255 }),
        (edits, at, by) => {
          const labels = new Uint8Array(VOXELS);
          for (const { start, length, segment } of edits) labels.fill(segment, start, start + length);
          const before = contentOfLabelMap(labels, DIMS).root;
          labels[at] = (labels[at] ?? 0) ^ by;
          expect(contentOfLabelMap(labels, DIMS).root).not.toBe(before);
        }
      ),
      { seed: SEED, numRuns: 200 }
    );
  });

  it('differs for the same voxels on another grid', () => {
    const labels = new Uint8Array(24).fill(1);
    const grids: Dims[] = [
      [24, 1, 1],
      [1, 24, 1],
      [2, 3, 4],
      [4, 3, 2]
    ];
    expect(new Set(grids.map(dims => contentOfLabelMap(labels, dims).root)).size).toBe(grids.length);
  });

  it('does not depend on how bricks were compressed on the way', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 10 }), edits => {
        const labels = new Uint8Array(VOXELS);
        for (const { start, length, segment } of edits) labels.fill(segment, start, start + length);
        const stored = new Uint8Array(VOXELS);
        for (const [index, bytes] of encodeBricks(labels, DIMS)) decodeBrick(bytes, index, DIMS, stored);
        const fromRuns = new Uint8Array(VOXELS);
        for (const { index, runs } of contentBricks(labels, DIMS)) decodeBrickRuns(runs, index, DIMS, fromRuns);
        expect(contentOfLabelMap(stored, DIMS).root).toBe(contentOfLabelMap(labels, DIMS).root);
        expect(fromRuns).toEqual(labels);
      }),
      { seed: SEED, numRuns: 100 }
    );
  });

  it('is the root of the tree that the documentation describes', () => {
    const labels = new Uint8Array(130);
    labels[0] = 7;
    labels.fill(3, 64, 66);
    labels[129] = 255;
    const dims: Dims = [130, 1, 1];
    const runs = [Uint8Array.of(7, 0, 0, 62), Uint8Array.of(3, 1, 0, 61), Uint8Array.of(0, 0, 255, 0)];
    expect(contentBricks(labels, dims).map(brick => brick.runs)).toEqual(runs);
    const [a, b, c] = runs.map((bytes, index) => sha256(Uint8Array.of(0), word(index), sha256(bytes)));
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable');
    const tree = sha256(Uint8Array.of(1), sha256(Uint8Array.of(1), a, b), c);
    const root = sha256(Uint8Array.of(2), word(130), word(1), word(1), tree).toString('hex');
    expect(contentOfLabelMap(labels, dims).root).toBe(root);
    const empty = sha256(Uint8Array.of(2), word(1), word(1), word(1), sha256()).toString('hex');
    expect(contentOfLabelMap(new Uint8Array(1), [1, 1, 1])).toEqual({ root: empty, bricks: [] });
  });

  it('is refused for an array that is not as long as its grid', () => {
    expect(() => contentOfLabelMap(new Uint8Array(7), [2, 2, 2])).toThrow(/7 voxels/);
  });
});
