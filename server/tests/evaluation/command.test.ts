import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { affineFromRows, closestCanonical } from '@voxcord/schemas/geometry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefusedError, UsageError } from '../../src/cli/commandErrors.js';
import { evaluateCommand, type EvaluateCommandOptions } from '../../src/cli/evaluateCommand.js';
import { Output } from '../../src/cli/output.js';
import type { EvaluationReport } from '../../src/evaluation/report/evaluationReport.js';
import { writeReleaseArchive, writeReleaseFolder, type ReleaseManifest } from '../../src/truth/index.js';
import { writeNifti } from '../../src/truth/niftiFile.js';
import { voxcord } from '../cli/command.js';
import { sampleContent, sampleRelease } from '../truth/support/sampleRelease.js';

let folder: string;
let release: string;
let archive: string;
let manifest: ReleaseManifest;
let truths: readonly Uint8Array[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-evaluate-'));
  const files = await sampleRelease();
  release = path.join(folder, 'release');
  archive = path.join(folder, 'release.zip');
  await writeReleaseFolder(files, release);
  await pipeline(await writeReleaseArchive(files, 'release-1.0.0'), createWriteStream(archive));
  manifest = JSON.parse(readFileSync(path.join(release, 'release.json'), 'utf8')) as ReleaseManifest;
  truths = await Promise.all(sampleContent().cases.map(each => each.truth()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;

/** A folder of predictions: names of files, each with the case on whose grid its labels lie. */
function predictions(files: Readonly<Record<string, { readonly of: number; readonly labels: Uint8Array }>>): string {
  const into = path.join(folder, `predictions-${(folders += 1)}`);
  mkdirSync(into);
  for (const [name, { of, labels }] of Object.entries(files)) {
    const geometry = manifest.cases[of]?.geometry;
    if (geometry === undefined) throw new Error(`There is no case ${of}.`);
    writeFileSync(path.join(into, name), writeNifti(geometry, labels).bytes);
  }
  return into;
}

const truth = (of: number): Uint8Array => truths[of] ?? new Uint8Array();
const perfect = (): string =>
  predictions({
    [`${manifest.cases[0]?.id}.nii.gz`]: { of: 0, labels: truth(0) },
    'case-2.nii.gz': { of: 1, labels: truth(1) }
  });

const OPTIONS: EvaluateCommandOptions = {
  missing: 'count-as-empty',
  tau: 2,
  definition: ['deepmind'],
  lesion: [2],
  map: new Map(),
  score: 'maximum',
  allowBroken: false
};

/** What the command prints with `--json`. */
async function evaluate(
  of: string,
  files: string,
  options: Partial<EvaluateCommandOptions> = {}
): Promise<EvaluationReport> {
  const stdout = new PassThrough();
  await evaluateCommand(of, files, { ...OPTIONS, ...options }, new Output(stdout, new PassThrough(), true));
  return JSON.parse(String(stdout.read())) as EvaluationReport;
}

describe('voxcord evaluate', () => {
  it('finds predictions by id and by title, and a copy of the truth has no flaw', async () => {
    const report = await evaluate(release, perfect());
    expect(report.release).toMatchObject({ version: '1.0.0', valid: true, project: { title: 'Liver study' } });
    expect(report.predictions.map(({ file }) => file)).toEqual([`${manifest.cases[0]?.id}.nii.gz`, 'case-2.nii.gz']);
    expect(report.result.cases.map(({ standing }) => standing)).toEqual(['measured', 'measured']);
    for (const { measures } of report.result.segments) {
      expect(measures.find(({ measure }) => measure.definition === 'dice')?.mean.value).toBe(1);
      expect(measures.find(({ measure }) => measure.definition === 'hd95.deepmind')?.mean.value).toBe(0);
    }
    expect(report.result.segments[1]?.lesions?.detection).toMatchObject({ lesions: 2, found: 2, falsePositives: 0 });
    expect(report.result.warnings.map(({ code }) => code)).toEqual(['few-cases', 'no-scores']);
  });

  it('takes the zip archive of a release as well, with the same result', async () => {
    const files = perfect();
    const [ofFolder, ofArchive] = [await evaluate(release, files), await evaluate(archive, files)];
    expect(ofArchive).toEqual(ofFolder);
  });

  it('takes predictions in any orientation of the same grid', async () => {
    const [first] = manifest.cases;
    if (first === undefined) throw new Error('There is a case.');
    // Written on its canonical grid instead of that of the file.
    const { dims, affine } = closestCanonical({
      dims: first.geometry.fileGrid.dims,
      affine: affineFromRows(first.geometry.fileGrid.affine)
    });
    const [i, j, k] = dims;
    const grid: { dims: [number, number, number]; affine: number[] } = { dims: [i, j, k], affine: [...affine] };
    const into = predictions({ 'Case 2.nii.gz': { of: 1, labels: truth(1) } });
    writeFileSync(path.join(into, 'Case 1.nii.gz'), writeNifti({ grid, fileGrid: grid }, truth(0)).bytes);
    const report = await evaluate(release, into);
    expect(report.result.cases.map(({ segments }) => segments.map(({ values }) => values['dice']))).toEqual([
      [1, 1],
      [1, 1]
    ]);
  });

  it('refuses predictions on another grid', async () => {
    const into = predictions({ 'Case 1.nii.gz': { of: 1, labels: truth(1) } });
    await expect(evaluate(release, into)).rejects.toMatchObject({ code: 'grid.differs' });
    await expect(evaluate(release, into)).rejects.toThrow(/truth of Case 1/);
  });

  it('counts cases without a prediction as empty, leaves them out, or refuses', async () => {
    const into = predictions({
      'Case 1.nii.gz': { of: 0, labels: truth(0) },
      'Case 7.nii.gz': { of: 1, labels: truth(1) }
    });
    const report = await evaluate(release, into);
    expect(report.result.cases.map(({ standing }) => standing)).toEqual(['measured', 'counted-as-empty']);
    expect(report.result.segments[1]?.lesions?.detection.sensitivity.value).toBe(0.5);
    const texts = report.result.warnings.map(({ code, text }) => `${code}: ${text}`).join('\n');
    expect(texts).toContain('missing-predictions: 1 of 2 cases have no prediction and count as empty: Case 2');
    expect(texts).toContain('unused-predictions: 1 files belong to no case of the release: Case 7.nii.gz');
    const without = await evaluate(release, into, { missing: 'leave-out' });
    expect(without.result.segments[1]?.lesions?.detection.sensitivity).toMatchObject({ value: 1, cases: 1 });
    await expect(evaluate(release, into, { missing: 'refuse' })).rejects.toThrow(/no prediction of Case 2/);
  });

  it('does not ask for scores of predictions that mark nothing', async () => {
    const nothing = (of: number): Uint8Array => new Uint8Array(truth(of).length);
    const report = await evaluate(
      release,
      predictions({ 'Case 1.nii.gz': { of: 0, labels: nothing(0) }, 'Case 2.nii.gz': { of: 1, labels: nothing(1) } })
    );
    expect(report.result.segments[1]?.lesions?.detection).toMatchObject({ lesions: 2, found: 0, marks: 0 });
    expect(report.result.warnings.map(({ code }) => code)).toEqual(['few-cases']);
  });

  it('renumbers segments of predictions', async () => {
    const swapped = (labels: Uint8Array): Uint8Array => labels.map(label => (label === 0 ? 0 : 3 - label));
    const into = predictions({
      'Case 1.nii.gz': { of: 0, labels: swapped(truth(0)) },
      'Case 2.nii.gz': { of: 1, labels: swapped(truth(1)) }
    });
    const report = await evaluate(release, into, {
      map: new Map([
        [2, 1],
        [1, 2]
      ])
    });
    expect(report.result.segments.map(({ measures }) => measures[0]?.mean.value)).toEqual([1, 1]);
    const half = await evaluate(release, into, { map: new Map([[2, 1]]) });
    expect(half.result.segments.map(({ measures }) => measures[0]?.mean.value)).toEqual([0, 1]);
    const unknown = half.result.warnings.find(({ code }) => code === 'segment-not-in-release');
    expect(unknown?.text).toContain('no segment of the release: 2.');
  });

  it.each([
    ['a lesion that the release does not have', { lesion: [9] }],
    ['a place for a segment that the release does not have', { map: new Map([[9, 1]]) }],
    [
      'two segments that are the same one in the predictions',
      {
        map: new Map([
          [1, 1],
          [2, 1]
        ])
      }
    ]
  ])('refuses %s', async (_, options) => {
    await expect(evaluate(release, perfect(), options)).rejects.toThrow(UsageError);
  });

  it('reads scores, for a curve', async () => {
    const scores = path.join(folder, 'scores');
    mkdirSync(scores);
    manifest.cases.forEach(({ geometry }, index) => {
      const values = Float32Array.from(truth(index), label => (label === 2 ? 0.5 + index / 4 : 0));
      writeFileSync(path.join(scores, `case ${index + 1}_scores.nii.gz`), writeNifti(geometry, values).bytes);
    });
    const report = await evaluate(release, perfect(), { scores });
    const { froc } = report.result.segments[1]?.lesions ?? {};
    expect(froc).toMatchObject({ scored: true, mean: { value: 1, interval: null } });
    expect(froc?.points.map(({ threshold, sensitivity }) => [threshold, sensitivity])).toEqual([
      [null, 0],
      [0.75, 0.5],
      [0.5, 1]
    ]);
  });

  it('refuses a broken release unless it is told to go on, and then says so', async () => {
    const broken = path.join(folder, 'broken');
    await writeReleaseFolder(await sampleRelease(), broken);
    writeFileSync(path.join(broken, 'croissant.json'), '{}');
    const into = perfect();
    await expect(evaluate(broken, into)).rejects.toMatchObject({ code: 'release.broken' });
    const report = await evaluate(broken, into, { allowBroken: true });
    expect(report.release.valid).toBe(false);
    expect(report.result.warnings[0]?.code).toBe('release-not-valid');
  });

  it('refuses what is too broken to go on with, in words', async () => {
    const broken = path.join(folder, 'too-broken');
    await writeReleaseFolder(await sampleRelease(), broken);
    const [into, allowBroken] = [perfect(), true];
    rmSync(path.join(broken, manifest.cases[1]?.truth.path ?? ''));
    await expect(evaluate(broken, into, { allowBroken })).rejects.toMatchObject({ code: 'release.broken' });
    await expect(evaluate(broken, into, { allowBroken })).rejects.toThrow(/truth of Case 2/);
    writeFileSync(path.join(broken, 'release.json'), 'no JSON');
    await expect(evaluate(broken, into, { allowBroken })).rejects.toMatchObject({ code: 'release.unreadable' });
  });

  it('writes a page that needs nothing else, tables, and the same bytes again', async () => {
    const files = perfect();
    const [one, two] = [path.join(folder, 'report-1'), path.join(folder, 'report-2')];
    const report = await evaluate(release, files, { output: one });
    await evaluate(release, files, { output: two });
    const names = readdirSync(one).sort();
    expect(names).toEqual(['cases.csv', 'evaluation.json', 'figures.csv', 'froc.csv', 'lesions.csv', 'report.html']);
    for (const name of names) {
      expect(readFileSync(path.join(two, name), 'utf8')).toBe(readFileSync(path.join(one, name), 'utf8'));
    }
    expect(JSON.parse(readFileSync(path.join(one, 'evaluation.json'), 'utf8'))).toEqual(report);
    const page = readFileSync(path.join(one, 'report.html'), 'utf8');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(src|href)="http/);
    // Names of segments are texts, not markup.
    expect(page).toContain('Lesion &lt;5 mm &amp; &quot;odd&quot;');
    const figures = readFileSync(path.join(one, 'figures.csv'), 'utf8').split('\r\n');
    expect(figures[0]).toContain('definition,unit,statistic,value,interval low,interval high,patients');
    expect(figures.some(line => line.startsWith('all,,1,Liver,,,dice,,mean,1,,,2,'))).toBe(true);
    expect(figures.some(line => line.includes('"Lesion <5 mm & ""odd"""'))).toBe(true);
  });

  it('prints the result alone on standard output, and answers 0, 1 for what is refused, 2 for wrong usage', async () => {
    const into = perfect();
    const rules = ['--tau', '2', '--definition', 'deepmind', '--lesion', '2', '--json'];
    const done = await voxcord(['evaluate', release, into, ...rules, '--map', '2=2']);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toEqual(await evaluate(release, into));
    const refused = await voxcord(['evaluate', release, into, '--json']);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(JSON.parse(refused.stderr)).toMatchObject({ code: 'evaluation.tau', exitCode: 1 });
    expect((await voxcord(['evaluate', release, into, '--map', 'a=b'])).code).toBe(2);
  });

  it('says what is missing', async () => {
    await expect(evaluate(path.join(folder, 'nothing'), perfect())).rejects.toThrow(UsageError);
    await expect(evaluate(release, path.join(folder, 'nothing'))).rejects.toThrow(UsageError);
    await expect(evaluate(release, predictions({}))).rejects.toThrow(/called as the id/);
    await expect(evaluate(path.join(release, 'release.json'), perfect())).rejects.toThrow(RefusedError);
  });
});
