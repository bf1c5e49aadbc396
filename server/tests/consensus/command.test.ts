import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsensusFigures } from '../../src/cli/results.js';
import { interrupted, voxcord } from '../cli/command.js';
import { makeNifti } from '../imaging/niftiFile.js';
import { hasPython, python } from '../imaging/python.js';
import { readLabelFile } from '../../src/cli/labelFiles.js';
import { balls, countOf } from './masks.js';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'voxcord-consensus-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DIMS = [16, 16, 16] as const;
const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

function labelFile(
  name: string,
  labels: Uint8Array,
  recipe: { dims?: readonly number[]; affine?: number[] } = {}
): string {
  const file = path.join(folder, name);
  const { dims = DIMS, affine = AFFINE } = recipe;
  writeFileSync(file, makeNifti({ dims, affine, datatype: 2, bytesPerVoxel: 1, voxels: [...labels] }));
  return file;
}

const ball = (x: number, y: number, z: number, r: number): Uint8Array => balls(DIMS, [[x, y, z, r]]);

async function figures(...args: string[]): Promise<ConsensusFigures> {
  const { code, stdout, stderr } = await voxcord(['consensus', '--json', ...args]);
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as ConsensusFigures;
}

async function refusal(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return voxcord(['consensus', '--json', ...args]);
}

const codes = ({ warnings }: ConsensusFigures): string[] => warnings.map(({ code }) => code);

interface Reference {
  readonly files: string[];
  readonly staple: {
    weight: number;
    label: number;
    p: number[];
    q: number[];
    iterations: number;
    voxels: number;
    file: string;
  }[];
  readonly votes: string;
  readonly multi: string;
}

interface Difference {
  readonly difference: number;
  readonly differing: number;
  readonly geometry: boolean;
  readonly type: string;
}

describe.skipIf(!hasPython)('the command answers as SimpleITK does', () => {
  test.each([
    [11, 3, 1],
    [12, 5, 2],
    [13, 4, 1]
  ])('random reads, seed %i, %i readers, %i labels', async (seed, readers, labels) => {
    const place = mkdtempSync(path.join(folder, 'reads-'));
    const task = { folder: place, seed, readers, dims: [40, 36, 20], labels };
    const reference = python('../../consensus/python/simpleitk_consensus.py', [], task) as Reference;
    for (const expected of reference.staple) {
      const soft = path.join(place, 'soft.nii.gz');
      const found = await figures(
        ...reference.files,
        ...['--method', 'staple', '--segment', String(expected.label), '--weight', String(expected.weight)],
        ...['--soft', soft]
      );
      expect(found.iterations).toBe(expected.iterations);
      expect(found.segments[0]?.voxels).toBe(expected.voxels);
      found.readers.forEach(({ sensitivity, specificity }, r) => {
        expect(Math.abs((sensitivity ?? NaN) - (expected.p[r] ?? NaN))).toBeLessThanOrEqual(1e-9);
        expect(Math.abs((specificity ?? NaN) - (expected.q[r] ?? NaN))).toBeLessThanOrEqual(1e-9);
      });
      const apart = python('../../consensus/python/compare_maps.py', [soft, expected.file]) as Difference;
      expect(apart).toMatchObject({ geometry: true, type: 'float64' });
      expect(apart.difference).toBeLessThanOrEqual(1e-9);
    }
    const hard = path.join(place, 'hard.nii.gz');
    await figures(...reference.files, '--method', 'vote', '-o', hard);
    const votes = python('../../consensus/python/compare_maps.py', [hard, reference.votes]) as Difference;
    expect(votes).toMatchObject({ differing: 0, geometry: true, type: 'uint8' });
    await figures(...reference.files, '--method', 'staple-multilabel', '-o', hard);
    const multi = python('../../consensus/python/compare_maps.py', [hard, reference.multi]) as Difference;
    expect(multi).toMatchObject({ differing: 0, geometry: true });
  });
});

