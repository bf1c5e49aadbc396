import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { affineFromRows, axisCodes } from '@voxcord/schemas/geometry';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importFile, type ImportedVolume } from '../../src/imaging/importFile.js';
import { DEFAULT_LIMITS } from '../../src/imaging/limits.js';
import { hasPython, python } from './python.js';

const Made = Type.Array(Type.Object({ name: Type.String(), path: Type.String(), factor: Type.Number() }));
const Compared = Type.Array(
  Type.Object({
    shape: Type.Array(Type.Number()),
    servedShape: Type.Array(Type.Number()),
    affine: Type.Array(Type.Number()),
    fileAffine: Type.Array(Type.Number()),
    servedAffineError: Type.Number(),
    servedZoomError: Type.Number(),
    qformError: Type.Number(),
    codes: Type.Array(Type.Number()),
    valueError: Type.Number(),
    notFiniteEqual: Type.Boolean(),
    dtype: Type.String(),
    range: Type.Array(Type.Number()),
    percentiles: Type.Array(Type.Number()),
    axcodes: Type.String()
  })
);

/** Dimensions of the volumes that the script makes. */
const SHAPE = [4, 5, 7];

describe.skipIf(!hasPython)('NIfTI files, as nibabel reads them', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxcord-nibabel-'));
  const cases: { name: string; frame: number; imported: ImportedVolume }[] = [];
  let compared: Type.Static<typeof Compared> = [];

  beforeAll(async () => {
    const made = Value.Parse(Made, python('make_volumes.py', [folder]));
    const asked: { path: string; factor: number; frame: number; rendition: string }[] = [];
    for (const file of made) {
      const volumes = await importFile(
        { path: file.path, frame: null, limits: DEFAULT_LIMITS, scratch: folder, prefix: 'rendition-' },
        () => undefined
      );
      for (const imported of volumes) {
        cases.push({ name: file.name, frame: imported.volume.frame, imported });
        asked.push({
          path: file.path,
          factor: file.factor,
          frame: imported.volume.frame,
          rendition: imported.renditionPath
        });
      }
    }
    compared = Value.Parse(Compared, python('compare_renditions.py', [], asked));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function eachCase(check: (volume: ImportedVolume['volume'], nibabel: Type.Static<typeof Compared>[number]) => void) {
    expect(compared.length).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(45);
    cases.forEach(({ imported, name, frame }, index) => {
      const nibabel = compared[index];
      if (nibabel === undefined) throw new Error(`${name} was not compared`);
      try {
        check(imported.volume, nibabel);
      } catch (error) {
        throw new Error(`${name}, frame ${frame}`, { cause: error });
      }
    });
  }

  test('the affine of the file is the one that nibabel chooses, in millimetres', () => {
    eachCase((volume, nibabel) => expectClose(volume.fileGrid.affine, nibabel.fileAffine, 1e-5));
  });

  test('axes are named as nibabel names them', () => {
    eachCase((volume, nibabel) => expect(axisCodes(affineFromRows(volume.fileGrid.affine))).toBe(nibabel.axcodes));
  });

  test('the canonical grid is that of as_closest_canonical', () => {
    eachCase((volume, nibabel) => {
      expect(volume.grid.dims).toEqual(nibabel.shape);
      expect([...volume.grid.dims].sort()).toEqual(SHAPE);
      expectClose(volume.grid.affine, nibabel.affine, 1e-5);
    });
  });

  test('renditions hold the same values at the same places', () => {
    eachCase((_, nibabel) => {
      expect(nibabel.servedShape).toEqual(nibabel.shape);
      expect(nibabel.servedAffineError).toBeLessThan(1e-5);
      expect(nibabel.servedZoomError).toBeLessThan(1e-5);
      expect(nibabel.valueError).toBeLessThan(1e-3);
      expect(nibabel.notFiniteEqual).toBe(true);
      expect(nibabel.codes).toEqual([1, 1]);
    });
  });

  test('the qform of a rendition says the same as its sform, shear apart', () => {
    eachCase((volume, nibabel) => {
      const [a, b] = volume.grid.affine;
      const isSheared = Math.abs((b ?? 0) - 0.2) < 1e-6 && a === 1;
      if (!isSheared) expect(nibabel.qformError).toBeLessThan(1e-4);
    });
  });

  test('range and robust range are those of numpy', () => {
    eachCase((volume, nibabel) => {
      expectClose(volume.range, nibabel.range, 1e-3);
      // Percentiles of few values: a negative slope turns the definition round, so that the neighbour may be met.
      if (volume.slope > 0) expectClose(volume.robustRange, nibabel.percentiles, 1e-3);
    });
  });

  test('renditions keep voxel types that viewers show and narrow the others', () => {
    const served = new Map(cases.map(({ name }, index) => [name, compared[index]?.dtype]));
    expect(served.get('type-uint8')).toBe('uint8');
    expect(served.get('type-int8')).toBe('int8');
    expect(served.get('type-uint16')).toBe('uint16');
    expect(served.get('type-int16')).toBe('int16');
    expect(served.get('type-float32')).toBe('float32');
    expect(served.get('type-float64')).toBe('float32');
    expect(served.get('type-int64')).toBe('int16');
    expect(served.get('type-uint32')).toBe('int16');
    expect(served.get('type-int32-wide')).toBe('float32');
  });
});

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => {
    const wanted = expected[index] ?? NaN;
    expect(Math.abs(value - wanted), `number ${index}: ${value}, not ${wanted}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(wanted))
    );
  });
}
