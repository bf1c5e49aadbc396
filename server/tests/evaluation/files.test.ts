import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCaseFiles } from '../../src/cli/predictionFiles.js';
import { readScores } from '../../src/cli/scoreFiles.js';
import type { ReleaseManifest } from '../../src/truth/index.js';
import { makeNifti } from '../imaging/niftiFile.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'voxcord-files-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('scores', () => {
  const DIMS = [3, 4, 5] as const;
  const VOXELS = 60;

  it('of one channel of several are read onto the canonical grid, scaled as the file says', async () => {
    const file = path.join(folder, 'scores.nii.gz');
    const voxels = Array.from({ length: 3 * VOXELS }, (_, index) => index);
    writeFileSync(file, gzipSync(makeNifti({ dims: [...DIMS, 3], voxels, slope: 0.5, intercept: 1 })));
    const { dims, values, affine } = await readScores(file, 2);
    expect(dims).toEqual(DIMS);
    // The file's first axis runs to the left: from its last voxel on, the canonical one runs to the right.
    const expected = Array.from({ length: VOXELS }, (_, at) => {
      const row = Math.floor(at / 3);
      return (2 * VOXELS + row * 3 + 2 - (at % 3)) * 0.5 + 1;
    });
    expect([...values]).toEqual(expected);
    expect(affine[3]).toBe(6);
  });

  it('of a single volume are those of whatever segment', async () => {
    const file = path.join(folder, 'single.nii');
    writeFileSync(file, makeNifti({ dims: [...DIMS] }));
    const { values } = await readScores(file, 2);
    expect([...values.subarray(0, 3)]).toEqual([2, 1, 0]);
  });

  it('of a channel that is not there are refused, and so is what is no image', async () => {
    const file = path.join(folder, 'two.nii');
    writeFileSync(file, makeNifti({ dims: [...DIMS, 2] }));
    await expect(readScores(file, 2)).rejects.toMatchObject({ code: 'scores.channel' });
    const cut = path.join(folder, 'cut.nii');
    writeFileSync(cut, makeNifti({ dims: [...DIMS, 2] }).subarray(0, 400));
    await expect(readScores(cut, 1)).rejects.toMatchObject({ code: 'nifti.truncated' });
  });
});

describe('files of cases', () => {
  const case_ = (n: number, title: string, image: string): ReleaseManifest['cases'][number] =>
    ({
      id: `1a2b3c4d-0000-4000-8000-00000000000${n}`,
      title,
      image: { name: image }
    }) as unknown as ReleaseManifest['cases'][number];

  async function found(names: readonly string[], cases: ReleaseManifest['cases']): Promise<object> {
    const into = mkdtempSync(path.join(folder, 'cases-'));
    for (const name of names) writeFileSync(path.join(into, name), '');
    const { byCase, unused } = await findCaseFiles(into, cases, ['scores']);
    return { files: cases.map(({ id }) => path.basename(byCase.get(id) ?? '')), unused };
  }

  it('are found by id, by title however it is written, and by an image that no other case has', async () => {
    const cases = [
      case_(1, 'Patient 7', 'a.nii.gz'),
      case_(2, 'Patient 8', 'b.nii.gz'),
      case_(3, 'Leber Größe', 'c.nii')
    ];
    const names = ['1a2b3c4d-0000-4000-8000-000000000001.nii.gz', 'B.nii', 'leber_GRÖSSE-scores.nii.gz', 'notes.txt'];
    expect(await found(names, cases)).toEqual({
      files: ['1a2b3c4d-0000-4000-8000-000000000001.nii.gz', 'B.nii', ''],
      unused: ['leber_GRÖSSE-scores.nii.gz']
    });
    expect(await found(['leber-größe scores.nii'], cases)).toEqual({
      files: ['', '', 'leber-größe scores.nii'],
      unused: []
    });
  });

  it('are not guessed: an image that several cases have names none of them', async () => {
    const cases = [case_(1, 'A', 'portal.nii.gz'), case_(2, 'B', 'portal.nii.gz')];
    expect(await found(['portal.nii.gz', 'a.nii.gz'], cases)).toEqual({
      files: ['a.nii.gz', ''],
      unused: ['portal.nii.gz']
    });
  });

  it('of scores may lie beside label maps of the same names', async () => {
    const cases = [case_(1, 'Patient 7', 'a.nii.gz')];
    expect(await found(['Patient 7.nii.gz', 'Patient 7_scores.nii.gz'], cases)).toEqual({
      files: ['Patient 7_scores.nii.gz'],
      unused: ['Patient 7.nii.gz']
    });
  });

  it('are those of one case each, of that which is called so', async () => {
    const cases = [case_(1, 'A', 'b.nii.gz'), case_(2, 'B', 'a.nii.gz')];
    expect(await found(['a.nii.gz'], cases)).toEqual({ files: ['a.nii.gz', ''], unused: [] });
    expect(await found(['b.nii.gz'], cases)).toEqual({ files: ['', 'b.nii.gz'], unused: [] });
    expect(await found(['a.nii.gz', 'b.nii.gz'], cases)).toEqual({ files: ['a.nii.gz', 'b.nii.gz'], unused: [] });
  });

  it('are refused if two may be that of one case', async () => {
    const cases = [case_(1, 'Patient 7', 'a.nii.gz')];
    await expect(found(['patient 7.nii.gz', 'Patient-7.nii'], cases)).rejects.toMatchObject({
      code: 'predictions.ambiguous'
    });
  });
});
