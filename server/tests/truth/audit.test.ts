import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEntry } from '@voxcord/schemas/files';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded/openEmbeddedStore.js';
import type { Store } from '../../src/store/store.js';
import { AuditCheck, nextEntry, ProjectAudit, type AuditEvent, type BrokenEntry } from '../../src/truth/index.js';
import { PROJECT } from './support/sampleRelease.js';

const SEED = 20_260_101;
const OTHER = '0b3c6a1e-9f0d-4b5a-8c1f-2d7e5a9b0c12';
const EVENT: AuditEvent = {
  actor: { kind: 'person', username: 'ana', name: 'Dr. Ana Ruiz' },
  action: 'read.submitted',
  subject: { kind: 'read', id: 'r1', sha256: null },
  details: { before: 'open', after: 'submitted' }
};

/** A chain by the readings of a wall clock, in minutes. */
function chainOf(readings: readonly number[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const minute of readings) {
    entries.push(nextEntry(PROJECT, entries.at(-1) ?? null, EVENT, new Date(Date.UTC(2026, 0, 1, 0, minute))));
  }
  return entries;
}

function check(entries: readonly AuditEntry[], whole: readonly AuditEntry[]): BrokenEntry | null {
  const last = whole.at(-1);
  const checking = new AuditCheck({
    chain: PROJECT,
    first: 1,
    previous: null,
    last: whole.length,
    head: last?.hash ?? ''
  });
  for (const entry of entries) {
    const broken = checking.add(entry);
    if (broken !== null) return broken;
  }
  return checking.end();
}

const readings = fc.array(fc.nat(5000), { minLength: 3, maxLength: 40 });

describe('A chain of audit entries', () => {
  it('holds as it was written, whatever the clock did; and its time never goes back', () => {
    fc.assert(
      fc.property(readings, minutes => {
        const chain = chainOf(minutes);
        expect(check(chain, chain)).toBeNull();
        const times = chain.map(({ time }) => time);
        expect(times).toEqual([...times].sort());
        for (const [index, { clock, wall, time }] of chain.entries()) {
          const before = chain[index - 1]?.time ?? '';
          expect(clock).toBe(wall < before ? 'set-back' : 'steady');
          expect(time).toBe(wall < before ? before : wall);
        }
      }),
      { seed: SEED }
    );
  });

  it('names an entry that is removed, exchanged, repeated or edited', () => {
    fc.assert(
      fc.property(readings, fc.nat(), (minutes, at) => {
        const chain = chainOf(minutes);
        const index = at % chain.length;
        const entry = chain[index];
        const next = chain[index + 1];
        if (entry === undefined) throw new Error('unreachable');
        const removed = chain.filter(each => each !== entry);
        expect(check(removed, chain)?.sequence).toBe(index + 1);
        expect(check([...chain.slice(0, index + 1), ...chain.slice(index)], chain)?.sequence).toBe(index + 2);
        const edited = { ...entry, details: { before: 'submitted', after: 'open' } };
        expect(check(chain.with(index, edited), chain)?.sequence).toBe(index + 1);
        if (next !== undefined) {
          expect(check(chain.with(index, next).with(index + 1, entry), chain)?.sequence).toBe(index + 1);
        }
      }),
      { seed: SEED }
    );
  });

  it('names an entry that was replaced by one that fits by itself', () => {
    const chain = chainOf([1, 2, 3, 4, 5]);
    for (const index of [0, 2, 4]) {
      const before = chain[index - 1] ?? null;
      const replaced = nextEntry(
        PROJECT,
        before,
        { ...EVENT, action: 'read.reopened' },
        new Date(Date.UTC(2026, 0, 1, 0, index + 1))
      );
      expect(check(chain.with(index, replaced), chain)?.sequence).toBe(index + 1);
    }
  });

  it('takes no entry of another project', () => {
    const chain = chainOf([1, 2]);
    const foreign = nextEntry(OTHER, chain[0] ?? null, EVENT, new Date(Date.UTC(2026, 0, 1, 0, 2)));
    expect(check([...chain.slice(0, 1), foreign], chain)).toMatchObject({ sequence: 2 });
  });
});

describe("A project's audit log", () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'voxcord-audit-'));
    store = await openEmbeddedStore(folder);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('numbers events in one chain per project, however many are written at once, and keeps them', async () => {
    const [one, two] = [new ProjectAudit(store), new ProjectAudit(store)];
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? one : two).append(n % 4 === 3 ? OTHER : PROJECT, { ...EVENT, details: { n } })
      )
    );
    await store.close();
    store = await openEmbeddedStore(folder);
    const audit = new ProjectAudit(store);
    const entries: AuditEntry[] = [];
    for await (const batch of audit.read(PROJECT)) entries.push(...batch);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    expect(new Set(entries.map(({ details }) => details['n'])).size).toBe(30);
    expect((await audit.last(OTHER))?.sequence).toBe(10);
    await expect(audit.check(PROJECT)).resolves.toBeUndefined();
    await expect(audit.check('an unknown project')).resolves.toBeUndefined();
  });

  it('says when the clock was set back, and goes on with the time that it had', async () => {
    const clock = [10, 20, 5, 15, 30].map(minute => new Date(Date.UTC(2026, 0, 1, 0, minute)));
    const audit = new ProjectAudit(store, () => clock.shift() ?? new Date(0));
    const entries: AuditEntry[] = [];
    for (let n = 0; n < 5; n++) entries.push(await audit.append(PROJECT, EVENT));
    expect(entries.map(entry => entry.clock)).toEqual(['steady', 'steady', 'set-back', 'set-back', 'steady']);
    expect(entries.map(entry => entry.time.slice(14, 16))).toEqual(['10', '20', '20', '20', '30']);
    expect(entries.map(entry => entry.wall.slice(14, 16))).toEqual(['10', '20', '05', '15', '30']);
    await audit.check(PROJECT);
  });

  it('names the entry that was changed behind its back', async () => {
    const audit = new ProjectAudit(store);
    const first = await audit.append(PROJECT, EVENT);
    // As a damaged disk would have it: a record that the store takes, and that is not what its hash says.
    await store.audit.append(PROJECT, { ...nextEntry(PROJECT, first, EVENT, new Date()), ...{ details: { n: 2 } } });
    await audit.append(PROJECT, EVENT);
    await expect(audit.check(PROJECT)).rejects.toMatchObject({ code: 'audit.broken', message: /entry 2 is broken/ });
  });
});