describe('geometry', () => {
  test('the output has the grid and the orientation of the first file', async () => {
    const affine = [0, 0, -2, 10, -3, 0, 0, 5, 0, 4, 0, 1];
    const a = labelFile('turned.nii', ball(6, 8, 7, 3), { affine });
    const hard = path.join(folder, 'turned-hard.nii');
    await figures(a, a, a, '-o', hard);
    const [one, other] = [await readLabelFile(a), await readLabelFile(hard)];
    expect(other.labels).toEqual(one.labels);
    expect(other.original.header.affine).toEqual(one.original.header.affine);
  });

  test.each([
    ['dims', labels => labelFile('other.nii', labels.subarray(0, 16 * 16 * 15), { dims: [16, 16, 15] })],
    ['spacing', labels => labelFile('other.nii', labels, { affine: [1.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] })],
    ['origin', labels => labelFile('other.nii', labels, { affine: [1, 0, 0, 4, 0, 1, 0, 0, 0, 0, 1, 0] })],
    ['orientation', labels => labelFile('other.nii', labels, { affine: [0.8, -0.6, 0, 0, 0.6, 0.8, 0, 0, 0, 0, 1, 0] })]
  ] as [string, (labels: Uint8Array) => string][])('another %s is refused, and named', async (what, other) => {
    const a = labelFile('first.nii', ball(8, 8, 8, 4));
    const { code, stdout, stderr } = await refusal(a, other(ball(8, 8, 8, 4)));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('grid.differs');
    expect(stderr).toContain(what);
  });

  test('reads on another grid are resampled if that is asked for', async () => {
    const a = labelFile('first.nii', ball(8, 8, 8, 4));
    const shifted = labelFile('shifted.nii', ball(6, 8, 8, 4), { affine: [1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0] });
    const found = await figures(a, shifted, '--resample', '--segment', '1');
    expect(found.segments[0]?.voxels).toBe(countOf(ball(8, 8, 8, 4)));
    expect(found.undecidedVoxels).toBe(0);
  });
});

