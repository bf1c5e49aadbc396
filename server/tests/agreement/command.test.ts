import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Dims } from '@voxcord/schemas/labelmap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgreementReport } from '../../src/cli/agreementReport.js';
import { voxcord, type Finished } from '../cli/command.js';
import { makeNifti } from '../imaging/niftiFile.js';
import { ball, box, paint, type Triple } from './support/shapes.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-agreement-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of segment numbers; the affine is in single precision, as NIfTI has it. */
function file(name: string, labels: Uint8Array, dims: readonly number[], affine: readonly number[]): string {
  const to = path.join(folder, name);
  writeFileSync(to, makeNifti({ dims, affine, datatype: 2, bytesPerVoxel: 1, voxels: [...labels] }));
  return to;
}

function scaled([x, y, z]: Triple): number[] {
  return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0];
}

async function measure(...args: string[]): Promise<AgreementReport> {
  const finished: Finished = await voxcord(['agreement', ...args, '--json']);
  expect([finished.code, finished.code === 0 ? '' : finished.stderr]).toEqual([0, '']);
  expect(finished.stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(finished.stdout) as AgreementReport;
}

describe('voxcord agreement', () => {
  it('tells the published figures of two files', async () => {
    const dims: Dims = [24, 64, 64];
    const spacing: Triple = [2.5, 0.7, 0.7];
    const a = file('first.nii', ball(dims, [30, 22, 22], 6, spacing), dims, scaled(spacing));
    const b = file('second.nii', ball(dims, [31.5, 22.7, 22], 7, spacing), dims, scaled(spacing));
    const report = await measure(a, b, '--tau', '1');
    const [pair, ...others] = report.segments[0]?.pairs ?? [];
    expect(others).toEqual([]);
    expect(report.segments.map(({ number }) => number)).toEqual([1]);
    expect(pair).toMatchObject({ a: 'first', b: 'second', noValue: null });
    expect(pair?.dice).toBeCloseTo(0.7412371134, 9);
    expect(pair?.iou).toBeCloseTo(0.5888615889, 9);
    expect(pair?.volumeDifferenceMl).toBeCloseTo((432 * 2.5 * 0.7 * 0.7) / 1000, 9);
    expect(pair?.hd).toBeCloseTo(2.949576240750525, 9);
    expect(pair?.hd95.deepmind).toBeCloseTo(2.596150997149434, 9);
    expect(pair?.hd95.metricsreloaded).toBeCloseTo(2.596150997149434, 9);
    expect(pair?.assd.metricsreloaded).toBeCloseTo(1.0326069977124723, 9);
    expect(pair?.nsd.deepmind).toBeCloseTo(0.7134568347793675, 9);
    expect(pair?.nsd.metricsreloaded).toBeCloseTo(0.5851780558229066, 9);
    expect(report.conditions).toMatchObject({ tauMm: 1, percentile: 95, spacingMm: [2.5, 0.7, 0.7], dimensions: 3 });
    expect(report.fleissKappa).toEqual(report.segments[0]?.fleissKappa);
    expect(report.fleissKappa.roi).toBe('union-box');
    expect(report.warnings).toEqual([]);
  });

  it('measures in a plane what has one slice, also as a two-dimensional file', async () => {
    const dims: Dims = [11, 11, 1];
    const square = paint(dims, (i, j) => i >= 3 && i < 8 && j >= 3 && j < 8);
    const cross = paint(
      dims,
      (i, j) => (i >= 3 && i < 8 && j >= 3 && j < 8) || (j === 5 && i >= 1 && i < 10) || (i === 5 && j >= 1 && j < 10)
    );
    for (const size of [dims, [11, 11]]) {
      const name = `plane${size.length}`;
      const a = file(`${name}a.nii`, square, size, scaled([1, 1, 1]));
      const b = file(`${name}b.nii`, cross, size, scaled([1, 1, 1]));
      const { segments, conditions } = await measure(a, b, '--tau', '1');
      expect(conditions.dimensions).toBe(2);
      expect(segments[0]?.pairs[0]?.assd.metricsreloaded).toBeCloseTo(0.4444444444, 9);
      expect(segments[0]?.pairs[0]?.nsd.deepmind).toBeCloseTo(0.8844845978, 9);
    }
  });

  it('measures the same whichever way the voxels are stored', async () => {
    const dims: Dims = [12, 10, 9];
    const spacing: Triple = [0.9, 1.2, 2];
    const masks = [ball(dims, [5, 6, 8], 4, spacing), ball(dims, [6, 6, 9], 4.5, spacing)];
    const straight = masks.map((mask, at) => file(`straight${at}.nii`, mask, dims, scaled(spacing)));
    // The first axis of the file runs from right to left, the second and third are exchanged.
    const turned = masks.map((mask, at) =>
      file(
        `turned${at}.nii`,
        paint([12, 9, 10], (i, j, k) => mask[(j * 10 + k) * 12 + 11 - i] === 1),
        [12, 9, 10],
        [-0.9, 0, 0, 0.9 * 11, 0, 0, 1.2, 0, 0, 2, 0, 0]
      )
    );
    const [one, other] = [await measure(...straight, '--tau', '1.2'), await measure(...turned, '--tau', '1.2')];
    const pairs = ({ segments }: AgreementReport) => segments[0]?.pairs[0];
    expect({ ...pairs(other), a: '', b: '' }).toEqual({ ...pairs(one), a: '', b: '' });
  });

  it('measures all pairs of several files and all segments, also those that a file has not', async () => {
    const dims: Dims = [16, 16, 16];
    const two = ball(dims, [5, 8, 8], 3).map((value, index) => value + 2 * (ball(dims, [11, 8, 8], 2)[index] ?? 0));
    const files = [
      file('r1.nii', two, dims, scaled([1, 1, 1])),
      file('r2.nii', ball(dims, [5, 8, 8], 4), dims, scaled([1, 1, 1])),
      file('r3.nii', new Uint8Array(16 ** 3), dims, scaled([1, 1, 1]))
    ];
    const { segments, reads } = await measure(...files, '--tau', '1');
    expect(reads.map(({ name }) => name)).toEqual(['r1', 'r2', 'r3']);
    expect(segments.map(({ number, pairs }) => [number, pairs.map(({ a, b, noValue }) => [a, b, noValue])])).toEqual([
      [
        1,
        [
          ['r1', 'r2', null],
          ['r1', 'r3', 'one-empty'],
          ['r2', 'r3', 'one-empty']
        ]
      ],
      [
        2,
        [
          ['r1', 'r2', 'one-empty'],
          ['r1', 'r3', 'one-empty'],
          ['r2', 'r3', 'both-empty']
        ]
      ]
    ]);
    expect(segments[1]?.pairs[0]).toMatchObject({ dice: 0, hd: null, nsd: { deepmind: 0, metricsreloaded: 0 } });
    expect(segments[1]?.pairs[2]).toMatchObject({ dice: null, hd: null, nsd: { deepmind: null } });
    const only = await measure(...files, '--tau', '1', '--segment', '2', '--roi', 'whole', '--definition', 'medpy');
    expect(only.segments.map(({ number }) => number)).toEqual([2]);
    expect(only.fleissKappa.roi).toBe('whole');
    expect(Object.keys(only.segments[0]?.pairs[0]?.hd95 ?? {})).toEqual(['medpy']);
  });

  it('measures forty segments, in threads as without', async () => {
    const dims: Dims = [150, 150, 90];
    const draw = (shift: number): Uint8Array => {
      const labels = new Uint8Array(150 * 150 * 90);
      for (let segment = 1; segment <= 40; segment++) {
        const [column, row] = [(segment - 1) % 8, Math.floor((segment - 1) / 8)];
        const from: Triple = [4 + column * 18 + shift, 4 + row * 29, 2];
        for (let k = 2; k < 88; k++) {
          for (let j = 0; j < 12; j++) {
            const start = (k * 150 + from[1] + j) * 150 + from[0];
            labels.fill(segment, start, start + 14);
          }
        }
      }
      return labels;
    };
    const paths = [draw(0), draw(2)].map((labels, at) => file(`forty${at}.nii`, labels, dims, scaled([1, 1, 1])));
    const arguments_ = [...paths, '--tau', '2', '--definition', 'deepmind', '--definition', 'metricsreloaded'];
    const threaded = await measure(...arguments_, '--threads', '2');
    expect(threaded.segments).toHaveLength(40);
    for (const { pairs } of threaded.segments) expect(pairs[0]).toMatchObject({ hd: 2, nsd: { metricsreloaded: 1 } });
    expect(await measure(...arguments_, '--threads', '1')).toEqual(threaded);
  });

  it('warns of a read that was saved upside down', async () => {
    const dims: Dims = [30, 30, 30];
    const upright = box(dims, [2, 4, 5], [10, 25, 14]);
    const flipped = paint(dims, (i, j, k) => upright[(k * 30 + j) * 30 + 29 - i] === 1);
    const paths = [upright, upright, flipped].map((mask, at) => file(`up${at}.nii`, mask, dims, scaled([1, 1, 1])));
    const { warnings, segments } = await measure(...paths, '--tau', '1');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('up2');
    expect(segments[0]?.pairs.map(({ dice }) => dice)).toEqual([1, 0, 0]);
  });

  it('compares empty files and says that there is nothing to compare', async () => {
    const paths = ['e1.nii', 'e2.nii'].map(name => file(name, new Uint8Array(8), [2, 2, 2], scaled([1, 1, 1])));
    const report = await measure(...paths, '--tau', '1');
    expect(report).toMatchObject({ segments: [], fleissKappa: { value: null, reason: 'no-subjects' } });
    expect(report.warnings).toEqual(['No file has a segment: there is nothing to compare.']);
  });

  it('prints a table for people', async () => {
    const dims: Dims = [8, 8, 8];
    const [a, b] = ['t1.nii', 't2.nii'].map(name =>
      file(name, box(dims, [2, 2, 2], [5, 5, 5]), dims, scaled([1, 1, 1]))
    );
    const { code, stdout } = await voxcord(['agreement', a ?? '', b ?? '', '--tau', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain('HD95 deepmind');
    expect(stdout).toMatch(/^1 +t1 +t2 +1\.0000 +1\.0000 +0\.0000/m);
  });
});

describe('voxcord agreement refuses', () => {
  const dims: Dims = [4, 4, 4];

  it('files on different grids, saying what differs, unless resampling is asked for', async () => {
    const a = file('g1.nii', box(dims, [1, 1, 1], [3, 3, 3]), dims, scaled([2, 2, 2]));
    const b = file(
      'g2.nii',
      box([8, 8, 8], [2, 2, 2], [6, 6, 6]),
      [8, 8, 8],
      [1, 0, 0, -0.5, 0, 1, 0, -0.5, 0, 0, 1, -0.5]
    );
    const { code, stdout, stderr } = await voxcord(['agreement', a, b, '--tau', '1', '--json']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/dims.*spacing/);
    expect((await measure(a, b, '--tau', '1', '--resample')).segments[0]?.pairs[0]).toMatchObject({ dice: 1, hd: 0 });
  });

  it('wrong usage: one file, no tau, a tau that is no length, a region or definition that there is none of', async () => {
    const a = file('u.nii', box(dims, [1, 1, 1], [3, 3, 3]), dims, scaled([1, 1, 1]));
    for (const args of [
      [a, '--tau', '1'],
      [a, a],
      [a, a, '--tau', 'near'],
      [a, a, '--tau', '-1'],
      [a, a, '--tau', '1', '--roi', 'around'],
      [a, a, '--tau', '1', '--definition', 'best'],
      [a, a, '--tau', '1', '--segment', '0']
    ]) {
      const { code, stdout } = await voxcord(['agreement', ...args, '--json']);
      expect([args.length, code, stdout]).toEqual([args.length, 2, '']);
    }
  });
});
