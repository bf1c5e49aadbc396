import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { affineFromRows, transformPoint, type Vector } from '@voxcord/schemas/geometry';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImagingError } from '../../src/imaging/errors.js';
import { exportLabelMap } from '../../src/imaging/exportLabelMap.js';
import { importFile } from '../../src/imaging/importFile.js';
import { DEFAULT_LIMITS } from '../../src/imaging/limits.js';
import { makeNifti } from './niftiFile.js';
import { hasPython, python } from './python.js';

const Made = Type.Array(Type.Object({ name: Type.String(), path: Type.String(), factor: Type.Number() }));
const Compared = Type.Array(
  Type.Object({
    labels: Type.Array(Type.Number()),
    painted: Type.Number(),
    shape: Type.Array(Type.Number()),
    originalShape: Type.Array(Type.Number()),
    dtype: Type.String(),
    scaling: Type.Array(Type.Number()),
    affineEqual: Type.Boolean(),
    kept: Type.Array(Type.String()),
    zoomsEqual: Type.Boolean(),
    kind: Type.Array(Type.String()),
    endianness: Type.Array(Type.String()),
    extensions: Type.Array(Type.Number())
  })
);

/** Voxels of the canonical grid that are painted with the segments 1, 2, 3 ...: no two are mirror images. */
const PAINTED: readonly Vector[] = [
  [0, 0, 0],
  [1, 0, 0],
  [2, 1, 0],
  [3, 2, 1],
  [0, 4, 3],
  [1, 3, 2]
];

describe.skipIf(!hasPython)('exported label maps', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-export-'));
  const names: string[] = [];
  let compared: Type.Static<typeof Compared> = [];

  beforeAll(async () => {
    const asked: unknown[] = [];
    for (const file of Value.Parse(Made, python('make_volumes.py', [folder]))) {
      const [imported] = await importFile(
        { path: file.path, frame: 0, limits: DEFAULT_LIMITS, scratch: folder, prefix: 'rendition-' },
        () => undefined
      );
      if (imported === undefined) throw new Error(`${file.name} holds no volume`);
      const { grid } = imported.volume;
      const [width, height, depth] = grid.dims;
      const bitmap = new Uint8Array(width * height * depth);
      const points = PAINTED.map(([i, j, k], index) => {
        bitmap[i + width * (j + height * k)] = index + 1;
        return transformPoint(affineFromRows(grid.affine), [i, j, k]);
      });
      const exported = path.join(folder, `labels-${file.name}.nii.gz`);
      writeFileSync(exported, gzipSync(exportLabelMap(imported.volume, imported.header, bitmap)));
      asked.push({ original: file.path, exported, points, factor: file.factor });
      names.push(file.name);
    }
    compared = Value.Parse(Compared, python('compare_exports.py', [], asked));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('lie at the world points where they were painted, and nowhere else', () => {
    expect(names).toEqual(
      expect.arrayContaining(['oblique', 'lps', 'flipped-k', 'permuted-oblique-flipped', 'no-form'])
    );
    expect(compared.map(({ labels }) => labels)).toEqual(names.map(() => [1, 2, 3, 4, 5, 6]));
    expect(compared.map(({ painted }) => painted)).toEqual(names.map(() => PAINTED.length));
  });

  test('keep grid, affine, header, extensions, version and byte order of the file', () => {
    compared.forEach((answer, index) => {
      expect(answer.shape, names[index]).toEqual(answer.originalShape);
      expect(answer.affineEqual, names[index]).toBe(true);
      expect(answer.zoomsEqual, names[index]).toBe(true);
      expect(answer.kept, names[index]).toEqual([]);
      expect(answer.kind[1], names[index]).toBe(answer.kind[0]);
      expect(answer.endianness[1], names[index]).toBe(answer.endianness[0]);
      expect(answer.extensions[1], names[index]).toBe(answer.extensions[0]);
    });
    expect(compared[names.indexOf('extension')]?.extensions).toEqual([1, 1]);
  });

  test('are unscaled 8-bit numbers', () => {
    expect(compared.map(({ dtype, scaling }) => [dtype, ...scaling])).toEqual(names.map(() => ['uint8', 1, 0]));
  });
});

test('a label map of another size is refused', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-export-'));
  try {
    const file = path.join(folder, 'volume.nii');
    writeFileSync(file, makeNifti({ dims: [3, 4, 5] }));
    const [imported] = await importFile(
      { path: file, frame: null, limits: DEFAULT_LIMITS, scratch: folder, prefix: 'x' },
      () => undefined
    );
    if (imported === undefined) throw new Error('no volume');
    expect(() => exportLabelMap(imported.volume, imported.header, new Uint8Array(61))).toThrow(ImagingError);
    expect(exportLabelMap(imported.volume, imported.header, new Uint8Array(60)).byteLength).toBe(352 + 60);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
