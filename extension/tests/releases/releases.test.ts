import type { Case, Release } from '@voxcord/schemas/api';
import { describe, expect, it } from 'vitest';
import { isUnderWay } from '../../src/releases/releaseModel.js';
import { judge } from '../../src/releases/readiness.js';
import { compareVersions, newestVersion, nextVersion } from '../../src/releases/versionNumbers.js';
import { consensus, decision, dispute, result } from '../review/support.js';

const released = (version: string, state: Release['state'] = 'released'): Release =>
  ({ version, state }) as unknown as Release;

describe('version numbers', () => {
  it('begin with 1.0.0 and go on from the newest release, by their numbers', () => {
    expect(nextVersion([], 'patch')).toBe('1.0.0');
    const releases = [released('1.9.0'), released('1.10.0'), released('1.2.3')];
    expect(newestVersion(releases)).toBe('1.10.0');
    expect((['major', 'minor', 'patch'] as const).map(step => nextVersion(releases, step))).toEqual([
      '2.0.0',
      '1.11.0',
      '1.10.1'
    ]);
    expect(['1.10.0', '1.9.9', '0.9.0'].sort(compareVersions)).toEqual(['0.9.0', '1.9.9', '1.10.0']);
  });

  it('do not count what was withdrawn or not released yet', () => {
    expect(nextVersion([released('1.0.0'), released('1.1.0', 'withdrawn')], 'minor')).toBe('1.1.0');
  });
});

describe('the truth of a case is decided', () => {
  const READ = '00000000-0000-4000-8000-00000000000a';
  const opened = (state: 'open' | 'submitted'): Case => ({ reads: [{ id: READ, state }] }) as unknown as Case;
  const adjudication = { needed: true, triggers: [], read: READ };
  const done = dispute(1, { decision: decision(1, { kind: 'consensus' }) });

  it('when every dispute that is asked for is decided and the adjudication is signed', () => {
    const draft = consensus({ result: result({ disputes: [done], adjudication }) });
    expect(judge(opened('submitted'), draft).kind).toBe('ready');
    expect(judge(opened('open'), draft).kind).toBe('adjudication-open');
  });

  it('when nothing needs a decision', () => {
    const draft = consensus({ result: result({ adjudication: { needed: false, triggers: [], read: null } }) });
    expect(judge(opened('open'), draft).kind).toBe('ready');
  });

  it('not while a dispute is open or was left open, nor after a read was opened again', () => {
    const left = dispute(2, { decision: decision(2, { kind: 'open' }) });
    const draft = consensus({ result: result({ disputes: [done, left], adjudication }) });
    expect(judge(opened('submitted'), draft)).toEqual({ kind: 'open-disputes', decided: 1, asked: 2 });
    expect(judge(opened('submitted'), { ...draft, outdated: true }).kind).toBe('outdated');
  });
});

describe('a release is under way', () => {
  const release = (change: Partial<Release>): Release =>
    ({ state: 'signing', progress: { state: 'done' }, signatures: [], signaturesNeeded: 2, ...change }) as Release;
  const signature = {} as Release['signatures'][number];

  it('while it is put together, and between the last signature and the seal', () => {
    expect(isUnderWay(release({ state: 'preparing', progress: { state: 'running', done: 0.2, step: '' } }))).toBe(true);
    expect(isUnderWay(release({ signatures: [signature, signature] }))).toBe(true);
  });

  it('not while it waits for people, nor once it is released, withdrawn or has failed', () => {
    expect(isUnderWay(release({ signatures: [signature] }))).toBe(false);
    expect(isUnderWay(release({ state: 'released', signatures: [signature, signature] }))).toBe(false);
    expect(isUnderWay(release({ state: 'withdrawn', progress: { state: 'cancelled' } }))).toBe(false);
    expect(isUnderWay(release({ state: 'failed', progress: { state: 'failed', code: 'x', detail: '' } }))).toBe(false);
  });
});
