import type { Volume } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import { gzip, labelsToNifti } from '../../src/case/labelsFile.js';

const AFFINE = [-0.8, 0.1, 0, 90, 0, 0.8, 0.2, -120, 0.05, 0, 2.5, -60];
const VOLUME: Volume = {
  hash: '0'.repeat(64),
  name: 'liver.nii.gz',
  modality: 'CT',
  voxelType: 'int16',
  slope: 1,
  intercept: 0,
  grid: { dims: [4, 3, 2], affine: AFFINE },
  fileGrid: { dims: [4, 3, 2], affine: AFFINE },
  spacing: [0.8, 0.8, 2.5],
  frame: 0,
  frames: 1,
  range: [-1024, 3071],
  robustRange: [-100, 400],
  unit: 'HU',
  bytes: 400,
  importedAt: '2026-11-23T00:00:00Z'
};

describe('a copy of the labels', () => {
  it('is a NIfTI-1 file on the grid of the volume', () => {
    const bitmap = Uint8Array.from({ length: 24 }, (_, n) => n);

    const file = labelsToNifti(bitmap, VOLUME);

    const view = new DataView(file.buffer);
    expect(view.getInt32(0, true)).toBe(348);
    expect([40, 42, 44, 46].map(offset => view.getInt16(offset, true))).toEqual([3, 4, 3, 2]);
    expect(view.getInt16(70, true)).toBe(2);
    expect([80, 84, 88].map(offset => view.getFloat32(offset, true))).toEqual([0.8, 0.8, 2.5].map(Math.fround));
    expect(view.getFloat32(108, true)).toBe(352);
    expect(view.getInt16(254, true)).toBeGreaterThan(0);
    expect(AFFINE.map((_, n) => view.getFloat32(280 + 4 * n, true))).toEqual(AFFINE.map(Math.fround));
    expect(new TextDecoder().decode(file.subarray(344, 348))).toBe('n+1\0');
    expect([...file.subarray(352)]).toEqual([...bitmap]);
  });

  it('is gzipped without loss', async () => {
    const file = labelsToNifti(new Uint8Array(24).fill(3), VOLUME);
    const unzipped = (await gzip(file)).stream().pipeThrough(new DecompressionStream('gzip'));
    expect([...new Uint8Array(await new Response(unzipped).arrayBuffer())]).toEqual([...file]);
  });
});