describe('input that is unusual has a defined answer', () => {
  test('a flipped read is refused unless it is allowed', async () => {
    const right = labelFile('right.nii', ball(4, 9, 6, 3));
    const near = labelFile('near.nii', ball(4, 9, 7, 3));
    const flipped = labelFile('flipped.nii', ball(11, 9, 6, 3));
    const refused = await refusal(right, near, flipped);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('read.flipped');
    expect(refused.stderr).toContain('The read flipped seems');
    expect(refused.stderr).toContain('left-right');
    const found = await figures(right, near, flipped, '--allow-flipped');
    expect(found.warnings[0]).toMatchObject({ code: 'read.flipped', reads: ['flipped'] });
  });

  test('a read that is turned by 180 degrees is refused', async () => {
    const right = labelFile('right.nii', ball(4, 9, 6, 3));
    const turned = labelFile('turned180.nii', ball(11, 6, 6, 3));
    const refused = await refusal(right, right, turned);
    expect(refused.stderr).toContain('a rotation by 180 degrees');
  });

  test.each(['vote', 'staple', 'staple-multilabel', 'sba'])('empty masks are empty: %s', async method => {
    const empty = labelFile('empty.nii', new Uint8Array(4096));
    const found = await figures(empty, empty, empty, '--method', method, '--segment', '1');
    expect(found.segments[0]).toMatchObject({ voxels: 0, undecidedVoxels: 0 });
    expect(found.readers[0]?.sensitivity).toBeNull();
    expect(codes(found)).toContain('segment.empty');
    expect(await figures(empty, empty, '--method', method)).toMatchObject({ segments: [], undecidedVoxels: 0 });
  });

  test.each(['vote', 'staple', 'staple-multilabel', 'sba'])('full masks are full: %s', async method => {
    const full = labelFile('full.nii', new Uint8Array(4096).fill(1));
    const hard = path.join(folder, 'full-hard.nii');
    const found = await figures(full, full, full, '--method', method, '--segment', '1', '-o', hard);
    expect(found.segments[0]?.voxels).toBe(4096);
    expect(found.readers[0]?.specificity).toBeNull();
    expect((await readLabelFile(hard)).labels).toEqual(new Uint8Array(4096).fill(1));
  });

  test.each(['vote', 'staple', 'staple-multilabel', 'sba'])(
    'one reader is that read, with a warning: %s',
    async method => {
      const only = labelFile('only.nii', ball(8, 8, 8, 4));
      const found = await figures(only, '--method', method);
      expect(found.segments[0]?.voxels).toBe(countOf(ball(8, 8, 8, 4)));
      expect(codes(found)).toContain('readers.one');
    }
  );

  test('two readers of STAPLE leave what one of them marked undecided', async () => {
    const a = labelFile('a.nii', ball(7, 8, 8, 4));
    const b = labelFile('b.nii', ball(8, 8, 8, 4));
    const both = ball(7, 8, 8, 4).map((label, n) => label & (ball(8, 8, 8, 4)[n] ?? 0));
    const found = await figures(a, b, '--method', 'staple');
    expect(found.segments[0]?.voxels).toBe(countOf(both));
    expect(found.undecidedVoxels).toBe(2 * (countOf(ball(8, 8, 8, 4)) - countOf(both)));
    expect(codes(found)).toContain('readers.two');
  });

  test('forty labels are all there', async () => {
    const labels = Uint8Array.from({ length: 4096 }, (_, n) => Math.floor(n / 100) % 41);
    const file = labelFile('forty.nii', labels);
    for (const method of ['vote', 'staple', 'staple-multilabel', 'sba']) {
      const hard = path.join(folder, 'forty-hard.nii');
      const found = await figures(file, file, file, '--method', method, '-o', hard, '--allow-flipped');
      expect(found.segments.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
      expect((await readLabelFile(hard)).labels).toEqual(labels);
    }
  });

  test('values that are no labels are refused with the name of the file', async () => {
    const file = path.join(folder, 'image.nii');
    writeFileSync(file, makeNifti({ dims: [4, 4, 4], voxels: Array.from({ length: 64 }, (_, n) => n * 10) }));
    const { code, stderr } = await refusal(file);
    expect(code).toBe(1);
    expect(stderr).toContain('labels.value');
    expect(stderr).toContain('image.nii');
  });

  test('readers who agree in all voxels have one answer in all regions', async () => {
    const labels = new Uint8Array(4096).map((_, n) => (n % 16 < 4 && Math.floor(n / 16) % 16 < 4 && n < 1024 ? 1 : 0));
    const cube = labelFile('cube.nii', labels);
    const found = await figures(cube, cube, cube, '--method', 'staple');
    expect(found.warnings).toEqual([]);
    expect(found.segments[0]?.region?.answers.map(({ voxels }) => voxels)).toEqual([64, 64, 64]);
  });

  test('a confidence weight that makes no probability of the prior is refused', async () => {
    const files = [7, 8, 9].map(x => labelFile(`weight${x}.nii`, ball(x, 8, 8, 4)));
    const { code, stderr } = await refusal(...files, '--method', 'staple', '--weight', '100');
    expect([code, stderr.includes('consensus.parameter')]).toEqual([1, true]);
    // In the union box alone: that region is left out of the comparison.
    const found = await figures(...files, '--method', 'staple', '--weight', '8');
    expect(found.segments[0]?.region?.answers.map(({ region }) => region)).toEqual(['whole', 'margin:10']);
  });

  test('scaled labels may be as inexact as single precision is', async () => {
    const [fine, whole] = ['fine.nii', 'whole.nii'].map(name => path.join(folder, name));
    const voxels = Array.from({ length: 64 }, (_, n) => (n < 32 ? 2550 : 0));
    const recipe = { dims: [4, 4, 4], affine: AFFINE };
    writeFileSync(fine ?? '', makeNifti({ ...recipe, voxels, slope: 0.1 }));
    writeFileSync(whole ?? '', makeNifti({ ...recipe, voxels: voxels.map(value => value / 10) }));
    expect((await figures(fine ?? '', whole ?? '')).segments[0]).toMatchObject({ number: 255, voxels: 32 });
  });

  test('undecided voxels without a free label are refused when they must be written', async () => {
    const a = labelFile(
      'a255.nii',
      ball(7, 8, 8, 4).map(label => label * 255)
    );
    const b = labelFile(
      'b255.nii',
      ball(9, 8, 8, 4).map(label => label * 255)
    );
    const refused = await refusal(a, b, '-o', path.join(folder, 'x.nii'));
    expect([refused.code, refused.stderr.includes('undecided.no-label')]).toEqual([1, true]);
    expect((await figures(a, b, '--ties', 'background', '-o', path.join(folder, 'x.nii'))).undecidedVoxels).toBe(0);
  });

  test('voxels that are undecided have one more than the largest label', async () => {
    const a = labelFile(
      'a7.nii',
      ball(7, 8, 8, 4).map(label => label * 7)
    );
    const b = labelFile(
      'b7.nii',
      ball(8, 8, 8, 4).map(label => label * 7)
    );
    const hard = path.join(folder, 'ties.nii');
    const found = await figures(a, b, '-o', hard);
    expect(found.undecidedLabel).toBe(8);
    expect(countOf((await readLabelFile(hard)).labels, 8)).toBe(found.undecidedVoxels);
    expect(found.undecidedVoxels).toBeGreaterThan(0);
  });
});

describe('results are written whole or not at all', () => {
  const reads = (): string[] => [7, 8, 9].map(x => labelFile(`write${x}.nii`, ball(x, 8, 8, 4)));

  test('a read is never written over, by whatever name', async () => {
    const [a = '', ...others] = reads();
    const before = readFileSync(a);
    const link = path.join(folder, 'link.nii');
    linkSync(a, link);
    for (const args of [
      ['-o', a],
      ['-o', link],
      ['--soft', path.join(folder, '.', 'write7.nii')]
    ]) {
      const { code, stderr } = await refusal(a, ...others, ...args);
      expect([code, stderr.includes('is one of the reads')]).toEqual([2, true]);
    }
    expect(readFileSync(a)).toEqual(before);
  });

  test('if the soft map cannot be written there is no hard map either', async () => {
    const place = mkdtempSync(path.join(folder, 'half-'));
    const hard = path.join(place, 'hard.nii.gz');
    const { code, stderr } = await refusal(...reads(), '-o', hard, '--soft', path.join(place, 'nowhere', 'soft.nii'));
    expect([code, stderr.includes('output.unwritable')]).toEqual([1, true]);
    expect(readdirSync(place)).toEqual([]);
  });

  test('an interruption leaves no piece of a file', async () => {
    const place = mkdtempSync(path.join(folder, 'stop-'));
    const dims = [256, 256, 64];
    const noise = Uint8Array.from({ length: 256 * 256 * 64 }, (_, n) => (Math.imul(n, 2654435761) >>> 28) & 1);
    const big = labelFile('noise.nii', noise, { dims });
    const soft = path.join(place, 'soft.nii.gz');
    const signal = await interrupted(['consensus', big, big, big, '--soft', soft], () =>
      readdirSync(place).some(name => name.endsWith('.part'))
    );
    expect([signal, readdirSync(place), existsSync(soft)]).toEqual(['SIGINT', [], false]);
  });
});

describe('with --json a failure is one line of JSON on standard error', () => {
  test.each([
    ['refused input', ['nowhere.nii'], { title: 'Refused', code: 'file.unreadable', exitCode: 1 }],
    ['an unknown option', ['a.nii', '--fast'], { title: 'Wrong usage', code: 'usage', exitCode: 2 }],
    ['a wrong value', ['a.nii', '--segment', '0'], { title: 'Wrong usage', code: 'usage', exitCode: 2 }]
  ])('%s', async (_, args, expected) => {
    const { code, stdout, stderr } = await refusal(...args);
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([expected.exitCode, '', 1]);
    expect(JSON.parse(stderr)).toMatchObject(expected);
  });

  test('without it, text', async () => {
    const { stderr } = await voxcord(['consensus', 'nowhere.nii']);
    expect(stderr).toContain('error (file.unreadable): nowhere.nii: The file cannot be read.');
  });
});

describe('wrong usage ends with 2', () => {
  test.each([
    ['no file', []],
    ['an unknown method', ['a.nii', '--method', 'mean']],
    ['segment 0', ['a.nii', '--segment', '0']],
    ['an unknown region', ['a.nii', '--method', 'staple', '--roi', 'liver']],
    ['a margin without a number', ['a.nii', '--method', 'staple', '--roi', 'margin:']],
    ['a region where there is none', ['a.nii', '--roi', 'union']],
    ['a confidence weight of a vote', ['a.nii', '--weight', '2']],
    ['more votes than files', ['a.nii', '--threshold', '2']],
    ['half a vote', ['a.nii', '--threshold', '0.5']],
    ['a probability of 2', ['a.nii', '--method', 'staple', '--threshold', '2']],
    ['a picture for output', ['a.nii', '-o', 'labels.png']],
    ['weights for other files', ['a.nii', '--reader-weights', '1,2']]
  ] as [string, string[]][])('%s', async (_, args) => {
    const { code, stdout } = await refusal(...args);
    expect([code, stdout]).toEqual([2, '']);
  });
});
