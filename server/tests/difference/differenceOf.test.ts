import { affineFromColumns, affineFromRows } from '@voxcord/schemas/geometry';
import type { Dims } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf, type LabelMapDifference, type LesionChange } from '../../src/difference/index.js';
import { ball, box, paint, type Triple } from '../agreement/support/shapes.js';

function scaled(spacing: Triple): ReturnType<typeof affineFromRows> {
  return affineFromRows([spacing[0], 0, 0, 0, 0, spacing[1], 0, 0, 0, 0, spacing[2], 0]);
}

function difference(
  before: Uint8Array,
  after: Uint8Array,
  dims: Dims,
  spacing: Triple = [1, 1, 1],
  segments: readonly number[] = [1, 2]
): LabelMapDifference {
  return differenceOf(before, after, { dims, affine: scaled(spacing) }, segments);
}

function only(result: LabelMapDifference): LesionChange {
  const [change, ...others] = result.changes;
  if (change === undefined || others.length > 0) throw new Error(`${result.changes.length} changes`);
  return change;
}

const dims: Dims = [40, 40, 40];

describe('label maps without a difference', () => {
  it('are identical', () => {
    const mask = ball(dims, [20, 20, 20], 8);
    const result = difference(mask, mask.slice(), dims);
    expect(result).toMatchObject({ identical: true, changes: [] });
    expect(result.segments).toEqual([
      { number: 1, volumeBeforeMl: 2.109, volumeAfterMl: 2.109, addedVoxels: 0, removedVoxels: 0, dice: 1 },
      { number: 2, volumeBeforeMl: 0, volumeAfterMl: 0, addedVoxels: 0, removedVoxels: 0, dice: null }
    ]);
  });

  it('are identical if they differ only in segments that are not compared', () => {
    const mask = ball(dims, [20, 20, 20], 8);
    const other = mask.map((value, index) => (index < 40 ? 3 : value));
    expect(difference(mask, other, dims)).toMatchObject({ identical: true, changes: [] });
    expect(difference(mask, other, dims, [1, 1, 1], [3]).identical).toBe(false);
  });

  it('are identical if both are empty', () => {
    expect(difference(new Uint8Array(8), new Uint8Array(8), [2, 2, 2])).toMatchObject({ identical: true, changes: [] });
  });
});

describe('a boundary that moved', () => {
  it('outward is positive, inward negative', () => {
    const [small, large] = [ball(dims, [20, 20, 20], 8), ball(dims, [20, 20, 20], 11)];
    const grown = only(difference(small, large, dims));
    const shrunk = only(difference(large, small, dims));
    expect(grown.kind).toBe('moved');
    expect(grown.meanMovement).toBeGreaterThan(2.5);
    expect(grown.meanMovement).toBeLessThan(3.1);
    expect(shrunk.meanMovement).toBeCloseTo(-(grown.meanMovement ?? NaN), 12);
    expect(shrunk.maximumMovement).toBeCloseTo(-(grown.maximumMovement ?? NaN), 12);
  });

  it('is measured in mm: a face that moved by two voxels of 2.5 mm', () => {
    const [short, long] = [box(dims, [5, 5, 5], [15, 20, 20]), box(dims, [5, 5, 5], [17, 20, 20])];
    const change = only(difference(short, long, dims, [2.5, 1, 1]));
    expect(change.maximumMovement).toBeCloseTo(5, 12);
    expect(change).toMatchObject({ kind: 'moved', segment: 1, before: 1, after: 1 });
    expect(change.volumeAfterMl - change.volumeBeforeMl).toBeCloseTo((2 * 15 * 15 * 2.5) / 1000, 12);
    expect(change.box).toEqual({ min: [15, 5, 5], max: [16, 19, 19] });
    expect(change.centre.map(place => Number(place.toFixed(9)))).toEqual([15.5 * 2.5, 12, 12]);
  });

  it('is seen where something was cut off', () => {
    const bar = paint(dims, (i, j, k) => k === 20 && j >= 18 && j < 23 && i >= 2 && i < 38);
    const cut = bar.map((value, index) => (index % 40 >= 30 ? 0 : value));
    expect(only(difference(bar, cut, dims)).maximumMovement).toBeCloseTo(-8, 12);
    expect(only(difference(cut, bar, dims)).maximumMovement).toBeCloseTo(8, 12);
  });

  it('of a shifted object moves as far outward as inward', () => {
    const change = only(difference(ball(dims, [20, 20, 20], 8), ball(dims, [22, 20, 20], 8), dims));
    expect(Math.abs(change.meanMovement ?? NaN)).toBeLessThan(1e-12);
    expect(change.maximumMovement).toBe(2);
  });

  it('is told in the world of an oblique grid', () => {
    const turn = Math.PI / 5;
    const affine = affineFromColumns(
      [2 * Math.cos(turn), 2 * Math.sin(turn), 0],
      [-Math.sin(turn), Math.cos(turn), 0],
      [0, 0, 1.5],
      [-30, 12, 7]
    );
    const [short, long] = [box(dims, [5, 5, 5], [15, 20, 20]), box(dims, [5, 5, 5], [16, 20, 20])];
    const change = only(differenceOf(short, long, { dims, affine }, [1]));
    expect(change.maximumMovement).toBeCloseTo(2, 12);
    expect(change.centre[0]).toBeCloseTo(-30 + 30 * Math.cos(turn) - 12 * Math.sin(turn), 9);
    expect(change.centre[1]).toBeCloseTo(12 + 30 * Math.sin(turn) + 12 * Math.cos(turn), 9);
    expect(change.centre[2]).toBeCloseTo(7 + 12 * 1.5, 9);
  });
});

