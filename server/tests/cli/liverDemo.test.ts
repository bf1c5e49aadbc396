import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '@voxcord/schemas/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabelFile } from '../../src/cli/labelFiles.js';
import type { LiverDemo } from '../../src/cli/results.js';
import { Caller, SECRET } from '../http/testService.js';
import { serve, voxcord, type Serving } from './command.js';

let folder = '';
let data = '';
let demo: LiverDemo;
let serving: Serving;
let ada: Caller;

async function makeDemo(more: readonly string[] = []): Promise<LiverDemo> {
  const finished = await voxcord(['demo', '--liver', '--data', data, ...more, '--json']);
  expect([finished.code, finished.code === 0 ? '' : finished.stderr]).toEqual([0, '']);
  return JSON.parse(finished.stdout) as LiverDemo;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'voxcord-liver-demo-'));
  data = path.join(folder, 'data');
  demo = await makeDemo(['--case-file', path.join(folder, 'liver.voxcord')]);
  const secret = path.join(folder, 'secret');
  writeFileSync(secret, SECRET);
  serving = await serve(['--port', '0', '--data', data, '--secret-file', secret]);
  const { address } = serving;
  const served = {
    address,
    as: (username: string): Caller => new Caller(served, username, username),
    writeVolume: (): void => undefined
  };
  ada = new Caller(served, 'ada', 'Ada');
}, 240_000);
afterAll(async () => {
  await serving.stop('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

function case_(): Promise<Case> {
  return ada.call('getCase', { params: { caseId: demo.case } });
}

describe('voxcord demo --liver', () => {
  test('makes once what is asked for twice, and finds it while a service runs', async () => {
    expect(demo.created).toBe(true);
    expect(readFileSync(demo.caseFile ?? '', 'utf8')).toContain(demo.case);
    expect(await makeDemo()).toEqual({ ...demo, created: false, caseFile: null });
  });

  test('shows a newcomer two CT phases and three submitted reads by simulated readers', async () => {
    const { volumes, reads } = await case_();
    expect(volumes.map(({ modality, hash }) => [modality, hash])).toEqual(demo.volumes.map(hash => ['CT', hash]));
    expect(volumes.map(({ name }) => name)).toEqual(['portal.nii', 'arterial.nii']);
    expect(reads.map(({ reader, state, access, mayView }) => [reader.displayName, state, access, mayView])).toEqual(
      ['A', 'B', 'C'].map(letter => [`Simulated reader ${letter}`, 'submitted', 'blind', true])
    );
  });

  test('locks a protocol with coded segments before the first read', async () => {
    const params = { projectId: demo.project };
    const [protocol, ...others] = await ada.call('listProtocols', { params });
    expect(others).toEqual([]);
    expect(protocol?.state).toBe('locked');
    expect(protocol?.lock?.name).toBe('Simulated study lead');
    expect(protocol?.content.segments.map(({ number, kind, codes }) => [number, kind, codes[0]?.value])).toEqual([
      [1, 'structure', '10200004'],
      [2, 'lesion', '300331000']
    ]);
    const actions = (await ada.call('listAuditEvents', { params })).map(({ action }) => action);
    expect(actions.indexOf('protocol.locked')).toBeLessThan(actions.indexOf('read.assigned'));
    expect(actions.filter(action => action === 'read.submitted').length).toBe(3);
  });

  test('holds what the readers drew: a liver of a person and nodules in it, different from reader to reader', async () => {
    const maps: Uint8Array[] = [];
    for (const read of demo.reads) {
      const file = path.join(folder, `${read}.nii.gz`);
      const finished = await voxcord(['export', read, '--data', data, '-o', file]);
      expect(finished.code).toBe(0);
      const { labels, spacing } = await readLabelFile(file);
      const litres =
        (labels.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0) * spacing[0] * spacing[1] * spacing[2]) / 1e6;
      expect(litres).toBeGreaterThan(0.8);
      expect(litres).toBeLessThan(2);
      expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
      maps.push(labels);
    }
    expect(maps[0]).not.toEqual(maps[1]);
    expect(maps[1]).not.toEqual(maps[2]);
  });

  test('lets a newcomer compute the consensus at once', async () => {
    const draft = await ada.call('startConsensus', { params: { caseId: demo.case }, body: {} });
    const params = { consensusId: draft.id };
    await expect
      .poll(async () => (await ada.call('getConsensus', { params })).progress.state, { timeout: 60_000 })
      .toBe('done');
    const { result } = await ada.call('getConsensus', { params });
    // Seen by two readers of three at least: the nodules of 15 and 26 mm.
    expect(result?.lesions.filter(({ accepted }) => accepted).length).toBeGreaterThanOrEqual(2);
    expect(result?.disputes.length).toBeGreaterThan(0);
  });

  test('takes either a head or the liver', async () => {
    const other = path.join(folder, 'other');
    const volume = ['demo', '--volume', path.join(folder, 'no.nii')];
    expect((await voxcord([...volume, '--liver', '--data', other])).code).toBe(2);
    expect((await voxcord(['demo', '--data', other])).code).toBe(2);
  });
});
