import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { affineFromRows, axisCodes } from '@voxcord/schemas/geometry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabelFile } from '../../src/cli/labelFiles.js';
import type { GeneratedPhantom } from '../../src/cli/results.js';
import { measurePerformance } from '../../src/phantom/index.js';
import { voxcord } from './command.js';

const SMALL = ['--spacing', '3,3,6', '--dims', '80x80x28', '--centre', '35,10,5', '--nodules', '18,24'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-phantom-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function phantoms(name: string, args: readonly string[]): Promise<GeneratedPhantom[]> {
  const finished = await voxcord(['phantom', '-o', path.join(folder, name), ...SMALL, ...args, '--json']);
  expect([finished.code, finished.code === 0 ? '' : finished.stderr]).toEqual([0, '']);
  return (JSON.parse(finished.stdout) as { phantoms: GeneratedPhantom[] }).phantoms;
}

describe('voxcord phantom', () => {
  test('writes images, truth and reads on one RAS grid, and says how good the reads are', async () => {
    const [made] = await phantoms('one', ['--seed', '4', '--phases', 'portal,arterial', '--readers', '2']);
    if (made === undefined) throw new Error('Nothing was made.');
    expect(JSON.parse(readFileSync(path.join(made.folder, 'nodules.json'), 'utf8'))).toEqual(made);
    expect(made.phases.map(({ phase }) => phase)).toEqual(['portal', 'arterial']);
    const [portal, arterial] = made.phases;
    if (portal === undefined || arterial === undefined) throw new Error('A phase is missing.');
    expect(arterial.readers).toEqual([]);
    expect(portal.motion).toEqual({ breathing: 0, warp: 0 });
    const truth = await readLabelFile(portal.truth);
    expect(truth.dims).toEqual([80, 80, 28]);
    expect(axisCodes(affineFromRows([...truth.affine]))).toBe('RAS');
    expect(new Set(truth.labels)).toEqual(new Set([0, 1, 2]));
    expect(new Set((await readLabelFile(portal.nodulesFile)).labels)).toEqual(new Set([0, 1, 2]));
    for (const reader of portal.readers) {
      const { labels } = await readLabelFile(reader.file);
      expect(measurePerformance(truth.labels, labels, 1)).toEqual(reader.liver);
      expect(measurePerformance(truth.labels, labels, 2)).toEqual(reader.nodules);
    }
    expect(portal.readers.map(({ profile }) => profile)).toEqual(['expert', 'tight']);
    const imported = await voxcord(['import', portal.image, '--data', path.join(folder, 'data'), '--json']);
    expect(imported.code).toBe(0);
  });

  test('makes several in folders of their own, each as it is alone', async () => {
    const several = await phantoms('several', ['--seed', '7', '--count', '2']);
    const [alone] = await phantoms('alone', ['--seed', '8']);
    expect(several.map(({ folder: made }) => path.basename(made))).toEqual(['seed-7', 'seed-8']);
    const image = (of: GeneratedPhantom | undefined): Buffer => readFileSync(of?.phases[0]?.image ?? '');
    expect(image(several[1]).equals(image(alone))).toBe(true);
    expect(image(several[0]).equals(image(alone))).toBe(false);
  });

  test.each<[string, string[], number]>([
    ['an unknown phase', ['--phases', 'venous'], 2],
    ['an unknown profile', ['--profiles', 'perfect'], 2],
    ['two numbers for a spacing', ['--spacing', '1,1'], 2],
    ['no phantom at all', ['--count', '0'], 2],
    ['an impossible spacing', ['--spacing', '0.01,1,1'], 1],
    ['an impossible nodule', ['--nodules', '200'], 1]
  ])('refuses %s and says nothing on standard output', async (_, wrong, code) => {
    const finished = await voxcord(['phantom', '-o', path.join(folder, 'wrong'), ...SMALL, ...wrong, '--json']);
    expect([finished.code, finished.stdout]).toEqual([code, '']);
    expect(finished.stderr.length).toBeGreaterThan(10);
  });
});
