import type { VoxelBox } from '@voxcord/schemas/labelmap';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planUpload } from '../../src/viewer/boxMerging.js';
import { halfBits, packingFor } from '../../src/viewer/halfFloat.js';
import { readRendition } from '../../src/viewer/niftiRendition.js';
import { ViewerError } from '../../src/viewer/viewerError.js';
import { niftiOf, OBLIQUE, volumeOf } from './browser/syntheticVolume.js';

const SEED = 20260102;
const box = (i: number, j: number, k: number, edge: number): VoxelBox => ({
  min: [i, j, k],
  max: [i + edge - 1, j + edge - 1, k + edge - 1]
});

describe('uploads of a frame', () => {
  it('join boxes that overlap', () => {
    expect(planUpload([box(0, 0, 0, 8), box(2, 2, 0, 8)])).toEqual({
      kind: 'boxes',
      boxes: [{ min: [0, 0, 0], max: [9, 9, 7] }]
    });
  });

  it('leave scattered boxes apart', () => {
    const scattered = [box(0, 0, 0, 8), box(300, 0, 0, 8), box(0, 300, 200, 8)];
    const plan = planUpload(scattered);
    expect(plan.kind === 'boxes' && plan.boxes).toHaveLength(3);
  });

  it('send everything once boxes are too many', () => {
    const boxes = Array.from({ length: 201 }, (_, index) => box((index % 20) * 20, Math.floor(index / 20) * 20, 0, 2));
    expect(planUpload(boxes)).toEqual({ kind: 'everything' });
    expect(planUpload(Array.from({ length: 5000 }, () => box(0, 0, 0, 1)))).toEqual({ kind: 'everything' });
  });

  it('cover every voxel of every box', () => {
    const anyBox = fc
      .tuple(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 12 })
      )
      .map(([i, j, k, edge]) => box(i, j, k, edge));
    fc.assert(
      fc.property(fc.array(anyBox, { maxLength: 30 }), boxes => {
        const plan = planUpload(boxes);
        if (plan.kind === 'everything') return;
        for (const one of boxes) {
          expect(
            plan.boxes.some(big =>
              [0, 1, 2].every(
                axis => (big.min[axis] ?? 0) <= (one.min[axis] ?? 0) && (big.max[axis] ?? 0) >= (one.max[axis] ?? 0)
              )
            )
          ).toBe(true);
        }
      }),
      { seed: SEED }
    );
  });
});

describe('half floats', () => {
  const value = (bits: number): number => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  };

  it('hold every whole number up to 2048 exactly', () => {
    for (let number = -2048; number <= 2048; number++) expect(value(halfBits(number))).toBe(number);
  });

  it('round to the nearest and stay finite', () => {
    fc.assert(
      fc.property(fc.double({ min: -60000, max: 60000, noNaN: true }), number => {
        const error = Math.abs(value(halfBits(number)) - number);
        expect(error).toBeLessThanOrEqual(Math.max(2 ** -25, (Math.abs(number) * 1.0001) / 2048));
      }),
      { seed: SEED }
    );
    expect(value(halfBits(1e9))).toBe(65504);
    expect(value(halfBits(-Infinity))).toBe(-65504);
    expect(halfBits(NaN)).toBe(0);
  });

  it('keep the 12 bits of CT exact once centred', () => {
    const { centre, scale } = packingFor([-1024, 3071]);
    for (let hu = -1024; hu <= 3071; hu++) expect(value(halfBits((hu - centre) * scale)) / scale + centre).toBe(hu);
  });

  it('use their whole precision for values of any size', () => {
    for (const range of [
      [0, 1e-6],
      [0, 1e9],
      [5, 5]
    ] as const) {
      const { centre, scale } = packingFor(range);
      expect(Number.isFinite(scale) && Number.isFinite(centre)).toBe(true);
      expect(Math.abs((range[1] - centre) * scale)).toBeLessThan(65504);
    }
  });
});

describe('the rendition of a volume', () => {
  const volume = volumeOf(OBLIQUE);
  const code = (change: (view: DataView) => void, buffer = niftiOf(OBLIQUE)): string => {
    change(new DataView(buffer));
    try {
      readRendition(buffer, volume);
    } catch (error) {
      return error instanceof ViewerError ? error.code : String(error);
    }
    return 'accepted';
  };

  it('is read where it lies, with its scaling', () => {
    const buffer = niftiOf(OBLIQUE);
    new DataView(buffer).setFloat32(112, 2, true);
    new DataView(buffer).setFloat32(116, -5, true);
    const { stored, slope, intercept } = readRendition(buffer, volume);
    expect(stored.buffer).toBe(buffer);
    expect([stored.length, slope, intercept]).toEqual([61 * 47 * 23, 2, -5]);
    expect(stored[30 + 61 * (23 + 47 * 11)]).toBe(OBLIQUE.value(30, 23, 11));
  });

  it('takes a slope of 0 as unscaled', () => {
    const buffer = niftiOf(OBLIQUE);
    new DataView(buffer).setFloat32(112, 0, true);
    expect(readRendition(buffer, volume)).toMatchObject({ slope: 1, intercept: 0 });
  });

  it('is refused on another grid', () => {
    expect(code(view => view.setInt16(42, 60, true))).toBe('viewer.rendition-mismatch');
    expect(code(view => view.setFloat32(280, -view.getFloat32(280, true), true))).toBe('viewer.rendition-mismatch');
    expect(code(view => view.setFloat32(292, view.getFloat32(292, true) + 1, true))).toBe('viewer.rendition-mismatch');
  });

  it('is refused when it is not what it says', () => {
    expect(code(() => undefined)).toBe('accepted');
    expect(code(view => view.setInt32(0, 1, true))).toBe('viewer.rendition-malformed');
    expect(code(view => view.setInt16(254, 0, true))).toBe('viewer.rendition-malformed');
    expect(code(view => view.setInt16(70, 128, true))).toBe('viewer.rendition-malformed');
    expect(code(view => view.setFloat32(108, NaN, true))).toBe('viewer.rendition-malformed');
    expect(code(() => undefined, niftiOf(OBLIQUE).slice(0, 20000))).toBe('viewer.rendition-malformed');
  });
});
