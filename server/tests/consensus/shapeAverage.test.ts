import { describe, expect, test } from 'vitest';
import { averageLabelShapes, averageShapes, shapeBox } from '../../src/consensus/shapeAverage.js';
import { Decision } from '../../src/consensus/votes.js';
import { boundingBox, cutOut } from '../../src/morphology/boxes.js';
import { boxSize } from '@voxcord/schemas/labelmap';
import { balls, countOf, cube, fiveReaders, oneOfThreeMissed, twoReaders } from './masks.js';

describe('shape-based averaging', () => {
  test('of five readers has the size that other programs give, and a tie that rounding hides from some', () => {
    // CMTK: 1266. Distances of scipy: 1267, with one voxel at a mean of -1e-16 mm.
    const result = averageShapes(fiveReaders(32), cube(32), [1, 1, 1], 'undecided');
    expect([countOf(result, Decision.foreground), countOf(result, Decision.undecided)]).toEqual([1266, 1]);
  });

  test('of two readers says what is tied, and each rule for ties is kept', () => {
    const masks = twoReaders();
    const open = averageShapes(masks, cube(32), [1, 1, 1], 'undecided');
    expect([countOf(open, Decision.foreground), countOf(open, Decision.undecided)]).toEqual([455, 72]);
    expect(countOf(averageShapes(masks, cube(32), [1, 1, 1], 'foreground'), Decision.foreground)).toBe(527);
    expect(countOf(averageShapes(masks, cube(32), [1, 1, 1], 'background'), Decision.foreground)).toBe(455);
  });

  test('is empty if one reader marked nothing', () => {
    expect(countOf(averageShapes(oneOfThreeMissed(16), cube(16), [1, 1, 1], 'undecided'), Decision.foreground)).toBe(0);
  });

  test('of the box of the marks and one voxel more is that of the whole image', () => {
    const masks = fiveReaders(32);
    const box = boundingBox(masks, cube(32));
    if (box === null) throw new TypeError('The masks are empty.');
    const wide = shapeBox(box, cube(32));
    const parts = masks.map(mask => cutOut(mask, cube(32), wide));
    const whole = averageShapes(masks, cube(32), [1, 2, 0.5], 'undecided');
    expect(averageShapes(parts, boxSize(wide), [1, 2, 0.5], 'undecided')).toEqual(cutOut(whole, cube(32), wide));
  });

  test('full masks are full', () => {
    const full = new Uint8Array(27).fill(1);
    expect(averageShapes([full, full], cube(3), [1, 1, 1], 'undecided')).toEqual(full);
  });

  test('a full mask and an empty one are a tie everywhere', () => {
    const result = averageShapes([new Uint8Array(27).fill(1), new Uint8Array(27)], cube(3), [1, 1, 1], 'undecided');
    expect(countOf(result, Decision.undecided)).toBe(27);
  });

  test('of several labels is that of one label where there is only one', () => {
    const masks = twoReaders();
    const whole = { min: [0, 0, 0], max: [31, 31, 31] } as const;
    const { labels, undecided } = averageLabelShapes(masks, cube(32), [1, 1, 1], [1], whole, 'undecided');
    expect([countOf(labels), countOf(undecided)]).toEqual([455, 72]);
    const tied = averageLabelShapes(masks, cube(32), [1, 1, 1], [1], whole, 'foreground');
    expect([countOf(tied.labels), countOf(tied.undecided)]).toEqual([527, 0]);
  });

  test('keeps labels apart that readers agree on', () => {
    const one = balls(cube(16), [[5, 8, 8, 3]], 1);
    const both = balls(cube(16), [[11, 8, 8, 2]], 7).map((label, n) => label || (one[n] ?? 0));
    const whole = { min: [0, 0, 0], max: [15, 15, 15] } as const;
    const { labels } = averageLabelShapes([both, both, both], cube(16), [1, 1, 1], [1, 7], whole, 'undecided');
    expect(labels).toEqual(both);
  });
});