describe('objects', () => {
  it('that touch by a corner are one', () => {
    const corner = paint([4, 4, 4], (i, j, k) => (i < 2 && j < 2 && k < 2) || (i > 1 && j > 1 && k > 1));
    const half = paint([4, 4, 4], (i, j, k) => i < 2 && j < 2 && k < 2);
    expect(only(difference(corner, half, [4, 4, 4]))).toMatchObject({ kind: 'moved', before: 1, after: 1 });
  });

  it('that were split and partly merged with another are told as both', () => {
    const line = (text: string): Uint8Array => Uint8Array.from(text, character => (character === '1' ? 1 : 0));
    const result = difference(line('.11111..111..'), line('.11.11111111.'), [13, 1, 1]);
    expect(result.changes.map(({ kind, before, after }) => ({ kind, before, after }))).toEqual([
      { kind: 'split', before: 1, after: 2 },
      { kind: 'merged', before: 2, after: 1 }
    ]);
  });

  it('that became part of another segment were relabelled, and that segment moved', () => {
    const line = (text: string): Uint8Array => Uint8Array.from(text, character => Number(character) || 0);
    const result = difference(line('.111222222.'), line('.222222222.'), [11, 1, 1]);
    expect(result.changes).toMatchObject([
      { kind: 'relabelled', segment: 2, previousSegment: 1 },
      { kind: 'moved', segment: 2 }
    ]);
  });
});

describe('scripted edits', () => {
  const CELL = 12;
  const COUNTS = [6, 6, 2] as const;
  const grid: Dims = [COUNTS[0] * CELL, COUNTS[1] * CELL, COUNTS[2] * CELL];
  const KINDS = ['added', 'removed', 'split', 'merged', 'relabelled', 'grown', 'shrunk', 'nothing'] as const;
  type Edit = (typeof KINDS)[number];

  /** What a cell holds before and after an edit, around its middle. */
  function shapes(edit: Edit, segment: number): readonly [(at: Triple) => number, (at: Triple) => number] {
    const round = (radius: number) => (at: Triple) => (Math.hypot(...at) <= radius ? segment : 0);
    const two = ([i, j, k]: Triple): number => (Math.hypot(Math.abs(i) - 3, j, k) <= 2 ? segment : 0);
    const bridge = (at: Triple): number => (Math.hypot(at[1], at[2]) <= 1 && Math.abs(at[0]) <= 3 ? segment : two(at));
    const cut = (at: Triple): number => (at[0] === 0 ? 0 : round(4)(at));
    const none = (): number => 0;
    switch (edit) {
      case 'added':
        return [none, round(3)];
      case 'removed':
        return [round(3), none];
      case 'split':
        return [round(4), cut];
      case 'merged':
        return [two, bridge];
      case 'relabelled':
        return [round(3), at => (round(3)(at) === 0 ? 0 : 3 - segment)];
      case 'grown':
        return [round(3), round(4)];
      case 'shrunk':
        return [round(4), round(3)];
      case 'nothing':
        return [round(3), round(3)];
    }
  }

  function paintEdits(edits: readonly (readonly [Edit, number])[], version: 0 | 1): Uint8Array {
    const labels = new Uint8Array(grid[0] * grid[1] * grid[2]);
    edits.forEach(([edit, segment], cell) => {
      const corner = [cell % COUNTS[0], Math.floor(cell / COUNTS[0]) % COUNTS[1], Math.floor(cell / 36)];
      const shape = shapes(edit, segment)[version];
      for (let k = 0; k < CELL; k++) {
        for (let j = 0; j < CELL; j++) {
          for (let i = 0; i < CELL; i++) {
            const [x, y, z] = [i, j, k].map((place, axis) => (corner[axis] ?? 0) * CELL + place);
            const at: Triple = [i - CELL / 2, j - CELL / 2, k - CELL / 2];
            labels[((z ?? 0) * grid[1] + (y ?? 0)) * grid[0] + (x ?? 0)] = shape(at);
          }
        }
      }
    });
    return labels;
  }

  function expected(edits: readonly (readonly [Edit, number])[]): string[] {
    return edits.flatMap(([edit, segment], cell) => {
      if (edit === 'nothing') return [];
      if (edit === 'relabelled') return [`${cell} relabelled ${3 - segment} from ${segment}`];
      if (edit === 'grown') return [`${cell} moved ${segment} outward`];
      if (edit === 'shrunk') return [`${cell} moved ${segment} inward`];
      return [`${cell} ${edit} ${segment}`];
    });
  }

  function found({ changes }: LabelMapDifference): string[] {
    return changes.map(({ kind, segment, previousSegment, meanMovement, centre: [x, y, z] }) => {
      const cell = Math.floor(x / CELL) + COUNTS[0] * (Math.floor(y / CELL) + COUNTS[1] * Math.floor(z / CELL));
      const from = previousSegment === null ? '' : ` from ${previousSegment}`;
      const way = kind !== 'moved' ? '' : (meanMovement ?? 0) > 0 ? ' outward' : ' inward';
      return `${cell} ${kind} ${segment}${from}${way}`;
    });
  }

  it('are found, every one of more than a thousand, and nothing else', () => {
    const cell = fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(1, 2));
    let edits = 0;
    fc.assert(
      fc.property(fc.array(cell, { minLength: 72, maxLength: 72 }), scene => {
        const result = difference(paintEdits(scene, 0), paintEdits(scene, 1), grid);
        expect(found(result).sort()).toEqual(expected(scene).sort());
        edits += expected(scene).length;
      }),
      { seed: 20261123, numRuns: 20 }
    );
    expect(edits).toBeGreaterThan(1000);
  });
});
