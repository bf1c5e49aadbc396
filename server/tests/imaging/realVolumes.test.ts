import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { affineFromRows, axisCodes } from '@voxcord/schemas/geometry';
import { afterAll, describe, expect, test } from 'vitest';
import { importFile } from '../../src/imaging/importFile.js';
import { DEFAULT_LIMITS } from '../../src/imaging/limits.js';

const DATA = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const isThere = existsSync(DATA);
if (!isThere) console.warn('Real volumes are not on this machine: their tests are skipped.');

describe.skipIf(!isThere)('real volumes', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'voxcord-real-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test.each([
    ['brain/brainchop_t1_crop.nii.gz', 'LIA', 'unknown', [256, 256, 256]],
    ['brain/nilearn_mni_icbm152_t1_sym_09a.nii.gz', 'RAS', 'unknown', [197, 233, 189]],
    ['totalsegmentator/example_ct.nii.gz', 'RAS', 'CT', [122, 101, 112]],
    ['totalsegmentator/example_ct_sm.nii.gz', 'RAS', 'CT', [122, 101, 30]],
    ['totalsegmentator/example_seg.nii.gz', 'RAS', 'unknown', [122, 101, 30]]
  ] as const)('%s is %s, %s', async (name, axes, modality, dims) => {
    const [imported] = await importFile(
      { path: path.join(DATA, name), frame: null, limits: DEFAULT_LIMITS, scratch, prefix: 'real-' },
      () => undefined
    );
    const volume = imported?.volume;
    expect(volume?.grid.dims).toEqual(dims);
    expect(axisCodes(affineFromRows(volume?.fileGrid.affine ?? []))).toBe(axes);
    expect([volume?.modality, volume?.unit]).toEqual([modality, modality === 'CT' ? 'HU' : '']);
  });
});
